package io.inmesh.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.inmesh.call.Attempt;
import io.inmesh.call.HeaderField;
import io.inmesh.call.MeshException;
import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
import io.inmesh.model.HttpRetry;
import io.inmesh.testing.RecordingObserver.AttemptEvent;
import io.inmesh.testing.ScriptedExchange;
import io.inmesh.testing.ScriptedExchange.Reply;
import io.inmesh.testing.ScriptedExchange.Server;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How long an attempt may take up to its response headers. */
class PerTryTimeoutTest extends CallEngineFixture {
    private static final Duration PER_TRY = Duration.ofMillis(150);

    private static PlanBuilder plan(int attempts, String retryOn) {
        return PlanBuilder.hosts(3)
                .retries(HttpRetry.builder(attempts)
                        .retryOn(List.of(retryOn))
                        .perTryTimeout(PER_TRY)
                        .build());
    }

    /** Takes its time, and fails when it has been broken off meanwhile. */
    private Server slow(ScriptedExchange[] self, Duration time) {
        return attempt -> {
            clock.advance(time);
            if (self[0].canceledAttempts().contains(attempt.number())) {
                throw new IOException("broken off");
            }
            return Reply.of(200, "attempt " + attempt.number());
        };
    }

    private ScriptedExchange exchange(Duration first, Duration others) {
        ScriptedExchange[] self = new ScriptedExchange[1];
        self[0] = ScriptedExchange.get(
                URL,
                attempt -> slow(self, attempt.number() == 1 ? first : others).answer(attempt));
        return self[0];
    }

    private static @Nullable String expected(Attempt attempt) {
        List<HeaderField> headers = attempt.headers();
        return headers == null
                ? null
                : headers.stream()
                        .filter(header -> header.name().equals(TimeLimit.EXPECTED_HEADER))
                        .map(HeaderField::value)
                        .findFirst()
                        .orElse(null);
    }

    @Test
    void anAttemptThatTakesTooLongIsFollowedByAnother() throws IOException {
        ScriptedExchange exchange = exchange(Duration.ofMillis(500), Duration.ofMillis(10));

        assertThat(execute(plan(2, "5xx"), exchange).read()).isEqualTo("attempt 2");

        assertThat(exchange.canceledAttempts()).containsExactly(1);
        assertThat(observer.attempts())
                .extracting(AttemptEvent::outcome)
                .containsExactly(new Outcome.TimedOut(), new Outcome.Responded(200));
        assertThat(exchange.attempts()).extracting(PerTryTimeoutTest::expected).containsExactly("150", "150");
        assertThat(onlyCall().flag()).isNull();
        assertThat(engine.deadlines.size()).isZero();
    }

    @Test
    void whenAllTakeTooLongItIsAGatewayTimeout() {
        MeshException failure = refused(plan(2, "gateway-error"), exchange(PER_TRY, PER_TRY));

        assertThat(failure.flags()).containsExactly(ResponseFlag.URX, ResponseFlag.UT);
        assertThat(failure.status()).isEqualTo(504);
        assertThat(failure).hasMessageContaining("per-try timeout of 150 ms");
        assertThat(observer.attempts()).hasSize(3);
    }

    @Test
    void whereNoConditionCoversItTheCallEnds() {
        ScriptedExchange exchange = exchange(PER_TRY, PER_TRY);

        MeshException failure = refused(plan(2, "504"), exchange);

        assertThat(failure.flags()).containsExactly(ResponseFlag.UT);
        assertThat(failure.status()).isEqualTo(504);
        assertThat(exchange.attempts()).hasSize(1);
        assertThat(onlyCall().flag()).isEqualTo(ResponseFlag.UT);
    }

    /** Cancelling may come too late for the transport to notice. */
    @Test
    void anAnswerThatComesAfterTheTimeIsThrownAway() throws IOException {
        ScriptedExchange exchange = ScriptedExchange.get(URL, attempt -> {
            clock.advance(attempt.number() == 1 ? PER_TRY : Duration.ZERO);
            return Reply.of(200, "attempt " + attempt.number());
        });

        assertThat(execute(plan(1, "5xx"), exchange).read()).isEqualTo("attempt 2");

        assertThat(exchange.discarded()).hasSize(1);
        assertThat(observer.attempts()).extracting(AttemptEvent::headers).containsExactly(null, Duration.ZERO);
    }

    @Test
    void theBodyMayTakeLonger() throws IOException {
        ScriptedExchange exchange = exchange(Duration.ofMillis(149), Duration.ZERO);

        Reply reply = execute(plan(1, "5xx"), exchange);
        clock.advance(Duration.ofMinutes(1));

        assertThat(reply.read()).isEqualTo("attempt 1");
        assertThat(exchange.canceledAttempts()).isEmpty();
        assertThat(onlyCall().flag()).isNull();
    }

    @Test
    void theTimeoutOfTheRouteEndsTheLastAttemptAndTheServerIsToldWhatIsLeft() {
        ScriptedExchange exchange = exchange(PER_TRY, PER_TRY);

        MeshException failure = refused(plan(5, "5xx").timeout(Duration.ofMillis(400)), exchange);

        assertThat(failure.flags()).containsExactly(ResponseFlag.UT);
        assertThat(failure).hasMessageContaining("the route's timeout of 400 ms");
        List<Integer> told = new ArrayList<>();
        for (Attempt attempt : exchange.attempts()) {
            told.add(Integer.valueOf(expected(attempt)));
        }
        assertThat(told.get(0)).isEqualTo(150);
        assertThat(told.get(told.size() - 1)).isBetween(1, 100);
    }

    @Test
    void oneThatIsAsLongAsTheTimeoutOfTheRouteIsNone() {
        ScriptedExchange exchange = exchange(Duration.ofMillis(150), Duration.ZERO);

        MeshException failure = refused(plan(2, "5xx").timeout(PER_TRY), exchange);

        assertThat(failure).hasMessageContaining("the route's timeout of 150 ms");
        assertThat(exchange.attempts()).hasSize(1);
        assertThat(expected(exchange.attempts().get(0))).isEqualTo("150");
    }

    @Test
    void aCallerThatGivesUpAtThatMomentHasGivenUp() {
        ScriptedExchange[] self = new ScriptedExchange[1];
        self[0] = ScriptedExchange.get(URL, attempt -> {
            clock.advance(PER_TRY);
            self[0].cancel();
            throw new IOException("Canceled");
        });

        assertThat(catchThrowable(() -> execute(plan(2, "5xx"), self[0]))).hasMessage("Canceled");

        assertThat(onlyAttempt().outcome()).isEqualTo(new Outcome.Canceled());
        assertThat(self[0].attempts()).hasSize(1);
    }
}
