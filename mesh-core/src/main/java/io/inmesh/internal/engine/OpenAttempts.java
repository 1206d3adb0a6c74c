package io.inmesh.internal.engine;

import io.inmesh.event.Outcome;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The attempts that have begun and not ended. Those whose body the caller has dropped without closing it end here once
 * the body was garbage-collected, or their hosts would count as busy for ever. That is looked for by each call before it
 * chooses a host and while it waits for a connection, and by whoever asks for the state; there is no thread for it.
 *
 * <p>For this nothing that is reachable from an attempt may lead to its body. Thread-safe.
 */
final class OpenAttempts {
    private static final Logger LOG = LoggerFactory.getLogger(OpenAttempts.class);

    private final Set<RunningAttempt> open = ConcurrentHashMap.newKeySet();
    private final ReferenceQueue<Object> dropped = new ReferenceQueue<>();
    private final Set<String> warnedOf = ConcurrentHashMap.newKeySet();
    private final AtomicLong unclosed = new AtomicLong();

    /** Is itself reachable by the attempt, and that from here, until the attempt ends. */
    private static final class Watch extends WeakReference<Object> {
        private final RunningAttempt attempt;
        private final Outcome outcome;
        private final @Nullable Throwable place;

        Watch(
                Object body,
                ReferenceQueue<Object> dropped,
                RunningAttempt attempt,
                Outcome outcome,
                @Nullable Throwable place) {
            super(body, dropped);
            this.attempt = attempt;
            this.outcome = outcome;
            this.place = place;
        }
    }

    void begun(RunningAttempt attempt) {
        open.add(attempt);
    }

    void ended(RunningAttempt attempt) {
        open.remove(attempt);
    }

    /**
     * Makes what tells that a body was dropped.
     *
     * @param attempt that the body is of, whose call ends if so
     * @param outcome of the attempt if so
     */
    Reference<?> watch(Object body, RunningAttempt attempt, Outcome outcome) {
        Throwable place = LOG.isDebugEnabled() ? new Throwable("The response was received here") : null;
        return new Watch(body, dropped, attempt, outcome, place);
    }

    /** Ends calls whose bodies were dropped. Costs next to nothing when there are none. */
    void endDropped() {
        for (Reference<?> next = dropped.poll(); next != null; next = dropped.poll()) {
            if (next instanceof Watch watch && open.contains(watch.attempt)) {
                unclosed.incrementAndGet();
                warn(watch);
                watch.attempt.endCall(watch.outcome);
            }
        }
    }

    /** Once for each service, as one careless line leaves many bodies; each of them when the place is known. */
    private void warn(Watch watch) {
        RunningAttempt attempt = watch.attempt;
        if (warnedOf.add(attempt.service()) || watch.place != null) {
            LOG.warn(
                    "{}: the body of an answer of {} was dropped without being closed, and kept a connection and the"
                            + " balancer's count of requests in flight until it was garbage-collected. Close every"
                            + " response, also one whose body is not read. {}",
                    attempt.service(),
                    attempt.target(),
                    watch.place == null
                            ? "To learn where they are received, log " + LOG.getName()
                                    + " at DEBUG; of this service no more is said until then."
                            : "It was received here:",
                    watch.place);
        }
    }

    /** Of all calls so far. */
    long unclosed() {
        return unclosed.get();
    }

    int size() {
        return open.size();
    }

    /** How many have been running for more than a minute, by service. */
    Map<String, Integer> olderThanAMinute(long nowNanos) {
        Map<String, Integer> counts = new TreeMap<>();
        for (RunningAttempt attempt : open) {
            if (attempt.ageNanos(nowNanos) > TimeUnit.MINUTES.toNanos(1)) {
                counts.merge(attempt.service(), 1, Integer::sum);
            }
        }
        return counts;
    }
}
