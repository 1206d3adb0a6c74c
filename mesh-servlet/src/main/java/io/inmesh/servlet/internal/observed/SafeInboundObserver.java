package io.inmesh.servlet.internal.observed;

import io.inmesh.observe.EndedRequest;
import io.inmesh.observe.InboundObservation;
import io.inmesh.observe.InboundObserver;
import io.inmesh.observe.StartedRequest;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps what an observer throws away from requests; logs the first time. */
final class SafeInboundObserver {
    private static final Logger LOG = LoggerFactory.getLogger(SafeInboundObserver.class);

    final InboundObserver observer;
    private final AtomicBoolean logged = new AtomicBoolean();

    SafeInboundObserver(InboundObserver observer) {
        this.observer = observer;
    }

    InboundObservation requestStarted(StartedRequest request) {
        try {
            InboundObservation observation =
                    Objects.requireNonNull(observer.requestStarted(request), "an observer gave null");
            return observation == InboundObservation.NONE ? observation : new SafeObservation(this, observation);
        } catch (Throwable thrown) {
            dropped(thrown);
            return InboundObservation.NONE;
        }
    }

    private void dropped(Throwable thrown) {
        if (logged.compareAndSet(false, true)) {
            LOG.error("{} throws; what it throws from now on is dropped without a word", observer, thrown);
        }
    }

    private record SafeObservation(SafeInboundObserver safe, InboundObservation observation)
            implements InboundObservation {
        @Override
        public void forwardingStarted() {
            try {
                observation.forwardingStarted();
            } catch (Throwable thrown) {
                safe.dropped(thrown);
            }
        }

        @Override
        public void forwardingEnded() {
            try {
                observation.forwardingEnded();
            } catch (Throwable thrown) {
                safe.dropped(thrown);
            }
        }

        @Override
        public void ended(EndedRequest request) {
            try {
                observation.ended(request);
            } catch (Throwable thrown) {
                safe.dropped(thrown);
            }
        }
    }
}
