package io.inmesh.internal.engine;

import io.inmesh.call.Exchange;
import io.inmesh.event.Outcome;
import io.inmesh.internal.cluster.Cluster;
import io.inmesh.internal.host.Host;
import io.inmesh.internal.route.RetryConditions;
import io.inmesh.internal.route.RetryPlan;
import io.inmesh.internal.snapshot.CallPlan;
import io.inmesh.internal.time.Backoff;
import io.inmesh.observe.Retry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The retries of one call (Envoy: RetryState): whether another attempt follows one that the policy of the route says is to be
 * followed, when, and to whom not. Made by the first such attempt, so that a call without one does not pay for it. In the hands
 * of the caller's thread, but for {@link #release}.
 */
final class RetryState {
    /** Envoy: max_interval of retry_back_off, in base intervals. */
    private static final int LONGEST_BACKOFF = 10;

    static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE");

    private final CallEngine engine;
    private final CallPlan plan;
    private final ForwardCall call;
    private final List<Host> tried = new ArrayList<>(2);
    private final AtomicBoolean holdsBudget = new AtomicBoolean();
    private long askedNanos;
    private boolean asked;
    private @Nullable IOException lastFailure;

    /** What becomes of a call after an attempt (Envoy: RetryStatus). */
    enum Verdict {
        /** Another attempt is made. */
        RETRY,
        /** None is to be made. */
        NO,
        /** None is made, because all that the route allows have been made. */
        USED_UP,
        /** None is made, because too many are under way to the cluster. */
        OVERFLOW
    }

    RetryState(CallEngine engine, CallPlan plan, ForwardCall call) {
        this.engine = engine;
        this.plan = plan;
        this.call = call;
    }

    /** Whether another host is to be looked for first. */
    boolean spares(Host host) {
        return plan.retries().sparesPreviousHosts() && tried.contains(host);
    }

    /** An attempt beside another one came to nothing. */
    void alsoTried(RunningAttempt attempt) {
        attempt.addHostTo(tried);
    }

    /** Whether an attempt has failed, or was answered with what may be retried. */
    boolean asked() {
        return asked;
    }

    @Nullable
    IOException lastFailure() {
        return lastFailure;
    }

    /**
     * After an attempt without an answer that the route's conditions cover.
     *
     * @param failure null where an answer came too late
     */
    Verdict afterFailure(RunningAttempt attempt, Outcome outcome, Exchange<?> exchange, @Nullable IOException failure) {
        asked = true;
        lastFailure = failure;
        askedNanos = 0;
        return judge(attempt, outcome, exchange);
    }

    /** After an answer that the route's conditions cover. */
    <R> Verdict afterAnswer(RunningAttempt attempt, Outcome outcome, Exchange<R> exchange, R response) {
        asked = true;
        if (!plan.retries().on().byRule() && !mayBeRepeated(exchange)) {
            return Verdict.NO;
        }
        attempt.addHostTo(tried);
        lastFailure = null;
        boolean speaksForAll =
                attempt.status() == 429 || RetryConditions.isRateLimited(exchange, response) || !hasUntriedHost();
        askedNanos = speaksForAll ? RetryAfter.nanos(exchange, response) : 0;
        if (askedNanos > RetryAfter.LONGEST_NANOS || (askedNanos > 0 && call.isOverIn(askedNanos))) {
            // The caller is better served by what the server says than by waiting for so long.
            return Verdict.NO;
        }
        return judge(attempt, outcome, exchange);
    }

    /** Where no rule names a condition: gRPC sends everything by POST, and says by its status that nothing was done. */
    private static boolean mayBeRepeated(Exchange<?> exchange) {
        if (IDEMPOTENT.contains(exchange.head().method())) {
            return true;
        }
        for (int i = 0; i < exchange.head().headerCount(); i++) {
            if (exchange.head().headerName(i).equalsIgnoreCase("content-type")) {
                return exchange.head().headerValue(i).toLowerCase(Locale.ROOT).startsWith("application/grpc");
            }
        }
        return false;
    }

    private Verdict judge(RunningAttempt attempt, Outcome outcome, Exchange<?> exchange) {
        // What was granted for this attempt.
        release();
        Cluster cluster = plan.cluster();
        boolean neverSent = outcome instanceof Outcome.NeverSent;
        boolean multiplies = !neverSent && call.repeats() > 0;
        if (cluster == null || plan.retries().attempts() == 0 || multiplies || !exchange.replayable()) {
            return Verdict.NO;
        }
        if (call.attempts() >= plan.attempts()) {
            return Verdict.USED_UP;
        }
        attempt.addHostTo(tried);
        // What has not reached the cluster is no load on it.
        if (!neverSent) {
            if (!engine.budget.tryAcquire(attempt)) {
                return Verdict.OVERFLOW;
            }
            holdsBudget.set(true);
        }
        return Verdict.RETRY;
    }

    /** Waits for the time of the next attempt, unless the call ends meanwhile. */
    void waitForNext(RunningAttempt failed, Exchange<?> exchange) throws IOException {
        long wait = waitAfter(failed);
        call.retried(new Retry(failed.number(), failed.outcome(), wait));
        boolean waited = wait == 0
                ? !exchange.canceled()
                : CallWaits.pause(engine.time, plan, wait, () -> call.timedOut() || exchange.canceled());
        if (call.timedOut()) {
            throw call.timeout(lastFailure);
        }
        if (!waited) {
            throw CallFailures.canceled(plan, "before a retry", lastFailure);
        }
    }

    private long waitAfter(RunningAttempt failed) {
        if (askedNanos > 0) {
            // Envoy: JitteredLowerBoundBackOffStrategy.
            return askedNanos + engine.random.nextLong(askedNanos / 2);
        }
        if (failed.outcome() instanceof Outcome.NeverSent && hasUntriedHost()) {
            return 0;
        }
        Duration base = Duration.ofNanos(plan.retries().backoffNanos());
        return new Backoff(base, base.multipliedBy(LONGEST_BACKOFF)).anywhereInWindow(failed.number(), engine.random);
    }

    private boolean hasUntriedHost() {
        Cluster cluster = plan.cluster();
        RetryPlan retries = plan.retries();
        return cluster != null
                && retries.sparesPreviousHosts()
                && cluster.members().stream()
                        .anyMatch(member -> cluster.isPickable(member) && !tried.contains(member.host()));
    }

    /** What was granted for an attempt is free again. On any thread. */
    void release() {
        Cluster cluster = plan.cluster();
        if (cluster != null && holdsBudget.compareAndSet(true, false)) {
            engine.budget.release(cluster.runtime());
        }
    }
}
