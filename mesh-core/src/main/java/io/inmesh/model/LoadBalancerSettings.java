package io.inmesh.model;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Choice among endpoints (Istio: LoadBalancerSettings).
 *
 * @param simple null when not given
 * @param consistentHash null when not given; excludes {@code simple}
 * @param localityLbSetting null when not given
 * @param warmup null when not given
 */
public record LoadBalancerSettings(
        @Nullable Simple simple,
        @Nullable ConsistentHash consistentHash,
        @Nullable LocalityLbSetting localityLbSetting,
        @Nullable Warmup warmup) {
    /** Algorithms without a key. */
    public enum Simple {
        /** Istio's default: LEAST_REQUEST. */
        UNSPECIFIED,
        /** Deprecated name of LEAST_REQUEST. */
        LEAST_CONN,
        /** Uniform choice; ignores weights. */
        RANDOM,
        /** Dial the address of the request as it is. */
        PASSTHROUGH,
        /** In turn, by weight. */
        ROUND_ROBIN,
        /** The less busy of two. */
        LEAST_REQUEST
    }

    /** Hash of a header, cookie, query parameter or source address; exactly one key is given. */
    public record ConsistentHash(
            @Nullable String httpHeaderName,
            @Nullable HttpCookie httpCookie,
            boolean useSourceIp,
            @Nullable String httpQueryParameterName,
            @Nullable Long minimumRingSize,
            @Nullable Long maglevTableSize) {
        /** Starts a hash without a key. */
        public static Builder builder() {
            return new Builder();
        }

        /** Starts a copy. */
        public Builder toBuilder() {
            return new Builder()
                    .httpHeaderName(httpHeaderName)
                    .httpCookie(httpCookie)
                    .useSourceIp(useSourceIp)
                    .httpQueryParameterName(httpQueryParameterName)
                    .minimumRingSize(minimumRingSize)
                    .maglevTableSize(maglevTableSize);
        }

        /** Collects the key and the settings of a hash; not thread-safe. */
        public static final class Builder {
            private @Nullable String httpHeaderName;
            private @Nullable HttpCookie httpCookie;
            private boolean useSourceIp;
            private @Nullable String httpQueryParameterName;
            private @Nullable Long minimumRingSize;
            private @Nullable Long maglevTableSize;

            private Builder() {}

            /** Null for another key. */
            public Builder httpHeaderName(@Nullable String newHttpHeaderName) {
                httpHeaderName = newHttpHeaderName;
                return this;
            }

            /** Null for another key. */
            public Builder httpCookie(@Nullable HttpCookie newHttpCookie) {
                httpCookie = newHttpCookie;
                return this;
            }

            /** Whether the caller's address is the key. */
            public Builder useSourceIp(boolean newUseSourceIp) {
                useSourceIp = newUseSourceIp;
                return this;
            }

            /** Null for another key. */
            public Builder httpQueryParameterName(@Nullable String newHttpQueryParameterName) {
                httpQueryParameterName = newHttpQueryParameterName;
                return this;
            }

            /** Null when not given. */
            public Builder minimumRingSize(@Nullable Long newMinimumRingSize) {
                minimumRingSize = newMinimumRingSize;
                return this;
            }

            /** Null when not given. */
            public Builder maglevTableSize(@Nullable Long newMaglevTableSize) {
                maglevTableSize = newMaglevTableSize;
                return this;
            }

            /** The hash. */
            public ConsistentHash build() {
                return new ConsistentHash(
                        httpHeaderName,
                        httpCookie,
                        useSourceIp,
                        httpQueryParameterName,
                        minimumRingSize,
                        maglevTableSize);
            }
        }
    }

    /**
     * Cookie used as hash key.
     *
     * @param ttl generates the cookie when given
     */
    public record HttpCookie(
            String name, @Nullable String path, @Nullable Duration ttl) {}

    /** Preference among localities; at most one of the three lists is given. */
    public record LocalityLbSetting(
            @Nullable Boolean enabled,
            List<Distribute> distribute,
            List<Failover> failover,
            List<String> failoverPriority) {
        public LocalityLbSetting {
            distribute = List.copyOf(distribute);
            failover = List.copyOf(failover);
            failoverPriority = List.copyOf(failoverPriority);
        }
    }

    /** Percentages by target locality for callers in one locality. */
    public record Distribute(String from, Map<String, Integer> to) {
        public Distribute {
            to = Map.copyOf(to);
        }
    }

    /** Region to use when another has no healthy endpoint. */
    public record Failover(String from, String to) {}

    /** Slow start of new endpoints. */
    public record Warmup(
            Duration duration,
            @Nullable Double minimumPercent,
            @Nullable Double aggression) {}
}
