package io.inmesh.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.call.MeshException;
import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
import io.inmesh.testing.LeakCheck;
import io.inmesh.testing.ManualClock;
import io.inmesh.testing.RecordingObserver;
import io.inmesh.testing.ScriptedExchange;
import io.inmesh.testing.ScriptedExchange.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The end of the body, a second end and the deadline meet on three threads. */
class DeadlineRaceTest {
    private static final int ROUNDS = 3_000;
    private static final Duration TIMEOUT = Duration.ofMillis(500);

    @RegisterExtension
    final LeakCheck leaks = new LeakCheck();

    private final ExecutorService others = Executors.newFixedThreadPool(2);
    private final CyclicBarrier start = new CyclicBarrier(3);
    private final PlanBuilder plan = PlanBuilder.hosts(2).timeout(TIMEOUT);

    @AfterEach
    void stop() {
        others.shutdownNow();
    }

    @Test
    void oneOfThemEndsTheCall() throws Exception {
        plan.hosts().forEach(leaks::watch);
        int timeouts = 0;
        for (int round = 0; round < ROUNDS; round++) {
            timeouts += raceOnce(round % 2 == 0) ? 1 : 0;
        }
        assertThat(timeouts).as("both outcomes of the race were seen").isBetween(1, ROUNDS - 1);
    }

    /** True when the deadline won. */
    private boolean raceOnce(boolean bodyBreaks) throws Exception {
        ManualClock clock = new ManualClock();
        RecordingObserver observer = new RecordingObserver();
        CallEngine engine = new CallEngine(
                clock,
                new SplittableRandom(1),
                clock,
                Runnable::run,
                Runnable::run,
                observer,
                CallEngineFixture.UNKNOWN_HOSTS,
                0);
        ScriptedExchange exchange = ScriptedExchange.get("http://reviews:9080/");
        Reply reply = engine.carryOut(plan.decision(), exchange);

        Future<?> timer = others.submit(() -> {
            start.await();
            clock.advance(TIMEOUT);
            return null;
        });
        Future<?> second = others.submit(() -> {
            start.await();
            reply.close();
            return null;
        });
        start.await();
        IOException seen = bodyBreaks ? reply.fail(new IOException("broken")) : null;
        reply.close();
        timer.get(10, TimeUnit.SECONDS);
        second.get(10, TimeUnit.SECONDS);

        assertThat(observer.attempts()).hasSize(1);
        assertThat(observer.calls()).hasSize(1);
        assertThat(exchange.aborts()).isLessThanOrEqualTo(1);
        assertThat(engine.deadlines.size()).isZero();
        assertThat(clock.waitingTasks()).isZero();
        boolean timedOut = observer.attempts().get(0).outcome() instanceof Outcome.TimedOut;
        assertThat(observer.calls().get(0).flag() == ResponseFlag.UT).isEqualTo(timedOut);
        if (timedOut) {
            assertThat(exchange.aborts()).isEqualTo(1);
            assertThat(seen).isInstanceOf(MeshException.class);
        }
        return exchange.aborts() == 1;
    }
}
