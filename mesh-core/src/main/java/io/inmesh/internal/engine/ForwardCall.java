package io.inmesh.internal.engine;

import io.inmesh.call.CallEnd;
import io.inmesh.call.Exchange;
import io.inmesh.call.MeshException;
import io.inmesh.call.SyntheticResponse;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
import io.inmesh.inbound.InboundContext;
import io.inmesh.internal.balance.LoadBalancerContext;
import io.inmesh.internal.cluster.Cluster;
import io.inmesh.internal.cluster.ClusterLimits;
import io.inmesh.internal.host.Host;
import io.inmesh.internal.host.HostTicket;
import io.inmesh.internal.snapshot.CallPlan;
import io.inmesh.observe.CallObservation;
import io.inmesh.observe.EndedAttempt;
import io.inmesh.observe.EndedCall;
import io.inmesh.observe.HedgeResult;
import io.inmesh.observe.Overflow;
import io.inmesh.observe.Retry;
import java.io.IOException;
import java.lang.ref.Reference;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
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
    private final int repeats;
    private final long startedNanos;
    private final AtomicBoolean ended = new AtomicBoolean();

    /** Null without a limit. Written before the first attempt, that is before another thread can end the call. */
    private @Nullable Deadline deadline;

    /** The attempt whose response the caller has; null before. */
    private @Nullable RunningAttempt delivered;

    /** Why no attempt follows the delivered answer; null when none was to. */
    private @Nullable ResponseFlag givenUp;

    private boolean delayed;

    /** Whether the client's own time limit has ended it. */
    private boolean unanswered;

    private int attempts;

    /** Null before an attempt has failed. */
    private @Nullable RetryState retries;

    /** Null where no circuit breaker guards the destination. Written before the first attempt. */
    private @Nullable BreakerPermission permission;

    /**
     * Makes a call.
     *
     * @param inbound on whose behalf it is made; null for nobody's
     */
    ForwardCall(CallEngine engine, CallPlan plan, CallObservation observation, @Nullable InboundContext inbound) {
        this.engine = engine;
        this.plan = plan;
        this.observation = observation;
        this.limit = new TimeLimit(
                plan.timeoutNanos(), plan.perTryNanos(), inbound == null ? null : inbound.deadlineNanos());
        this.repeats = inbound == null ? 0 : inbound.attempt() - 1;
        this.startedNanos = engine.time.nanoTime();
    }

    <R> R run(Exchange<R> exchange) throws IOException {
        try {
            limit.check(this);
            if (plan.faults().delayNanos() > 0) {
                delayed = true;
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
            ended(0, refused.flags(), refused);
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
        permission = BreakerPermission.of(this, plan, engine.attempts);
        if (limit.exists()) {
            deadline = engine.deadlines.startAt(limit.endFrom(now()));
        }
        if (plan.attempts() > 1
                && plan.retries().on().byRule()
                && plan.retries().on().coverWhatWasSent()) {
            exchange.keepBody(engine.keptBodyBytes);
        }
        while (true) {
            RunningAttempt attempt = begin(exchange);
            R response;
            try {
                if (attempts == 1 && !plan.mirrors().isEmpty()) {
                    engine.mirrors.send(plan.mirrors(), exchange, limit.inboundDeadline());
                }
                Hedge<R> hedge = attempts == 1 ? BesideAdmission.planned(engine, this, exchange, attempt) : null;
                response = new SentAttempt<>(this, exchange, attempt, hedge).run();
            } catch (Throwable broken) {
                // What has been judged has ended already, and ends once.
                attempt.end(new Outcome.Canceled());
                throw broken;
            }
            if (response != null) {
                return response;
            }
            retries().waitForNext(attempt, exchange);
        }
    }

    private RunningAttempt begin(Exchange<?> exchange) throws IOException {
        engine.attempts.endDropped();
        Cluster cluster = plan.cluster();
        if (cluster == null) {
            return begun(null, false, engine.time.nanoTime());
        }
        IOException lastFailure = retries == null ? null : retries.lastFailure();
        ClusterLimits limits = cluster.runtime().limits();
        boolean counted = AttemptAdmission.counted(limits, this, plan, exchange, lastFailure);
        Host host = cluster.chooseHost(this);
        if (host == null) {
            if (counted) {
                limits.release();
            }
            throw CallFailures.noHost(engine, plan, cluster, lastFailure);
        }
        long now = engine.time.nanoTime();
        return begun(host.begin(now), counted, now);
    }

    private RunningAttempt begun(@Nullable HostTicket ticket, boolean counted, long nowNanos) {
        RunningAttempt attempt = new RunningAttempt(this, ++attempts, ticket, counted, nowNanos);
        engine.attempts.begun(attempt);
        return attempt;
    }

    CallPlan plan() {
        return plan;
    }

    TimeLimit limit() {
        return limit;
    }

    CallObservation observation() {
        return observation;
    }

    /** Null without a limit. */
    @Nullable
    Deadline deadline() {
        return deadline;
    }

    /** Starts the clock of an attempt that is limited up to its response headers. */
    Deadline startPerTry() {
        return engine.deadlines.startAt(now() + limit.perTryNanos());
    }

    /** The caller is about to get the response of this attempt. */
    void delivers(RunningAttempt attempt) {
        delivered = attempt;
    }

    /** Why no attempt follows an answer that the route's conditions cover; null for another reason than a limit. */
    void givenUp(@Nullable ResponseFlag flag) {
        givenUp = flag;
    }

    RetryState retries() {
        RetryState made = retries;
        if (made == null) {
            made = new RetryState(engine, plan, this);
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

    /** Tells of a limit that kept something from being sent. */
    void overflowed(Overflow overflow) {
        if (observation != CallObservation.NONE) {
            observation.overflowed(overflow);
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

    OpenAttempts openAttempts() {
        return engine.attempts;
    }

    /** How many have been sent. */
    int attempts() {
        return attempts;
    }

    /** One with this number was sent beside the attempt before it. */
    void countBeside(int number) {
        attempts = number;
    }

    /** Tells of the headers of an attempt that has noted them. */
    void responseStarted(RunningAttempt attempt) {
        if (observation != CallObservation.NONE) {
            observation.responseStarted(attempt.number(), attempt.status(), attempt.headersNanos());
        }
    }

    /** Tells what became of an attempt beside the first. */
    void hedged(HedgeResult result) {
        if (observation != CallObservation.NONE) {
            observation.hedged(result);
        }
    }

    /** Whether the call will be over in so many nanoseconds. */
    boolean isOverIn(long nanos) {
        return deadline != null && deadline.atNanos() - now() <= nanos;
    }

    /** How often the request that it is made for has been sent before. */
    int repeats() {
        return repeats;
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
            unanswered = isUnanswered(seen);
            ended(attempt.status(), seen.flag() == null ? givenUp : seen.flag());
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

    /** Ends the call with what its last attempt has failed with; the first end counts. */
    void failed(Outcome outcome, IOException failure) {
        ResponseFlag flag = outcome.flag();
        unanswered = isUnanswered(outcome);
        ended(0, flag == null ? List.of() : List.of(flag), failure);
    }

    /** A caller that gives up has the same flag, but then the attempt is canceled. */
    private static boolean isUnanswered(Outcome outcome) {
        return outcome instanceof Outcome.Failed && outcome.flag() == ResponseFlag.DC;
    }

    /** Ends the call; the first end counts. */
    private void ended(int status, @Nullable ResponseFlag flag) {
        ended(status, flag == null ? List.of() : List.of(flag), null);
    }

    /**
     * Ends the call; the first end counts.
     *
     * @param flags why, the first one first of all; empty where the answer stands
     * @param failure that the caller sees; null where it has an answer, whole or not
     */
    private void ended(int status, List<ResponseFlag> flags, @Nullable IOException failure) {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        boolean timedOut = stopDeadline();
        if (permission != null) {
            // Where an attempt has failed before, the destination has had its time.
            boolean hurried = timedOut && (retries == null || !retries.asked()) && limit.isInbound(deadline);
            permission.ended(
                    status, flags, failure, new BreakerPermission.End(attempts > 0, hurried, unanswered), now());
        }
        if (retries != null) {
            retries.release();
        }
        if (observation != CallObservation.NONE) {
            ResponseFlag flag = flags.isEmpty() ? null : flags.get(0);
            List<ResponseFlag> all = delayed ? afterDelay(flags) : flags;
            observation.ended(new EndedCall(status, flag, attempts, now() - startedNanos, all));
        }
    }

    private static List<ResponseFlag> afterDelay(List<ResponseFlag> flags) {
        return Stream.concat(Stream.of(ResponseFlag.DI), flags.stream()).toList();
    }

    @Override
    public RandomGenerator random() {
        return engine.random;
    }

    @Override
    public boolean alreadyTried(Host host) {
        return retries != null && retries.spares(host);
    }

    /** A call that has met one dead address already does not look for another. */
    @Override
    public boolean mayTry(Host resting) {
        return attempts == 0 && resting.mayTry(now());
    }
}
