package io.inmesh.observe;

import org.jspecify.annotations.Nullable;

/**
 * Of the attempts of one call the one that a single line tells of: the latest, and where a second one runs beside the first, the
 * one that is answered or goes on when the other has ended. For observers that keep one thing a call. Not thread-safe.
 */
public final class ToldAttempt {
    private @Nullable StartedAttempt told;

    /** Runs beside the told one; null for none. */
    private @Nullable StartedAttempt other;

    private boolean over;

    /** Whether the told one has an answer, which then is the call's unless that attempt ends before the other. */
    private boolean answered;

    /** Of a call that has no attempt yet. */
    public ToldAttempt() {}

    /** The attempt; null before the first. */
    public @Nullable StartedAttempt get() {
        return told;
    }

    /** To be told each {@link CallObservation#attemptStarted}. */
    public void started(StartedAttempt attempt) {
        other = over ? null : told;
        told = attempt;
        over = false;
        answered = false;
    }

    /**
     * To be told each {@link CallObservation#responseStarted}.
     *
     * @return whether it is another attempt from here on
     */
    public boolean answered(int number) {
        StartedAttempt beside = other;
        if (beside == null || beside.number() != number) {
            answered = true;
            return false;
        }
        if (answered) {
            return false;
        }
        other = told;
        told = beside;
        answered = true;
        return true;
    }

    /**
     * To be told each {@link CallObservation#attemptEnded}.
     *
     * @return whether it is another attempt from here on
     */
    public boolean ended(int number) {
        StartedAttempt beside = other;
        over = beside == null;
        other = null;
        if (beside == null || beside.number() == number) {
            return false;
        }
        told = beside;
        answered = false;
        return true;
    }

    /** Whether it is the attempt of that number. */
    public boolean is(int number) {
        StartedAttempt attempt = told;
        return attempt != null && attempt.number() == number;
    }
}
