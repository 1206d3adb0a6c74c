package io.inmesh.telemetry.trace;

import io.micrometer.tracing.CurrentTraceContext;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import org.jspecify.annotations.Nullable;

/**
 * Lets the spans of observations have parents that only headers name, by the tracer that makes these spans. Needs
 * micrometer-tracing. Thread-safe.
 */
public final class HeaderParents implements ObservedParents {
    private final Tracer tracer;

    private HeaderParents(Tracer tracer) {
        this.tracer = tracer;
    }

    /** For the spans of a tracer. */
    public static ObservedParents of(Tracer tracer) {
        return new HeaderParents(tracer);
    }

    @Override
    public @Nullable Current current() {
        Span span = tracer.currentSpan();
        if (span == null) {
            return null;
        }
        TraceContext context = span.context();
        return new Current(context.traceId(), context.spanId(), context.parentId());
    }

    @Override
    public Scope open(SpanReference parent) {
        TraceContext context = tracer.traceContextBuilder()
                .traceId(parent.traceId())
                .spanId(parent.spanId())
                // Says that the span is another process's, to OpenTelemetry's bridge.
                .parentId(parent.spanId())
                .sampled(parent.sampled())
                .build();
        CurrentTraceContext.Scope scope = tracer.currentTraceContext().maybeScope(context);
        return scope::close;
    }

    @Override
    public void event(String name) {
        Span span = tracer.currentSpan();
        if (span != null) {
            span.event(name);
        }
    }
}
