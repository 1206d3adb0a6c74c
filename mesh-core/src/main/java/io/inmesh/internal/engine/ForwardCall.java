package io.inmesh.internal.engine;

import io.inmesh.call.Attempt;
import io.inmesh.call.AttemptTraffic;
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
import io.inmesh.internal.time.Backoff;
import io.inmesh.observe.CallObservation;
import io.inmesh.observe.EndedAttempt;
import io.inmesh.observe.EndedCall;
import io.inmesh.observe.Retry;
import io.inmesh.observe.StartedAttempt;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.ref.Reference;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One call that is forwarded: faults, then the deadline, then attempts until one has response headers or the call is
 * over. Runs on the caller's thread; the end of the body may come from another one. Only a deadline holds on to an attempt:
 * the exchange and its attempts may lead to the response, whose unreachability is to be noticed.
 */
final class ForwardCall implements LoadBalancerContext, CallEnd {
    /** As Envoy has it. */
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(25), Duration.ofMillis(250));

    private final CallEngine engine;
    private final CallPlan plan;
    private final CallObservation observation;
    private final TimeLimit limit;
    private final long startedNanos;
    private final List<Host> tried = new ArrayList<>(0);
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicBoolean holdsRetryBudget = new AtomicBoolean();

    /** Null without a limit. Written before the first attempt, that is before another thread can end the call. */
    private @Nullable Deadline deadline;

    /** The attempt whose response the caller has; null before. */
    private @Nullable RunningAttempt delivered;

    private int attempts;
    private @Nullable IOException lastFailure;

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
                delay(plan.faults().delayNanos(), exchange);
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

    private void delay(long nanos, Exchange<?> exchange) throws IOException {
        long timeout = exchange.callerTimeoutNanos();
        long wait = limit.cut(nanos, now());
        boolean tooLong = timeout > 0 && timeout <= wait;
        if (!pause(tooLong ? timeout : wait, exchange::canceled)) {
            throw canceled("during an injected delay");
        }
        if (tooLong) {
            throw new SocketTimeoutException(where() + ": no answer within the caller's "
                    + TimeUnit.NANOSECONDS.toMillis(timeout) + " ms, because of an injected delay of "
                    + TimeUnit.NANOSECONDS.toMillis(nanos) + " ms");
        }
    }

    private <R> R forward(Exchange<R> exchange) throws IOException {
        if (plan.refusal() != null) {
            String remedy = plan.originalDestination()
                    ? ""
                    : "; take it out of the rule, or set unsupported fields to warn to send calls without it";
            throw new MeshException(ResponseFlag.UNEXECUTED, where() + ": " + plan.refusal() + remedy, null);
        }
        if (plan.cluster() == null && !plan.originalDestination()) {
            throw new MeshException(
                    ResponseFlag.NC,
                    where() + " is not known; check host, port and subset of the route's destination",
                    null);
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
            waitBeforeRetry(attempt, exchange);
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
            Set<String> reasons = engine.unknownHosts.unreachable(cluster.key().host());
            throw new MeshException(
                    ResponseFlag.UH,
                    where() + " has no endpoint that can be used"
                            + (reasons.isEmpty() ? "" : ": " + String.join("; ", reasons)),
                    lastFailure);
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
        AttemptTraffic traffic = observation == CallObservation.NONE ? null : new AttemptTraffic();
        TransportAttempt<R> sent = exchange.attempt(Attempt.builder(attempt.number(), exchange.head())
                .endpoint(attempt.endpoint())
                .originalPort(plan.originalPort())
                .http2(plan.http2())
                .scheme(plan.request().scheme())
                .authority(plan.request().authority())
                .pathAndQuery(plan.request().pathAndQuery())
                .headers(headers(attempt, exchange, traffic))
                .traffic(traffic)
                .build());
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

    /** Null for those of the request. */
    private @Nullable List<HeaderField> headers(
            RunningAttempt attempt, Exchange<?> exchange, @Nullable AttemptTraffic traffic) {
        List<HeaderField> observers = traffic == null
                ? List.of()
                : observation.attemptStarted(new StartedAttempt(
                        attempt.number(),
                        attempt.endpoint(),
                        plan.request().authority(),
                        plan.request().pathAndQuery(),
                        traffic));
        HeaderField expected = plan.target().external() ? null : limit.expected(deadline, this);
        return AttemptHeaders.of(exchange.head(), plan.request().headers(), expected, observers);
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
        Cluster cluster = plan.cluster();
        if (cluster == null || attempts >= plan.attempts()) {
            ResponseFlag flag = attempts > 1 ? ResponseFlag.URX : neverSent.flag();
            String count = attempts > 1 ? attempts + " attempts failed, the last " : "the attempt ";
            throw new MeshException(
                    flag, where() + ": " + count + "to " + attempt.target() + ": " + neverSent.reason(), failure);
        }
        attempt.addHostTo(tried);
        if (!engine.budget.tryAcquire(cluster.runtime())) {
            throw new MeshException(ResponseFlag.UO, where() + ": the retry budget is used up", failure);
        }
        holdsRetryBudget.set(true);
        lastFailure = failure;
    }

    private void waitBeforeRetry(RunningAttempt failed, Exchange<?> exchange) throws IOException {
        long wait = BACKOFF.anywhereInWindow(attempts, engine.random);
        if (observation != CallObservation.NONE) {
            observation.retried(new Retry(failed.number(), failed.outcome(), wait));
        }
        boolean waited = pause(wait, () -> timedOut() || exchange.canceled());
        if (timedOut()) {
            throw timeout(lastFailure);
        }
        if (!waited) {
            throw canceled("before a retry");
        }
    }

    private boolean pause(long nanos, BooleanSupplier stop) throws InterruptedIOException {
        try {
            return engine.time.sleep(nanos, stop);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            InterruptedIOException failure =
                    new InterruptedIOException("interrupted while a call to " + where() + " waited");
            failure.initCause(interrupted);
            throw failure;
        }
    }

    private MeshException canceled(String when) {
        return new MeshException(ResponseFlag.DC, where() + ": canceled " + when, lastFailure);
    }

    /** What the caller sees when the deadline has fired. */
    private MeshException timeout(@Nullable IOException cause) {
        return new MeshException(
                ResponseFlag.UT, where() + " did not answer in full within " + limit.passed(deadline), cause);
    }

    /** For people. */
    String where() {
        return plan.request().authority() + " (" + service() + ")";
    }

    /** For people. */
    String service() {
        return plan.clusterKey().toString();
    }

    OpenAttempts attempts() {
        return engine.attempts;
    }

    private boolean timedOut() {
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
        Cluster cluster = plan.cluster();
        if (cluster != null && holdsRetryBudget.compareAndSet(true, false)) {
            engine.budget.release(cluster.runtime());
        }
    }

    @Override
    public RandomGenerator random() {
        return engine.random;
    }

    @Override
    public boolean alreadyTried(Host host) {
        return tried.contains(host);
    }

    /** A call that has met one dead address already does not look for another. */
    @Override
    public boolean mayTry(Host resting) {
        return attempts == 0 && resting.mayTry(now());
    }
}
