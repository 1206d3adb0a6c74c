package io.inmesh.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inmesh.call.Attempt;
import io.inmesh.call.HeaderField;
import io.inmesh.call.MeshException;
import io.inmesh.call.SimpleRequestHead;
import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
import io.inmesh.inbound.InboundContext;
import io.inmesh.model.HttpRetry;
import io.inmesh.testing.ScriptedExchange;
import io.inmesh.testing.ScriptedExchange.Reply;
import io.inmesh.testing.ScriptedExchange.Server;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which attempts are followed by another, when, and to whom. */
class RetriesTest extends CallEngineFixture {
    private static Server first(Reply reply) {
        return attempt -> attempt.number() == 1 ? reply : Reply.of(200, "second");
    }

    private static Server firstFails(IOException failure) {
        return attempt -> {
            if (attempt.number() == 1) {
                throw failure;
            }
            return Reply.of(200, "second");
        };
    }

    private static Server always(int status) {
        return attempt -> Reply.of(status, "attempt " + attempt.number());
    }

    private static HeaderField header(String line) {
        int colon = line.indexOf(':');
        return new HeaderField(line.substring(0, colon), line.substring(colon + 1));
    }

    @ParameterizedTest
    @CsvSource({
        "5xx, 500, , 2",
        "5xx, 501, , 2",
        "5xx, 404, , 1",
        "5xx, 503, x-envoy-ratelimited:true, 1",
        "'5xx,envoy-ratelimited', 503, x-envoy-ratelimited:true, 2",
        "envoy-ratelimited, 429, x-envoy-ratelimited:true, 2",
        "envoy-ratelimited, 429, , 1",
        "gateway-error, 502, , 2",
        "gateway-error, 504, , 2",
        "gateway-error, 500, , 1",
        "gateway-error, 505, , 1",
        "reset, 503, , 1",
        "retriable-4xx, 409, , 2",
        "retriable-4xx, 429, , 1",
        "retriable-status-codes, 503, , 1",
        "'418,429', 429, , 2",
        "'418,429', 503, , 1",
        "retriable-headers, 503, , 1",
        "cancelled, 200, grpc-status:1, 2",
        "deadline-exceeded, 200, grpc-status:4, 2",
        "resource-exhausted, 200, grpc-status:8, 2",
        "internal, 200, grpc-status:13, 2",
        "unavailable, 200, grpc-status:14, 2",
        "unavailable, 200, grpc-status:13, 1",
        "unavailable, 503, , 1",
    })
    void anAnswerIsFollowedByAnotherAttemptWhereAConditionSaysSo(
            String retryOn, int status, String header, int attempts) throws IOException {
        Reply answer = Reply.of(status, "first");
        if (header != null) {
            answer.with(List.of(header(header)));
        }
        ScriptedExchange exchange = ScriptedExchange.get(URL, first(answer));

        String body = execute(PlanBuilder.hosts(2).retryOn(2, retryOn.split(",")), exchange)
                .read();

        assertThat(exchange.attempts()).hasSize(attempts);
        assertThat(body).isEqualTo(attempts == 1 ? "first" : "second");
        assertThat(exchange.discarded()).hasSize(attempts - 1);
        assertThat(onlyCall().flag()).isNull();
        assertThat(budget.released).isEqualTo(budget.acquired).isEqualTo(attempts - 1);
    }

