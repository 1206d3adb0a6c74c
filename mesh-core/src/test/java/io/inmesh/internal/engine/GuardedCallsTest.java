package io.inmesh.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.inmesh.call.MeshException;
import io.inmesh.call.SyntheticResponse;
import io.inmesh.event.ResponseFlag;
import io.inmesh.inbound.InboundContext;
import io.inmesh.internal.cluster.ClusterPolicy;
import io.inmesh.model.ConnectionPoolSettings;
import io.inmesh.model.ConnectionPoolSettings.Http;
import io.inmesh.model.TrafficPolicy;
import io.inmesh.observe.Overflow;
import io.inmesh.testing.RecordingCircuitBreaker;
import io.inmesh.testing.ScriptedExchange;
import io.inmesh.testing.ScriptedExchange.Reply;
import io.inmesh.testing.ScriptedExchange.Server;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a circuit breaker is asked and told of a call: one question, and where it said yes one end. */
class GuardedCallsTest extends CallEngineFixture {
    private final RecordingCircuitBreaker breaker = new RecordingCircuitBreaker();

    /** Takes 10 ms. */
    private Server answering(int status) {
        return attempt -> {
            clock.advance(Duration.ofMillis(10));
            return Reply.of(status, "");
        };
    }

    private PlanBuilder hosts(int count) {
        return PlanBuilder.hosts(count).guardedBy(breaker);
    }

    private IOException onlyFailure() {
        assertThat(breaker.failures()).hasSize(1);
        return breaker.failures().get(0);
    }

    @Test
    void anAnswerIsToldAtTheEndOfItsBody() throws IOException {
        Reply reply = execute(hosts(1), ScriptedExchange.get(URL, answering(200)));
        assertThat(breaker.told()).containsExactly("asked");

        clock.advance(Duration.ofMillis(5));
        reply.read();
        reply.close();

        assertThat(breaker.told()).containsExactly("asked", "answered 200 in 15ms");
    }

