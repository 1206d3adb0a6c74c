package io.inmesh.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inmesh.event.ResponseFlag;
import io.inmesh.internal.cluster.ClusterPolicy;
import io.inmesh.model.ConnectionPoolSettings;
import io.inmesh.model.ConnectionPoolSettings.Http;
import io.inmesh.model.ConnectionPoolSettings.Tcp;
import io.inmesh.model.TrafficPolicy;
import io.inmesh.testing.ScriptedExchange;
import io.inmesh.testing.ScriptedExchange.Reply;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How calls meet the limits of their cluster. */
class CallLimitsTest extends CallEngineFixture {
    private final ExecutorService caller = Executors.newSingleThreadExecutor();

    @AfterEach
    void endThread() {
        caller.shutdownNow();
    }

    private static PlanBuilder under(int maxConnections, UnaryOperator<Http.Builder> http) {
        ConnectionPoolSettings pool = new ConnectionPoolSettings(
                new Tcp(maxConnections, null, null, null),
                http.apply(Http.builder()).build());
        return PlanBuilder.under(ClusterPolicy.DEFAULT.overriddenBy(
                TrafficPolicy.builder().connectionPool(pool).build(), 9080));
    }

    private static ScriptedExchange get() {
        return ScriptedExchange.get(URL);
    }

    /** A call that waits for a connection, once it does. */
    private Future<Reply> waiting(PlanBuilder plan, ScriptedExchange exchange) throws TimeoutException {
        Future<Reply> reply = caller.submit(() -> engine.carryOut(plan.decision(), exchange));
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (plan.limits().pending() == 0) {
            if (System.nanoTime() - end > 0) {
                throw new TimeoutException();
            }
            Thread.onSpinWait();
        }
        return reply;
    }

    private static Throwable failure(Future<Reply> reply) throws Exception {
        try {
            reply.get(20, TimeUnit.SECONDS);
            throw new AssertionError("the call was answered");
        } catch (ExecutionException failed) {
            return failed.getCause();
        }
    }

    @Test
    void aCallIsCountedUntilTheEndOfItsBody() throws IOException {
        PlanBuilder plan = under(0, http -> http.http2MaxRequests(1));
        Reply reply = execute(plan, get());
        ScriptedExchange beside = get();

        assertThat(refused(plan, beside))
                .satisfies(full -> assertThat(full.flag()).isEqualTo(ResponseFlag.UO))
                .hasMessageContaining("http2MaxRequests allows: 1");

        assertThat(beside.attempts()).isEmpty();
        reply.close();
        execute(plan, get()).close();
        assertThat(plan.limits().active()).isZero();
        assertThat(observer.calls()).extracting(call -> call.flag()).containsExactly(ResponseFlag.UO, null, null);
    }

    @Test
    void failedAttemptsAreCountedNoLonger() {
        PlanBuilder plan = under(0, http -> http.http2MaxRequests(1)).attempts(2);

        assertThatThrownBy(() -> execute(plan, ScriptedExchange.get(URL, REFUSES)))
                .isInstanceOf(IOException.class);

        assertThat(observer.attempts()).hasSize(3);
        assertThat(plan.limits().active()).isZero();
        assertThat(plan.limits().retries()).isZero();
    }

    @Test
    void whoFindsNoConnectionWaitsForTheEndOfAnotherCallsBody() throws Exception {
        PlanBuilder plan = under(1, http -> http);
        Reply first = execute(plan, get());
        Future<Reply> second = waiting(plan, get());
        assertThat(second).isNotDone();

        first.read();

        second.get(20, TimeUnit.SECONDS).close();
        assertThat(plan.limits().active() + plan.limits().pending()).isZero();
    }

    @Test
    void whereEnoughWaitTheNextIsRefusedAtOnce() throws Exception {
        PlanBuilder plan = under(1, http -> http.http1MaxPendingRequests(1));
        Reply first = execute(plan, get());
        Future<Reply> second = waiting(plan, get());

        assertThat(refused(plan, get()))
                .satisfies(full -> assertThat(full.flag()).isEqualTo(ResponseFlag.UO))
                .hasMessageContaining("http1MaxPendingRequests allows: 1");

        first.close();
        second.get(20, TimeUnit.SECONDS).close();
    }

    @Test
    void waitingEndsAtTheDeadline() throws Exception {
        PlanBuilder plan = under(1, http -> http).timeout(Duration.ofSeconds(5));
        Reply first = execute(plan, get());
        ScriptedExchange exchange = get();
        Future<Reply> second = waiting(plan, exchange);

        clock.advance(Duration.ofSeconds(5));

        assertThat(failure(second)).hasMessageStartingWith("UT");
        assertThat(exchange.attempts()).isEmpty();
        assertThat(plan.limits().pending()).isZero();
        first.close();
    }

    @Test
    void waitingEndsWithACancel() throws Exception {
        PlanBuilder plan = under(1, http -> http);
        Reply first = execute(plan, get());
        ScriptedExchange exchange = get();
        Future<Reply> second = waiting(plan, exchange);

        exchange.cancel();

        assertThat(failure(second)).hasMessageStartingWith("DC").hasMessageContaining("waited for a connection");
        assertThat(plan.limits().pending()).isZero();
        first.close();
    }

    @Test
    void waitingEndsWithAnInterrupt() throws Exception {
        PlanBuilder plan = under(1, http -> http);
        Reply first = execute(plan, get());
        Future<Reply> second = waiting(plan, get());

        caller.shutdownNow();

        assertThat(failure(second)).isInstanceOf(InterruptedIOException.class);
        assertThat(plan.limits().pending()).isZero();
        first.close();
    }

    @Test
    void whereThereIsNoHostNothingStaysCounted() {
        PlanBuilder plan = PlanBuilder.emptyUnder(ClusterPolicy.DEFAULT.overriddenBy(
                TrafficPolicy.builder()
                        .connectionPool(new ConnectionPoolSettings(
                                null, Http.builder().http2MaxRequests(1).build()))
                        .build(),
                9080));

        assertThat(refused(plan, get()).flag()).isEqualTo(ResponseFlag.UH);

        assertThat(plan.limits().active()).isZero();
    }
}