    @ParameterizedTest
    @CsvSource({
        "5xx, true, true",
        "gateway-error, true, true",
        "reset, true, true",
        "reset-before-request, true, false",
        "connect-failure, true, false",
        "refused-stream, false, false",
        "503, false, false",
        "unavailable, false, false",
    })
    void aFailureIsFollowedByAnotherAttemptWhereAConditionSaysSo(String retryOn, boolean neverSent, boolean broken)
            throws IOException {
        ScriptedExchange refused = ScriptedExchange.get(URL, firstFails(new ConnectException("refused")));
        ScriptedExchange reset = ScriptedExchange.get(URL, firstFails(new SocketException("reset")));

        end(PlanBuilder.hosts(2).retryOn(2, retryOn), refused);
        end(PlanBuilder.hosts(2).retryOn(2, retryOn), reset);

        assertThat(refused.attempts()).hasSize(neverSent ? 2 : 1);
        assertThat(reset.attempts()).hasSize(broken ? 2 : 1);
        assertThat(observer.calls().get(0).flag()).isEqualTo(neverSent ? null : ResponseFlag.UF);
        assertThat(observer.calls().get(1).flag()).isEqualTo(broken ? null : ResponseFlag.UC);
    }

    private void end(PlanBuilder plan, ScriptedExchange exchange) {
        try {
            execute(plan, exchange).read();
        } catch (IOException asTold) {
            assertThat(asTold).isNotNull();
        }
    }

    @Test
    void whenAllAttemptsAreMadeTheAnswerIsTheServersOwn() throws IOException {
        ScriptedExchange exchange = ScriptedExchange.get(URL, always(503));

        Reply reply = execute(PlanBuilder.hosts(3).retryOn(2, "5xx"), exchange);
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.read()).isEqualTo("attempt 3");

