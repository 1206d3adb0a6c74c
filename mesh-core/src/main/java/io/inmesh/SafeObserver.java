package io.inmesh;

import io.inmesh.call.HeaderField;
import io.inmesh.config.ConfigProblem;
import io.inmesh.model.HeaderName;
import io.inmesh.observe.CallObservation;
import io.inmesh.observe.EndedAttempt;
import io.inmesh.observe.EndedCall;
import io.inmesh.observe.MeshObserver;
import io.inmesh.observe.Retry;
import io.inmesh.observe.StartedAttempt;
import io.inmesh.observe.StartedCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps what an observer throws away from calls and from the control thread; logs the first time. */
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
            default -> new Several(observers.stream().map(SafeObserver::new).toList());
        };
    }

    @Override
    public void snapshotPublished(long version) {
        tell(() -> observer.snapshotPublished(version));
    }

    @Override
    public void configRejected(String source, List<ConfigProblem> problems) {
        tell(() -> observer.configRejected(source, problems));
    }

    @Override
    public void problemsChanged(List<ConfigProblem> problems) {
        tell(() -> observer.problemsChanged(problems));
    }

    @Override
    public CallObservation callStarted(StartedCall call) {
        CallObservation observation = ask(() -> observer.callStarted(call), CallObservation.NONE);
        return observation == CallObservation.NONE ? observation : new SafeObservation(this, observation);
    }

    private void tell(Runnable event) {
        boolean unused = ask(
                () -> {
                    event.run();
                    return true;
                },
                false);
    }

    private <T> T ask(Supplier<T> question, T otherwise) {
        try {
            return Objects.requireNonNull(question.get(), "an observer gave null");
        } catch (Throwable thrown) {
            if (logged.compareAndSet(false, true)) {
                LOG.error("{} throws; what it throws from now on is dropped without a word", observer, thrown);
            }
            return otherwise;
        }
    }

    /** What cannot be sent is the observer's fault, and may not become the call's. */
    private static List<HeaderField> checked(List<HeaderField> headers) {
        for (HeaderField header : headers) {
            boolean sendable = HeaderName.isValid(header.name())
                    && !header.name().equalsIgnoreCase("host")
                    && header.value().chars().noneMatch(c -> c < ' ' && c != '\t' || c == 0x7f);
            if (!sendable) {
                throw new IllegalArgumentException("an observer may not add the header " + header);
            }
        }
        return List.copyOf(headers);
    }

    private record Several(List<SafeObserver> observers) implements MeshObserver {
        @Override
        public void snapshotPublished(long version) {
            observers.forEach(it -> it.snapshotPublished(version));
        }

        @Override
        public void configRejected(String source, List<ConfigProblem> problems) {
            observers.forEach(it -> it.configRejected(source, problems));
        }

        @Override
        public void problemsChanged(List<ConfigProblem> problems) {
            observers.forEach(it -> it.problemsChanged(problems));
        }

        @Override
        public CallObservation callStarted(StartedCall call) {
            List<CallObservation> observations = observers.stream()
                    .map(it -> it.callStarted(call))
                    .filter(it -> it != CallObservation.NONE)
                    .toList();
            return switch (observations.size()) {
                case 0 -> CallObservation.NONE;
                case 1 -> observations.get(0);
                default -> new SeveralObservations(observations);
            };
        }
    }

    private record SeveralObservations(List<CallObservation> observations) implements CallObservation {
        @Override
        public List<HeaderField> attemptStarted(StartedAttempt attempt) {
            List<HeaderField> all = new ArrayList<>();
            for (CallObservation observation : observations) {
                List<HeaderField> own = observation.attemptStarted(attempt);
                all.removeIf(header -> own.stream().anyMatch(one -> one.name().equalsIgnoreCase(header.name())));
                all.addAll(own);
            }
            return all;
        }

        @Override
        public void responseStarted(int attempt, int status, long nanos) {
            observations.forEach(it -> it.responseStarted(attempt, status, nanos));
        }

        @Override
        public void attemptEnded(EndedAttempt attempt) {
            observations.forEach(it -> it.attemptEnded(attempt));
        }

        @Override
        public void retried(Retry retry) {
            observations.forEach(it -> it.retried(retry));
        }

        @Override
        public void ended(EndedCall call) {
            observations.forEach(it -> it.ended(call));
        }
    }

    private record SafeObservation(SafeObserver safe, CallObservation observation) implements CallObservation {
        @Override
        public List<HeaderField> attemptStarted(StartedAttempt attempt) {
            return safe.ask(() -> checked(observation.attemptStarted(attempt)), List.of());
        }

        @Override
        public void responseStarted(int attempt, int status, long nanos) {
            safe.tell(() -> observation.responseStarted(attempt, status, nanos));
        }

        @Override
        public void attemptEnded(EndedAttempt attempt) {
            safe.tell(() -> observation.attemptEnded(attempt));
        }

        @Override
        public void retried(Retry retry) {
            safe.tell(() -> observation.retried(retry));
        }

        @Override
        public void ended(EndedCall call) {
            safe.tell(() -> observation.ended(call));
        }
    }
}
