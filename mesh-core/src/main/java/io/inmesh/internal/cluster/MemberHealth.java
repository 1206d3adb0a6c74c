package io.inmesh.internal.cluster;

import io.inmesh.event.Ejection;
import io.inmesh.event.Ejection.Reason;
import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * What one cluster thinks of one of its hosts: errors in a row, and whether it has taken the host out of its balancer. Each
 * cluster of a host has its own, which survives snapshots for as long as the host is a member. Thread-safe; who is ejected
 * is decided by {@link OutlierDetector} alone.
 */
public final class MemberHealth {
    private static final VarHandle SERVER_ERRORS = counter("serverErrors");
    private static final VarHandle GATEWAY_ERRORS = counter("gatewayErrors");
    private static final VarHandle LOCAL_FAILURES = counter("localFailures");
    private static final int BAD_GATEWAY = 502;
    private static final int UNAVAILABLE = 503;
    private static final int GATEWAY_TIMEOUT = 504;

    private static VarHandle counter(String field) {
        try {
            return MethodHandles.lookup().findVarHandle(MemberHealth.class, field, int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** In a row, each. */
    private volatile int serverErrors;

    private volatile int gatewayErrors;
    private volatile int localFailures;

    /** Null while the host is used. */
    private volatile @Nullable Ejection ejection;

    /** How many times the shortest ejection the last one was, or the next is to be. Under the lock of the runtime. */
    private int count;

    /** When it was ejected last, and when that was over. Under the lock of the runtime. */
    private long ejectedNanos;

    private long readmittedNanos;

    /** Why the balancer leaves the host out; null while it does not. */
    public @Nullable Ejection ejection() {
        return ejection;
    }

    /** Whether the balancer leaves the host out. */
    public boolean ejected() {
        return ejection != null;
    }

    /** Response headers have come. */
    void answered(int status, OutlierPolicy policy, ClusterRuntime runtime) {
        if (policy.split()) {
            reset(LOCAL_FAILURES, localFailures);
        }
        count(policy.counted(status), policy, runtime);
    }

    /**
     * An attempt has ended without an answer, or its answer broke off. What the caller, or code between it and the network,
     * has ended says nothing of the host.
     */
    void failed(Outcome outcome, OutlierPolicy policy, ClusterRuntime runtime) {
        // DC of a failure is the client's own read timeout, which says of the host what a rule's says.
        boolean timedOut = outcome instanceof Outcome.TimedOut || outcome.flag() == ResponseFlag.DC;
        if (outcome instanceof Outcome.Canceled
                || outcome instanceof Outcome.Responded
                || outcome.flag() == ResponseFlag.LR) {
            return;
        }
        if (!policy.split()) {
            count(timedOut ? GATEWAY_TIMEOUT : UNAVAILABLE, policy, runtime);
            return;
        }
        if (!(outcome instanceof Outcome.NeverSent)) {
            // As in Envoy: a connection that could be had is a success, whatever comes of it.
            reset(LOCAL_FAILURES, localFailures);
        }
        more(LOCAL_FAILURES, policy.localFailures(), Reason.CONSECUTIVE_LOCAL_ORIGIN_FAILURES, runtime);
    }

    private void count(int status, OutlierPolicy policy, ClusterRuntime runtime) {
        if (status < 500 || status > 599) {
            reset(SERVER_ERRORS, serverErrors);
            reset(GATEWAY_ERRORS, gatewayErrors);
            return;
        }
        if (status >= BAD_GATEWAY && status <= GATEWAY_TIMEOUT) {
            more(GATEWAY_ERRORS, policy.gatewayErrors(), Reason.CONSECUTIVE_GATEWAY_ERRORS, runtime);
        } else {
            reset(GATEWAY_ERRORS, gatewayErrors);
        }
        more(SERVER_ERRORS, policy.serverErrors(), Reason.CONSECUTIVE_5XX, runtime);
    }

    /** Writes only what changes: most answers find nothing to reset, and cores do not wait for each other. */
    private void reset(VarHandle counter, int now) {
        if (now != 0) {
            counter.setVolatile(this, 0);
        }
    }

    private void more(VarHandle counter, int limit, Reason reason, ClusterRuntime runtime) {
        // More than the limit too: it may be lower than it was, or have been met when nobody could be ejected.
        if (limit != 0 && (int) counter.getAndAdd(this, 1) + 1 >= limit && ejection == null) {
            runtime.failedInARow(this, reason, limit);
        }
    }

    /** A limit has been met and need not have led to anything: the next one is as far. Under the lock of the runtime. */
    void startAgain(Reason reason) {
        switch (reason) {
            case CONSECUTIVE_5XX -> serverErrors = 0;
            case CONSECUTIVE_GATEWAY_ERRORS -> gatewayErrors = 0;
            case CONSECUTIVE_LOCAL_ORIGIN_FAILURES -> localFailures = 0;
        }
    }

    /** What the count of an ejection now would be. Under the lock of the runtime. */
    int nextCount(OutlierPolicy policy) {
        return policy.grows(count) ? count + 1 : count;
    }

    /** Under the lock of the runtime. */
    void eject(Ejection why, long nowNanos) {
        count = why.count();
        ejectedNanos = nowNanos;
        ejection = why;
    }

    /** Whether an ejection has lasted long enough. Under the lock of the runtime. */
    boolean isDue(OutlierPolicy policy, long nowNanos) {
        return nowNanos - ejectedNanos >= policy.ejectionNanos(count);
    }

    /** Errors of before count no more. Under the lock of the runtime. */
    void readmit(long nowNanos) {
        serverErrors = 0;
        gatewayErrors = 0;
        localFailures = 0;
        readmittedNanos = nowNanos;
        ejection = null;
    }

    /** An interval has passed; returns whether there is anything that others could end. Under the lock of the runtime. */
    boolean remembers(OutlierPolicy policy, long nowNanos) {
        if (ejection == null && count > 0 && nowNanos - readmittedNanos >= policy.intervalNanos()) {
            count--;
        }
        return ejection != null || count > 0;
    }
}