        assertThat(exchange.discarded()).hasSize(2);
        assertThat(onlyCall().status()).isEqualTo(503);
        assertThat(onlyCall().flag()).isEqualTo(ResponseFlag.URX);
        assertThat(observer.attempts()).hasSize(3);
        assertThat(budget.released).isEqualTo(budget.acquired).isEqualTo(2);
    }

    @Test
    void withoutAttemptsNothingIsUsedUp() throws IOException {
        execute(PlanBuilder.hosts(3).attempts(0), ScriptedExchange.get(URL, always(503)))
                .read();

        assertThat(onlyCall().flag()).isNull();
    }

    @Test
    void whatIsUsedUpWithoutAnAnswerTellsBothReasons() {
        ScriptedExchange exchange = ScriptedExchange.get(URL, attempt -> {
            throw new SocketException("reset " + attempt.number());
        });

        MeshException failure = refused(PlanBuilder.hosts(2).retryOn(1, "reset"), exchange);

        assertThat(failure.flags()).containsExactly(ResponseFlag.URX, ResponseFlag.UC);
        assertThat(failure.status()).isEqualTo(503);
        assertThat(failure).hasMessageContaining("2 attempts failed").hasMessageContaining("reset 2");
        assertThat(failure.getCause()).isInstanceOf(SocketException.class);
    }

    @Test
    void withTheBudgetUsedUpTheAnswerStands() throws IOException {
        budget.exhausted = true;
        ScriptedExchange exchange = ScriptedExchange.get(URL, always(503));

        assertThat(execute(PlanBuilder.hosts(2).retryOn(2, "5xx"), exchange).read())
                .isEqualTo("attempt 1");

        assertThat(onlyCall().flag()).isEqualTo(ResponseFlag.UO);
        assertThat(onlyCall().status()).isEqualTo(503);
        assertThat(budget.released).isZero();
    }

    @Test
    void theBudgetIsHeldUntilTheEndOfTheBody() throws IOException {
        ScriptedExchange exchange = ScriptedExchange.get(URL, first(Reply.of(503, "")));

        Reply reply = execute(PlanBuilder.hosts(2).retryOn(2, "5xx"), exchange);
        assertThat(budget.acquired - budget.released).isOne();
        reply.read();

        assertThat(budget.acquired - budget.released).isZero();
    }

    /** Envoy's code: the base, doubled with each attempt, up to ten times; any of it. */
    @Test
    void theWaitsGrowWithinTheirWindows() throws IOException {
        HttpRetry retries = HttpRetry.builder(30)
                .retryOn(List.of("5xx"))
                .backoff(Duration.ofMillis(100))
                .build();

        execute(PlanBuilder.hosts(2).retries(retries), ScriptedExchange.get(URL, always(500)))
                .read();

        List<Duration> waits = clock.sleeps();
        assertThat(waits).hasSize(30);
        List<Integer> windows = List.of(100, 200, 400, 800, 1000);
        for (int i = 0; i < waits.size(); i++) {
            assertThat(waits.get(i)).isLessThan(Duration.ofMillis(windows.get(Math.min(i, 4))));
        }
        assertThat(waits).anyMatch(wait -> wait.toMillis() > 800).anyMatch(wait -> wait.toMillis() < 200);
    }

    @Test
    void aHostThatWasTriedIsSparedUnlessTheRuleSaysOtherwise() throws IOException {
        HttpRetry.Builder retries = HttpRetry.builder(1).retryOn(List.of("5xx"));

        assertThat(sameHostTwice(PlanBuilder.hosts(2).retries(retries.build()))).isFalse();
        assertThat(sameHostTwice(PlanBuilder.hosts(2)
                        .retries(retries.retryIgnorePreviousHosts(false).build())))
                .isTrue();
    }

    /** Another call in between takes the turn of the other host. */
    private boolean sameHostTwice(PlanBuilder plan) throws IOException {
        ScriptedExchange exchange = ScriptedExchange.get(URL, attempt -> {
            if (attempt.number() == 1) {
                execute(plan, ScriptedExchange.get(URL)).read();
            }
            return Reply.of(503, "");
        });
        execute(plan, exchange).read();
        List<Attempt> attempts = exchange.attempts();
        return attempts.get(0).endpoint().equals(attempts.get(1).endpoint());
    }

    @Test
    void aRateLimitIsWaitedForAsLongAsTheServerAsks() throws IOException {
        Reply limited = Reply.of(429, "").with(List.of(new HeaderField("Retry-After", "2")));

        execute(PlanBuilder.hosts(2).retryOn(1, "429"), ScriptedExchange.get(URL, first(limited)))
                .read();

        assertThat(clock.sleeps())
                .singleElement()
                .satisfies(wait -> assertThat(wait).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(3)));
    }

    @ParameterizedTest
    @CsvSource({"11, 0", "3, 3000"})
    void whoAsksForTooLongGetsNoFurtherAttempt(int seconds, int timeoutMillis) throws IOException {
        Reply limited = Reply.of(429, "wait").with(List.of(new HeaderField("retry-after", "" + seconds)));
        PlanBuilder plan = PlanBuilder.hosts(2).retryOn(1, "429").timeout(Duration.ofMillis(timeoutMillis));

        assertThat(execute(plan, ScriptedExchange.get(URL, first(limited))).read())
                .isEqualTo("wait");

        assertThat(clock.sleeps()).isEmpty();
        assertThat(onlyCall().flag()).isNull();
    }

    /** A 503 speaks for one host, as long as there is another. */
    @Test
    void anotherHostNeedNotWaitForTheFirst() throws IOException {
        Reply busy = Reply.of(503, "").with(List.of(new HeaderField("retry-after", "2")));

        execute(PlanBuilder.hosts(2).retryOn(1, "5xx"), ScriptedExchange.get(URL, first(busy)))
                .read();
        execute(PlanBuilder.hosts(1).retryOn(1, "5xx"), ScriptedExchange.get(URL, first(busy)))
                .read();

        assertThat(clock.sleeps().get(0)).isLessThan(Duration.ofMillis(25));
        assertThat(clock.sleeps().get(1)).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
    }

    @ParameterizedTest
    @CsvSource({
        "GET, text/plain, , 2",
        "POST, text/plain, , 1",
        "POST, application/grpc+proto, , 2",
        "POST, text/plain, unavailable, 2",
        "PATCH, text/plain, 5xx, 2",
    })
    void whatMayHaveEffectsTwiceIsSentTwiceOnlyWhereARuleSaysSo(
            String method, String type, String retryOn, int attempts) throws IOException {
        Reply unavailable = Reply.of("5xx".equals(retryOn) ? 503 : 200, "").with(List.of(header("grpc-status:14")));
        ScriptedExchange exchange = new ScriptedExchange(
                SimpleRequestHead.of(method, URL, Map.of("Content-Type", List.of(type))), first(unavailable));
        PlanBuilder plan = PlanBuilder.hosts(2);

        execute(retryOn == null ? plan : plan.retryOn(2, retryOn), exchange).read();

        assertThat(exchange.attempts()).hasSize(attempts);
    }

    @Test
    void aBodyThatCannotBeSentAgainIsNotRetried() throws IOException {
        ScriptedExchange[] self = new ScriptedExchange[1];
        self[0] = ScriptedExchange.get(URL, attempt -> {
            self[0].loseBody();
            return Reply.of(503, "first");
        });

        assertThat(execute(PlanBuilder.hosts(2).retryOn(2, "5xx"), self[0]).read())
                .isEqualTo("first");

        assertThat(onlyCall().flag()).isNull();
        assertThat(self[0].attempts()).hasSize(1);
    }

    @Test
    void aBodyIsKeptOnlyWhereARetryMayFollowWhatWasSent() throws IOException {
        for (String[] retryOn : new String[][] {{"connect-failure", "reset-before-request"}, {"503"}}) {
            ScriptedExchange exchange = ScriptedExchange.get(URL);
            execute(PlanBuilder.hosts(1).retryOn(1, retryOn), exchange).read();
            assertThat(exchange.mostKept())
                    .as(Arrays.toString(retryOn))
                    .isEqualTo(retryOn.length == 1 ? KEPT_BODY_BYTES : null);
        }
        for (PlanBuilder plan :
                List.of(PlanBuilder.hosts(1), PlanBuilder.hosts(1).attempts(0))) {
            ScriptedExchange never = ScriptedExchange.get(URL);
            execute(plan, never).read();
            assertThat(never.mostKept()).isNull();
        }
    }

    /** The caller repeats the whole chain already. */
    @Test
    void onBehalfOfARepeatedRequestOnlyWhatWasNeverSentIsRepeated() throws IOException {
        InboundContext repeated = InboundContext.builder().attempt(2).build();
        ScriptedExchange answered = ScriptedExchange.get(URL, always(503));
        ScriptedExchange refused = ScriptedExchange.get(URL, firstFails(new ConnectException("refused")));
        PlanBuilder plan = PlanBuilder.hosts(2).retryOn(2, "5xx");

        assertThat(engine.carryOut(plan.decision(), answered, repeated).read()).isEqualTo("attempt 1");
        assertThat(engine.carryOut(plan.decision(), refused, repeated).read()).isEqualTo("second");

        assertThat(refused.attempts()).extracting(Attempt::number).containsExactly(1, 2);
        assertThat(refused.attempts())
                .as("counted on from the request")
                .extracting(Attempt::count)
                .containsExactly(2, 3);
        assertThat(observer.calls()).allMatch(call -> call.flag() == null);
    }

    @Test
    void aCancelEndsTheWaitAfterAnAnswer() {
        ScriptedExchange exchange = ScriptedExchange.get(URL, always(503));
        clock.in(Duration.ofNanos(1), exchange::cancel);

        assertThatThrownBy(() -> execute(PlanBuilder.hosts(2).retryOn(2, "5xx"), exchange))
                .isInstanceOf(MeshException.class)
                .hasMessageContaining("canceled before a retry");

        assertThat(budget.released).isEqualTo(budget.acquired).isOne();
        assertThat(observer.attempts())
                .singleElement()
                .satisfies(attempt -> assertThat(attempt.outcome()).isEqualTo(new Outcome.Responded(503)));
    }
}
