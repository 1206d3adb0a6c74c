package io.inmesh.servlet.internal.observed;

import io.inmesh.event.ResponseFlag;
import io.inmesh.observe.EndedRequest;
import io.inmesh.observe.InboundObservation;
import io.inmesh.observe.StartedRequest;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.UnavailableException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One request that somebody observes, in all its dispatches. Where several do, theirs hang together; the attribute of the
 * request has the last that was added. Used by the threads of the request, one after the other.
 */
public final class ObservedRequest implements AsyncListener {
    private static final String ATTRIBUTE = ObservedRequest.class.getName();

    private final InboundObservers observers;
    private final InboundObservation observation;
    private final LongSupplier ticker;
    private final long began;
    private final RequestBytes bytes;
    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final @Nullable ObservedRequest other;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile @Nullable ResponseFlag flag;
    private volatile boolean async;
    private volatile boolean listening;
    private volatile boolean thrown;
    private volatile boolean unanswered;

    private ObservedRequest(
            InboundObservers observers,
            InboundObservation observation,
            LongSupplier ticker,
            HttpServletRequest request,
            HttpServletResponse response,
            @Nullable ObservedRequest other) {
        this.observers = observers;
        this.observation = observation;
        this.ticker = ticker;
        this.began = ticker.getAsLong();
        this.bytes = new RequestBytes(request, response);
        this.request = request;
        this.response = response;
        this.other = other;
    }

    /**
     * Tells observers of a request, unless they have heard of it.
     *
     * @param request as whoever begins sees it
     * @param response likewise
     */
    public static ObservedRequest begin(
            InboundObservers observers,
            StartedRequest started,
            LongSupplier ticker,
            HttpServletRequest request,
            HttpServletResponse response) {
        ObservedRequest other = last(request);
        List<InboundObservers> told = new ArrayList<>(1);
        for (ObservedRequest one = other; one != null; one = one.other) {
            told.add(one.observers);
        }
        InboundObservation observation = observers.requestStarted(started, told);
        ObservedRequest begun = new ObservedRequest(observers, observation, ticker, request, response, other);
        request.setAttribute(ATTRIBUTE, begun);
        return begun;
    }

    /** Whether anybody hears of the rest of it; if not, nothing of it need be counted or told. */
    public boolean isHeard() {
        return observation != InboundObservation.NONE;
    }

    /** That of these observers; null before {@link #begin}. */
    @SuppressWarnings("ReferenceEquality") // Others may have the same observers.
    public static @Nullable ObservedRequest of(HttpServletRequest request, InboundObservers observers) {
        for (ObservedRequest one = last(request); one != null; one = one.other) {
            if (one.observers == observers) {
                return one;
            }
        }
        return null;
    }

    /** The request was not answered by whom it was for; for all observers of it. The last reason counts. */
    public static void flagged(HttpServletRequest request, ResponseFlag reason) {
        for (ObservedRequest one = last(request); one != null; one = one.other) {
            one.flag = reason;
        }
    }

    /** A gateway has taken the request; for all observers of it. */
    public static void forwardingStarted(HttpServletRequest request) {
        for (ObservedRequest one = last(request); one != null; one = one.other) {
            one.observation.forwardingStarted();
        }
    }

    /** The gateway has done with it. */
    public static void forwardingEnded(HttpServletRequest request) {
        for (ObservedRequest one = last(request); one != null; one = one.other) {
            one.observation.forwardingEnded();
        }
    }

    private static @Nullable ObservedRequest last(HttpServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof ObservedRequest last ? last : null;
    }

    /** The request, counted, if it is not so already. */
    public HttpServletRequest counted(HttpServletRequest toCount) {
        return CountedRequest.of(toCount, bytes, this);
    }

    /** The response, counted, if it is not so already. */
    public HttpServletResponse counted(HttpServletResponse toCount) {
        return CountedResponse.of(toCount, bytes);
    }

    /** A response of a request, counted for all who observe the request. */
    public static ServletResponse counted(ServletRequest request, ServletResponse response) {
        if (!(request instanceof HttpServletRequest of && response instanceof HttpServletResponse counted)) {
            return response;
        }
        for (ObservedRequest one = last(of); one != null; one = one.other) {
            counted = one.isHeard() ? one.counted(counted) : counted;
        }
        return counted;
    }

    /** Before a dispatch to the application after the first. */
    public void dispatched(DispatcherType type) {
        listening = false;
        if (type == DispatcherType.ASYNC) {
            thrown = false;
            bytes.dispatched();
        } else if (type == DispatcherType.ERROR) {
            bytes.dispatched();
            if (!response.isCommitted()) {
                bytes.reset();
            }
        }
    }

    /** The application has begun to answer asynchronously; the end is told when the container knows it. */
    void asyncStarted(AsyncContext started) {
        async = true;
        listening = true;
        started.addListener(this);
    }

    /**
     * A later dispatch is over.
     *
     * @param failure thrown by the application, null for nothing
     */
    public void returned(DispatcherType type, @Nullable Throwable failure) {
        if (failure != null && type == DispatcherType.ASYNC) {
            failed(failure);
        }
        listen();
    }

    private void failed(Throwable failure) {
        thrown = true;
        if (bytes.isFailedRead(failure)) {
            bytes.broken();
            unanswered = !begun();
        }
        leftToErrorPage();
    }

    private void leftToErrorPage() {
        if (!begun()) {
            bytes.leftToErrorPage();
        }
    }

    /** Whether an answer is on its way. Tomcat says so also of its own error for a failed read, which may still change. */
    private boolean begun() {
        return response.isCommitted() && !bytes.refused();
    }

    private void listen() {
        if (request.isAsyncStarted() && !listening) {
            asyncStarted(request.getAsyncContext());
        }
    }

    /**
     * The first dispatch is over.
     *
     * @param failure thrown by the application, null for nothing
     */
    public void returned(@Nullable Throwable failure) {
        if (failure != null) {
            failed(failure);
        }
        listen();
        if (!async) {
            end(failure);
        }
    }

    private void end(@Nullable Throwable failure) {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        boolean gone = bytes.clientGone();
        ResponseFlag told = flag;
        int status = response.getStatus();
        if (gone && (unanswered || !begun())) {
            status = 0;
        } else if (failure != null && !begun()) {
            status = statusOf(failure);
        }
        observation.ended(new EndedRequest(
                status,
                told == null && gone ? ResponseFlag.DC : told,
                bytes.ofRequest(),
                bytes.ofResponse(status),
                ticker.getAsLong() - began));
    }

    /** What containers answer where no error page says otherwise. */
    private static int statusOf(Throwable failure) {
        if (failure instanceof UnavailableException unavailable) {
            return unavailable.isPermanent()
                    ? HttpServletResponse.SC_NOT_FOUND
                    : HttpServletResponse.SC_SERVICE_UNAVAILABLE;
        }
        return HttpServletResponse.SC_INTERNAL_SERVER_ERROR;
    }

    @Override
    public void onComplete(AsyncEvent event) {
        end(null);
    }

    /** The container dispatches an error, or whoever else listens ends it; then it is complete. */
    @Override
    public void onTimeout(AsyncEvent event) {
        leftToErrorPage();
    }

    /** As for a timeout. What the application has not thrown is of the connection. */
    @Override
    public void onError(AsyncEvent event) {
        if (!thrown && event.getThrowable() instanceof IOException) {
            bytes.broken();
        }
        leftToErrorPage();
    }

    /** Listeners of the time before are forgotten by the container. */
    @Override
    public void onStartAsync(AsyncEvent event) {
        asyncStarted(event.getAsyncContext());
    }
}
