package io.inmesh.telemetry.trace;

import io.inmesh.call.HeaderField;
import io.inmesh.inbound.InboundContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The formats of trace context in which a request names a span before any is added to it. What an attempt injects takes the
 * place of one of them; the others are to name the same span, since whoever receives them may read either.
 */
record TraceFormats(boolean w3c, boolean b3, boolean b3Multi) {
    private static final TraceFormats NONE = new TraceFormats(false, false, false);

    /** Those of a request: what its caller has set, and what it carries of a request that came in. */
    static TraceFormats of(SpanReference.Headers own, @Nullable InboundContext inbound) {
        SpanReference.Headers carried = SpanReference.of(inbound);
        boolean w3c = has(SpanReference.TRACEPARENT, own, carried);
        boolean b3 = has(SpanReference.B3, own, carried);
        boolean b3Multi = has(SpanReference.B3_SPAN, own, carried);
        return w3c || b3 || b3Multi ? new TraceFormats(w3c, b3, b3Multi) : NONE;
    }

    private static boolean has(String name, SpanReference.Headers own, SpanReference.Headers carried) {
        return own.first(name) != null || carried.first(name) != null;
    }

    /** Adds what is missing to headers that name a span. */
    void complete(List<HeaderField> injected) {
        SpanReference.Headers there = SpanReference.of(injected);
        SpanReference span = this == NONE ? null : SpanReference.in(there);
        if (span == null) {
            return;
        }
        String flag = span.sampled() ? "1" : "0";
        if (w3c && there.first(SpanReference.TRACEPARENT) == null) {
            injected.add(new HeaderField(
                    SpanReference.TRACEPARENT, "00-" + span.traceId() + "-" + span.spanId() + "-0" + flag));
        }
        if (b3 && there.first(SpanReference.B3) == null) {
            injected.add(new HeaderField(SpanReference.B3, span.traceId() + "-" + span.spanId() + "-" + flag));
        }
        if (b3Multi && there.first(SpanReference.B3_SPAN) == null) {
            injected.add(new HeaderField(SpanReference.B3_TRACE, span.traceId()));
            injected.add(new HeaderField(SpanReference.B3_SPAN, span.spanId()));
            injected.add(new HeaderField(SpanReference.B3_SAMPLED, flag));
        }
    }
}
