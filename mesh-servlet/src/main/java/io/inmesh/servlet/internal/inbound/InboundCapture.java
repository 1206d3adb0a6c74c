package io.inmesh.servlet.internal.inbound;

import io.inmesh.inbound.InboundContext;
import io.inmesh.servlet.internal.request.HeaderText;
import io.inmesh.servlet.internal.request.RequestId;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes contexts of requests. Thread-safe. */
public final class InboundCapture {
    private static final Logger LOG = LoggerFactory.getLogger(InboundCapture.class);

    private final List<String> headers;
    private final boolean trustDeadline;
    private final int maxBytes;
    private final Supplier<String> ids;
    private final LongSupplier ticker;
    private final AtomicBoolean warned = new AtomicBoolean();

    /**
     * Makes a capture.
     *
     * @param headers names in lower case
     * @param trustDeadline whether the caller may say how long it waits
     * @param maxBytes of names and values
     * @param ids for requests that come without one
     * @param ticker that deadlines are told by
     */
    public InboundCapture(
            List<String> headers, boolean trustDeadline, int maxBytes, Supplier<String> ids, LongSupplier ticker) {
        this.headers = List.copyOf(headers);
        this.trustDeadline = trustDeadline;
        this.maxBytes = maxBytes;
        this.ids = ids;
        this.ticker = ticker;
    }

    /** What a request leaves for its calls. */
    public InboundContext of(HttpServletRequest request) {
        InboundContext.Builder context = InboundContext.builder();
        int left = maxBytes;
        for (String name : headers) {
            List<String> values =
                    name.equals(RequestId.HEADER) ? List.of(RequestId.of(request, ids)) : values(request, name);
            int size = size(name, values);
            if (size > left) {
                leftOut(name, "all headers to hand on would be more than " + maxBytes + " bytes");
            } else {
                left -= size;
                values.forEach(value -> context.header(name, value));
            }
        }
        Long timeout = trustDeadline ? ToldTimeout.nanos(request) : null;
        return context.deadlineNanos(timeout == null ? null : Long.valueOf(ticker.getAsLong() + timeout))
                .caller(Callers.of(request))
                .attempt(AttemptCount.of(request))
                .build();
    }

    /** All or none: half of a header may say something else. */
    private List<String> values(HttpServletRequest request, String name) {
        List<String> values = new ArrayList<>(1);
        for (String raw : Collections.list(request.getHeaders(name))) {
            String value = HeaderText.ofContainer(raw);
            if (value == null) {
                leftOut(name, "its value is not UTF-8 or holds a control character");
                return List.of();
            }
            values.add(value);
        }
        return values;
    }

    private static int size(String name, List<String> values) {
        int size = 0;
        for (String value : values) {
            size += name.length() + value.getBytes(StandardCharsets.UTF_8).length;
        }
        return size;
    }

    /** Warns once: whoever sends such a request can send many. */
    private void leftOut(String name, String why) {
        if (warned.compareAndSet(false, true)) {
            LOG.warn("Header {} of a request is not handed on: {}. From now on this is told at DEBUG", name, why);
        } else {
            LOG.debug("Header {} of a request is not handed on: {}", name, why);
        }
    }
}
