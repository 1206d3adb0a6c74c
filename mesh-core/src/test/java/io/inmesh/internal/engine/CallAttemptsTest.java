package io.inmesh.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
import io.inmesh.testing.ScriptedExchange;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How the end of an attempt and the end of its call hang together. */
class CallAttemptsTest extends CallEngineFixture {
    @Test
    void whatCannotBeSentAgainIsNotSentAgain() {
        ConnectException refused = new ConnectException("connection refused");
        ScriptedExchange[] self = new ScriptedExchange[1];
        self[0] = ScriptedExchange.get(URL, attempt -> {
            self[0].loseBody();
            throw refused;
        });
        PlanBuilder plan = PlanBuilder.hosts(2);

        assertThatThrownBy(() -> execute(plan, self[0])).isSameAs(refused);

        assertThat(self[0].attempts()).hasSize(1);
        assertThat(onlyAttempt().outcome()).isInstanceOf(Outcome.NeverSent.class);
        assertThat(onlyCall().flag()).isEqualTo(ResponseFlag.UF);
        assertThat(active(plan)).isZero();
    }

    @Test
    void anAttemptThatFailsEndsWithoutItsCall() throws IOException {
        PlanBuilder plan = PlanBuilder.hosts(2);
        ScriptedExchange exchange = ScriptedExchange.get(URL, attempt -> {
            if (attempt.number() == 1) {
                throw new ConnectException("connection refused");
            }
            assertThat(observer.attempts()).hasSize(1);
            assertThat(observer.calls()).isEmpty();
            assertThat(active(plan)).isEqualTo(1);
            return ScriptedExchange.echoEndpoint(attempt);
        });

        ScriptedExchange.Reply reply = execute(plan, exchange);
        assertThat(observer.calls()).isEmpty();
        reply.read();

        assertThat(observer.attempts()).hasSize(2);
        assertThat(onlyCall().flag()).isNull();
    }

    /** Code in Kotlin throws what it does not declare. */
    @Test
    void anUndeclaredExceptionOfTheTransportLeavesNothingInFlight() {
        IOException undeclared = new IOException("not declared");
        PlanBuilder plan = PlanBuilder.hosts(1);
        ScriptedExchange exchange = ScriptedExchange.get(URL);
        exchange.breakDelivery(undeclared);

        assertThatThrownBy(() -> execute(plan, exchange)).isSameAs(undeclared);

        assertThat(active(plan)).isZero();
        assertThat(exchange.discarded()).hasSize(1);
        assertThat(onlyAttempt().outcome()).isEqualTo(new Outcome.Canceled());
        assertThat(onlyCall().flag()).isEqualTo(ResponseFlag.DC);
    }

    @Test
    void theDeadlineCancelsTheAttemptUnderWayAndNoneBefore() throws IOException {
        ScriptedExchange exchange = ScriptedExchange.get(URL, attempt -> {
            if (attempt.number() == 1) {
                throw new ConnectException("connection refused");
            }
            return ScriptedExchange.echoEndpoint(attempt);
        });

        ScriptedExchange.Reply reply = execute(PlanBuilder.hosts(2).timeout(Duration.ofSeconds(5)), exchange);
        clock.advance(Duration.ofSeconds(5));

        assertThat(exchange.canceledAttempts()).containsExactly(2);
        reply.close();
    }

    /** The timer and the caller, who has just made an attempt, meet: whoever comes second cancels it. */
    @Test
    void anAttemptThatMeetsTheDeadlineIsCancelledOnce() throws Exception {
        ExecutorService timer = Executors.newSingleThreadExecutor();
        CyclicBarrier start = new CyclicBarrier(2);
        try {
            for (int round = 0; round < 3_000; round++) {
                AtomicInteger canceled = new AtomicInteger();
                Deadline deadline = new Deadlines(clock, clock).startAt(clock.nanoTime() + TimeUnit.SECONDS.toNanos(1));
                Future<?> fired = timer.submit(() -> {
                    start.await();
                    deadline.fire();
                    return null;
                });
                start.await();
                deadline.covers(new CancelledAttempt(canceled::incrementAndGet));
                fired.get(10, TimeUnit.SECONDS);

                assertThat(canceled).hasValue(1);
                assertThat(deadline.over()).isTrue();
            }
        } finally {
            timer.shutdownNow();
        }
    }
}
