package io.inmesh.telemetry.trace;

import io.inmesh.observe.CallObservation;
import io.inmesh.observe.EndedCall;
import io.inmesh.observe.HedgeResult;
import io.inmesh.observe.MeshObserver;
import io.inmesh.observe.Retry;
import io.inmesh.observe.StartedCall;
import io.inmesh.observe.StartedCall.Handling;
import io.opentelemetry.api.trace.Span;

/**
 * Makes no spans, and says {@code mesh.*} on the span that is current where a call is made, of whichever kind that is: for
 * processes in which another, such as {@linkplain OpenTelemetryAgent OpenTelemetry's agent}, makes the spans of attempts. Of
 * several calls within one span the last counts, but for the events {@code mesh.retry}. Thread-safe.
 */
public final class CurrentSpanAttributes implements MeshObserver {
    /** Makes the observer. */
    public CurrentSpanAttributes() {}

    @Override
    public CallObservation callStarted(StartedCall call) {
        Span span = Span.current();
        if (call.handling() == Handling.PASSED_THROUGH || !span.isRecording()) {
            return CallObservation.NONE;
        }
        new CallFacts(call).describeDecision(new OpenTelemetryCall.Attributes(span));
        return new Described(span);
    }

    /** Says what is done. */
    @Override
    public String toString() {
        return "attributes of current spans";
    }

    private record Described(Span span) implements CallObservation {
        @Override
        public void retried(Retry retry) {
            span.addEvent(CallFacts.RETRY, OpenTelemetryCall.event(retry));
        }

        @Override
        public void hedged(HedgeResult result) {
            span.addEvent(CallFacts.HEDGE, OpenTelemetryCall.event(result));
        }

        @Override
        public void ended(EndedCall call) {
            span.setAttribute("mesh.attempts", call.attempts());
            if (call.flag() != null) {
                span.setAttribute("mesh.flag", call.flag().name());
            }
        }
    }
}
