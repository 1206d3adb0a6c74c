package io.inmesh.internal.engine;

import io.inmesh.call.Exchange;
import io.inmesh.call.MeshException;
import io.inmesh.call.RequestCopy;
import io.inmesh.event.ResponseFlag;
import io.inmesh.inbound.InboundContext;
import io.inmesh.internal.snapshot.CallPlan;
import io.inmesh.observe.CallObservation;
import io.inmesh.observe.EndedCopy;
import io.inmesh.observe.EndedCopy.Result;
import io.inmesh.observe.MeshObserver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends copies of requests beside their calls. A call neither waits for a copy nor hears of one: they are made on other
 * threads, a bounded number of them, and what is too much is dropped. A copy is one attempt of a call that nobody observes.
 * Thread-safe.
 */
final class Mirrors implements AutoCloseable {
    /** As much of a body as is kept for another attempt at a gateway; a longer one is not copied. */
    static final long MOST_BODY_BYTES = 64 * 1024;

    /** Of a copy on a route without a timeout: one that is never answered may not keep a thread for ever. */
    static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(15);

    private static final Logger LOG = LoggerFactory.getLogger(Mirrors.class);

    /** Reasons that are remembered as told, of all rules. */
    private static final int MOST_TOLD = 1000;

    private final CallEngine engine;
    private final Executor executor;
    private final Set<Deadline> underWay = ConcurrentHashMap.newKeySet();
    private final Set<String> told = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * Sends nothing yet.
     *
     * @param executor sends copies, and waits for answers; rejects what is more than it can take
     */
    Mirrors(CallEngine engine, Executor executor) {
        this.engine = engine;
        this.executor = executor;
    }

    /**
     * Has copies of a call's request sent. Neither waits nor fails.
     *
     * @param plans of the copies
     * @param exchange of the call, before its first attempt is sent
     * @param inboundDeadline of the call; null for none
     */
    void send(List<CallPlan> plans, Exchange<?> exchange, @Nullable Long inboundDeadline) {
        List<CallPlan> possible = new ArrayList<>(plans.size());
        for (CallPlan plan : plans) {
            String hindrance = plan.target().hindrance();
            if (hindrance == null) {
                possible.add(plan);
            } else {
                notSent(plan, Result.NO_DESTINATION, hindrance);
            }
        }
        if (possible.isEmpty() || closed) {
            return;
        }
        Copying copying = new Copying(possible, inboundDeadline);
        try {
            exchange.copy(MOST_BODY_BYTES, copying);
        } catch (RuntimeException broken) {
            LOG.debug("A request could not be copied", broken);
            copying.notCopied("its HTTP client fails to copy it: " + broken);
        }
    }

    /** Breaks off what is under way; nothing is sent any more. */
    @Override
    public void close() {
        closed = true;
        underWay.forEach(engine.deadlines::fire);
    }

    private void notSent(CallPlan plan, Result result, String why) {
        ended(plan, result, 0);
        if (told.size() < MOST_TOLD
                && told.add(plan.virtualService() + ' ' + plan.route() + ' ' + plan.clusterKey() + ' ' + result)) {
            LOG.warn(
                    "VirtualService {}{}: a copy of a request was not sent to {}: {}. Calls themselves are sent as ever; of"
                            + " this route and destination no more is said, and mesh.client.mirrored counts them.",
                    plan.virtualService(),
                    plan.route().isEmpty() ? "" : " route " + plan.route(),
                    plan.clusterKey(),
                    why);
        }
    }

    private void ended(CallPlan plan, Result result, int status) {
        if (engine.observer != MeshObserver.NONE) {
            engine.observer.copyEnded(
                    new EndedCopy(plan.virtualService(), plan.clusterKey().toString(), result, status));
        }
    }

    /** One request, which is being copied for one or more destinations. */
    private final class Copying implements RequestCopy.Listener {
        private final List<CallPlan> plans;
        private final @Nullable Long inboundDeadline;

        Copying(List<CallPlan> plans, @Nullable Long inboundDeadline) {
            this.plans = plans;
            this.inboundDeadline = inboundDeadline;
        }

        @Override
        public void copied(RequestCopy copy) {
            for (CallPlan plan : plans) {
                try {
                    executor.execute(new Sending(plan, copy, inboundDeadline));
                } catch (RejectedExecutionException full) {
                    if (!closed) {
                        notSent(plan, Result.DROPPED, "as many copies as may be wait for their turn already");
                    }
                } catch (RuntimeException | OutOfMemoryError broken) {
                    // A thread that cannot be started is one of them.
                    notSent(plan, Result.DROPPED, broken.toString());
                }
            }
        }

        @Override
        public void notCopied(String why) {
            plans.forEach(plan -> notSent(plan, Result.NOT_COPIED, why));
        }
    }

    /** One copy on its way to one destination. */
    private final class Sending implements Runnable {
        private final CallPlan plan;
        private final RequestCopy copy;
        private final @Nullable Long inboundDeadline;

        Sending(CallPlan plan, RequestCopy copy, @Nullable Long inboundDeadline) {
            this.plan = plan;
            this.copy = copy;
            this.inboundDeadline = inboundDeadline;
        }

        @Override
        public void run() {
            long now = engine.time.nanoTime();
            // With a timeout the call has a deadline of its own, by which its host is judged; then this one is for the
            // close alone.
            Deadline deadline = plan.timeoutNanos() > 0
                    ? new Deadline(engine.deadlines, now)
                    : engine.deadlines.startAt(now + LONGEST_NANOS);
            underWay.add(deadline);
            try {
                // Before, or the close has seen it.
                if (!closed) {
                    carry(new LimitedExchange<>(copy.exchange(), deadline), deadline);
                }
            } catch (RuntimeException broken) {
                LOG.debug("A copy for {} could not be sent", plan.clusterKey(), broken);
                failed(deadline, null);
            } finally {
                deadline.over();
                underWay.remove(deadline);
            }
        }

        private void carry(LimitedExchange<?> exchange, Deadline deadline) {
            try {
                // Only its time counts: a copy is not tried again, whoever has sent the request how often.
                InboundContext inbound = inboundDeadline == null
                        ? null
                        : InboundContext.builder()
                                .deadlineNanos(inboundDeadline)
                                .build();
                new ForwardCall(engine, plan, CallObservation.NONE, inbound).run(exchange);
                ended(plan, Result.ANSWERED, exchange.status());
            } catch (MeshException refused) {
                LOG.debug("A copy was not answered: {}", refused.getMessage());
                failed(deadline, refused);
            } catch (IOException broken) {
                LOG.debug("A copy for {} was not answered", plan.clusterKey(), broken);
                failed(deadline, null);
            }
        }

        private void failed(Deadline deadline, @Nullable MeshException refused) {
            ResponseFlag flag = refused == null ? null : refused.flag();
            if (closed) {
                return;
            }
            if (deadline.fired() || flag == ResponseFlag.UT) {
                ended(plan, Result.TIMED_OUT, 0);
            } else if (refused != null && flag == ResponseFlag.UH) {
                notSent(plan, Result.NO_DESTINATION, String.valueOf(refused.getMessage()));
            } else if (refused != null && flag == ResponseFlag.UO) {
                notSent(plan, Result.DROPPED, String.valueOf(refused.getMessage()));
            } else {
                ended(plan, Result.FAILED, 0);
            }
        }
    }
}
