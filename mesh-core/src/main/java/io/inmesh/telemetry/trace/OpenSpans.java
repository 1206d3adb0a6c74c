package io.inmesh.telemetry.trace;

import io.inmesh.call.AttemptTraffic;
import io.inmesh.observe.StartedAttempt;
import org.jspecify.annotations.Nullable;

/**
 * The spans of the attempts of one call that are under way: one, or two where a second runs beside the first. Not thread-safe.
 *
 * @param <S> what stands for a span
 */
final class OpenSpans<S> {
    private @Nullable Open<S> latest;

    /** Runs beside the latest; null for none. */
    private @Nullable Open<S> earlier;

    /** The span of an attempt. */
    static final class Open<S> {
        private final int number;
        final S span;
        final AttemptTraffic traffic;
        int statusAtHeaders;

        private Open(StartedAttempt started, S span) {
            this.number = started.number();
            this.span = span;
            this.traffic = started.traffic();
        }
    }

    void started(StartedAttempt started, S span) {
        earlier = latest;
        latest = new Open<>(started, span);
    }

    void answered(int number, int status) {
        Open<S> open = latest != null && latest.number == number ? latest : earlier;
        if (open != null && open.number == number) {
            open.statusAtHeaders = status;
        }
    }

    /** Takes the span of an attempt out; null where there is none. */
    @Nullable
    Open<S> ended(int number) {
        Open<S> open = latest;
        if (open != null && open.number == number) {
            latest = earlier;
            earlier = null;
            return open;
        }
        open = earlier;
        if (open != null && open.number == number) {
            earlier = null;
            return open;
        }
        return null;
    }
}
