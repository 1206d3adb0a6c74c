package io.inmesh.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.inmesh.call.MeshException;
import io.inmesh.call.SyntheticResponse;
import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
import io.inmesh.testing.RecordingObserver.CallEvent;
import io.inmesh.testing.ScriptedExchange;
import io.inmesh.testing.ScriptedExchange.By;
import io.inmesh.testing.ScriptedExchange.Reply;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class CallDeadlineTest extends CallEngineFixture {
    @Test
    void theDeadlineEndsTheWaitBeforeARetry() {
        ScriptedExchange exchange = ScriptedExchange.get(URL, attempt -> {
            clock.advance(Duration.ofNanos(999_999));
            throw new ConnectException("connection refused");
        });

        MeshException refused = refused(PlanBuilder.hosts(1).timeout(Duration.ofMillis(1)), exchange);

        assertThat(refused.flag()).isEqualTo(ResponseFlag.UT);
        assertThat(exchange.attempts()).hasSize(1);
        assertThat(exchange.aborts()).isEqualTo(1);
        assertThat(onlyCall().flag()).isEqualTo(ResponseFlag.UT);
    }

    // deadline

    @Test
    void theDeadlineBreaksOffAnAttempt() {
        ScriptedExchange[] self = new ScriptedExchange[1];
        self[0] = ScriptedExchange.get(URL, attempt -> {
            clock.advance(Duration.ofMillis(500));
            self[0].cancel();
            throw new IOException("Canceled");
        });

        MeshException refused = refused(PlanBuilder.hosts(2).timeout(Duration.ofMillis(500)), self[0]);

        assertThat(refused.flag()).isEqualTo(ResponseFlag.UT);
        assertThat(refused).hasMessageContaining("500 ms").hasMessageContaining("reviews:9080");
        assertThat(refused.getCause()).hasMessage("Canceled");
        assertThat(self[0].aborts()).isEqualTo(1);
        assertThat(onlyAttempt().outcome()).isEqualTo(new Outcome.TimedOut());
        assertThat(onlyCall().flag()).isEqualTo(ResponseFlag.UT);
    }

    @Test
    void aResponseThatComesWithTheDeadlineIsDiscarded() {
        ScriptedExchange exchange = ScriptedExchange.get(URL, attempt -> {
            clock.advance(Duration.ofMillis(500));
            return Reply.of(200, "late");
        });

        MeshException refused = refused(PlanBuilder.hosts(2).timeout(Duration.ofMillis(500)), exchange);

        assertThat(refused.flag()).isEqualTo(ResponseFlag.UT);
        assertThat(exchange.discarded()).hasSize(1);
        assertThat(onlyAttempt().outcome()).isEqualTo(new Outcome.TimedOut());
    }

    @Test
    void theDeadlineCoversTheBody() throws IOException {
        ScriptedExchange exchange = ScriptedExchange.get(URL);

        Reply reply = execute(PlanBuilder.hosts(1).timeout(Duration.ofMillis(500)), exchange);
        clock.advance(Duration.ofMillis(499));
        assertThat(exchange.aborts()).isZero();
        clock.advance(Duration.ofMillis(1));
        assertThat(exchange.aborts()).isEqualTo(1);
        IOException seen = reply.fail(new IOException("Canceled"));

        assertThat(seen)
                .isInstanceOfSatisfying(
                        MeshException.class,
                        timeout -> assertThat(timeout.flag()).isEqualTo(ResponseFlag.UT));
        assertThat(seen.getCause()).hasMessage("Canceled");
        assertThat(onlyAttempt().outcome()).isEqualTo(new Outcome.TimedOut());
        assertThat(onlyCall().flag()).isEqualTo(ResponseFlag.UT);
        assertThat(onlyCall().status()).isEqualTo(200);
    }

    @Test
    void afterTheEndOfTheBodyTheDeadlineDoesNotFire() throws IOException {
        ScriptedExchange exchange = ScriptedExchange.get(URL);

        execute(PlanBuilder.hosts(1).timeout(Duration.ofMillis(500)), exchange).read();

        assertThat(engine.deadlines.size()).isZero();
        clock.advance(Duration.ofSeconds(1));
        assertThat(clock.waitingTasks()).isZero();
        assertThat(exchange.aborts()).isZero();
        assertThat(onlyCall().flag()).isNull();
    }

    @Test
    void aClosedTimerLeavesTheCallWithoutDeadline() throws IOException {
        clock.shutdown();

        Reply reply = execute(PlanBuilder.hosts(1).timeout(Duration.ofMillis(500)), ScriptedExchange.get(URL));

        assertThat(reply.read()).isEqualTo("127.0.0.1:9080");
    }

    // faults

    @Test
    void aDelayComesBeforeTheDeadline() throws IOException {
        PlanBuilder plan = PlanBuilder.hosts(1).delay(Duration.ofSeconds(7)).timeout(Duration.ofMillis(500));

        Reply reply = execute(plan, ScriptedExchange.get(URL));
        reply.read();

        assertThat(clock.sleeps()).containsExactly(Duration.ofSeconds(7));
        assertThat(reply.status()).isEqualTo(200);
        assertThat(onlyAttempt().total()).isEqualTo(Duration.ZERO);
        assertThat(onlyCall().total()).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void anAbortComesAfterTheDelayAndInsteadOfTheCall() throws IOException {
        SyntheticResponse abort =
                new SyntheticResponse(555, List.of(), "fault filter abort".getBytes(StandardCharsets.UTF_8));
        ScriptedExchange exchange = ScriptedExchange.get(URL);

        Reply reply = execute(
                PlanBuilder.unknownCluster().delay(Duration.ofSeconds(1)).injectedAbort(abort), exchange);

        assertThat(reply.by()).isEqualTo(By.MESH);
        assertThat(reply.status()).isEqualTo(555);
        assertThat(exchange.attempts()).isEmpty();
        assertThat(onlyCall())
                .isEqualTo(new CallEvent(PlanBuilder.CLUSTER, "all", 555, ResponseFlag.FI, 0, Duration.ofSeconds(1)));
    }

    @Test
    void anAnswerThatIsNoFaultHasNoFlag() throws IOException {
        SyntheticResponse answer = new SyntheticResponse(400, List.of(), new byte[0]);

        Reply reply = execute(PlanBuilder.hosts(1).answer(answer), ScriptedExchange.get(URL));

        assertThat(reply.status()).isEqualTo(400);
        assertThat(onlyCall()).isEqualTo(new CallEvent(PlanBuilder.CLUSTER, "all", 400, null, 0, Duration.ZERO));
    }

    @Test
    void aCancelEndsADelay() {
        ScriptedExchange exchange = ScriptedExchange.get(URL);
        clock.in(Duration.ofSeconds(1), exchange::cancel);

        MeshException refused = refused(PlanBuilder.hosts(1).delay(Duration.ofSeconds(7)), exchange);

        assertThat(refused.flag()).isEqualTo(ResponseFlag.DC);
        assertThat(onlyCall().total()).isEqualTo(Duration.ofSeconds(1));
        assertThat(exchange.attempts()).isEmpty();
    }

    @Test
    void aDelayEndsWhereThePatienceOfTheCallerEnds() {
        ScriptedExchange exchange = ScriptedExchange.get(URL).patient(Duration.ofMillis(2500));

        assertThatExceptionOfType(SocketTimeoutException.class)
                .isThrownBy(() -> execute(PlanBuilder.hosts(1).delay(Duration.ofSeconds(7)), exchange))
                .withMessageContaining(
                        "no answer within the caller's 2500 ms, because of an injected delay of 7000 ms");

        assertThat(exchange.attempts()).isEmpty();
        assertThat(onlyCall())
                .isEqualTo(new CallEvent(PlanBuilder.CLUSTER, "all", 0, ResponseFlag.DC, 0, Duration.ofMillis(2500)));
    }

    @Test
    void aDelayWithinThePatienceOfTheCallerIsWaitedOut() throws IOException {
        ScriptedExchange exchange = ScriptedExchange.get(URL).patient(Duration.ofSeconds(10));

        execute(PlanBuilder.hosts(1).delay(Duration.ofSeconds(7)), exchange).read();

        assertThat(clock.sleeps()).containsExactly(Duration.ofSeconds(7));
        assertThat(exchange.attempts()).hasSize(1);
    }

    @Test
    void anInterruptEndsADelayAndIsKept() {
        Thread.currentThread().interrupt();

        assertThatExceptionOfType(InterruptedIOException.class)
                .isThrownBy(
                        () -> execute(PlanBuilder.hosts(1).delay(Duration.ofSeconds(7)), ScriptedExchange.get(URL)));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(onlyCall().flag()).isEqualTo(ResponseFlag.DC);
    }
}
