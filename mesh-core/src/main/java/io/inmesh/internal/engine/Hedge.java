package io.inmesh.internal.engine;

import io.inmesh.call.Exchange;
import io.inmesh.call.HeaderField;
import io.inmesh.call.TransportAttempt;
import io.inmesh.event.Outcome;
import io.inmesh.internal.cluster.Cluster;
import io.inmesh.internal.snapshot.CallPlan;
import io.inmesh.internal.time.Turn;
import io.inmesh.observe.HedgeResult;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A second attempt beside the first of a call, for another host, once the first has gone without an answer for longer than most
 * of the cluster's lately took. It is sent on a thread of its own; whichever of the two has an answer that stands first wins,
 * and the other alone is broken off. The second is number 2 of the call, whatever comes after it.
 *
 * <p>What the second attempt has come to is handed to the caller's thread, which does all the rest, under a lock that is not held
 * while anybody waits. Observers hear of one thing at a time: while the first attempt is away, from the thread of the second; from
 * the moment in which it is back, from the caller's thread alone.
 */
final class Hedge<R> {
    private static final Logger LOG = LoggerFactory.getLogger(Hedge.class);

    private static final int CLIENT_ERRORS = 400;

    private final CallEngine engine;
    private final ForwardCall call;
    private final CallPlan plan;
    private final Cluster cluster;
    private final Exchange<R> callers;
    private final Exchange<R> exchange;
    private final RunningAttempt firstAttempt;
    private final Deadline timer;
    private final Object lock = new Object();

    /** Under the lock, as is all that follows. */
    private HedgeStage stage = HedgeStage.PLANNED;

    /** Whether the first attempt is no longer waited for. */
    private boolean firstIsBack;

    /** Whether the first attempt was broken off because this has an answer. */
    private boolean firstIsCanceled;

    private @Nullable TransportAttempt<R> first;
    private @Nullable RunningAttempt attempt;
    private @Nullable TransportAttempt<R> sent;
    private @Nullable R response;
    private @Nullable Outcome outcome;
    private long answeredNanos;
    private boolean told;

    /** Where the caller's thread waits for this; null while it does not. */
    private @Nullable Turn<HedgeStage> turn;

    /**
     * Makes one whose time comes at {@code atNanos}.
     *
     * @param callers exchange of the call
     * @param exchange that may make an attempt beside it
     */
    Hedge(
            CallEngine engine,
            ForwardCall call,
            Cluster cluster,
            Exchange<R> callers,
            Exchange<R> exchange,
            RunningAttempt firstAttempt,
            long atNanos) {
        this.engine = engine;
        this.call = call;
        this.plan = call.plan();
        this.cluster = cluster;
        this.callers = callers;
        this.exchange = exchange;
        this.firstAttempt = firstAttempt;
        this.timer = new Deadline(engine.hedgeTimes, atNanos) {
            @Override
            boolean fire() {
                boolean now = super.fire();
                if (now) {
                    due();
                }
                return now;
            }
        };
    }

    /** The first attempt is about to be sent. */
    void start(TransportAttempt<R> newFirst) {
        first = newFirst;
        engine.hedgeTimes.start(timer);
    }

    private void due() {
        try {
            engine.hedges.execute(this::run);
        } catch (RejectedExecutionException | OutOfMemoryError busy) {
            // A thread that cannot be started is one of them.
            synchronized (lock) {
                stage = stage == HedgeStage.PLANNED ? HedgeStage.NOT_SENT : stage;
            }
        }
    }

    private void run() {
        TransportAttempt<R> own = begin();
        if (own == null) {
            return;
        }
        Deadline limit = call.limit().beside(call, engine.deadlines);
        try {
            if (limit != null) {
                limit.covers(own);
            }
            R answer = own.send();
            if (limit != null && limit.over()) {
                own.discard(answer);
                failed(tooLate(limit));
            } else {
                answered(own, answer);
            }
        } catch (IOException failure) {
            failed(limit != null && limit.over() ? tooLate(limit) : own.classifyFailure(failure));
        } catch (Throwable bug) {
            // As of the caller's own attempts: it says nothing of the host.
            LOG.debug("A second attempt for {} is broken", plan.clusterKey(), bug);
            failed(new Outcome.Canceled());
        } finally {
            if (limit != null) {
                limit.over();
            }
        }
    }

