package io.inmesh;

import io.inmesh.call.HeaderField;
import io.inmesh.config.ConfigProblem;
import io.inmesh.event.Ejection;
import io.inmesh.model.HeaderName;
import io.inmesh.observe.CallObservation;
import io.inmesh.observe.EndedAttempt;
import io.inmesh.observe.EndedCall;
import io.inmesh.observe.EndedCopy;
import io.inmesh.observe.HedgeResult;
import io.inmesh.observe.MeshObserver;
import io.inmesh.observe.Overflow;
import io.inmesh.observe.Retry;
import io.inmesh.observe.StartedAttempt;
import io.inmesh.observe.StartedCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what an observer throws away from calls and from the control thread; logs the first time. Makes one object a call
 * and observer.
 */
final class SafeObserver implements MeshObserver {
    private static final Logger LOG = LoggerFactory.getLogger(SafeObserver.class);

    private final MeshObserver observer;
    private final AtomicBoolean logged = new AtomicBoolean();

    private SafeObserver(MeshObserver observer) {
        this.observer = observer;
    }

    /** All of them as one; {@link MeshObserver#NONE} itself when there is none. */
    static MeshObserver over(List<MeshObserver> observers) {
        return switch (observers.size()) {
            case 0 -> MeshObserver.NONE;
            case 1 -> new SafeObserver(observers.get(0));
            default -> new Several(observers.stream().map(SafeObserver::new).toArray(SafeObserver[]::new));
        };
    }

    @Override
    public void snapshotPublished(long version) {
        try {
            observer.snapshotPublished(version);
        } catch (Throwable thrown) {
            dropped(thrown);
        }
    }

    @Override
    public void configRejected(String source, List<ConfigProblem> problems) {
        try {
            observer.configRejected(source, problems);
        } catch (Throwable thrown) {
            dropped(thrown);
        }
    }

    @Override
    public void problemsChanged(List<ConfigProblem> problems) {
        try {
            observer.problemsChanged(problems);
        } catch (Throwable thrown) {
            dropped(thrown);
        }
    }

    @Override
    public void hostEjected(Ejection ejection) {
        try {
            observer.hostEjected(ejection);
        } catch (Throwable thrown) {
            dropped(thrown);
        }
    }

    @Override
    public void hostReadmitted(Ejection ejection) {
        try {
            observer.hostReadmitted(ejection);
        } catch (Throwable thrown) {
            dropped(thrown);
        }
    }

    @Override
    public CallObservation callStarted(StartedCall call) {
        CallObservation observation;
        try {
            observation = Objects.requireNonNull(observer.callStarted(call), "an observer gave null");
        } catch (Throwable thrown) {
            dropped(thrown);
            return CallObservation.NONE;
        }
        return observation == CallObservation.NONE ? observation : new SafeObservation(this, observation);
    }

    @Override
    public void copyEnded(EndedCopy copy) {
        try {
            observer.copyEnded(copy);
        } catch (Throwable thrown) {
            dropped(thrown);
        }
    }

    private void dropped(Throwable thrown) {
        if (logged.compareAndSet(false, true)) {
            LOG.error("{} throws; what it throws from now on is dropped without a word", observer, thrown);
        }
    }

    /** What cannot be sent is the observer's fault, and may not become the call's; the rest is sent. */
    private List<HeaderField> checked(List<HeaderField> headers) {
        if (headers.isEmpty()) {
            return List.of();
        }
        for (HeaderField header : headers) {
            if (!isSendable(header)) {
                dropped(new IllegalArgumentException("an observer may not add the header " + header));
                return headers.stream().filter(SafeObserver::isSendable).toList();
            }
        }
        return List.copyOf(headers);
    }

    private static boolean isSendable(HeaderField header) {
        return HeaderName.isValid(header.name())
                && !header.name().equalsIgnoreCase("host")
                && HeaderField.isSendable(header.value());
    }

    private static final class Several implements MeshObserver {
        private final SafeObserver[] observers;

        Several(SafeObserver[] observers) {
            this.observers = observers;
        }

        @Override
        public void snapshotPublished(long version) {
            for (SafeObserver observer : observers) {
                observer.snapshotPublished(version);
            }
        }

        @Override
        public void configRejected(String source, List<ConfigProblem> problems) {
            for (SafeObserver observer : observers) {
                observer.configRejected(source, problems);
            }
        }

        @Override
        public void problemsChanged(List<ConfigProblem> problems) {
            for (SafeObserver observer : observers) {
                observer.problemsChanged(problems);
            }
        }

