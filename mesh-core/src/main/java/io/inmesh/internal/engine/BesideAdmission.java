package io.inmesh.internal.engine;

import io.inmesh.call.Exchange;
import io.inmesh.internal.balance.LoadBalancerContext;
import io.inmesh.internal.cluster.Cluster;
import io.inmesh.internal.cluster.ClusterLimits;
import io.inmesh.internal.cluster.ClusterLimits.Admission;
import io.inmesh.internal.cluster.RecentLatency;
import io.inmesh.internal.host.Host;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Whether there is to be an attempt beside the first, and how it gets into the cluster: within the retry budget and the other limits, and to another host. It
 * waits for nothing, since it would come too late.
 */
final class BesideAdmission implements LoadBalancerContext {
    private static final int NUMBER = 2;

    /** A thread takes about as long to be started; a cluster whose answers are faster is not hedged for less. */
    private static final long LEAST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final CallEngine engine;
    private final RunningAttempt first;

    private BesideAdmission(CallEngine engine, RunningAttempt first) {
        this.engine = engine;
        this.first = first;
    }

    /**
     * That of a first attempt which is about to be sent; null where there is to be none: no rule asks for it, too few latencies
     * are known, the request may have effects twice or has a body, or it was made for one that is itself a repetition.
     */
    static <R> @Nullable Hedge<R> planned(
            CallEngine engine, ForwardCall call, Exchange<R> exchange, RunningAttempt firstAttempt) {
        Cluster cluster = call.cluster();
        RecentLatency recent = cluster == null ? null : cluster.recentLatency();
        if (cluster == null
                || recent == null
                || call.repeats() > 0
                || !RetryState.IDEMPOTENT.contains(exchange.head().method())) {
            return null;
        }
        long now = engine.time.nanoTime();
        long known = recent.nanos(now);
        long after = Math.max(known, LEAST_WAIT_NANOS);
        if (known < 0 || call.isOverIn(after)) {
            return null;
        }
        Exchange<R> beside = exchange.beside();
        return beside == null ? null : new Hedge<>(engine, call, cluster, exchange, beside, firstAttempt, now + after);
    }

    /** One that has begun; null where there is none to be. */
    static @Nullable RunningAttempt admitted(
            CallEngine engine, ForwardCall call, Cluster cluster, RunningAttempt first) {
        ClusterLimits limits = cluster.runtime().limits();
        if (!limits.tryHedge()) {
            return null;
        }
        Admission admission = limits.admit(call.plan().http2());
        boolean counted = admission == Admission.COUNTED;
        RunningAttempt begun = null;
        try {
            if (counted || admission == Admission.UNCOUNTED) {
                begun = begun(engine, call, cluster, first, counted);
            }
        } finally {
            if (begun == null) {
                if (counted) {
                    limits.release();
                }
                limits.retryEnded();
            }
        }
        return begun;
    }

    /** Null where there is no other host. */
    private static @Nullable RunningAttempt begun(
            CallEngine engine, ForwardCall call, Cluster cluster, RunningAttempt first, boolean counted) {
        Host host = cluster.chooseHost(new BesideAdmission(engine, first));
        if (host == null || first.isTo(host)) {
            return null;
        }
        long now = engine.time.nanoTime();
        RunningAttempt begun = RunningAttempt.beside(call, NUMBER, host.begin(now), counted, now);
        engine.attempts.begun(begun);
        return begun;
    }

    @Override
    public RandomGenerator random() {
        return engine.random;
    }

    @Override
    public boolean alreadyTried(Host host) {
        return first.isTo(host);
    }

    /** It is to be fast, and does not look whether a host that could not be connected to is back. */
    @Override
    public boolean mayTry(Host resting) {
        return false;
    }
}
