package io.inmesh.servlet.policy;

import io.inmesh.model.HeaderName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * At most so many requests in a time. Each gateway and each filter counts by itself, and each combination of the keys by
 * itself; Istio has nothing like it but EnvoyFilters. Requests beyond are answered with 429. Where several limits concern a request, they are
 * asked in their order, and one that is refused by a later limit has used up a permit of each before: put the tightest
 * first. Immutable.
 *
 * @param name for people: which limit it was is logged at DEBUG; may be empty
 * @param path a path such as {@code /api}, for it and all below it, as policies judge paths; empty for all
 * @param virtualService {@code namespace/name} of the VirtualService whose routes it is for; empty for all
 * @param route name of the route that it is for; empty for all
 * @param virtualHost name of the virtual host that it is for, such as {@code *.example.com}; empty for all
 * @param keys what is counted by itself; without any, all requests together
 * @param permits requests in a period, 1 or more
 * @param period longer than nothing, at most a day
 */
public record RateLimit(
        String name,
        String path,
        String virtualService,
        String route,
        String virtualHost,
        List<Key> keys,
        int permits,
        Duration period) {
    private static final Duration LONGEST = Duration.ofDays(1);

    /** Checks the values. */
    public RateLimit {
        virtualHost = virtualHost.toLowerCase(Locale.ROOT);
        keys = List.copyOf(keys);
        if (!path.isEmpty() && !path.startsWith("/")) {
            throw new IllegalArgumentException("\"" + path + "\" is no path for a limit; begin it with a slash");
        }
        if (path.chars().anyMatch(c -> "*?#{}".indexOf(c) >= 0)) {
            throw new IllegalArgumentException(
                    "\"" + path
                            + "\" is no path for a limit: it stands for itself and all below it, so write /api in place of /api/*");
        }
        if (permits < 1) {
            throw new IllegalArgumentException("a limit lets " + permits + " requests pass; give 1 or more");
        }
        if (period.isZero() || period.isNegative() || period.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("a limit is for " + period + "; give more than 0 and at most a day");
        }
    }

    /** What requests have in common that are counted together. */
    public enum Part {
        /** VirtualService and name of the route. */
        ROUTE,
        /** The virtual host under which the request's host was found. */
        VIRTUAL_HOST,
        /** IP address of the client, behind trusted proxies. */
        CLIENT,
        /** Value of a header. */
        HEADER,
        /** Value of a claim of the caller's token. */
        CLAIM
    }

    /** Whether it can only be asked where there are routes, as at a gateway. */
    public boolean needsRoutes() {
        return !virtualService.isEmpty()
                || !route.isEmpty()
                || !virtualHost.isEmpty()
                || keys.contains(Key.ROUTE)
                || keys.contains(Key.VIRTUAL_HOST);
    }

    /**
     * A part of a key.
     *
     * @param name of the header, in lower case, or of the claim; empty for other parts
     */
    public record Key(Part part, String name) {
        /** By route. */
        public static final Key ROUTE = new Key(Part.ROUTE, "");
        /** By virtual host. */
        public static final Key VIRTUAL_HOST = new Key(Part.VIRTUAL_HOST, "");
        /** By client. */
        public static final Key CLIENT = new Key(Part.CLIENT, "");

        /** Checks the name. */
        public Key {
            if (part == Part.HEADER) {
                name = name.toLowerCase(Locale.ROOT);
            }
            boolean right = switch (part) {
                case HEADER -> HeaderName.isValid(name);
                case CLAIM -> !name.isBlank();
                case ROUTE, VIRTUAL_HOST, CLIENT -> name.isEmpty();
            };
            if (!right) {
                throw new IllegalArgumentException("\"" + name + "\" is not the name of a "
                        + part.name().toLowerCase(Locale.ROOT) + " for a limit");
            }
        }

        /**
         * By value of a header; requests without it are counted together. Only as good as the header: whoever may send any
         * value has as many limits as he likes.
         */
        public static Key header(String name) {
            return new Key(Part.HEADER, name);
        }

        /**
         * By value of a claim of the token that a RequestAuthentication has found to be true, such as {@code sub}; requests
         * without it are counted together.
         */
        public static Key claim(String name) {
            return new Key(Part.CLAIM, name);
        }
    }

    /** Starts one for all requests together. */
    public static Builder builder(int permits, Duration period) {
        return new Builder(permits, period);
    }

    /** Collects the parts; not thread-safe. */
    public static final class Builder {
        private final int permits;
        private final Duration period;
        private String name = "";
        private String path = "";
        private String virtualService = "";
        private String route = "";
        private String virtualHost = "";
        private final List<Key> keys = new ArrayList<>();

        private Builder(int permits, Duration period) {
            this.permits = permits;
            this.period = period;
        }

        /** Called so in logs. */
        public Builder name(String newName) {
            name = newName;
            return this;
        }

        /** Only for this path and all below it. */
        public Builder path(String newPath) {
            path = newPath;
            return this;
        }

        /** Only for routes of this VirtualService, {@code namespace/name}. */
        public Builder virtualService(String service) {
            virtualService = service;
            return this;
        }

        /** Only for the route of this name. */
        public Builder route(String newRoute) {
            route = newRoute;
            return this;
        }

        /** Only for this virtual host, such as {@code *.example.com}. */
        public Builder virtualHost(String host) {
            virtualHost = host;
            return this;
        }

        /** Counts each value of these by itself. */
        public Builder by(Key... parts) {
            keys.addAll(List.of(parts));
            return this;
        }

        /**
         * The limit.
         *
         * @throws IllegalArgumentException when path, permits or period make no sense
         */
        public RateLimit build() {
            return new RateLimit(name, path, virtualService, route, virtualHost, keys, permits, period);
        }
    }
}
