package io.inmesh.internal.host;

import io.inmesh.endpoint.Endpoint;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;

/**
 * Live state of one endpoint. Lives as long as discovery knows the endpoint, over all snapshots; two clusters that
 * share an endpoint share its host. Thread-safe.
 *
 * <p>Identity is {@link #sameHost}: id, address and port never change, the rest of the endpoint does.
 */
public final class Host {
    private static final long FIRST_REST_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LONGEST_REST_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final int DOUBLINGS_TO_LONGEST = 5;

    private static final long ONE_UNANSWERED = 1L << 32;

    private static final VarHandle REQUESTS;
    private static final VarHandle RESTS_UNTIL;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            REQUESTS = lookup.findVarHandle(Host.class, "requests", long.class);
            RESTS_UNTIL = lookup.findVarHandle(Host.class, "restsUntilNanos", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile Endpoint endpoint;

    /** Requests in flight in the lower half, those of them without response headers in the upper. */
    private volatile long requests;

    /** Connects that failed since the last answer; 0 for a host that was told by its address. */
    private volatile int failedConnects;

    /** When the next one may try whether it can be connected to again; means nothing without failed connects. */
    private volatile long restsUntilNanos;

    /** When the latest failed connect was noted; means nothing without one. */
    private volatile long connectFailedNanos;

    /** Makes a host with nothing in flight. */
    public Host(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    /** The latest value that discovery gave. */
    public Endpoint endpoint() {
        return endpoint;
    }

    /**
     * Takes over a newer value. Control thread only.
     *
     * @throws IllegalArgumentException when it is the endpoint of another host
     */
    public void update(Endpoint newer) {
        if (!sameHost(endpoint, newer)) {
            throw new IllegalArgumentException(newer + " is not a newer value of " + endpoint);
        }
        endpoint = newer;
    }

    /** Whether both values describe one host: a changed address or port is another host even under the same id. */
    public static boolean sameHost(Endpoint one, Endpoint other) {
        return one.port() == other.port()
                && one.id().equals(other.id())
                && one.address().equals(other.address());
    }

    /** Attempts between {@link #begin} and the end of their response body (Envoy: {@code rq_active}); never negative. */
    public int activeRequests() {
        return (int) requests;
    }

    /** Whether some of the attempts in flight have no response headers yet. */
    public boolean owesAnAnswer() {
        return requests >>> 32 != 0;
    }

    /**
     * Counts an attempt as in flight until its ticket is completed.
     *
     * @param nowNanos monotonic, of the clock that later times come from
     */
    public HostTicket begin(long nowNanos) {
        requestStarted();
        return new HostTicket(this, nowNanos);
    }

    /** Counts a request without a ticket: the caller must call {@link #requestEnded} exactly once. */
    public void requestStarted() {
        long unused = (long) REQUESTS.getAndAdd(this, ONE_UNANSWERED + 1);
    }

    /** Ends a request that {@link #requestStarted} counted and that has no answer. */
    public void requestEnded() {
        less(ONE_UNANSWERED + 1);
    }

    void requestAnswered() {
        less(ONE_UNANSWERED);
        answered();
    }

    void answeredRequestEnded() {
        less(1);
    }

    private void less(long counts) {
        long before = (long) REQUESTS.getAndAdd(this, -counts);
        assert before > 0 : "more requests ended than started on " + endpoint.hostPort();
    }

    /**
     * Whether the latest connects have failed: others are to be preferred, but for one call now and then that
     * {@link #mayTry} lets through. Never so for an endpoint that was told by its address.
     */
    public boolean rests() {
        return failedConnects != 0;
    }

    /**
     * Whether the caller is the one that is to try a resting host again: after 1 s, then 2 s, up to 30 s. Who gets true
     * holds others off until its attempt has ended, 30 s at most.
     */
    public boolean mayTry(long nowNanos) {
        long until = restsUntilNanos;
        return nowNanos - until >= 0 && RESTS_UNTIL.compareAndSet(this, until, nowNanos + LONGEST_REST_NANOS);
    }

    /** Two at once may count as one. */
    void connectFailed(long begunNanos, long nowNanos) {
        if (endpoint.dnsName() == null) {
            return;
        }
        int failures = failedConnects;
        // Attempts that ran side by side have seen the same trouble.
        if (failures == 0 || begunNanos - connectFailedNanos >= 0) {
            failures = Math.min(failures + 1, DOUBLINGS_TO_LONGEST + 1);
        }
        connectFailedNanos = nowNanos;
        restsUntilNanos = nowNanos + Math.min(LONGEST_REST_NANOS, FIRST_REST_NANOS << (failures - 1));
        failedConnects = failures;
    }

    private void answered() {
        if (failedConnects != 0) {
            failedConnects = 0;
        }
    }

    @Override
    public String toString() {
        return endpoint.hostPort() + " (" + activeRequests() + " active)";
    }
}
