package io.inmesh.servlet.internal.inbound;

import io.inmesh.inbound.InboundContext;
import io.inmesh.servlet.internal.request.RequestId;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request as an application sees it: it has an id, and what it does asynchronously has its context. Used by the threads of
 * the request, one after the other.
 */
public final class CarriedRequest extends HttpServletRequestWrapper {
    private final InboundContext context;

    /** Null when the request came with one. */
    private final @Nullable String madeId;

    /** The last one that was asked for, so that it is the same each time. */
    private @Nullable CarriedAsync async;

    private CarriedRequest(HttpServletRequest request, InboundContext context) {
        super(request);
        this.context = context;
        this.madeId = RequestId.told(request) == null ? context.header(RequestId.HEADER) : null;
    }

    /** The request itself, where it is one already, below whatever others have put around it. */
    public static HttpServletRequest of(HttpServletRequest request, InboundContext context) {
        boolean carried = request instanceof CarriedRequest
                || (request instanceof HttpServletRequestWrapper wrapper && wrapper.isWrapperFor(CarriedRequest.class));
        return carried ? request : new CarriedRequest(request, context);
    }

    private boolean isMade(String name) {
        return madeId != null && name.equalsIgnoreCase(RequestId.HEADER);
    }

    @Override
    public @Nullable String getHeader(String name) {
        return isMade(name) ? madeId : super.getHeader(name);
    }

    @Override
    public Enumeration<String> getHeaders(String name) {
        return madeId != null && isMade(name) ? Collections.enumeration(List.of(madeId)) : super.getHeaders(name);
    }

    @Override
    public Enumeration<String> getHeaderNames() {
        if (madeId == null) {
            return super.getHeaderNames();
        }
        Set<String> names = new LinkedHashSet<>(Collections.list(super.getHeaderNames()));
        names.removeIf(RequestId.HEADER::equalsIgnoreCase);
        names.add(RequestId.HEADER);
        return Collections.enumeration(names);
    }

    @Override
    public AsyncContext startAsync() {
        return carried(super.startAsync());
    }

    @Override
    public AsyncContext startAsync(ServletRequest request, ServletResponse response) {
        return carried(super.startAsync(request, response));
    }

    @Override
    public AsyncContext getAsyncContext() {
        return carried(super.getAsyncContext());
    }

    private AsyncContext carried(AsyncContext started) {
        CarriedAsync known = async;
        if (known == null || !known.isOf(started)) {
            known = new CarriedAsync(started, context);
            async = known;
        }
        return known;
    }
}
