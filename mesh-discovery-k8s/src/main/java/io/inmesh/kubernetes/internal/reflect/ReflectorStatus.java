package io.inmesh.kubernetes.internal.reflect;

import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How a reflector is doing. Immutable.
 *
 * @param selection what it keeps, as text
 * @param synced whether it has had a whole state once
 * @param confirmedAt when the server last said or confirmed something (event, bookmark, list), null for never; the
 *     table's age is counted from here
 * @param resourceVersion last one known, empty for none
 * @param lastFailure what went wrong last, empty when nothing has since the last success
 */
public record ReflectorStatus(
        String selection,
        State state,
        boolean synced,
        @Nullable Instant confirmedAt,
        String resourceVersion,
        int objects,
        String lastFailure,
        Counts counts) {
    /** When that one was confirmed which waits longest for it; null while none has been. */
    public static @Nullable Instant oldestConfirmation(Stream<ReflectorStatus> all) {
        return all.map(ReflectorStatus::confirmedAt)
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    /** What a reflector is at. */
    public enum State {
        /** Reads the whole state. */
        LISTING,
        /** Hears changes. */
        WATCHING,
        /** Waits after a failure. */
        BACKING_OFF,
        /** The server refuses (403 or 404); tried again at a slow pace. */
        REFUSED,
        /** Ended by its owner. */
        CLOSED
    }

    /**
     * Since the start.
     *
     * @param lists whole states asked for, WatchLists included
     * @param watches watches opened
     * @param events changes heard
     * @param bookmarks bookmarks heard
     * @param gone answers 410, in whatever shape
     * @param failures requests that failed for another reason
     * @param silences watches given up because nothing came
     * @param unreadable objects that could not be read, or not in all parts
     * @param drift objects that a safety list found different from what was known
     * @param shrinkDoubted lists that were not believed at first
     * @param listenerFailures times that the listener threw something
     */
    public record Counts(
            long lists,
            long watches,
            long events,
            long bookmarks,
            long gone,
            long failures,
            long silences,
            long unreadable,
            long drift,
            long shrinkDoubted,
            long listenerFailures) {}
}
