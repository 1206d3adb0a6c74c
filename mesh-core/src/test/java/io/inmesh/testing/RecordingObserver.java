package io.inmesh.testing;

import io.inmesh.call.HeaderField;
import io.inmesh.config.ConfigProblem;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.event.Ejection;
import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
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
import io.inmesh.observe.StartedCall.Handling;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Keeps every event, in order. Thread-safe. */
public final class RecordingObserver implements MeshObserver {
    private final List<Long> snapshots = new CopyOnWriteArrayList<>();
    private final List<Rejection> rejections = new CopyOnWriteArrayList<>();
    private final List<Ejection> ejected = new CopyOnWriteArrayList<>();
    private final List<Ejection> readmitted = new CopyOnWriteArrayList<>();
    private final List<AttemptEvent> attempts = new CopyOnWriteArrayList<>();
    private final List<CallEvent> calls = new CopyOnWriteArrayList<>();

    private final List<CallEvent> passedThrough = new CopyOnWriteArrayList<>();
    private final List<StartedAttempt> started = new CopyOnWriteArrayList<>();
    private final List<Integer> responses = new CopyOnWriteArrayList<>();
    private final List<Retry> retries = new CopyOnWriteArrayList<>();
    private final List<Overflow> overflows = new CopyOnWriteArrayList<>();
    private final List<EndedCopy> copies = new CopyOnWriteArrayList<>();
    private final List<HedgeResult> hedges = new CopyOnWriteArrayList<>();
    private final Semaphore copiesToAwait = new Semaphore(0);
    private final Semaphore snapshotsToAwait = new Semaphore(0);
    private volatile List<HeaderField> headers = List.of();

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
        snapshotsToAwait.release();
    }

    @Override
    public void configRejected(String source, List<ConfigProblem> problems) {
        rejections.add(new Rejection(source, problems));
    }

    @Override
    public void hostEjected(Ejection ejection) {
        ejected.add(ejection);
    }

    @Override
    public void hostReadmitted(Ejection ejection) {
        readmitted.add(ejection);
    }

    @Override
    public CallObservation callStarted(StartedCall call) {
        return new CallObservation() {
            @Override
            public List<HeaderField> attemptStarted(StartedAttempt attempt) {
                started.add(attempt);
                return headers;
            }

            @Override
            public void responseStarted(int attempt, int status, long nanos) {
                responses.add(status);
            }

            @Override
            public void attemptEnded(EndedAttempt attempt) {
                attempts.add(new AttemptEvent(
                        String.valueOf(call.cluster()),
                        attempt.endpoint(),
                        attempt.number(),
                        attempt.outcome(),
                        attempt.headersNanos() < 0 ? null : Duration.ofNanos(attempt.headersNanos()),
                        Duration.ofNanos(attempt.totalNanos())));
            }

            @Override
            public void retried(Retry retry) {
                retries.add(retry);
            }

            @Override
            public void overflowed(Overflow overflow) {
                overflows.add(overflow);
            }

            @Override
            public void hedged(HedgeResult result) {
                hedges.add(result);
            }

            @Override
            public void ended(EndedCall ended) {
                CallEvent event = new CallEvent(
                        call.cluster(),
                        call.route(),
                        ended.status(),
                        ended.flag(),
                        ended.attempts(),
                        Duration.ofNanos(ended.totalNanos()));
                (call.handling() == Handling.PASSED_THROUGH ? passedThrough : calls).add(event);
            }
        };
    }

    @Override
    public void copyEnded(EndedCopy copy) {
        copies.add(copy);
        copiesToAwait.release();
    }

    /** Adds headers to each attempt of calls that start from here on. */
    public void adds(HeaderField... added) {
        headers = List.of(added);
    }

    /** What became of second attempts beside first ones. */
    public List<HedgeResult> hedges() {
        return hedges;
    }

    /** Versions published. */
    public List<Long> snapshots() {
        return snapshots;
    }

    /** Configurations refused. */
    public List<Rejection> rejections() {
        return rejections;
    }

    /** All ejections so far. */
    public List<Ejection> ejected() {
        return ejected;
    }

    /** Those of them that are over, in the order of their ends. */
    public List<Ejection> readmitted() {
        return readmitted;
    }

    /** Attempts ended. */
    public List<AttemptEvent> attempts() {
        return attempts;
    }

    /** Attempts begun. */
    public List<StartedAttempt> started() {
        return started;
    }

    /** Status of each response whose headers came. */
    public List<Integer> responses() {
        return responses;
    }

    /** What kept something from being sent. */
    public List<Overflow> overflows() {
        return overflows;
    }

    /** Retries planned. */
    public List<Retry> retries() {
        return retries;
    }

    /** Calls ended that went out as if there were no mesh. */
    public List<CallEvent> passedThrough() {
        return passedThrough;
    }

    /** Copies of requests that have ended, or were not made. */
    public List<EndedCopy> copies() {
        return copies;
    }

    /** Makes a change that leads to a snapshot and waits for it; fails after ten seconds. */
    public void awaitSnapshotOf(Runnable change) throws InterruptedException {
        snapshotsToAwait.drainPermits();
        change.run();
        if (!snapshotsToAwait.tryAcquire(10, TimeUnit.SECONDS)) {
            throw new AssertionError("no snapshot within 10 s after " + snapshots);
        }
    }

    /** Waits for more copies to have ended than were awaited before; fails after ten seconds. */
    public void awaitCopies(int more) throws InterruptedException {
        if (!copiesToAwait.tryAcquire(more, 10, TimeUnit.SECONDS)) {
            throw new AssertionError("not " + more + " more copies within 10 s: " + copies);
        }
    }

    /** Calls ended that the mesh had a hand in. */
    public List<CallEvent> calls() {
        return calls;
    }
}
