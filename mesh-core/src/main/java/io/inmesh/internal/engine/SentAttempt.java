package io.inmesh.internal.engine;

import io.inmesh.call.Exchange;
import io.inmesh.call.HeaderField;
import io.inmesh.call.TransportAttempt;
import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
import io.inmesh.internal.snapshot.CallPlan;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One attempt from sending to its answer: what comes of it is delivered, thrown, or followed by another attempt. In the hands of
 * the caller's thread.
 */
final class SentAttempt<R> {
    private final ForwardCall call;
    private final CallPlan plan;
    private final TimeLimit limit;
    private final Exchange<R> exchange;
    private final RunningAttempt attempt;
    private final TransportAttempt<R> sent;
    private final @Nullable Hedge<R> hedge;

    /**
     * Makes an attempt of which nothing is sent yet.
     *
     * @param hedge what may be sent beside it; null for nothing
     */
    SentAttempt(ForwardCall call, Exchange<R> exchange, RunningAttempt attempt, @Nullable Hedge<R> hedge) {
        this.hedge = hedge;
        this.call = call;
        this.plan = call.plan();
        this.limit = call.limit();
        this.exchange = exchange;
        this.attempt = attempt;
        HeaderField expected = plan.target().external() ? null : limit.expected(call.deadline(), call);
        this.sent = exchange.attempt(OutgoingAttempt.of(attempt, exchange.head(), plan, call.observation(), expected));
    }

    /** Sends; null when another attempt is to be made. */
    @Nullable
    R run() throws IOException {
        if (hedge == null) {
            return send();
        }
        try {
            hedge.start(sent);
            return send();
        } finally {
            hedge.close();
        }
    }

    private @Nullable R send() throws IOException {
        Deadline deadline = call.deadline();
        if (deadline != null) {
            deadline.covers(sent);
        }
        Deadline perTry = limit.perTryNanos() == 0 ? null : call.startPerTry();
        R response;
        try {
            if (perTry != null) {
                perTry.covers(sent);
            }
            response = sent.send();
        } catch (IOException failure) {
            return failed(failure, isOver(perTry));
        } finally {
            // It has nothing to say of the body.
            isOver(perTry);
        }
        return answered(response, isOver(perTry) && !call.timedOut());
    }

    /** From here on it does not fire; whether it has. */
    private static boolean isOver(@Nullable Deadline perTry) {
        return perTry != null && perTry.over();
    }

    private @Nullable R answered(R response, boolean tooLate) throws IOException {
        Outcome outcome = new Outcome.TimedOut();
        boolean otherAnswers = false;
        try {
            if (tooLate) {
                otherAnswers = otherAnswers();
                if (!otherAnswers) {
                    noAnswer(outcome, null);
                }
            } else {
                outcome = exchange.classify(response);
                if (hedge != null && hedge.stands(exchange, response, outcome) && hedge.wins()) {
                    otherAnswers = true;
                    outcome = hedge.endOfFirst(outcome);
                } else {
                    if (hedge != null) {
                        // Observers hear of the other attempt by this thread alone from here on.
                        hedge.firstIsBack();
                    }
                    attempt.responseStarted(outcome, call.now());
                    call.responseStarted(attempt);
                    otherAnswers = otherAnswers();
                    if (!otherAnswers && call.timedOut()) {
                        attempt.end(new Outcome.TimedOut());
                        throw call.timeout(null);
                    }
                    if (!otherAnswers && hedge != null && exchange.canceled()) {
                        attempt.end(new Outcome.Canceled());
                        throw CallFailures.canceled(plan, "while it waited for a second attempt", null);
                    }
                    if (!otherAnswers && !isRepeated(outcome, response)) {
                        call.delivers(attempt);
                        return sent.deliver(response, plan.responseEdits(), call);
                    }
                }
            }
        } catch (Throwable broken) {
            discard(response, broken);
            throw broken;
        }
        try {
            sent.discard(response);
        } finally {
            attempt.end(outcome);
        }
        return hedge != null && otherAnswers ? hedge.deliver() : null;
    }

    /** Whether an attempt beside this one, which has come to nothing that stands, has an answer; waits for it. */
    private boolean otherAnswers() throws IOException {
        return hedge != null && hedge.answers();
    }

    /** Whether another attempt follows an answer. */
    private boolean isRepeated(Outcome outcome, R response) {
        if (plan.attempts() == 1 || !plan.retries().on().coverAnswer(exchange, response, attempt.status())) {
            return false;
        }
        RetryState.Verdict verdict = call.retries().afterAnswer(attempt, outcome, exchange, response);
        call.givenUp(
                switch (verdict) {
                    case USED_UP -> ResponseFlag.URX;
                    case OVERFLOW -> ResponseFlag.UO;
                    case RETRY, NO -> null;
                });
        return verdict == RetryState.Verdict.RETRY;
    }

    private void discard(R response, Throwable reason) {
        try {
            sent.discard(response);
        } catch (RuntimeException alsoBroken) {
            reason.addSuppressed(alsoBroken);
        }
    }

    /** Ends an attempt that threw; null when another is to be made. */
    private @Nullable R failed(IOException failure, boolean tooLate) throws IOException {
        if (tooLate && !call.timedOut() && !exchange.canceled() && sent.neverConnected()) {
            attempt.neverConnected(limit.perTryNanos() / 2);
        }
        if (hedge != null && !call.timedOut() && !exchange.canceled() && hedge.answers()) {
            attempt.end(hedge.endOfFirst(outcome(failure, tooLate)));
            return hedge.deliver();
        }
        if (hedge != null) {
            // The call may be over before the attempt is left.
            hedge.close();
        }
        if (call.timedOut()) {
            // What an inbound deadline cuts short says nothing of the address.
            if (plan.timeoutNanos() > 0 && sent.neverConnected()) {
                attempt.neverConnected(plan.timeoutNanos() / 2);
            }
            attempt.end(new Outcome.TimedOut());
            throw call.timeout(failure);
        }
        noAnswer(outcome(failure, tooLate), failure);
        return null;
    }

    private Outcome outcome(IOException failure, boolean tooLate) {
        return tooLate && !exchange.canceled() ? new Outcome.TimedOut() : sent.classifyFailure(failure);
    }

    /**
     * Ends an attempt without an answer; returns only when another is to be made.
     *
     * @param failure null where an answer came too late
     */
    private void noAnswer(Outcome outcome, @Nullable IOException failure) throws IOException {
        RetryState.Verdict verdict = plan.retries().on().coverFailure(outcome)
                ? call.retries().afterFailure(attempt, outcome, exchange, failure)
                : RetryState.Verdict.NO;
        attempt.end(outcome);
        if (verdict == RetryState.Verdict.RETRY) {
            return;
        }
        boolean asItIs = verdict == RetryState.Verdict.NO
                && !(outcome instanceof Outcome.TimedOut)
                && !(outcome instanceof Outcome.NeverSent && exchange.replayable());
        if (failure == null || !asItIs) {
            throw CallFailures.unanswered(plan, attempt, outcome, verdict, failure);
        }
        call.failed(outcome, failure);
        throw failure;
    }
}
