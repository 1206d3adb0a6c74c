package io.inmesh.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inmesh.call.HeaderField;
import io.inmesh.call.SimpleRequestHead;
import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
import io.inmesh.internal.snapshot.Decision;
import io.inmesh.testing.ScriptedExchange;
import io.inmesh.testing.ScriptedExchange.Reply;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What an observer hears of a call, in order, and what it may add. */
class CallObservationTest extends CallEngineFixture {
    @Test
    void anAttemptIsToldBeforeItIsSentAndEndsWithItsBody() throws IOException {
        PlanBuilder plan = PlanBuilder.hosts(1);

        Reply reply = execute(plan, ScriptedExchange.get(URL));

        assertThat(observer.started()).singleElement().satisfies(attempt -> {
            assertThat(attempt.number()).isEqualTo(1);
            assertThat(attempt.endpoint()).isEqualTo(plan.hosts().get(0).endpoint());
            assertThat(attempt.authority()).isEqualTo("reviews:9080");
            assertThat(attempt.pathAndQuery()).isEqualTo("/reviews/0");
        });
        assertThat(observer.responses()).containsExactly(200);
        assertThat(observer.attempts()).isEmpty();
        assertThat(observer.calls()).isEmpty();

        reply.close();

        assertThat(observer.attempts()).hasSize(1);
        assertThat(observer.calls()).hasSize(1);
    }

    @Test
    void headersOfAnObserverTakeThePlaceOfThoseOfTheSameName() throws IOException {
        observer.adds(new HeaderField("traceparent", "00-1"), new HeaderField("baggage", "a=b"));
        ScriptedExchange exchange = new ScriptedExchange(
                SimpleRequestHead.of(
                        "GET", URL, Map.of("TraceParent", List.of("00-0"), "accept", List.of("text/plain"))),
                ScriptedExchange::echoEndpoint);

        execute(PlanBuilder.hosts(1), exchange).close();

        assertThat(exchange.attempts().get(0).headers())
                .containsExactly(
                        new HeaderField("accept", "text/plain"),
                        new HeaderField("traceparent", "00-1"),
                        new HeaderField("baggage", "a=b"));
    }

    @Test
    void aRetryIsToldWithWhyAndHowLongItWaits() throws IOException {
        ScriptedExchange exchange = ScriptedExchange.get(URL, attempt -> {
            if (attempt.number() == 1) {
                throw new ConnectException("refused");
            }
            return Reply.of(200, "ok");
        });

        execute(PlanBuilder.hosts(2), exchange).close();

        assertThat(observer.started()).hasSize(2);
        assertThat(observer.retries()).singleElement().satisfies(retry -> {
            assertThat(retry.failed()).isEqualTo(1);
            assertThat(retry.outcome()).isInstanceOf(Outcome.NeverSent.class);
            assertThat(Duration.ofNanos(retry.waitNanos())).isBetween(Duration.ZERO, Duration.ofMillis(25));
        });
        assertThat(observer.calls().get(0).attempts()).isEqualTo(2);
    }

    @Test
    void aCallThatIsPassedThroughIsToldUpToItsHeaders() throws IOException {
        engine.carryOut(new Decision.PassThrough(), ScriptedExchange.get(URL));

        assertThat(observer.passedThrough()).singleElement().satisfies(call -> {
            assertThat(call.status()).isEqualTo(200);
            assertThat(call.flag()).isNull();
            assertThat(call.cluster()).isNull();
        });
    }

    @Test
    void anEndIsToldOfACallThatIsRefused() {
        assertThatThrownBy(() ->
                        engine.carryOut(new Decision.Blocked("elsewhere", 80, List.of()), ScriptedExchange.get(URL)))
                .isInstanceOf(IOException.class);

        assertThat(observer.calls())
                .singleElement()
                .satisfies(call -> assertThat(call.flag()).isEqualTo(ResponseFlag.BLOCKED));
        assertThat(observer.started()).isEmpty();
    }
}
