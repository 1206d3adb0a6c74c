package io.inmesh.kubernetes.internal.reflect;

import io.inmesh.kubernetes.internal.reflect.ReflectorStatus.Counts;
import io.inmesh.kubernetes.internal.reflect.ReflectorStatus.State;
import io.inmesh.kubernetes.internal.time.Timing;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a reflector tells about itself. Thread-safe. */
final class Progress {
    private final String selection;
    private final Timing timing;
    private final Map<Count, Long> counts = new EnumMap<>(Count.class);
    private State state = State.LISTING;
    private boolean synced;
    private @Nullable Instant confirmedAt;
    private String resourceVersion = "";
    private int objects;
    private String lastFailure = "";

    /** What is counted: the components of {@link Counts}. */
    enum Count {
        LISTS,
        WATCHES,
        EVENTS,
        BOOKMARKS,
        GONE,
        FAILURES,
        SILENCES,
        UNREADABLE,
        DRIFT,
        SHRINK_DOUBTED,
        LISTENER_FAILURES
    }

    Progress(String selection, Timing timing) {
        this.selection = selection;
        this.timing = timing;
    }

    synchronized void count(Count count) {
        count(count, 1);
    }

    synchronized void count(Count count, long number) {
        counts.merge(count, number, Long::sum);
    }

    synchronized void is(State newState) {
        if (state != State.CLOSED) {
            state = newState;
        }
    }

    /** The server has said something about the state at this version. */
    synchronized void confirmed(String version, int known) {
        confirmedAt = timing.now();
        resourceVersion = version;
        objects = known;
        synced = true;
    }

    synchronized void succeeded() {
        lastFailure = "";
    }

    synchronized void failed(String why) {
        lastFailure = why;
    }

    /** Both at once: whoever sees that something was counted sees why. */
    synchronized void failed(Count count, String why) {
        count(count);
        failed(why);
    }

    synchronized ReflectorStatus status() {
        return new ReflectorStatus(
                selection, state, synced, confirmedAt, resourceVersion, objects, lastFailure, counts());
    }

    private Counts counts() {
        return new Counts(
                of(Count.LISTS),
                of(Count.WATCHES),
                of(Count.EVENTS),
                of(Count.BOOKMARKS),
                of(Count.GONE),
                of(Count.FAILURES),
                of(Count.SILENCES),
                of(Count.UNREADABLE),
                of(Count.DRIFT),
                of(Count.SHRINK_DOUBTED),
                of(Count.LISTENER_FAILURES));
    }

    private long of(Count count) {
        return counts.getOrDefault(count, 0L);
    }
}
