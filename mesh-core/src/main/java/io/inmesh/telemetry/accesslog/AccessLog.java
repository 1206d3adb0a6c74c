package io.inmesh.telemetry.accesslog;

import io.inmesh.internal.time.TimeSource;
import io.inmesh.observe.CallObservation;
import io.inmesh.observe.InboundObservation;
import io.inmesh.observe.InboundObserver;
import io.inmesh.observe.MeshObserver;
import io.inmesh.observe.StartedCall;
import io.inmesh.observe.StartedRequest;
import java.time.InstantSource;
import java.util.List;

/**
 * Makes an {@link AccessLogEntry} of each finished call and of each request that came in, for whoever wants one. As long as no
 * sink does, it does nothing but ask. At a gateway the request and the call that is made for it are one entry, where this hears
 * of both. Thread-safe.
 */
public final class AccessLog implements MeshObserver, InboundObserver {
    private final List<AccessLogSink> sinks;
    private final InstantSource clock;

    /** The request that a gateway sends on on this thread. */
    @SuppressWarnings("ThreadLocalUsage") // Another log has requests of its own.
    private final ThreadLocal<LoggedRequest> forwarded = new ThreadLocal<>();

    private AccessLog(List<AccessLogSink> sinks, InstantSource clock) {
        this.sinks = List.copyOf(sinks);
        this.clock = clock;
    }

    /** A log for these sinks, each of which gets all entries as long as it wants them. */
    public static AccessLog of(AccessLogSink... sinks) {
        return new AccessLog(List.of(sinks), TimeSource.system()::now);
    }

    /** Puts time into a test's hands. */
    static AccessLog of(InstantSource clock, AccessLogSink... sinks) {
        return new AccessLog(List.of(sinks), clock);
    }

    private boolean isWanted() {
        for (AccessLogSink sink : sinks) {
            if (sink.wantsEntries()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public CallObservation callStarted(StartedCall call) {
        LoggedRequest request = forwarded.get();
        if (request != null) {
            return request.call(call);
        }
        return isWanted() ? LoggedCall.of(this, call, clock.instant()) : CallObservation.NONE;
    }

    @Override
    public InboundObservation requestStarted(StartedRequest request) {
        return isWanted() ? new LoggedRequest(this, request, clock.instant()) : InboundObservation.NONE;
    }

    /** The calls of this thread are made for a request, from now on or no more. */
    void forwarding(LoggedRequest request, boolean begins) {
        if (begins) {
            forwarded.set(request);
        } else {
            forwarded.remove();
        }
    }

    void finished(AccessLogEntry entry) {
        for (AccessLogSink sink : sinks) {
            if (sink.wantsEntries()) {
                sink.accept(entry);
            }
        }
    }
}