        @Override
        public void copyEnded(EndedCopy copy) {
            for (SafeObserver observer : observers) {
                observer.copyEnded(copy);
            }
        }

        @Override
        public void hostEjected(Ejection ejection) {
            for (SafeObserver observer : observers) {
                observer.hostEjected(ejection);
            }
        }

        @Override
        public void hostReadmitted(Ejection ejection) {
            for (SafeObserver observer : observers) {
                observer.hostReadmitted(ejection);
            }
        }

        @Override
        public CallObservation callStarted(StartedCall call) {
            CallObservation[] observations = new CallObservation[observers.length];
            int heard = 0;
            for (SafeObserver observer : observers) {
                CallObservation observation = observer.callStarted(call);
                if (observation != CallObservation.NONE) {
                    observations[heard++] = observation;
                }
            }
            return switch (heard) {
                case 0 -> CallObservation.NONE;
                case 1 -> observations[0];
                default -> new SeveralObservations(observations, heard);
            };
        }
    }

    private static final class SeveralObservations implements CallObservation {
        private final CallObservation[] observations;
        private final int size;

        SeveralObservations(CallObservation[] observations, int size) {
            this.observations = observations;
            this.size = size;
        }

        @Override
        public List<HeaderField> attemptStarted(StartedAttempt attempt) {
            List<HeaderField> all = List.of();
            for (int i = 0; i < size; i++) {
                List<HeaderField> own = observations[i].attemptStarted(attempt);
                all = all.isEmpty() ? own : own.isEmpty() ? all : merged(all, own);
            }
            return all;
        }

        private static List<HeaderField> merged(List<HeaderField> before, List<HeaderField> own) {
            List<HeaderField> all = new ArrayList<>(before);
            all.removeIf(header -> own.stream().anyMatch(one -> one.name().equalsIgnoreCase(header.name())));
            all.addAll(own);
            return all;
        }

        @Override
        public void responseStarted(int attempt, int status, long nanos) {
            for (int i = 0; i < size; i++) {
                observations[i].responseStarted(attempt, status, nanos);
            }
        }

        @Override
        public void attemptEnded(EndedAttempt attempt) {
            for (int i = 0; i < size; i++) {
                observations[i].attemptEnded(attempt);
            }
        }

        @Override
        public void retried(Retry retry) {
            for (int i = 0; i < size; i++) {
                observations[i].retried(retry);
            }
        }

        @Override
        public void overflowed(Overflow overflow) {
            for (int i = 0; i < size; i++) {
                observations[i].overflowed(overflow);
            }
        }

        @Override
        public void hedged(HedgeResult result) {
            for (int i = 0; i < size; i++) {
                observations[i].hedged(result);
            }
        }

        @Override
        public void ended(EndedCall call) {
            for (int i = 0; i < size; i++) {
                observations[i].ended(call);
            }
        }
    }

    private static final class SafeObservation implements CallObservation {
        private final SafeObserver safe;
        private final CallObservation observation;

        SafeObservation(SafeObserver safe, CallObservation observation) {
            this.safe = safe;
            this.observation = observation;
        }

        @Override
        public List<HeaderField> attemptStarted(StartedAttempt attempt) {
            try {
                return safe.checked(observation.attemptStarted(attempt));
            } catch (Throwable thrown) {
                safe.dropped(thrown);
                return List.of();
            }
        }

        @Override
        public void responseStarted(int attempt, int status, long nanos) {
            try {
                observation.responseStarted(attempt, status, nanos);
            } catch (Throwable thrown) {
                safe.dropped(thrown);
            }
        }

        @Override
        public void attemptEnded(EndedAttempt attempt) {
            try {
                observation.attemptEnded(attempt);
            } catch (Throwable thrown) {
                safe.dropped(thrown);
            }
        }

        @Override
        public void retried(Retry retry) {
            try {
                observation.retried(retry);
            } catch (Throwable thrown) {
                safe.dropped(thrown);
            }
        }

        @Override
        public void overflowed(Overflow overflow) {
            try {
                observation.overflowed(overflow);
            } catch (Throwable thrown) {
                safe.dropped(thrown);
            }
        }

        @Override
        public void hedged(HedgeResult result) {
            try {
                observation.hedged(result);
            } catch (Throwable thrown) {
                safe.dropped(thrown);
            }
        }

        @Override
        public void ended(EndedCall call) {
            try {
                observation.ended(call);
            } catch (Throwable thrown) {
                safe.dropped(thrown);
            }
        }
    }
}
