package io.inmesh.internal.engine;

import io.inmesh.call.Exchange;
import io.inmesh.call.HeaderField;
import io.inmesh.call.MeshException;
import io.inmesh.call.RouteGate;
import io.inmesh.call.SyntheticResponse;
import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
import io.inmesh.inbound.InboundContext;
import io.inmesh.internal.snapshot.Decision;
import io.inmesh.internal.snapshot.MeshSnapshot;
import io.inmesh.internal.snapshot.UnknownHosts;
import io.inmesh.internal.time.TimeSource;
import io.inmesh.observe.CallObservation;
import io.inmesh.observe.EndedCall;
import io.inmesh.observe.MeshObserver;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Executes calls on their callers' threads. Thread-safe; all the state it has is that of calls under way. */
public final class CallEngine implements AutoCloseable {
    final TimeSource time;
    final RandomGenerator random;
    final Deadlines deadlines;
    final OpenAttempts attempts = new OpenAttempts();
    final MeshObserver observer;
    final RetryBudget budget;
    final UnknownHosts unknownHosts;
    final long keptBodyBytes;
    final Mirrors mirrors;
    final Executor hedges;

    /** Apart from the deadlines, which are many and far away: these are near and few, and each wake-up looks at all. */
    final Deadlines hedgeTimes;

    /**
     * Makes an engine.
     *
     * @param timer runs deadlines; ends after {@link #close}
     * @param copies sends copies of requests; rejects what is more than it can take
     * @param hedges sends second attempts, and waits for answers; rejects what cannot be sent at once
     * @param observer must not throw; {@link MeshObserver#NONE} itself saves making what nobody reads
     * @param keptBodyBytes of a request's body that can be taken only once, kept so that a retry can send it again
     */
    public CallEngine(
            TimeSource time,
            RandomGenerator random,
            ScheduledExecutorService timer,
            Executor copies,
            Executor hedges,
            MeshObserver observer,
            UnknownHosts unknownHosts,
            long keptBodyBytes) {
        this(time, random, timer, copies, hedges, observer, unknownHosts, keptBodyBytes, RetryBudget.OF_CLUSTER);
    }

    CallEngine(
            TimeSource time,
            RandomGenerator random,
            ScheduledExecutorService timer,
            Executor copies,
            Executor hedges,
            MeshObserver observer,
            UnknownHosts unknownHosts,
            long keptBodyBytes,
            RetryBudget budget) {
        this.time = time;
        this.random = random;
        this.deadlines = new Deadlines(time, timer);
        this.observer = observer;
        this.unknownHosts = unknownHosts;
        this.keptBodyBytes = keptBodyBytes;
        this.budget = budget;
        this.mirrors = new Mirrors(this, copies);
        this.hedges = hedges;
        this.hedgeTimes = new Deadlines(time, timer);
    }

    /**
     * Runs one call from decision to response headers; what follows is in the hands of the transport, which ends the
     * attempt at the end of the body.
     *
     * @param snapshot the only one that the call looks at, unless it does not know the host and the call would be refused
     * @throws MeshException when the mesh ends the call without an answer
     * @throws IOException when the transport fails
     */
    public <R> R execute(MeshSnapshot snapshot, Exchange<R> exchange) throws IOException {
        InboundContext inbound = InboundContext.current();
        List<HeaderField> carried = inbound == null ? List.of() : inbound.headerFields();
        Decision decision = snapshot.decide(exchange.head(), carried, random, time);
        if (decision instanceof Decision.PassThrough) {
            unknownHosts.passed(exchange.head().authority());
        } else if (decision instanceof Decision.Blocked blocked) {
            MeshSnapshot newer = unknownHosts.refused(blocked.authority(), exchange::canceled);
            decision = newer == snapshot ? decision : newer.decide(exchange.head(), carried, random, time);
        }
        return carryOut(decision, exchange, inbound);
    }

    /**
     * The same for a request that has come in at a gateway; it never passes through.
     *
     * @param port of the Gateway's server
     * @param gate asked before the request is forwarded
     * @param attempt of its client by which it has come
     */
    public <R> R executeAtGateway(MeshSnapshot snapshot, int port, Exchange<R> exchange, RouteGate gate, int attempt)
            throws IOException {
        Decision decision = snapshot.decideAtGateway(port, exchange.head(), gate, random, time);
        if (decision instanceof Decision.Forward forward && forward.plan().responseEdits() != null) {
            gate.forwarded(forward.plan().responseEdits());
        }
        return carryOut(
                decision,
                exchange,
                attempt > 1 ? InboundContext.builder().attempt(attempt).build() : null);
    }

    <R> R carryOut(Decision decision, Exchange<R> exchange) throws IOException {
        return carryOut(decision, exchange, null);
    }

