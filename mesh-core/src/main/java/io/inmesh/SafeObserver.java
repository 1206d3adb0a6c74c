package io.inmesh;

import io.inmesh.config.ConfigProblem;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.event.MeshObserver;
import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
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
        tell(it -> it.snapshotPublished(version));
    }

    @Override
    public void configRejected(String source, List<ConfigProblem> problems) {
        tell(it -> it.configRejected(source, problems));
    }

    @Override
    public void problemsChanged(List<ConfigProblem> problems) {
        tell(it -> it.problemsChanged(problems));
    }

    @Override
    public void attemptEnded(
            String cluster,
            @Nullable Endpoint endpoint,
            int number,
            Outcome outcome,
            long headersNanos,
            long totalNanos) {
        tell(it -> it.attemptEnded(cluster, endpoint, number, outcome, headersNanos, totalNanos));
    }

    @Override
    public void callEnded(
            @Nullable String cluster,
            String route,
            int status,
            @Nullable ResponseFlag flag,
            int attempts,
            long totalNanos) {
        tell(it -> it.callEnded(cluster, route, status, flag, attempts, totalNanos));
    }

    private void tell(Consumer<MeshObserver> event) {
        try {
            event.accept(observer);
        } catch (Throwable thrown) {
            if (logged.compareAndSet(false, true)) {
                LOG.error("{} throws; what it throws from now on is dropped without a word", observer, thrown);
            }
        }
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
        public void attemptEnded(
                String cluster,
                @Nullable Endpoint endpoint,
                int number,
                Outcome outcome,
                long headersNanos,
                long totalNanos) {
            observers.forEach(it -> it.attemptEnded(cluster, endpoint, number, outcome, headersNanos, totalNanos));
        }

        @Override
        public void callEnded(
                @Nullable String cluster,
                String route,
                int status,
                @Nullable ResponseFlag flag,
                int attempts,
                long totalNanos) {
            observers.forEach(it -> it.callEnded(cluster, route, status, flag, attempts, totalNanos));
        }
    }
}
