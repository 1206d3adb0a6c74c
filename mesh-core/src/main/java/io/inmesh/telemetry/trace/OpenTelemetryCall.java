package io.inmesh.telemetry.trace;

import io.inmesh.call.HeaderField;
import io.inmesh.observe.CallObservation;
import io.inmesh.observe.EndedAttempt;
import io.inmesh.observe.EndedCall;
import io.inmesh.observe.HedgeResult;
import io.inmesh.observe.Retry;
import io.inmesh.observe.StartedAttempt;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.context.propagation.TextMapSetter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The spans of one call. Told of events one after the other, on whichever threads. */
final class OpenTelemetryCall implements CallObservation {
    static final AttributeKey<String> WHY = AttributeKey.stringKey("error.type");
    static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("mesh.attempt");
    static final AttributeKey<String> RESULT = AttributeKey.stringKey("mesh.hedge.result");
    static final AttributeKey<Long> WAIT = AttributeKey.longKey("mesh.retry.wait_ms");
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final TextMapSetter<List<HeaderField>> SETTER = OpenTelemetryCall::set;

    private final Tracer tracer;
    private final TextMapPropagator propagator;
    private final CallFacts facts;
    private final TraceFormats formats;
    private final Context parent;
    private final @Nullable Span logical;

    private final OpenSpans<Span> attempts = new OpenSpans<>();

    record Attributes(Span span) implements SpanAttributes {
        @Override
        public void put(String name, String value) {
            span.setAttribute(name, value);
        }

        @Override
        public void put(String name, long value) {
            span.setAttribute(name, value);
        }
    }

    private record StartAttributes(SpanBuilder span) implements SpanAttributes {
        @Override
        public void put(String name, String value) {
            span.setAttribute(name, value);
        }

        @Override
        public void put(String name, long value) {
            span.setAttribute(name, value);
        }
    }

    /**
     * Makes the observation of a call.
     *
     * @param parent of attempts; holds the logical span where there is one
     * @param logical ended with the call; null where the caller has its own
     */
    OpenTelemetryCall(
            Tracer tracer,
            TextMapPropagator propagator,
            CallFacts facts,
            TraceFormats formats,
            Context parent,
            @Nullable Span logical) {
        this.tracer = tracer;
        this.propagator = propagator;
        this.facts = facts;
        this.formats = formats;
        this.parent = parent;
        this.logical = logical;
    }

    private static void set(@Nullable List<HeaderField> carrier, String name, String value) {
        if (carrier != null) {
            carrier.add(new HeaderField(name, value));
        }
    }

    @Override
    public List<HeaderField> attemptStarted(StartedAttempt started) {
        SpanBuilder builder = tracer.spanBuilder(facts.spanName())
                .setSpanKind(SpanKind.CLIENT)
                .setParent(parent);
        // All of it before the span starts, for samplers.
        facts.describeAttempt(started, new StartAttributes(builder));
        Span span = builder.startSpan();
        attempts.started(started, span);
        List<HeaderField> headers = new ArrayList<>(2);
        propagator.inject(parent.with(span), headers, SETTER);
        formats.complete(headers);
        return headers;
    }

    @Override
    public void responseStarted(int number, int status, long nanos) {
        attempts.answered(number, status);
    }

    @Override
    public void attemptEnded(EndedAttempt ended) {
        OpenSpans.Open<Span> open = attempts.ended(ended.number());
        if (open != null) {
            Span span = open.span;
            if (span.isRecording()) {
                failed(span, CallFacts.describeEnd(ended, open.statusAtHeaders, open.traffic, new Attributes(span)));
            }
            span.end();
        }
    }

    private static void failed(Span span, @Nullable String wrong) {
        if (wrong != null) {
            span.setStatus(StatusCode.ERROR, wrong);
        }
    }

    @Override
    public void retried(Retry retry) {
        Span span = logical == null ? Span.fromContext(parent) : logical;
        if (span.isRecording()) {
            span.addEvent(CallFacts.RETRY, event(retry));
        }
    }

    @Override
    public void hedged(HedgeResult result) {
        Span span = logical == null ? Span.fromContext(parent) : logical;
        if (span.isRecording()) {
            span.addEvent(CallFacts.HEDGE, event(result));
        }
    }

    static io.opentelemetry.api.common.Attributes event(HedgeResult result) {
        return io.opentelemetry.api.common.Attributes.of(RESULT, result.word());
    }

    static io.opentelemetry.api.common.Attributes event(Retry retry) {
        return io.opentelemetry.api.common.Attributes.of(
                ATTEMPT, (long) retry.failed(), WHY, CallFacts.why(retry), WAIT, retry.waitNanos() / NANOS_PER_MILLI);
    }

    @Override
    public void ended(EndedCall call) {
        if (logical != null) {
            if (logical.isRecording()) {
                failed(logical, CallFacts.describeEnd(call, new Attributes(logical)));
            }
            logical.end();
        } else if (call.attempts() == 0 && call.flag() != null) {
            // No attempt says it.
            Attributes callers = new Attributes(Span.fromContext(parent));
            facts.describeDecision(callers);
            callers.put("mesh.flag", call.flag().name());
        }
    }
}