    @Test
    void whatIsRefusedIsNotSent() {
        breaker.open(true);
        ScriptedExchange exchange = ScriptedExchange.get(URL);

        MeshException refused = refused(hosts(2).attempts(3), exchange);

        assertThat(refused.flags()).containsExactly(ResponseFlag.UO);
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused)
                .hasMessageContaining("reviews:9080")
                .hasMessageEndingWith("circuit breaker guard refuses it (OPEN)");
        assertThat(exchange.attempts()).isEmpty();
        assertThat(observer.attempts()).isEmpty();
        assertThat(observer.overflows()).containsExactly(Overflow.CIRCUIT_BREAKER);
        assertThat(onlyCall().flag()).isEqualTo(ResponseFlag.UO);
        assertThat(onlyCall().attempts()).isZero();
        assertThat(breaker.told()).containsExactly("asked");
    }

    @Test
    void attemptsAreNoCallsOfTheirOwn() throws IOException {
        PlanBuilder plan = hosts(3).retryOn(2, "5xx");

        execute(plan, ScriptedExchange.get(URL, answering(503))).close();
        execute(plan, ScriptedExchange.get(URL, attempt -> Reply.of(attempt.number() == 1 ? 503 : 200, "")))
                .close();

        assertThat(breaker.told()).hasSize(4);
        assertThat(breaker.told().get(1)).startsWith("answered 503");
        assertThat(breaker.told().get(3)).startsWith("answered 200");
    }

    @Test
    void whatTheCallerIsThrownIsTold() {
        ScriptedExchange unsent = ScriptedExchange.get(URL, REFUSES);

        MeshException thrown = refused(hosts(1), unsent);

        assertThat(onlyFailure()).isSameAs(thrown);
        assertThat(breaker.told()).hasSize(2);
    }

    @Test
    void aFailureThatTheTransportThrowsIsToldAsItIs() {
        IOException broke = new IOException("reset");

        assertThatThrownBy(() -> execute(hosts(1), ScriptedExchange.get(URL, attempt -> {
                    throw broke;
                })))
                .isSameAs(broke);

        assertThat(onlyFailure()).isSameAs(broke);
        assertThat(breaker.told()).hasSize(2);
    }

    @Test
    void aBodyThatBreaksOffIsAFailure() throws IOException {
        execute(hosts(1), ScriptedExchange.get(URL, answering(200))).fail(new IOException("reset"));

        assertThat(onlyFailure())
                .isInstanceOfSatisfying(
                        MeshException.class,
                        failure -> assertThat(failure.flag()).isEqualTo(ResponseFlag.UC))
                .hasMessageContaining("reviews:9080");
        assertThat(breaker.told()).containsExactly("asked", "failed in 10ms");
    }

    @Test
    void aTimeoutIsAFailure() {
        PlanBuilder plan = hosts(1).timeout(Duration.ofSeconds(1));

        MeshException thrown = refused(plan, ScriptedExchange.get(URL, attempt -> {
            clock.advance(Duration.ofSeconds(1));
            throw new IOException("broken off");
        }));

        assertThat(thrown.flag()).isEqualTo(ResponseFlag.UT);
        assertThat(onlyFailure()).isSameAs(thrown);
        assertThat(breaker.told()).containsExactly("asked", "failed in 1000ms");
    }

    @Test
    void theTimeThatACallerHasLeftSaysNothingOfTheDestination() {
        InboundContext hurried = InboundContext.builder()
                .deadlineNanos(clock.nanoTime() + Duration.ofMillis(5).toNanos())
                .build();
        PlanBuilder plan = hosts(1).timeout(Duration.ofSeconds(1));
        ScriptedExchange slow = ScriptedExchange.get(URL, attempt -> {
            clock.advance(Duration.ofMillis(10));
            throw new IOException("broken off");
        });

        MeshException thrown =
                catchThrowableOfType(MeshException.class, () -> engine.carryOut(plan.decision(), slow, hurried));

        assertThat(thrown.flag()).isEqualTo(ResponseFlag.UT);
        assertThat(breaker.told()).containsExactly("asked", "released");
    }

    @Test
    void noHostIsAFailure() {
        MeshException thrown = refused(PlanBuilder.hosts(0).guardedBy(breaker), ScriptedExchange.get(URL));

        assertThat(thrown.flag()).isEqualTo(ResponseFlag.UH);
        assertThat(onlyFailure()).isSameAs(thrown);
    }

    @Test
    void whatTheCallerGivesUpCountsNothing() {
        ScriptedExchange[] self = new ScriptedExchange[1];
        self[0] = ScriptedExchange.get(URL, attempt -> {
            self[0].cancel();
            throw new IOException("canceled");
        });

        assertThatThrownBy(() -> execute(hosts(1), self[0])).isInstanceOf(IOException.class);

        assertThat(breaker.told()).containsExactly("asked", "released");
    }

    @Test
    void aBugOnThisSideCountsNothing() {
        assertThatThrownBy(() -> execute(hosts(1), ScriptedExchange.get(URL, attempt -> {
                    throw new IllegalStateException("bug");
                })))
                .isInstanceOf(IllegalStateException.class);
        ScriptedExchange undeliverable = ScriptedExchange.get(URL);
        undeliverable.breakDelivery(new IllegalStateException("bug"));
        assertThatThrownBy(() -> execute(hosts(1), undeliverable)).isInstanceOf(IllegalStateException.class);

        assertThat(breaker.told()).containsExactly("asked", "released", "asked", "released");
    }

    @Test
    void aLimitOfTheClusterCountsNothing() throws IOException {
        ConnectionPoolSettings pool = new ConnectionPoolSettings(
                null, Http.builder().http2MaxRequests(1).build());
        PlanBuilder plan = PlanBuilder.under(ClusterPolicy.DEFAULT.overriddenBy(
                        TrafficPolicy.builder().connectionPool(pool).build(), 9080))
                .guardedBy(breaker);
        Reply first = execute(plan, ScriptedExchange.get(URL));

        assertThat(refused(plan, ScriptedExchange.get(URL)).flag()).isEqualTo(ResponseFlag.UO);
        first.close();

        assertThat(breaker.told()).containsExactly("asked", "asked", "released", "answered 200 in 0ms");
    }

    @Test
    void aFailureCountsThoughTheBudgetKeepsItsRetryOut() {
        budget.exhausted = true;
        IOException broke = new IOException("reset");

        MeshException thrown = refused(hosts(2).retryOn(1, "5xx"), ScriptedExchange.get(URL, attempt -> {
            throw broke;
        }));

        assertThat(thrown.flags()).containsExactly(ResponseFlag.UO, ResponseFlag.UC);
        assertThat(onlyFailure()).isSameAs(thrown);
    }

    @Test
    void nothingIsAskedWhereNothingIsSent() throws IOException {
        SyntheticResponse abort = new SyntheticResponse(503, List.of(), new byte[0]);

        execute(hosts(1).injectedAbort(abort), ScriptedExchange.get(URL)).close();
        refused(PlanBuilder.unknownCluster().guardedBy(breaker), ScriptedExchange.get(URL));

        assertThat(breaker.told()).isEmpty();
    }

    @Test
    void anInjectedDelayIsNotOfTheCall() throws IOException {
        Duration delay = Duration.ofSeconds(2);

        execute(hosts(1).delay(delay), ScriptedExchange.get(URL, answering(200)))
                .close();

        assertThat(breaker.told()).containsExactly("asked", "answered 200 in 10ms");
    }

    @Test
    void theAddressOfTheRequestIsGuardedToo() {
        PlanBuilder plan = PlanBuilder.unknownCluster().originalDestination().guardedBy(breaker);

        assertThatThrownBy(() -> execute(plan, ScriptedExchange.get(URL, attempt -> {
                    throw new ConnectException("refused");
                })))
                .isInstanceOf(IOException.class);

        assertThat(breaker.failures()).hasSize(1);
        assertThat(breaker.told()).hasSize(2);
    }
}
