package io.inmesh.internal.engine;

import io.inmesh.endpoint.Endpoint;
import io.inmesh.event.Outcome;
import io.inmesh.internal.cluster.Cluster;
import io.inmesh.internal.cluster.ClusterLimits;
import io.inmesh.internal.cluster.RecentLatency;
import io.inmesh.internal.host.Host;
import io.inmesh.internal.host.HostTicket;
import io.inmesh.observe.Overflow;
import java.lang.ref.Reference;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One attempt between sending and the end of its body, as the engine keeps account of it. It ends once, whoever says so
 * first; the call goes on or ends, which {@link ForwardCall} says. Thread-safe from {@code deliver} on.
 */
final class RunningAttempt {
    private final ForwardCall call;
    private final int number;
    private final @Nullable HostTicket ticket;

    /** Kept from the beginning: the endpoint of a host changes with discovery. */
    private final @Nullable Endpoint endpoint;

    private final long begunNanos;

    /** Whether it is sent beside another, and holds what the retry budget has granted for it. */
    private final boolean beside;

    /** Whether it is among the requests that its cluster limits. Written before the response is delivered. */
    private boolean counted;

    private final AtomicBoolean ended = new AtomicBoolean();
    private long headersNanos = -1;
    private int status;

    /** Null before the end that counts. */
    private @Nullable Outcome outcome;

    /** Is not used, only kept from being collected. */
    @SuppressWarnings("UnusedVariable")
    private @Nullable Reference<?> bodyWatch;

    /**
     * Makes a running attempt.
     *
     * @param ticket null when the address that the request names is called and no host was chosen
     * @param counted whether it is to be released by its cluster's limits
     */
    RunningAttempt(ForwardCall call, int number, @Nullable HostTicket ticket, boolean counted, long begunNanos) {
        this(call, number, ticket, counted, begunNanos, false);
    }

    private RunningAttempt(
            ForwardCall call,
            int number,
            @Nullable HostTicket ticket,
            boolean counted,
            long begunNanos,
            boolean beside) {
        this.beside = beside;
        this.call = call;
        this.number = number;
        this.ticket = ticket;
        this.endpoint = ticket == null ? null : ticket.host().endpoint();
        this.counted = counted;
        this.begunNanos = begunNanos;
    }

    /** One that {@link ClusterLimits#tryHedge} was granted for, which its end gives back. */
    static RunningAttempt beside(ForwardCall call, int number, HostTicket ticket, boolean counted, long begunNanos) {
        return new RunningAttempt(call, number, ticket, counted, begunNanos, true);
    }

    /** As it is known to people. */
    String service() {
        return call.service();
    }

    long ageNanos(long nowNanos) {
        return nowNanos - begunNanos;
    }

    int number() {
        return number;
    }

    /** The number, on top of the repeats of the request that its call is made for. */
    int count() {
        return call.repeats() + number;
    }

    @Nullable
    Endpoint endpoint() {
        return endpoint;
    }

    int status() {
        return status;
    }

    long headersNanos() {
        return headersNanos;
    }

    /** How it ended; asked by who ended it. */
    Outcome outcome() {
        return Objects.requireNonNull(outcome, "the attempt has not ended");
    }

    /** For people. */
    String target() {
        return endpoint == null ? "the address of the request" : endpoint.hostPort();
    }

    boolean isTo(Host host) {
        return ticket != null && ticket.host() == host;
    }

    void addHostTo(List<Host> hosts) {
        if (ticket != null) {
            hosts.add(ticket.host());
        }
    }

    /** Response headers are there. */
    void responseStarted(Outcome atHeaders, long nowNanos) {
        headersNanos = nowNanos - begunNanos;
        status = atHeaders.status();
        if (ticket != null) {
            ticket.responseStarted();
            cluster().answered(ticket.host(), status);
            RecentLatency recent = cluster().recentLatency();
            if (recent != null && status < 500) {
                recent.record(headersNanos, nowNanos);
            }
        }
    }

    /** It would have taken longer than until now, had another not been faster. */
    void brokenOffForAnother() {
        RecentLatency recent = cluster().recentLatency();
        if (recent != null) {
            long now = call.now();
            recent.record(now - begunNanos, now);
        }
    }

    /**
     * The attempt is about to end without ever having had a connection.
     *
     * @param leastNanos an attempt that was shorter says nothing of its host
     */
    void neverConnected(long leastNanos) {
        long now = call.now();
        if (ticket != null && now - begunNanos >= leastNanos) {
            ticket.neverConnected(now);
        }
    }

    /**
     * Asks the cluster's limits whether another attempt may follow this one, which is over but for its end. If so, this one is
     * counted no longer, and {@link ClusterLimits#retryEnded} is to follow once. Only where a host was chosen.
     */
    boolean tryRetry() {
        if (!cluster().runtime().limits().tryRetry(counted)) {
            call.overflowed(Overflow.RETRIES);
            return false;
        }
        counted = false;
        return true;
    }

    /** Ends the attempt but not the call; returns whether this was the end that counts. */
    boolean end(Outcome outcome) {
        if (!ended.compareAndSet(false, true)) {
            return false;
        }
        this.outcome = outcome;
        call.openAttempts().ended(this);
        long now = call.now();
        if (ticket != null) {
            ticket.complete(outcome, now);
            if (counted) {
                counted = false;
                cluster().runtime().limits().release();
            }
            if (beside) {
                cluster().runtime().limits().retryEnded();
            }
            // What breaks off behind an answer is told as Failed.
            if (outcome instanceof Outcome.Failed || headersNanos < 0) {
                cluster().failed(ticket.host(), outcome);
            }
        }
        call.attemptEnded(endpoint, number, outcome, headersNanos, now - begunNanos);
        return true;
    }

    /** Only where a host was chosen. */
    private Cluster cluster() {
        return Objects.requireNonNull(call.cluster(), "the address of the request is called");
    }

    /** Ends the call that this is the delivered attempt of, and the attempt with it. */
    void endCall(Outcome outcome) {
        call.ended(outcome);
    }

    /** Keeps what watches over the delivered body for as long as the attempt lives. */
    void watchedBy(Reference<?> watch) {
        bodyWatch = watch;
    }

    /** Equality is identity; the identity's own hash would cost each call a way into the JVM. */
    @Override
    public int hashCode() {
        return Long.hashCode(begunNanos);
    }
}
