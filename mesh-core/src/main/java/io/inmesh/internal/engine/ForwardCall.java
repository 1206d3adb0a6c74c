package io.inmesh.internal.engine;

import io.inmesh.call.CallEnd;
import io.inmesh.call.Exchange;
import io.inmesh.call.HeaderField;
import io.inmesh.call.MeshException;
import io.inmesh.call.SyntheticResponse;
import io.inmesh.call.TransportAttempt;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
import io.inmesh.internal.balance.LoadBalancerContext;
import io.inmesh.internal.cluster.Cluster;
import io.inmesh.internal.host.Host;
import io.inmesh.internal.host.HostTicket;
import io.inmesh.internal.snapshot.CallPlan;
import io.inmesh.observe.CallObservation;
import io.inmesh.observe.EndedAttempt;
import io.inmesh.observe.EndedCall;
import io.inmesh.observe.Retry;
import java.io.IOException;
import java.lang.ref.Reference;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One call that is forwarded: faults, then the deadline, then attempts until one has response headers or the call is
 * over. Runs on the caller's thread; the end of the body may come from another one. Only a deadline holds on to an attempt:
 * the exchange and its attempts may lead to the response, whose unreachability is to be noticed.
 */
final class ForwardCall implements LoadBalancerContext, CallEnd {
    private final CallEngine engine;
    private final CallPlan plan;
    private final CallObservation observation;
    private final TimeLimit limit;
    private final long startedNanos;
    private final AtomicBoolean ended = new AtomicBoolean();

    /** Null without a limit. Written before the first attempt, that is before another thread can end the call. */
    private @Nullable Deadline deadline;

    /** The attempt whose response the caller has; null before. */
    private @Nullable RunningAttempt delivered;

    private int attempts;

    /** Null before an attempt has failed. */
    private @Nullable RetryState retries;

    /**
     * Makes a call.
     *
     * @param inboundDeadline when the request is to be answered on whose behalf it is made; null for no such time
     */
    ForwardCall(CallEngine engine, CallPlan plan, CallObservation observation, @Nullable Long inboundDeadline) {
        this.engine = engine;
        this.plan = plan;
        this.observation = observation;
        this.limit = new TimeLimit(plan.timeoutNanos(), inboundDeadline);
        this.startedNanos = engine.time.nanoTime();
    }

    <R> R run(Exchange<R> exchange) throws IOException {
        try {
            limit.check(this);
            if (plan.faults().delayNanos() > 0) {
                CallWaits.delay(engine.time, plan, limit, exchange);
                limit.check(this);
            }
            SyntheticResponse abort = plan.faults().abort();
            if (abort != null) {
                R response = exchange.synthesize(abort);
                ended(abort.status(), plan.faults().abortInjected() ? ResponseFlag.FI : null);
                return response;
            }
            return forward(exchange);
        } catch (MeshException refused) {
            ended(0, refused.flag());
            throw refused;
        } catch (Throwable failure) {
            // Of any type: code in Kotlin throws checked exceptions without saying so. A failed attempt has ended the
            // call with its own flag already; what is left came from this side.
            ended(0, ResponseFlag.DC);
            throw failure;
        }
    }

    private <R> R forward(Exchange<R> exchange) throws IOException {
        if (plan.refusal() != null) {
            throw CallFailures.unexecuted(plan, plan.refusal());
        }
        if (plan.cluster() == null && !plan.originalDestination()) {
            throw CallFailures.noCluster(plan);
        }
        if (limit.exists()) {
            deadline = engine.deadlines.startAt(limit.endFrom(now()));
        }
        while (true) {
            RunningAttempt attempt = begin();
            R response;
            try {
                response = tryOnce(attempt, exchange);
            } catch (Throwable broken) {
                // What has been judged has ended already, and ends once.
                attempt.end(new Outcome.Canceled());
                throw broken;
            }
            if (response != null) {
                return response;
            }
            retries().waitForNext(attempt, this, exchange);
        }
    }

    private RunningAttempt begin() throws MeshException {
        engine.attempts.endDropped();
        Cluster cluster = plan.cluster();
        if (cluster == null) {
            return begun(null, engine.time.nanoTime());
        }
        Host host = cluster.chooseHost(this);
        if (host == null) {
            throw CallFailures.noHost(engine, plan, cluster, retries == null ? null : retries.lastFailure());
        }
        long now = engine.time.nanoTime();
        return begun(host.begin(now), now);
    }

    private RunningAttempt begun(@Nullable HostTicket ticket, long nowNanos) {
        RunningAttempt attempt = new RunningAttempt(this, ++attempts, ticket, nowNanos);
        engine.attempts.begun(attempt);
        return attempt;
    }

