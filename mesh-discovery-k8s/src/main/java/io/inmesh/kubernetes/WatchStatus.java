package io.inmesh.kubernetes;

import io.inmesh.kubernetes.internal.reflect.ReflectorStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How reflectors are doing, in words for people. */
final class WatchStatus {
    private WatchStatus() {}

    static KubernetesStatus.Watch of(ReflectorStatus status) {
        return KubernetesStatus.Watch.builder(status.selection(), status.state().name())
                .confirmedAt(status.confirmedAt())
                .resourceVersion(status.resourceVersion())
                .objects(status.objects())
                .lastFailure(status.lastFailure())
                .counts(counts(status.counts()))
                .build();
    }

    /** Time since the least recently confirmed of all, null when none has been. */
    static @Nullable Duration age(List<ReflectorStatus> all, Instant now) {
        Instant oldest = ReflectorStatus.oldestConfirmation(all.stream());
        return oldest == null ? null : Duration.between(oldest, now);
    }

    /** Whether what was known once is not being kept up to date now. */
    static boolean isStale(ReflectorStatus status) {
        return status.synced()
                && switch (status.state()) {
                    case WATCHING -> false;
                    case LISTING -> !status.lastFailure().isEmpty();
                    case BACKING_OFF, REFUSED, CLOSED -> true;
                };
    }

    private static Map<String, Long> counts(ReflectorStatus.Counts counts) {
        Map<String, Long> byName = new LinkedHashMap<>();
        byName.put("lists", counts.lists());
        byName.put("watches", counts.watches());
        byName.put("events", counts.events());
        byName.put("bookmarks", counts.bookmarks());
        byName.put("gone", counts.gone());
        byName.put("failures", counts.failures());
        byName.put("silences", counts.silences());
        byName.put("unreadable", counts.unreadable());
        byName.put("drift", counts.drift());
        byName.put("shrinkDoubted", counts.shrinkDoubted());
        byName.put("listenerFailures", counts.listenerFailures());
        return byName;
    }
}
