package io.inmesh.telemetry.trace;

import io.inmesh.inbound.InboundContext;
import io.inmesh.observe.CallObservation;
import io.inmesh.observe.MeshObserver;
import io.inmesh.observe.StartedCall;
import io.inmesh.observe.StartedCall.Handling;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;
import org.jspecify.annotations.Nullable;

/**
 * Makes observations of calls: one, {@code mesh.attempt} with an {@link AttemptContext}, for each attempt, of which tracing
 * handlers make a span of kind CLIENT whose context goes out with the attempt; and one, {@code mesh.call} with a {@link
 * CallContext}, around them where the caller has no observation of its own for the call, such as Spring's {@code
 * http.client.requests}. Key values are those of OpenTelemetry's semantic conventions and {@code mesh.*}, all of high
 * cardinality: observations are for spans here, meters come from elsewhere. A retry is the event {@code mesh.retry}. Nothing
 * is made for calls that pass through.
 *
 * <p>The parent is the observation that is current where the call is made. Where the tracer is known, a span that only
 * headers name is taken as well: that of an HTTP client which has set them for this call; and, with nothing current on the
 * thread, that which the {@link InboundContext} carries.
 *
 * <p>Thread-safe. No observation is the current one of a thread when a method here has returned.
 */
public final class ObservationTraces implements MeshObserver {
    private final ObservationRegistry registry;
    private final ObservedParents parents;

    private ObservationTraces(ObservationRegistry registry, ObservedParents parents) {
        this.registry = registry;
        this.parents = parents;
    }

    /** Makes observations in a registry. */
    public static ObservationTraces of(ObservationRegistry registry) {
        return of(registry, ObservedParents.NONE);
    }

    /**
     * Makes observations in a registry.
     *
     * @param parents those that a tracer of this registry knows, such as {@link HeaderParents}
     */
    public static ObservationTraces of(ObservationRegistry registry, ObservedParents parents) {
        return new ObservationTraces(registry, parents);
    }

    @Override
    public CallObservation callStarted(StartedCall call) {
        if (call.handling() == Handling.PASSED_THROUGH || registry.isNoop()) {
            return CallObservation.NONE;
        }
        InboundContext inbound = InboundContext.current();
        SpanReference.Headers headers = SpanReference.of(call.head());
        CallFacts facts = new CallFacts(call);
        TraceFormats formats = TraceFormats.of(headers, inbound);
        Observation current = registry.getCurrentObservation();
        if (current != null && isClient(current)) {
            return ObservedCall.within(registry, parents, facts, formats, current);
        }
        ObservedParents.Current span = parents.current();
        SpanReference named = SpanReference.in(headers);
        SpanReference carried = SpanReference.in(SpanReference.of(inbound));
        if (named != null && !named.equals(carried) && isBelow(span, named)) {
            return ObservedCall.below(registry, parents, facts, formats, named);
        }
        if (current == null && span == null && carried == null && SpanReference.forbidden(headers, inbound)) {
            return CallObservation.NONE;
        }
        SpanReference parent = current == null && span == null ? carried : null;
        return ObservedCall.logical(registry, parents, facts, formats, parent);
    }

    private static boolean isClient(Observation observation) {
        return observation.getContextView() instanceof SenderContext<?> sender && sender.getKind() == Kind.CLIENT;
    }

    /** Whether a span that the caller's headers name was made for this call, and not handed on from where it came in. */
    private static boolean isBelow(ObservedParents.@Nullable Current span, SpanReference named) {
        return span == null
                || (span.traceId().equals(named.traceId()) && !named.spanId().equals(span.parentId()));
    }

    /** Says what makes the spans. */
    @Override
    public String toString() {
        return "traces by observations";
    }
}
