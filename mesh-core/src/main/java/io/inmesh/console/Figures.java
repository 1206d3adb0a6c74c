package io.inmesh.console;

import io.inmesh.console.Window.Count;
import io.inmesh.console.Window.Sums;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sums as the figures that a document tells. */
final class Figures {
    private Figures() {}

    /** @param seconds that the sums are of */
    static void put(Map<String, @Nullable Object> document, Sums sums, double seconds) {
        document.put("calls", sums.calls());
        document.put("failed", sums.of(Count.FAILED));
        document.put("clientErrors", sums.of(Count.CLIENT_ERROR));
        document.put("canceled", sums.of(Count.CANCELED));
        document.put("rps", sums.calls() / seconds);
        document.put("success", orNull(sums.success()));
        document.put("p50Ms", orNull(sums.percentileMillis(0.5)));
        document.put("p95Ms", orNull(sums.percentileMillis(0.95)));
        document.put("p99Ms", orNull(sums.percentileMillis(0.99)));
    }

    static void putSeries(Map<String, @Nullable Object> document, Sums sums) {
        document.put("series", Arrays.stream(sums.callsBySlot()).boxed().toList());
        document.put(
                "failedSeries", Arrays.stream(sums.failuresBySlot()).boxed().toList());
    }

    private static @Nullable Double orNull(double value) {
        return value < 0 ? null : value;
    }
}