    /** What is left of the time of the call is no time in which a host must answer. */
    private Outcome tooLate(Deadline limit) {
        Deadline whole = call.deadline();
        return whole != null && !limit.isBefore(whole.atNanos()) ? new Outcome.Canceled() : new Outcome.TimedOut();
    }

    /** Null where it is not to be sent. */
    private @Nullable TransportAttempt<R> begin() {
        synchronized (lock) {
            if (stage != HedgeStage.PLANNED || firstIsBack || call.timedOut() || callers.canceled()) {
                return null;
            }
            stage = HedgeStage.NOT_SENT;
            RunningAttempt begun = null;
            try {
                begun = BesideAdmission.admitted(engine, call, cluster, firstAttempt);
                if (begun == null) {
                    return null;
                }
                attempt = begun;
                HeaderField expected =
                        plan.target().external() ? null : call.limit().expected(call.deadline(), call);
                sent = exchange.attempt(OutgoingAttempt.of(begun, exchange.head(), plan, call.observation(), expected));
                stage = HedgeStage.UNDER_WAY;
                return sent;
            } catch (Throwable bug) {
                LOG.debug("A second attempt for {} could not be made", plan.clusterKey(), bug);
                if (begun != null) {
                    begun.end(new Outcome.Canceled());
                }
                return null;
            }
        }
    }

    private void answered(TransportAttempt<R> own, R answer) {
        Outcome at;
        boolean stands;
        try {
            at = exchange.classify(answer);
            stands = stands(exchange, answer, at);
        } catch (RuntimeException bug) {
            own.discard(answer);
            throw bug;
        }
        boolean wanted;
        synchronized (lock) {
            wanted = stage == HedgeStage.UNDER_WAY && stands;
            if (stage == HedgeStage.UNDER_WAY) {
                outcome = at;
                answeredNanos = call.now();
                if (stands) {
                    response = answer;
                    stage = HedgeStage.ANSWERED;
                    // With a 4xx the first is waited for, which mostly knows better: what it did, who asks, and what is
                    // there.
                    if (!firstIsBack && at.status() < CLIENT_ERRORS) {
                        firstIsCanceled = true;
                        Objects.requireNonNull(first).cancel();
                    }
                } else {
                    stage = HedgeStage.FAILED;
                    if (!firstIsBack) {
                        account();
                    }
                }
                wake();
            }
        }
        if (!wanted) {
            own.discard(answer);
        }
    }

    /** Whether an answer is one that the caller may have without a look at the other attempt. */
    boolean stands(Exchange<R> of, R answer, Outcome at) {
        return at.status() < 500 && !plan.retries().on().coverAnswer(of, answer, at.status());
    }

    private void failed(Outcome how) {
        synchronized (lock) {
            if (stage == HedgeStage.UNDER_WAY) {
                outcome = how;
                stage = HedgeStage.FAILED;
                if (!firstIsBack) {
                    account();
                }
                wake();
            }
        }
    }

    /** Under the lock. */
    private void wake() {
        if (turn != null) {
            turn.give(stage);
        }
    }

    /** Ends the attempt, once, where it has come to nothing. */
    private void account() {
        RunningAttempt own = attempt;
        Outcome how = outcome;
        if (own != null && how != null) {
            if (how instanceof Outcome.Responded) {
                tellOfAnswer(own, how);
            }
            own.end(how);
            outcome = null;
        }
    }

    private void tellOfAnswer(RunningAttempt own, Outcome at) {
        own.responseStarted(at, answeredNanos);
        call.responseStarted(own);
    }

