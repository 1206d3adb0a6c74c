package io.inmesh.servlet.policy;

import io.inmesh.model.HeaderName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * At most so many requests in a time. Each gateway counts by itself, and each combination of the keys by itself; Istio has
 * nothing like it but EnvoyFilters. Requests beyond are answered with 429. Where several limits concern a request, they are
 * asked in their order, and one that is refused by a later limit has used up a permit of each before: put the tightest
 * first. Immutable.
 *
 * @param virtualService {@code namespace/name} of the VirtualService whose routes it is for; empty for all
 * @param route name of the route that it is for; empty for all
 * @param virtualHost name of the virtual host that it is for, such as {@code *.example.com}; empty for all
 * @param keys what is counted by itself; without any, all requests together
 * @param permits requests in a period, 1 or more
 * @param period longer than nothing, at most a day
 */
public record RateLimit(
        String virtualService, String route, String virtualHost, List<Key> keys, int permits, Duration period) {
    private static final Duration LONGEST = Duration.ofDays(1);

    /** Checks the values. */
    public RateLimit {
        virtualHost = virtualHost.toLowerCase(Locale.ROOT);
        keys = List.copyOf(keys);
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
        HEADER
    }

    /**
     * A part of a key.
     *
     * @param header name of the header, in lower case; empty for other parts
     */
    public record Key(Part part, String header) {
        /** By route. */
        public static final Key ROUTE = new Key(Part.ROUTE, "");
        /** By virtual host. */
        public static final Key VIRTUAL_HOST = new Key(Part.VIRTUAL_HOST, "");
        /** By client. */
        public static final Key CLIENT = new Key(Part.CLIENT, "");

        /** Checks the name of a header. */
        public Key {
            header = header.toLowerCase(Locale.ROOT);
            if (part == Part.HEADER ? !HeaderName.isValid(header) : !header.isEmpty()) {
                throw new IllegalArgumentException("\"" + header + "\" is not the name of a header for a limit");
            }
        }

        /**
         * By value of a header; requests without it are counted together. Only as good as the header: whoever may send any
         * value has as many limits as he likes.
         */
        public static Key header(String name) {
            return new Key(Part.HEADER, name);
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
        private String virtualService = "";
        private String route = "";
        private String virtualHost = "";
        private final List<Key> keys = new ArrayList<>();

        private Builder(int permits, Duration period) {
            this.permits = permits;
            this.period = period;
        }

        /** Only for routes of this VirtualService, {@code namespace/name}. */
        public Builder virtualService(String name) {
            virtualService = name;
            return this;
        }

        /** Only for the route of this name. */
        public Builder route(String name) {
            route = name;
            return this;
        }

        /** Only for this virtual host, such as {@code *.example.com}. */
        public Builder virtualHost(String name) {
            virtualHost = name;
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
         * @throws IllegalArgumentException when permits or period make no sense
         */
        public RateLimit build() {
            return new RateLimit(virtualService, route, virtualHost, keys, permits, period);
        }
    }
}
