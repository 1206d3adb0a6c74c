package io.inmesh.spring.boot;

import io.inmesh.servlet.policy.RateLimit;
import io.inmesh.servlet.policy.RateLimit.Key;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;

/** Makes limits of what is written, and finds what is none. */
final class RateLimitCheck {
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final String HEADER = "header:";
    private static final String CLAIM = "claim:";

    private final boolean gateway;
    private final boolean tokens;
    private final String list;
    private final PropertyProblems problems;

    /**
     * Makes a check.
     *
     * @param list name of the property
     */
    private RateLimitCheck(boolean gateway, boolean tokens, String list, PropertyProblems problems) {
        this.gateway = gateway;
        this.tokens = tokens;
        this.list = list;
        this.problems = problems;
    }

    /** For a gateway, which has routes. */
    static RateLimitCheck ofGateway(PropertyProblems problems) {
        return new RateLimitCheck(true, true, "mesh.gateway.rate-limits", problems);
    }

    /**
     * For a filter, which has none.
     *
     * @param tokens whether it looks at tokens
     */
    static RateLimitCheck ofFilter(boolean tokens, PropertyProblems problems) {
        return new RateLimitCheck(false, tokens, "mesh.inbound.rate-limits", problems);
    }

    /** The limits, without those that make no sense. */
    List<RateLimit> limits(List<RateLimitProperties> written) {
        List<RateLimit> limits = new ArrayList<>();
        for (int i = 0; i < written.size(); i++) {
            RateLimit limit = limit(written.get(i), list + "[" + i + "]");
            if (limit != null) {
                limits.add(limit);
            }
        }
        return limits;
    }

    private @Nullable RateLimit limit(RateLimitProperties written, String place) {
        int before = problems.errors().size();
        Integer requests = written.requests();
        Duration per = written.per();
        if (requests == null || requests < 1) {
            problems.error(
                    place + ".requests",
                    requests == null ? "missing" : requests + " is not a number of requests",
                    "write how many pass in the time, 1 or more");
        }
        if (per == null || per.isZero() || per.isNegative() || per.compareTo(LONGEST) > 0) {
            problems.error(
                    place + ".per",
                    per == null ? "missing" : "this is no time for a limit",
                    "write a duration such as 1s or 1m, more than 0 and at most a day");
        }
        String path = written.path();
        if (StringUtils.hasText(path) && !path.startsWith("/")) {
            problems.error(place + ".path", "'" + path + "' is no path", "begin it with a slash, such as /" + path);
        } else if (StringUtils.hasText(path) && !path.matches("[^*?#{}]*")) {
            problems.error(
                    place + ".path",
                    "'" + path + "' is no path: it stands for itself and all below it",
                    "leave out what varies and all behind it, such as /api for /api/* or /users for /users/{id}");
        }
        ofGatewaysOnly(written.virtualService(), place + ".virtual-service");
        ofGatewaysOnly(written.route(), place + ".route");
        ofGatewaysOnly(written.host(), place + ".host");
        String service = written.virtualService();
        if (gateway && StringUtils.hasText(service) && !service.matches("[^/]+/[^/]+")) {
            problems.error(
                    place + ".virtual-service",
                    "'" + service + "' is not a namespace and a name",
                    "write both, such as default/" + service.replace("/", ""));
        }
        List<Key> keys = new ArrayList<>();
        for (int i = 0; i < written.by().size(); i++) {
            Key key = key(written.by().get(i), place + ".by[" + i + "]");
            if (key != null) {
                keys.add(key);
            }
        }
        if (problems.errors().size() > before) {
            return null;
        }
        return RateLimit.builder(Objects.requireNonNull(requests), Objects.requireNonNull(per))
                .name(Objects.requireNonNullElse(written.name(), place))
                .path(Objects.requireNonNullElse(path, ""))
                .virtualService(Objects.requireNonNullElse(service, ""))
                .route(Objects.requireNonNullElse(written.route(), ""))
                .virtualHost(Objects.requireNonNullElse(written.host(), ""))
                .by(keys.toArray(Key[]::new))
                .build();
    }

    private void ofGatewaysOnly(@Nullable String value, String place) {
        if (!gateway && StringUtils.hasText(value)) {
            problems.error(place, "only a gateway has routes", "write 'path' in its place, such as path: /api");
        }
    }

    private @Nullable Key key(String written, String place) {
        String word = written.toLowerCase(Locale.ROOT);
        if (word.equals("ip")) {
            return Key.CLIENT;
        }
        if (gateway && word.equals("route")) {
            return Key.ROUTE;
        }
        if (gateway && word.equals("host")) {
            return Key.VIRTUAL_HOST;
        }
        if (word.startsWith(CLAIM) && !tokens) {
            problems.error(
                    place,
                    "tokens are not looked at here",
                    "have mesh.inbound.policies be true, and a RequestAuthentication among the rules");
            return null;
        }
        try {
            if (word.startsWith(HEADER)) {
                return Key.header(written.substring(HEADER.length()));
            }
            if (word.startsWith(CLAIM)) {
                return Key.claim(written.substring(CLAIM.length()));
            }
        } catch (IllegalArgumentException noName) {
            problems.error(
                    place,
                    String.valueOf(noName.getMessage()),
                    "write it behind the colon, such as " + HEADER + "x-api-key or " + CLAIM + "sub");
            return null;
        }
        problems.error(
                place,
                "'" + written + "' is nothing that requests are counted by",
                "write ip, header:NAME or claim:NAME" + (gateway ? ", route or host" : ""));
        return null;
    }
}
