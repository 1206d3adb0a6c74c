package io.inmesh.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.call.Attempt;
import io.inmesh.internal.host.Host;
import io.inmesh.testing.ScriptedExchange;
import io.inmesh.testing.ScriptedExchange.Reply;
import io.inmesh.testing.ScriptedExchange.Server;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What tests of second attempts share: a cluster of three hosts whose recent answers took 10 ms. */
abstract class HedgeFixture extends CallEngineFixture {
    static final Duration FAST = Duration.ofMillis(9);
    static final Duration SLOW = Duration.ofMillis(20);

    final ExecutorService beside = Executors.newSingleThreadExecutor();
    final CountDownLatch secondIsSent = new CountDownLatch(1);
    final CountDownLatch secondMayAnswer = new CountDownLatch(1);
    PlanBuilder plan = PlanBuilder.hedged(3, 95, clock);

    @BeforeEach
    void learn() {
        learn(plan, 400);
    }

    void learn(PlanBuilder of, int answers) {
        for (int i = 1; i < answers; i++) {
            of.latency().record(Duration.ofMillis(10).toNanos(), clock.nanoTime());
        }
        clock.advance(Duration.ofMillis(100));
        of.latency().record(Duration.ofMillis(10).toNanos(), clock.nanoTime());
    }

    @AfterEach
    void endThread() throws InterruptedException {
        secondMayAnswer.countDown();
        beside.shutdown();
        assertThat(beside.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        assertThat(plan.hosts()).extracting(Host::activeRequests).containsOnly(0);
        assertThat(plan.limits().active()).isZero();
        assertThat(plan.limits().retries()).isZero();
        assertThat(engine.runningAttempts()).isZero();
        assertThat(engine.deadlines.size()).isZero();
        assertThat(engine.hedgeTimes.size()).isZero();
    }

    Server servers(Server first, Server others) {
        return attempt -> (attempt.number() == 1 ? first : others).answer(attempt);
    }

    /** The first attempt goes without an answer until the second one has been sent and is back. */
    Server overtaken(Server then) {
        return attempt -> {
            clock.advance(SLOW);
            hedges.remove().run();
            return then.answer(attempt);
        };
    }

    /** The first attempt goes without an answer until the second one is under way on another thread. */
    Server beside(Server then) {
        return attempt -> {
            clock.advance(SLOW);
            beside.execute(hedges.remove());
            await(secondIsSent);
            return then.answer(attempt);
        };
    }

    Server whenAllowed(Server then) {
        return attempt -> {
            secondIsSent.countDown();
            await(secondMayAnswer);
            return then.answer(attempt);
        };
    }

    static void await(CountDownLatch latch) throws IOException {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new InterruptedIOException();
        }
    }

    static Reply breaksOff(Attempt attempt) throws IOException {
        throw new IOException("broken off");
    }

    static Server status(int status) {
        return attempt -> Reply.of(status, "");
    }

    static String endpoint(ScriptedExchange exchange, int attempt) {
        return ScriptedExchange.echoEndpoint(exchange.attempts().get(attempt)).read();
    }
}
