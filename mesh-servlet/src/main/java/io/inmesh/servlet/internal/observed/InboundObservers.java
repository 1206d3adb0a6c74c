package io.inmesh.servlet.internal.observed;

import io.inmesh.observe.EndedRequest;
import io.inmesh.observe.InboundObservation;
import io.inmesh.observe.InboundObserver;
import io.inmesh.observe.StartedRequest;
import java.util.ArrayList;
import java.util.List;

/** Observers of requests, each told of a request once, whoever else has them too. Thread-safe. */
public final class InboundObservers {
    private final List<SafeInboundObserver> observers;

    /** Takes observers; what they throw harms nothing. */
    public InboundObservers(List<InboundObserver> observers) {
        this.observers = observers.stream()
                .filter(one -> one != InboundObserver.NONE)
                .map(SafeInboundObserver::new)
                .toList();
    }

    /** Whether nobody wants to hear. */
    public boolean isEmpty() {
        return observers.isEmpty();
    }

    @SuppressWarnings("ReferenceEquality") // One that equals another one is told all the same.
    private boolean has(SafeInboundObserver one) {
        return observers.stream().anyMatch(another -> another.observer == one.observer);
    }

    /**
     * Tells of a request.
     *
     * @param told those who hear of it already
     */
    InboundObservation requestStarted(StartedRequest request, List<InboundObservers> told) {
        List<InboundObservation> observations = new ArrayList<>(observers.size());
        for (SafeInboundObserver one : observers) {
            if (told.stream().noneMatch(others -> others.has(one))) {
                InboundObservation observation = one.requestStarted(request);
                if (observation != InboundObservation.NONE) {
                    observations.add(observation);
                }
            }
        }
        return switch (observations.size()) {
            case 0 -> InboundObservation.NONE;
            case 1 -> observations.get(0);
            default -> new Several(observations);
        };
    }

    private record Several(List<InboundObservation> observations) implements InboundObservation {
        @Override
        public void forwardingStarted() {
            observations.forEach(InboundObservation::forwardingStarted);
        }

        @Override
        public void forwardingEnded() {
            observations.forEach(InboundObservation::forwardingEnded);
        }

        @Override
        public void ended(EndedRequest request) {
            observations.forEach(one -> one.ended(request));
        }
    }
}