    /**
     * The first attempt has an answer that stands. Breaks the second off, unless that was faster in the last moment and has
     * broken off the first.
     *
     * @return whether the second is to be {@link #deliver delivered}
     */
    boolean wins() {
        firstIsBack();
        if (!firstIsCanceled) {
            close();
        }
        return firstIsCanceled;
    }

    /**
     * The first attempt has come to nothing, or to an answer that does not stand. Waits for the second where it is under way.
     *
     * @return whether it is to be {@link #deliver delivered}
     * @throws IOException when the thread is interrupted while it waits
     */
    boolean answers() throws IOException {
        firstIsBack();
        Turn<HedgeStage> waiting = null;
        synchronized (lock) {
            if (stage == HedgeStage.UNDER_WAY) {
                waiting = new Turn<>();
                turn = waiting;
            }
        }
        if (waiting != null) {
            try {
                waiting.await(() -> call.timedOut() || callers.canceled());
            } catch (InterruptedException interrupted) {
                throw CallWaits.interrupted(plan, interrupted);
            }
        }
        boolean answered;
        synchronized (lock) {
            answered = stage == HedgeStage.ANSWERED;
        }
        if (!answered) {
            close();
        }
        return answered;
    }

    /** How the first attempt ends that this has taken the place of, where it has no answer. */
    Outcome endOfFirst(Outcome otherwise) {
        if (!firstIsCanceled) {
            return otherwise;
        }
        firstAttempt.brokenOffForAnother();
        return new Outcome.Canceled();
    }

    /** Hands the answer to the caller. */
    R deliver() throws IOException {
        R answer;
        synchronized (lock) {
            stage = HedgeStage.OVER;
            answer = Objects.requireNonNull(response);
            response = null;
        }
        RunningAttempt own = Objects.requireNonNull(attempt);
        TransportAttempt<R> carried = Objects.requireNonNull(sent);
        try {
            tellOfAnswer(own, Objects.requireNonNull(outcome));
            tell(HedgeResult.WON);
            Deadline deadline = call.deadline();
            if (deadline != null) {
                deadline.covers(carried);
            }
            if (call.timedOut()) {
                own.end(new Outcome.TimedOut());
                throw call.timeout(null);
            }
            call.delivers(own);
            return carried.deliver(answer, plan.responseEdits(), call);
        } catch (Throwable broken) {
            try {
                carried.discard(answer);
            } catch (RuntimeException alsoBroken) {
                broken.addSuppressed(alsoBroken);
            }
            own.end(new Outcome.Canceled());
            throw broken;
        }
    }

    /** Nothing begins any more: what the call says of its attempts holds from here on. */
    void firstIsBack() {
        timer.over();
        synchronized (lock) {
            if (!firstIsBack && attempt != null) {
                call.countBeside(attempt.number());
            }
            firstIsBack = true;
        }
    }

    /** The call does without the second attempt. Idempotent. */
    void close() {
        firstIsBack();
        HedgeStage before;
        R answer;
        synchronized (lock) {
            before = stage;
            stage = HedgeStage.OVER;
            answer = response;
            response = null;
        }
        switch (before) {
            case UNDER_WAY, ANSWERED -> {
                TransportAttempt<R> carried = Objects.requireNonNull(sent);
                carried.cancel();
                if (answer != null) {
                    carried.discard(answer);
                }
                Objects.requireNonNull(attempt).end(new Outcome.Canceled());
                tell(HedgeResult.LOST);
            }
            case FAILED -> {
                account();
                call.retries().alsoTried(Objects.requireNonNull(attempt));
                tell(HedgeResult.FAILED);
            }
            case NOT_SENT -> tell(HedgeResult.NOT_SENT);
            case PLANNED, OVER -> {}
        }
    }

    private void tell(HedgeResult result) {
        if (!told) {
            told = true;
            call.hedged(result);
        }
    }
}
