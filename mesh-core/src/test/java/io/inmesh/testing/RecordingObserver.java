package io.inmesh.testing;

import io.inmesh.config.ConfigProblem;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.event.MeshObserver;
import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Keeps every event, in order. Thread-safe. */
public final class RecordingObserver implements MeshObserver {
    private final List<Long> snapshots = new CopyOnWriteArrayList<>();
    private final List<Rejection> rejections = new CopyOnWriteArrayList<>();
    private final List<AttemptEvent> attempts = new CopyOnWriteArrayList<>();
    private final List<CallEvent> calls = new CopyOnWriteArrayList<>();

    /** A refused configuration. */
    public record Rejection(String source, List<ConfigProblem> problems) {}

    /** An attempt that ended; {@code headers} is null when there were none. */
    public record AttemptEvent(
            String cluster,
            @Nullable Endpoint endpoint,
            int number,
            Outcome outcome,
            @Nullable Duration headers,
            Duration total) {}

    /** A call that ended. */
    public record CallEvent(
            @Nullable String cluster,
            String route,
            int status,
            @Nullable ResponseFlag flag,
            int attempts,
            Duration total) {}

    @Override
    public void snapshotPublished(long version) {
        snapshots.add(version);
    }

    @Override
    public void configRejected(String source, List<ConfigProblem> problems) {
        rejections.add(new Rejection(source, problems));
    }

    @Override
    public void attemptEnded(
            String cluster,
            @Nullable Endpoint endpoint,
            int number,
            Outcome outcome,
            long headersNanos,
            long totalNanos) {
        attempts.add(new AttemptEvent(
                cluster,
                endpoint,
                number,
                outcome,
                headersNanos < 0 ? null : Duration.ofNanos(headersNanos),
                Duration.ofNanos(totalNanos)));
    }

    @Override
    public void callEnded(
            @Nullable String cluster,
            String route,
            int status,
            @Nullable ResponseFlag flag,
            int attemptCount,
            long totalNanos) {
        calls.add(new CallEvent(cluster, route, status, flag, attemptCount, Duration.ofNanos(totalNanos)));
    }

    /** Versions published. */
    public List<Long> snapshots() {
        return snapshots;
    }

    /** Configurations refused. */
    public List<Rejection> rejections() {
        return rejections;
    }

    /** Attempts ended. */
    public List<AttemptEvent> attempts() {
        return attempts;
    }

    /** Calls ended. */
    public List<CallEvent> calls() {
        return calls;
    }
}
