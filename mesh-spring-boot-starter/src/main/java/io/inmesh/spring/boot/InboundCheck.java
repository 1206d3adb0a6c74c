package io.inmesh.spring.boot;

import io.inmesh.servlet.PropagationPolicy;
import io.inmesh.servlet.policy.RateLimit;
import java.util.List;

/** Finds values under {@code mesh.inbound} with which no filter can be made. */
final class InboundCheck {
    private static final String HEADERS = "mesh.inbound.headers";

    private final PropertyProblems problems;

    InboundCheck(PropertyProblems problems) {
        this.problems = problems;
    }

    void headers(List<String> headers) {
        for (int i = 0; i < headers.size(); i++) {
            try {
                PropagationPolicy unused = PropagationPolicy.builder()
                        .headers(List.of(headers.get(i)))
                        .build();
            } catch (IllegalArgumentException e) {
                problems.error(
                        HEADERS + "[" + i + "]",
                        String.valueOf(e.getMessage()),
                        "write names of headers such as end-user");
            }
        }
    }

    void trustedHops(int hops) {
        if (hops < 0) {
            problems.error("mesh.inbound.trusted-hops", hops + " is not a number of proxies", "write 0 or more");
        }
    }

    /** Limits of a filter; a gateway has its own. */
    List<RateLimit> limits(InboundProperties inbound, boolean gateway) {
        if (gateway && !inbound.rateLimits().isEmpty()) {
            problems.error(
                    "mesh.inbound.rate-limits",
                    "the gateway counts requests in this application",
                    "write them under mesh.gateway.rate-limits");
            return List.of();
        }
        return RateLimitCheck.ofFilter(inbound.policies(), problems).limits(inbound.rateLimits());
    }
}
