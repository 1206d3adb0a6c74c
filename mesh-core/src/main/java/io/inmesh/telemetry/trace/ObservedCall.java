package io.inmesh.telemetry.trace;

import io.inmesh.call.HeaderField;
import io.inmesh.observe.CallObservation;
import io.inmesh.observe.EndedAttempt;
import io.inmesh.observe.EndedCall;
import io.inmesh.observe.HedgeResult;
import io.inmesh.observe.Retry;
import io.inmesh.observe.StartedAttempt;
import io.micrometer.observation.Observation;
import io.micrometer.observation.Observation.Event;
import io.micrometer.observation.ObservationRegistry;
import java.lang.ref.WeakReference;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The observations of one call. Told of events one after the other, on whichever threads. */
final class ObservedCall implements CallObservation {
    static final String ATTEMPT = "mesh.attempt";
    private static final String FLAG = "mesh.flag";

    private final ObservationRegistry registry;
    private final ObservedParents parents;
    private final CallFacts facts;
    private final TraceFormats formats;

    /** Of the whole call, where it is ours. */
    private final @Nullable Observation logical;

    /** Of the whole call, where it is the caller's. Weak: it may lead to the response, see {@link CallContext}. */
    private final @Nullable WeakReference<Observation> callers;

    /** Parent of attempts that only headers name; null for none. */
    private final @Nullable SpanReference named;

    private final OpenSpans<Observation> attempts = new OpenSpans<>();

    private record Attributes(Observation observation) implements SpanAttributes {
        @Override
        public void put(String name, String value) {
            var unused = observation.highCardinalityKeyValue(name, value);
        }

        @Override
        public void put(String name, long value) {
            put(name, Long.toString(value));
        }
    }

    private ObservedCall(
            ObservationRegistry registry,
            ObservedParents parents,
            CallFacts facts,
            TraceFormats formats,
            @Nullable Observation logical,
            @Nullable WeakReference<Observation> callers,
            @Nullable SpanReference named) {
        this.registry = registry;
        this.parents = parents;
        this.facts = facts;
        this.formats = formats;
        this.logical = logical;
        this.callers = callers;
        this.named = named;
    }

    /** A call that its caller observes, in an observation that is current on the thread. */
    static ObservedCall within(
            ObservationRegistry registry,
            ObservedParents parents,
            CallFacts facts,
            TraceFormats formats,
            Observation callers) {
        return new ObservedCall(registry, parents, facts, formats, null, new WeakReference<Observation>(callers), null);
    }

    /** A call whose headers name the span that its caller has made for it. */
    static ObservedCall below(
            ObservationRegistry registry,
            ObservedParents parents,
            CallFacts facts,
            TraceFormats formats,
            SpanReference callers) {
        return new ObservedCall(registry, parents, facts, formats, null, null, callers);
    }

    /**
     * A call that nobody else observes.
     *
     * @param parent that only headers name; null for what is current on the thread, or nothing
     */
    static ObservedCall logical(
            ObservationRegistry registry,
            ObservedParents parents,
            CallFacts facts,
            TraceFormats formats,
            @Nullable SpanReference parent) {
        Observation logical = Observation.createNotStarted(CallFacts.LOGICAL, CallContext::new, registry)
                .contextualName(CallFacts.LOGICAL);
        if (logical.isNoop()) {
            return new ObservedCall(registry, parents, facts, formats, null, null, parent);
        }
        facts.describeCall(new Attributes(logical));
        start(logical, parents, parent);
        return new ObservedCall(registry, parents, facts, formats, logical, null, null);
    }

    @SuppressWarnings("try") // The scope is there to be closed.
    private static void start(Observation observation, ObservedParents parents, @Nullable SpanReference parent) {
        if (parent == null) {
            observation.start();
            return;
        }
        try (ObservedParents.Scope scope = parents.open(parent)) {
            observation.start();
        }
    }

    @Override
    public List<HeaderField> attemptStarted(StartedAttempt started) {
        AttemptContext context = new AttemptContext(started.number());
        context.setRemoteServiceName(CallFacts.serverAddress(started.authority()));
        Observation observation =
                Observation.createNotStarted(ATTEMPT, () -> context, registry).contextualName(facts.spanName());
        if (observation.isNoop()) {
            return List.of();
        }
        facts.describeAttempt(started, new Attributes(observation));
        attempts.started(started, observation);
        start(observation);
        List<HeaderField> headers = context.injected();
        formats.complete(headers);
        return headers;
    }

    /** A span that is current on the thread takes the place of the parent's, so the parent's is made the current one. */
    @SuppressWarnings("try") // The scope is there to be closed.
    private void start(Observation observation) {
        if (logical != null) {
            observation.parentObservation(logical);
            try (Observation.Scope scope = logical.openScope()) {
                observation.start();
            }
            return;
        }
        Observation parent = callers == null ? null : callers.get();
        if (parent != null) {
            observation.parentObservation(parent);
        }
        start(observation, parents, named);
    }

    @Override
    public void responseStarted(int number, int status, long nanos) {
        attempts.answered(number, status);
    }

    @Override
    public void attemptEnded(EndedAttempt ended) {
        OpenSpans.Open<Observation> open = attempts.ended(ended.number());
        if (open != null) {
            stop(
                    open.span,
                    CallFacts.describeEnd(ended, open.statusAtHeaders, open.traffic, new Attributes(open.span)));
        }
    }

    private static void stop(Observation observation, @Nullable String wrong) {
        if (wrong != null) {
            observation.error(new AttemptFailure(wrong.isEmpty() ? "the status says so" : wrong));
        }
        observation.stop();
    }

    @Override
    public void retried(Retry retry) {
        String event = CallFacts.RETRY + " after attempt " + retry.failed() + ": " + CallFacts.why(retry);
        if (logical != null) {
            logical.event(Event.of(CallFacts.RETRY, event));
        } else if (callers != null) {
            parents.event(event);
        }
    }

    @Override
    public void hedged(HedgeResult result) {
        String event = CallFacts.HEDGE + " " + result.word();
        if (logical != null) {
            logical.event(Event.of(CallFacts.HEDGE, event));
        } else if (callers != null) {
            parents.event(event);
        }
    }

    @Override
    public void ended(EndedCall call) {
        if (logical != null) {
            stop(logical, CallFacts.describeEnd(call, new Attributes(logical)));
        } else if (callers != null && call.attempts() == 0 && call.flag() != null) {
            // Key values of an observation that is another's may be read meanwhile.
            parents.event(FLAG + " " + call.flag());
        }
    }
}
