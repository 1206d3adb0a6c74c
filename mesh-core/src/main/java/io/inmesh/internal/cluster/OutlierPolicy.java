package io.inmesh.internal.cluster;

import io.inmesh.model.OutlierDetection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An {@link OutlierDetection} with Envoy's defaults in place of what is not given, as Istio hands it over (Istio:
 * cluster_traffic_policy.go). Success rate and failure percentage are not part of it: Istio enforces neither.
 *
 * @param errorCodes the statuses of answers that are errors; null for 500 to 599. Not to be changed
 * @param split whether attempts without an answer are counted apart
 * @param serverErrors consecutive 5xx that eject, 0 for off
 * @param gatewayErrors consecutive 502, 503 and 504 that eject, 0 for off
 * @param localFailures consecutive attempts without an answer that eject, 0 for off: without {@code split} they are 5xx
 * @param intervalNanos from one sweep to the next
 * @param baseNanos how long a first ejection lasts at least
 * @param maxEjectionPercent of the hosts that may be ejected
 * @param minHealthPercent of the hosts below which the ejected ones are used too, 0 for never
 */
record OutlierPolicy(
        @Nullable BitSet errorCodes,
        boolean split,
        int serverErrors,
        int gatewayErrors,
        int localFailures,
        long intervalNanos,
        long baseNanos,
        int maxEjectionPercent,
        int minHealthPercent) {
    private static final int CONSECUTIVE = 5;
    private static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final Duration BASE = Duration.ofSeconds(30);
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(300);
    private static final int OVERPROVISIONING_PERCENT = 140;

    /** Null for null, which is off. */
    static @Nullable OutlierPolicy of(@Nullable OutlierDetection asked) {
        if (asked == null) {
            return null;
        }
        boolean split = asked.splitExternalLocalOriginErrors();
        int local = asked.consecutiveLocalOriginFailures() == null ? 0 : asked.consecutiveLocalOriginFailures();
        return new OutlierPolicy(
                codes(asked.httpErrorCodes()),
                split,
                Objects.requireNonNullElse(asked.consecutive5xxErrors(), CONSECUTIVE),
                Objects.requireNonNullElse(asked.consecutiveGatewayErrors(), 0),
                // Unlike for the others, Istio does not hand a 0 over.
                !split ? 0 : local == 0 ? CONSECUTIVE : local,
                nanos(asked.interval(), INTERVAL),
                nanos(asked.baseEjectionTime(), BASE),
                asked.ejectionPercent(),
                asked.minHealthPercent());
    }

    private static @Nullable BitSet codes(List<Integer> statuses) {
        if (statuses.isEmpty()) {
            return null;
        }
        BitSet codes = new BitSet();
        statuses.forEach(codes::set);
        return codes;
    }

    /**
     * The status that an answer counts as (Envoy: HttpProtocolOptions.outlier_detection: what matches counts as 500, anything
     * else as 200).
     */
    int counted(int status) {
        BitSet codes = errorCodes;
        return codes == null ? status : codes.get(status) ? 500 : 200;
    }

    private static long nanos(@Nullable Duration given, Duration otherwise) {
        return Math.max(TimeUnit.MILLISECONDS.toNanos(1), saturated(given == null ? otherwise : given));
    }

    private static long saturated(Duration duration) {
        // Far from the end of a long, so that sums and differences stay right.
        Duration longest = Duration.ofDays(36500);
        return (duration.compareTo(longest) > 0 ? longest : duration).toNanos();
    }

    /** How long an ejection lasts at least. */
    long ejectionNanos(int count) {
        long longest = longestNanos();
        return count > longest / baseNanos ? longest : count * baseNanos;
    }

    /** Whether an ejection that follows may last longer than one of this count. */
    boolean grows(int count) {
        return (count - 1) * baseNanos < longestNanos();
    }

    private long longestNanos() {
        return Math.max(LONGEST_NANOS, baseNanos);
    }

    /** Whether one more host may be ejected. */
    boolean mayEject(int ejected, int hosts) {
        return 100L * (ejected + 1) <= (long) maxEjectionPercent * hosts;
    }

    /** For people. */
    String words() {
        List<String> limits = new ArrayList<>();
        if (serverErrors > 0) {
            limits.add(serverErrors + " consecutive "
                    + (errorCodes == null ? "5xx errors" : "errors (status " + words(errorCodes) + ")"));
        }
        if (gatewayErrors > 0) {
            limits.add(gatewayErrors + " consecutive gateway errors");
        }
        if (localFailures > 0) {
            limits.add(localFailures + " consecutive local-origin failures");
        }
        return limits.isEmpty()
                ? "nobody is ejected"
                : String.join(" or ", limits) + " eject for " + millis(baseNanos) + " or longer, until a sweep each "
                        + millis(intervalNanos) + "; at most " + maxEjectionPercent + " % of the endpoints"
                        + (minHealthPercent == 0
                                ? ""
                                : ", which are used all the same where fewer than " + minHealthPercent + " % are left");
    }

    private static String words(BitSet codes) {
        return codes.stream().mapToObj(String::valueOf).collect(Collectors.joining(", "));
    }

    private static String millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos) + "ms";
    }

    /** Whether the ejected hosts are used as well (Envoy: panic, which is not asked while 5 of 7 hosts are well). */
    boolean panics(int well, int hosts) {
        boolean enough = (long) OVERPROVISIONING_PERCENT * well >= 100L * hosts;
        return !enough && 100L * well < (long) minHealthPercent * hosts;
    }
}
