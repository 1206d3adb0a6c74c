package io.inmesh.telemetry.trace;

import io.inmesh.inbound.InboundContext;
import io.inmesh.observe.CallObservation;
import io.inmesh.observe.MeshObserver;
import io.inmesh.observe.StartedCall;
import io.inmesh.observe.StartedCall.Handling;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes spans of calls by the OpenTelemetry API: one of kind CLIENT for each attempt, whose context goes out with it as the
 * propagators write it, and one of kind INTERNAL, {@code mesh.call}, around them where the caller has no span of its own
 * for the call. Attributes are those of OpenTelemetry's semantic conventions and {@code mesh.*}; a retry is the event
 * {@code mesh.retry}. Nothing is made for calls that pass through.
 *
 * <p>The parent is the span that is current where the call is made; else the one that headers name which the caller has
 * set; else the one that the {@link InboundContext} carries. Where the caller's headers name the current span, that has
 * been made for this very call, as HTTP client instrumentations do, and attempts are its children.
 *
 * <p>Thread-safe. No span is ever made the current one of a thread.
 */
public final class OpenTelemetryTraces implements MeshObserver {
    static final String SCOPE = "io.inmesh";

    private static final TextMapGetter<SpanReference.Headers> OF_CALLER = new HeadersGetter();
    private static final TextMapGetter<InboundContext> OF_INBOUND = new InboundGetter();

    private final Tracer tracer;
    private final TextMapPropagator propagator;

    private OpenTelemetryTraces(Tracer tracer, TextMapPropagator propagator) {
        this.tracer = tracer;
        this.propagator = propagator;
    }

    /** Makes spans with the tracer and the propagators of an OpenTelemetry, which the caller closes. */
    public static OpenTelemetryTraces of(OpenTelemetry openTelemetry) {
        return new OpenTelemetryTraces(
                openTelemetry.getTracer(SCOPE), openTelemetry.getPropagators().getTextMapPropagator());
    }

    /**
     * Whether OpenTelemetry of the whole process has been set up. Nothing is set up by asking. Known to OpenTelemetry's API
     * from 1.57 on; false with an older one.
     */
    public static boolean isGlobalSet() {
        try {
            return Boolean.TRUE.equals(
                    GlobalOpenTelemetry.class.getMethod("isSet").invoke(null));
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException older) {
            return false;
        }
    }

    @Override
    public CallObservation callStarted(StartedCall call) {
        if (call.handling() == Handling.PASSED_THROUGH) {
            return CallObservation.NONE;
        }
        InboundContext inbound = InboundContext.current();
        SpanReference.Headers headers = SpanReference.of(call.head());
        Context current = Context.current();
        SpanContext span = Span.fromContext(current).getSpanContext();
        Context told = propagator.extract(Context.root(), headers, OF_CALLER);
        SpanContext named = Span.fromContext(told).getSpanContext();
        CallFacts facts = new CallFacts(call);
        TraceFormats formats = TraceFormats.of(headers, inbound);
        if (span.isValid()) {
            return named.isValid() && named.getSpanId().equals(span.getSpanId())
                    ? new OpenTelemetryCall(tracer, propagator, facts, formats, current, null)
                    : logical(facts, formats, current);
        }
        if (named.isValid() && !isOf(inbound, named)) {
            return new OpenTelemetryCall(tracer, propagator, facts, formats, told, null);
        }
        if (SpanReference.in(SpanReference.of(inbound)) == null && SpanReference.forbidden(headers, inbound)) {
            return CallObservation.NONE;
        }
        return logical(facts, formats, inbound == null ? current : propagator.extract(current, inbound, OF_INBOUND));
    }

    /** Whether the caller has only handed on what came in. */
    private static boolean isOf(@Nullable InboundContext inbound, SpanContext named) {
        SpanReference carried = SpanReference.in(SpanReference.of(inbound));
        return carried != null && carried.spanId().equals(named.getSpanId());
    }

    private OpenTelemetryCall logical(CallFacts facts, TraceFormats formats, Context parent) {
        Span logical = tracer.spanBuilder(CallFacts.LOGICAL).setParent(parent).startSpan();
        if (logical.isRecording()) {
            facts.describeCall(new OpenTelemetryCall.Attributes(logical));
        }
        return new OpenTelemetryCall(tracer, propagator, facts, formats, parent.with(logical), logical);
    }

    /** Says what makes the spans. */
    @Override
    public String toString() {
        return "traces by OpenTelemetry";
    }

    private static final class HeadersGetter implements TextMapGetter<SpanReference.Headers> {
        @Override
        public Iterable<String> keys(SpanReference.Headers carrier) {
            return List.of();
        }

        @Override
        public @Nullable String get(SpanReference.@Nullable Headers carrier, String key) {
            return carrier == null ? null : carrier.first(key);
        }
    }

    private static final class InboundGetter implements TextMapGetter<InboundContext> {
        @Override
        public Set<String> keys(InboundContext carrier) {
            return carrier.headers().keySet();
        }

        @Override
        public @Nullable String get(@Nullable InboundContext carrier, String key) {
            return carrier == null ? null : carrier.header(key.toLowerCase(Locale.ROOT));
        }
    }
}
