package io.inmesh.servlet.internal.inbound;

import jakarta.servlet.http.HttpServletRequest;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** How long the caller of a request waits for its answer, as it says itself. */
final class ToldTimeout {
    /** In milliseconds, as Envoy's router tells its upstream. */
    private static final String ENVOY = "x-envoy-expected-rq-timeout-ms";

    /** At most eight digits and a unit, as gRPC has it. */
    private static final String GRPC = "grpc-timeout";

    private static final int MOST_GRPC_DIGITS = 8;
    private static final int MOST_DIGITS = 18;

    /** Whatever is told: nanoseconds that far ahead can still be compared. */
    private static final long MOST_NANOS = TimeUnit.DAYS.toNanos(1);

    private ToldTimeout() {}

    /** In nanoseconds, the least that is told; null when nothing is told that can be read. */
    static @Nullable Long nanos(HttpServletRequest request) {
        Long envoy = envoy(request.getHeader(ENVOY));
        Long grpc = grpc(request.getHeader(GRPC));
        if (envoy == null && grpc == null) {
            return null;
        }
        return Math.min(MOST_NANOS, Math.min(envoy == null ? MOST_NANOS : envoy, grpc == null ? MOST_NANOS : grpc));
    }

    /** Zero is none, as in Envoy. */
    private static @Nullable Long envoy(@Nullable String text) {
        long millis = text == null ? -1 : number(text.strip(), MOST_DIGITS);
        return millis <= 0 ? null : Long.valueOf(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    private static @Nullable Long grpc(@Nullable String text) {
        String told = text == null ? "" : text.strip();
        if (told.isEmpty()) {
            return null;
        }
        int end = told.length() - 1;
        TimeUnit unit = switch (told.charAt(end)) {
            case 'H' -> TimeUnit.HOURS;
            case 'M' -> TimeUnit.MINUTES;
            case 'S' -> TimeUnit.SECONDS;
            case 'm' -> TimeUnit.MILLISECONDS;
            case 'u' -> TimeUnit.MICROSECONDS;
            case 'n' -> TimeUnit.NANOSECONDS;
            default -> null;
        };
        long number = number(told.substring(0, end), MOST_GRPC_DIGITS);
        return unit == null || number < 0 ? null : Long.valueOf(unit.toNanos(number));
    }

    /** -1 for what is no number. */
    private static long number(String digits, int most) {
        if (digits.isEmpty() || digits.length() > most || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        return Long.parseLong(digits);
    }
}
