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
            @Nullable Long maglevTableSize) {}

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
        /** Copies the lists. */
        public LocalityLbSetting {
            distribute = List.copyOf(distribute);
            failover = List.copyOf(failover);
            failoverPriority = List.copyOf(failoverPriority);
        }
    }

    /** Percentages by target locality for callers in one locality. */
    public record Distribute(String from, Map<String, Integer> to) {
        /** Copies the map. */
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
