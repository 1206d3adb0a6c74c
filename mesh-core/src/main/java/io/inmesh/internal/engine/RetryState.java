package io.inmesh.internal.engine;

import io.inmesh.call.Exchange;
import io.inmesh.call.MeshException;
import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
import io.inmesh.internal.cluster.Cluster;
import io.inmesh.internal.host.Host;
import io.inmesh.internal.snapshot.CallPlan;
import io.inmesh.internal.time.Backoff;
import io.inmesh.observe.Retry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The retries of one call (Envoy: RetryState): whether another attempt follows one that has failed, when, and to whom not.
 * Made by the first failure, so that a call without one does not pay for it. In the hands of the caller's thread, but for
 * {@link #release}.
 */
final class RetryState {
    /** As Envoy has it. */
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(25), Duration.ofMillis(250));

    private final CallEngine engine;
    private final CallPlan plan;
    private final List<Host> tried = new ArrayList<>(2);
    private final AtomicBoolean holdsBudget = new AtomicBoolean();
    private @Nullable IOException lastFailure;

    RetryState(CallEngine engine, CallPlan plan) {
        this.engine = engine;
        this.plan = plan;
    }

    boolean hasTried(Host host) {
        return tried.contains(host);
    }

    @Nullable
    IOException lastFailure() {
        return lastFailure;
    }

    /**
     * An attempt was never sent. Returns only when another may be made.
     *
     * @throws MeshException that ends the call
     */
    void neverSent(RunningAttempt attempt, Outcome.NeverSent outcome, IOException failure) throws MeshException {
        Cluster cluster = plan.cluster();
        int attempts = attempt.number();
        if (cluster == null || attempts >= plan.attempts()) {
            ResponseFlag flag = attempts > 1 ? ResponseFlag.URX : outcome.flag();
            String count = attempts > 1 ? attempts + " attempts failed, the last " : "the attempt ";
            throw new MeshException(
                    flag,
                    CallFailures.where(plan) + ": " + count + "to " + attempt.target() + ": " + outcome.reason(),
                    failure);
        }
        attempt.addHostTo(tried);
        if (!engine.budget.tryAcquire(cluster.runtime())) {
            throw new MeshException(
                    ResponseFlag.UO, CallFailures.where(plan) + ": the retry budget is used up", failure);
        }
        holdsBudget.set(true);
        lastFailure = failure;
    }

    /** Waits for the time of the next attempt, unless the call ends meanwhile. */
    void waitForNext(RunningAttempt failed, ForwardCall call, Exchange<?> exchange) throws IOException {
        long wait = BACKOFF.anywhereInWindow(failed.number(), engine.random);
        call.retried(new Retry(failed.number(), failed.outcome(), wait));
        boolean waited = CallWaits.pause(engine.time, plan, wait, () -> call.timedOut() || exchange.canceled());
        if (call.timedOut()) {
            throw call.timeout(lastFailure);
        }
        if (!waited) {
            throw CallFailures.canceled(plan, "before a retry", lastFailure);
        }
    }

    /** The attempt that a retry was granted for has ended, or none is made. On any thread. */
    void release() {
        Cluster cluster = plan.cluster();
        if (cluster != null && holdsBudget.compareAndSet(true, false)) {
            engine.budget.release(cluster.runtime());
        }
    }
}
