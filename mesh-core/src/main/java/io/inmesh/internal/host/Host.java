package io.inmesh.internal.host;

import io.inmesh.endpoint.Endpoint;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Live state of one endpoint. Lives as long as discovery knows the endpoint, over all snapshots; two clusters that
 * share an endpoint share its host. Thread-safe.
 *
 * <p>Identity is {@link #sameHost}: id, address and port never change, the rest of the endpoint does.
 */
public final class Host {
    private static final VarHandle ACTIVE_REQUESTS;

    static {
        try {
            ACTIVE_REQUESTS = MethodHandles.lookup().findVarHandle(Host.class, "activeRequests", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile Endpoint endpoint;

    private volatile int activeRequests;

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
        return activeRequests;
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
        int unused = (int) ACTIVE_REQUESTS.getAndAdd(this, 1);
    }

    /** Ends a request that {@link #requestStarted} counted. */
    public void requestEnded() {
        int before = (int) ACTIVE_REQUESTS.getAndAdd(this, -1);
        assert before > 0 : "more requests ended than started on " + endpoint.hostPort();
    }

    @Override
    public String toString() {
        return endpoint.hostPort() + " (" + activeRequests + " active)";
    }
}
