package io.inmesh.servlet.internal.inbound;

import io.inmesh.inbound.InboundContext;
import io.inmesh.inbound.Scope;
import io.inmesh.servlet.internal.observed.ObservedRequest;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;

/** What a request does asynchronously, with the request's context on the container's threads. */
final class CarriedAsync implements AsyncContext {
    private final AsyncContext delegate;
    private final InboundContext context;

    CarriedAsync(AsyncContext delegate, InboundContext context) {
        this.delegate = delegate;
        this.context = context;
    }

    @SuppressWarnings("ReferenceEquality") // A container has one for each time that async was started.
    boolean isOf(AsyncContext started) {
        return delegate == started;
    }

    @Override
    public void start(Runnable run) {
        delegate.start(context.carriedBy(run));
    }

    @Override
    public void addListener(AsyncListener listener) {
        delegate.addListener(new Listener(listener, context));
    }

    @Override
    public void addListener(AsyncListener listener, ServletRequest servletRequest, ServletResponse servletResponse) {
        delegate.addListener(new Listener(listener, context), servletRequest, servletResponse);
    }

    @Override
    public <T extends AsyncListener> T createListener(Class<T> type) throws ServletException {
        return delegate.createListener(type);
    }

    @Override
    public ServletRequest getRequest() {
        return delegate.getRequest();
    }

    /** That of the container, below all wrappers, where async was started without any. */
    @Override
    public ServletResponse getResponse() {
        return ObservedRequest.counted(delegate.getRequest(), delegate.getResponse());
    }

    @Override
    public boolean hasOriginalRequestAndResponse() {
        return delegate.hasOriginalRequestAndResponse();
    }

    @Override
    public void dispatch() {
        delegate.dispatch();
    }

    @Override
    public void dispatch(String path) {
        delegate.dispatch(path);
    }

    @Override
    public void dispatch(ServletContext servletContext, String path) {
        delegate.dispatch(servletContext, path);
    }

    @Override
    public void complete() {
        delegate.complete();
    }

    @Override
    public void setTimeout(long timeout) {
        delegate.setTimeout(timeout);
    }

    @Override
    public long getTimeout() {
        return delegate.getTimeout();
    }

    /** A container tells of the end on a thread of its own. */
    private record Listener(AsyncListener delegate, InboundContext context) implements AsyncListener {
        private interface Told {
            void to(AsyncListener listener) throws IOException;
        }

        @SuppressWarnings("try") // The scope is there to be closed.
        private void tell(Told told) throws IOException {
            try (Scope scope = context.open()) {
                told.to(delegate);
            }
        }

        @Override
        public void onComplete(AsyncEvent event) throws IOException {
            tell(listener -> listener.onComplete(event));
        }

        @Override
        public void onTimeout(AsyncEvent event) throws IOException {
            tell(listener -> listener.onTimeout(event));
        }

        @Override
        public void onError(AsyncEvent event) throws IOException {
            tell(listener -> listener.onError(event));
        }

        @Override
        public void onStartAsync(AsyncEvent event) throws IOException {
            tell(listener -> listener.onStartAsync(event));
        }
    }
}
