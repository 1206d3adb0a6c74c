package io.inmesh.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.inmesh.call.MeshException;
import io.inmesh.internal.cluster.ClusterRuntime;
import io.inmesh.internal.host.Host;
import io.inmesh.internal.snapshot.MeshSnapshot;
import io.inmesh.internal.snapshot.UnknownHosts;
import io.inmesh.testing.LeakCheck;
import io.inmesh.testing.ManualClock;
import io.inmesh.testing.RecordingObserver;
import io.inmesh.testing.RecordingObserver.AttemptEvent;
import io.inmesh.testing.RecordingObserver.CallEvent;
import io.inmesh.testing.ScriptedExchange;
import io.inmesh.testing.ScriptedExchange.Reply;
import io.inmesh.testing.ScriptedExchange.Server;
import java.io.IOException;
import java.net.ConnectException;
import java.util.SplittableRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What tests of this class share. */
abstract class CallEngineFixture {
    static final String URL = "http://reviews:9080/reviews/0";
    static final Server REFUSES = attempt -> {
        throw new ConnectException("connection refused");
    };

    static final long KEPT_BODY_BYTES = 1000;

    /** For engines that are given decisions and no snapshots. */
    static final UnknownHosts UNKNOWN_HOSTS = new UnknownHosts() {
        @Override
        public void passed(String authority) {
            throw new AssertionError("asked for " + authority);
        }

        @Override
        public MeshSnapshot refused(String authority, BooleanSupplier canceled) {
            throw new AssertionError("asked for " + authority);
        }
    };

    @RegisterExtension
    final LeakCheck leaks = new LeakCheck();

    final ManualClock clock = new ManualClock();
    final RecordingObserver observer = new RecordingObserver();
    final CountingBudget budget = new CountingBudget();
    /** Copies of requests that wait to be sent. */
    final BlockingQueue<Runnable> copies = new ArrayBlockingQueue<>(2);

    /** Second attempts that wait to be sent. */
    final BlockingQueue<Runnable> hedges = new LinkedBlockingQueue<>();

    final CallEngine engine = new CallEngine(
            clock,
            new SplittableRandom(7),
            clock,
            this::send,
            hedges::add,
            observer,
            UNKNOWN_HOSTS,
            KEPT_BODY_BYTES,
            budget);

    /** Counts what is held, and refuses when told. */
    static final class CountingBudget implements RetryBudget {
        int acquired;
        int released;
        boolean exhausted;

        @Override
        public boolean tryAcquire(RunningAttempt failed) {
            if (!exhausted) {
                acquired++;
            }
            return !exhausted;
        }

        @Override
        public void release(ClusterRuntime cluster) {
            released++;
        }
    }

    private void send(Runnable copy) {
        if (!copies.offer(copy)) {
            throw new RejectedExecutionException("full");
        }
    }

    Reply execute(PlanBuilder plan, ScriptedExchange exchange) throws IOException {
        plan.hosts().forEach(leaks::watch);
        return engine.carryOut(plan.decision(), exchange);
    }

    MeshException refused(PlanBuilder plan, ScriptedExchange exchange) {
        return catchThrowableOfType(MeshException.class, () -> execute(plan, exchange));
    }

    CallEvent onlyCall() {
        assertThat(observer.calls()).hasSize(1);
        return observer.calls().get(0);
    }

    AttemptEvent onlyAttempt() {
        assertThat(observer.attempts()).hasSize(1);
        return observer.attempts().get(0);
    }

    static int active(PlanBuilder plan) {
        return plan.hosts().stream().mapToInt(Host::activeRequests).sum();
    }
}