    /** Sends; null when nothing was sent and another attempt may be made. */
    private <R> @Nullable R tryOnce(RunningAttempt attempt, Exchange<R> exchange) throws IOException {
        HeaderField expected = plan.target().external() ? null : limit.expected(deadline, this);
        TransportAttempt<R> sent =
                exchange.attempt(OutgoingAttempt.of(attempt, exchange.head(), plan, observation, expected));
        if (deadline != null) {
            deadline.covers(sent);
        }
        R response;
        try {
            response = sent.send();
        } catch (IOException failure) {
            judge(attempt, sent, exchange, failure);
            return null;
        }
        try {
            attempt.responseStarted(exchange.classify(response), engine.time.nanoTime());
            if (observation != CallObservation.NONE) {
                observation.responseStarted(attempt.number(), attempt.status(), attempt.headersNanos());
            }
            if (timedOut()) {
                attempt.end(new Outcome.TimedOut());
                throw timeout(null);
            }
            delivered = attempt;
            return sent.deliver(response, plan.responseEdits(), this);
        } catch (Throwable broken) {
            discard(sent, response, broken);
            throw broken;
        }
    }

    private static <R> void discard(TransportAttempt<R> attempt, R response, Throwable reason) {
        try {
            attempt.discard(response);
        } catch (RuntimeException alsoBroken) {
            reason.addSuppressed(alsoBroken);
        }
    }

    /** Ends an attempt that threw; returns only when another attempt may be made. */
    private void judge(RunningAttempt attempt, TransportAttempt<?> sent, Exchange<?> exchange, IOException failure)
            throws IOException {
        if (timedOut()) {
            // What an inbound deadline cuts short says nothing of the address.
            if (plan.timeoutNanos() > 0 && sent.neverConnected()) {
                attempt.neverConnected(plan.timeoutNanos() / 2);
            }
            attempt.end(new Outcome.TimedOut());
            throw timeout(failure);
        }
        Outcome outcome = sent.classifyFailure(failure);
        attempt.end(outcome);
        if (!(outcome instanceof Outcome.NeverSent neverSent) || !exchange.replayable()) {
            ended(0, outcome.flag());
            throw failure;
        }
        retries().neverSent(attempt, neverSent, failure);
    }

    private RetryState retries() {
        RetryState made = retries;
        if (made == null) {
            made = new RetryState(engine, plan);
            retries = made;
        }
        return made;
    }

    /** Tells of another attempt that is planned. */
    void retried(Retry retry) {
        if (observation != CallObservation.NONE) {
            observation.retried(retry);
        }
    }

    /** What the caller sees when the deadline has fired. */
    MeshException timeout(@Nullable IOException cause) {
        return CallFailures.timeout(plan, limit, deadline, cause);
    }

    /** For people. */
    String where() {
        return CallFailures.where(plan);
    }

    /** For people. */
    String service() {
        return plan.clusterKey().toString();
    }

    /** Null when the address that the request names is called. */
    @Nullable
    Cluster cluster() {
        return plan.cluster();
    }

    OpenAttempts attempts() {
        return engine.attempts;
    }

    boolean timedOut() {
        return deadline != null && deadline.fired();
    }

    /** Nothing is cancelled from here on; returns whether the deadline has fired before. */
    private boolean stopDeadline() {
        return deadline != null && deadline.over();
    }

    long now() {
        return engine.time.nanoTime();
    }

    /** Told once by each attempt. */
    void attemptEnded(@Nullable Endpoint endpoint, int number, Outcome outcome, long headersNanos, long totalNanos) {
        releaseRetryBudget();
        if (observation != CallObservation.NONE) {
            observation.attemptEnded(new EndedAttempt(number, endpoint, outcome, headersNanos, totalNanos));
        }
    }

    @Override
    public void ended(Outcome outcome) {
        // First of all, so that the deadline does not cancel an attempt that has just been completed.
        boolean timedOut = stopDeadline();
        Outcome seen = outcome instanceof Outcome.Responded || !timedOut ? outcome : new Outcome.TimedOut();
        RunningAttempt attempt = delivered();
        if (attempt.end(seen)) {
            ended(attempt.status(), seen.flag());
        }
    }

    @Override
    public Reference<?> endWhenUnreachable(Object body, Outcome outcome) {
        Reference<?> watch = engine.attempts.watch(body, delivered(), outcome);
        delivered().watchedBy(watch);
        return watch;
    }

    @Override
    public IOException translate(IOException failure) {
        return timedOut() ? timeout(failure) : failure;
    }

    private RunningAttempt delivered() {
        return Objects.requireNonNull(delivered, "no response was delivered");
    }

    /** Ends the call; the first end counts. */
    private void ended(int status, @Nullable ResponseFlag flag) {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        stopDeadline();
        releaseRetryBudget();
        if (observation != CallObservation.NONE) {
            observation.ended(new EndedCall(status, flag, attempts, now() - startedNanos));
        }
    }

    private void releaseRetryBudget() {
        if (retries != null) {
            retries.release();
        }
    }

    @Override
    public RandomGenerator random() {
        return engine.random;
    }

    @Override
    public boolean alreadyTried(Host host) {
        return retries != null && retries.hasTried(host);
    }

    /** A call that has met one dead address already does not look for another. */
    @Override
    public boolean mayTry(Host resting) {
        return attempts == 0 && resting.mayTry(now());
    }
}