    /**
     * Does what was decided.
     *
     * @param inbound on whose behalf; null for nobody's
     */
    <R> R carryOut(Decision decision, Exchange<R> exchange, @Nullable InboundContext inbound) throws IOException {
        CallObservation observation = observe(decision, exchange);
        if (decision instanceof Decision.Forward forward) {
            return new ForwardCall(this, forward.plan(), observation, inbound).run(exchange);
        }
        long started = time.nanoTime();
        if (decision instanceof Decision.Answer answer) {
            return answer(answer.response(), null, exchange, observation, started);
        }
        if (decision instanceof Decision.Refused refused) {
            RouteGate.Refusal refusal = refused.refusal();
            return answer(refusal.response(), refusal.flag(), exchange, observation, started);
        }
        if (decision instanceof Decision.NoHost none) {
            throw refuse(ResponseFlag.NR, why(none), observation, started);
        }
        if (decision instanceof Decision.NoRoute none) {
            throw refuse(
                    ResponseFlag.NR,
                    none.host() + ": no route of " + none.virtualService() + " matches",
                    observation,
                    started);
        }
        if (decision instanceof Decision.Blocked blocked) {
            throw refuse(ResponseFlag.BLOCKED, why(blocked), observation, started);
        }
        return observation == CallObservation.NONE
                ? exchange.passThrough()
                : passThrough(exchange, observation, started);
    }

    private CallObservation observe(Decision decision, Exchange<?> exchange) {
        return observer == MeshObserver.NONE
                ? CallObservation.NONE
                : observer.callStarted(ObservedDecision.started(decision, exchange.head()));
    }

    private <R> R passThrough(Exchange<R> exchange, CallObservation observation, long started) throws IOException {
        // What a transport throws here concerns the caller alone.
        Outcome outcome = new Outcome.Canceled();
        try {
            R response = exchange.passThrough();
            outcome = outcome(() -> exchange.classify(response), new Outcome.Responded(0));
            return response;
        } catch (IOException failure) {
            outcome = outcome(() -> exchange.classifyFailure(failure), outcome);
            throw failure;
        } finally {
            ended(observation, outcome.status(), outcome.flag(), started);
        }
    }

    /** Whoever only listens may neither lose a response nor hide a failure. */
    private static Outcome outcome(Supplier<Outcome> transport, Outcome otherwise) {
        try {
            return transport.get();
        } catch (RuntimeException broken) {
            return otherwise;
        }
    }

    private void ended(CallObservation observation, int status, @Nullable ResponseFlag flag, long started) {
        if (observation != CallObservation.NONE) {
            observation.ended(new EndedCall(status, flag, 0, time.nanoTime() - started));
        }
    }

    private static String why(Decision.Blocked blocked) {
        String policy = " and outboundTrafficPolicy is REGISTRY_ONLY; ";
        if (blocked.ports().isEmpty()) {
            return blocked.authority() + ": the host is not known" + policy
                    + "describe it with a ServiceEntry or allow any host";
        }
        return blocked.authority() + ": the host is known, but not at port " + blocked.port() + policy
                + "call it at port " + Decision.words(blocked.ports()) + ", or add the port to its service";
    }

    private static String why(Decision.NoHost none) {
        return none.served()
                ? none.authority() + ": no rule for the Gateways at port " + none.port() + " has the host"
                : none.authority() + ": no Gateway has a server for HTTP at port " + none.port();
    }

    private <R> R answer(
            SyntheticResponse answer,
            @Nullable ResponseFlag flagOfAnswer,
            Exchange<R> exchange,
            CallObservation observation,
            long started) {
        int status = 0;
        // What a transport throws here concerns the caller alone.
        @Nullable ResponseFlag flag = ResponseFlag.DC;
        try {
            R response = exchange.synthesize(answer);
            status = answer.status();
            flag = flagOfAnswer;
            return response;
        } finally {
            ended(observation, status, flag, started);
        }
    }

    private MeshException refuse(ResponseFlag flag, String message, CallObservation observation, long started) {
        ended(observation, 0, flag, started);
        return new MeshException(flag, message, null);
    }

    /** Attempts that have begun and not ended. */
    public int runningAttempts() {
        attempts.endDropped();
        return attempts.size();
    }

    /** How many attempts have been running for more than a minute, by cluster; without those that have none. */
    public Map<String, Integer> attemptsOlderThanAMinute() {
        attempts.endDropped();
        return attempts.olderThanAMinute(time.nanoTime());
    }

    /** Bodies that callers have dropped without closing them, as far as they were garbage-collected. */
    public long unclosedBodies() {
        attempts.endDropped();
        return attempts.unclosed();
    }

    /**
     * Breaks off the copies under way, and sends none any more. Prepares for the end of the timer: deadlines of calls under way
     * stay in force, later calls have none. Idempotent.
     */
    @Override
    public void close() {
        mirrors.close();
        deadlines.close();
        hedgeTimes.close();
    }
}
