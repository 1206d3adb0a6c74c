package io.inmesh.kubernetes.internal.reflect;

import io.inmesh.kubernetes.internal.api.ApiFailure;
import io.inmesh.kubernetes.internal.api.UnreachableException;
import io.inmesh.kubernetes.internal.reflect.Progress.Count;
import io.inmesh.kubernetes.internal.reflect.ReflectorListener.Refusal;
import io.inmesh.kubernetes.internal.reflect.ReflectorStatus.State;
import io.inmesh.kubernetes.internal.time.Timing;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a reflector does after something went wrong: wait how long, and whether to list anew. Reflector's thread only. */
final class Recovery {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    // Whoever sends more has a clock that is wrong, or is no API server.
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofMinutes(5);
    private static final int TRIES_BEFORE_RELIST = 3;

    private final String selection;
    private final ReflectorSettings settings;
    private final Timing timing;
    private final Lifecycle lifecycle;
    private final Progress progress;
    private final KnownState<?> knownState;
    private final Consumer<Refusal> onRefused;
    private final Runnable onAllowed;
    private final Backoff unreachable;
    private final Backoff refusal;
    private final Backoff broken;
    private final Backoff trouble;

    private boolean troubled;
    private boolean probation;
    private boolean spread;
    private boolean goneBefore;
    private int fruitless;
    private int refusals;
    private boolean acceptedSinceRefusal;
    private boolean readSinceRefusal;
    private Refusal.@Nullable Reason refusalTold;

    Recovery(
            String selection,
            ReflectorSettings settings,
            Timing timing,
            Lifecycle lifecycle,
            Progress progress,
            KnownState<?> knownState,
            Consumer<Refusal> onRefused,
            Runnable onAllowed) {
        this.selection = selection;
        this.settings = settings;
        this.timing = timing;
        this.lifecycle = lifecycle;
        this.progress = progress;
        this.knownState = knownState;
        this.onRefused = onRefused;
        this.onAllowed = onAllowed;
        Duration min = settings.minBackoff();
        this.unreachable = new Backoff(min, settings.unreachableBackoff(), timing);
        this.refusal = new Backoff(min, settings.refusedPause(), timing);
        this.broken = new Backoff(min, settings.maxBackoff(), timing);
        this.trouble = new Backoff(min, settings.maxBackoff(), timing);
    }

    /** Whether the next watch has to show that the server still knows our version. */
    boolean onProbation() {
        return probation;
    }

    /** A list was taken over. */
    void listed() {
        probation = false;
        spread = false;
        readSinceRefusal = true;
        allowedOnceAccepted();
        succeeded();
    }

    /** A watch was accepted. */
    void opened() {
        refusals = 0;
        acceptedSinceRefusal = true;
        if (readSinceRefusal) {
            allowedOnceAccepted();
        }
        unreachable.reset();
        refusal.reset();
    }

    /** A watch has ended, in whatever way. */
    void stood(Duration time) {
        if (time.compareTo(settings.backoffReset()) >= 0) {
            broken.reset();
            trouble.reset();
        }
    }

    /** A watch has told something. */
    void heard() {
        probation = false;
        goneBefore = false;
        fruitless = 0;
        allowedOnceAccepted();
        succeeded();
    }

    // What is known may be as old as the refusal until the server has said something.
    private void allowedOnceAccepted() {
        if (acceptedSinceRefusal && refusalTold != null) {
            refusalTold = null;
            onAllowed.run();
        }
    }

    private void succeeded() {
        progress.succeeded();
        if (troubled) {
            troubled = false;
            LOG.info("{}: up to date again", selection);
        }
    }

    /** Spreads the lists of many clients that have lost their positions at the same moment. */
    void spread() {
        if (spread) {
            spread = false;
            lifecycle.pause(Duration.ofNanos((long) (settings.relistJitter().toNanos() * timing.random())));
        }
    }

    /** A request or a watch failed. Waits as long as has to be waited. */
    void after(IOException failure) {
        if (failure instanceof ApiFailure answer) {
            afterAnswer(answer);
        } else {
            probation = true;
            pause(Count.FAILURES, failure, failure instanceof UnreachableException ? away() : broken.next());
        }
    }

    // What broke when the server went away does not count against what comes back. What it answered does: one that
    // is killed by its load over and over is overloaded.
    private Duration away() {
        broken.reset();
        return unreachable.next();
    }

    private void afterAnswer(ApiFailure answer) {
        if (answer.gone() || answer.resourceVersionTooLarge()) {
            gone(answer);
        } else if (answer.forbidden() || answer.notServed()) {
            refused(answer);
        } else {
            probation |= answer.code() >= 500;
            pause(Count.FAILURES, answer, longer(trouble.next(), answer.retryAfter()));
        }
    }

    // The first time a list helps, and nothing was overloaded: there is no reason to wait.
    private void gone(ApiFailure answer) {
        lose();
        Duration pause = goneBefore ? trouble.next() : Duration.ZERO;
        goneBefore = true;
        pause(Count.GONE, answer, longer(pause, answer.retryAfter()));
    }

    private void refused(ApiFailure answer) {
        progress.count(Count.FAILURES);
        refusals++;
        acceptedSinceRefusal = false;
        readSinceRefusal = false;
        Refusal.Reason reason = answer.forbidden() ? Refusal.Reason.FORBIDDEN : Refusal.Reason.NOT_SERVED;
        // An API server that has just started refuses what it allows a second later.
        if (reason != refusalTold && (refusals > 1 || !knownState.synced())) {
            refusalTold = reason;
            onRefused.accept(new Refusal(reason, String.valueOf(answer.getMessage())));
        }
        // Where only listing is allowed, lists have to do.
        if (refusals % TRIES_BEFORE_RELIST == 0) {
            lose();
        }
        progress.is(State.REFUSED);
        progress.failed(String.valueOf(answer.getMessage()));
        lifecycle.pause(longer(refusal.next(), answer.retryAfter()));
    }

    /** A watch ended well before its time and had told nothing: some front ends say 410 in this way. */
    void endedAtOnce() {
        fruitless++;
        if (fruitless % TRIES_BEFORE_RELIST == 0) {
            lose();
        }
        pause(Count.FAILURES, new IOException(lifecycle.server() + " has ended the watch at once"), trouble.next());
    }

    /** A watch ended in its time without the bookmark that a server sends when it knows the version. */
    void missedBookmark() {
        LOG.warn("{}: the server has said nothing about our version {}; lists anew", selection, knownState.version());
        lose();
    }

    /** A watch was given up because nothing came. */
    void silent() {
        troubled(
                Count.SILENCES,
                "nothing has come from " + lifecycle.server()
                        + " for so long that the connection may be dead; watches over another one");
        probation = true;
    }

    private void lose() {
        spread = true;
        knownState.losePosition();
    }

    private void pause(Count count, IOException failure, Duration pause) {
        progress.is(State.BACKING_OFF);
        troubled(count, lifecycle.words(failure) + "; goes on in " + pause.toMillis() + " ms");
        lifecycle.pause(pause);
    }

    private void troubled(Count count, String why) {
        progress.failed(count, why);
        if (troubled) {
            LOG.debug("{}: {}", selection, why);
        } else {
            troubled = true;
            LOG.warn("{}: {}; what is known stays", selection, why);
        }
    }

    private static Duration longer(Duration pause, @Nullable Duration asked) {
        if (asked == null || asked.compareTo(pause) <= 0) {
            return pause;
        }
        return asked.compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : asked;
    }
}
