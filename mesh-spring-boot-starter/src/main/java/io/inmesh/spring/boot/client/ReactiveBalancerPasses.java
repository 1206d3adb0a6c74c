package io.inmesh.spring.boot.client;

import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import org.springframework.web.reactive.function.client.WebClient;

/** The same as {@link BalancerPasses} for WebClient. Thread-safe. */
public final class ReactiveBalancerPasses {
    private final BalancerPasses passes;

    /** Makes the passes, in the same places as those of blocking clients. */
    public ReactiveBalancerPasses(BalancerPasses passes) {
        this.passes = passes;
    }

    /**
     * For a builder that may have been given its load balancer just now.
     *
     * @return whether there was one
     */
    public boolean around(WebClient.Builder builder) {
        boolean[] found = new boolean[1];
        if (Fields.read(builder, "connector") instanceof MeshClientHttpConnector) {
            builder.filters(filters -> {
                found[0] = filters.stream().anyMatch(passes::isBalancer);
                filters.replaceAll(this::around);
            });
        }
        return found[0];
    }

    private ExchangeFilterFunction around(ExchangeFilterFunction filter) {
        return passes.isBalancer(filter)
                ? (request, next) -> passes.passes(request.url(), request.headers())
                        ? next.exchange(request)
                        : filter.filter(request, next)
                : filter;
    }
}
