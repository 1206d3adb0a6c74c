package io.inmesh.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.inmesh.call.Attempt;
import io.inmesh.call.HeaderField;
import io.inmesh.call.MeshException;
import io.inmesh.call.SyntheticResponse;
import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
import io.inmesh.internal.snapshot.Decision;
import io.inmesh.testing.RecordingObserver.AttemptEvent;
import io.inmesh.testing.RecordingObserver.CallEvent;
import io.inmesh.testing.ScriptedExchange;
import io.inmesh.testing.ScriptedExchange.By;
import io.inmesh.testing.ScriptedExchange.Reply;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CallEngineTest extends CallEngineFixture {
    // decisions without an attempt

    @Test
    void passesThroughWhatItDoesNotKnow() throws IOException {
        Reply reply = engine.carryOut(new Decision.PassThrough(), ScriptedExchange.get(URL));

        assertThat(reply.by()).isEqualTo(By.PASS_THROUGH);
        assertThat(observer.calls()).isEmpty();
    }

    @Test
    void answersByItself() throws IOException {
        SyntheticResponse answer =
                new SyntheticResponse(302, List.of(new HeaderField("location", "http://other/")), new byte[0]);

        Reply reply = engine.carryOut(
                new Decision.Answer(answer, "default/reviews", "moved", "http://other/"), ScriptedExchange.get(URL));

        assertThat(reply.by()).isEqualTo(By.MESH);
        assertThat(reply.status()).isEqualTo(302);
        assertThat(reply.headers()).containsExactly(new HeaderField("location", "http://other/"));
        assertThat(onlyCall()).isEqualTo(new CallEvent(null, "moved", 302, null, 0, Duration.ZERO));
    }

    @Test
    void anAnswerThatTheTransportCannotMakeEndsTheCallToo() {
        ScriptedExchange exchange = ScriptedExchange.get(URL);
        SyntheticResponse answer = new SyntheticResponse(200, List.of(), new byte[0]);
        exchange.breakAnswers(new IllegalStateException("bug"));

        assertThatThrownBy(
                        () -> engine.carryOut(new Decision.Answer(answer, "default/reviews", "fixed", null), exchange))
                .hasMessage("bug");

        assertThat(onlyCall()).isEqualTo(new CallEvent(null, "fixed", 0, ResponseFlag.DC, 0, Duration.ZERO));
    }

    @Test
    void endsWhatNoRouteMatches() {
        MeshException refused = catchThrowableOfType(
                MeshException.class,
                () -> engine.carryOut(new Decision.NoRoute("default/reviews", "reviews"), ScriptedExchange.get(URL)));

        assertThat(refused.flag()).isEqualTo(ResponseFlag.NR);
        assertThat(refused).hasMessageContaining("reviews").hasMessageContaining("default/reviews");
        assertThat(onlyCall().flag()).isEqualTo(ResponseFlag.NR);
    }

    @Test
    void blocksUnknownHosts() {
        MeshException refused = catchThrowableOfType(
                MeshException.class,
                () -> engine.carryOut(new Decision.Blocked("elsewhere", 80, List.of()), ScriptedExchange.get(URL)));

        assertThat(refused.flag()).isEqualTo(ResponseFlag.BLOCKED);
        assertThat(refused).hasMessageContaining("elsewhere").hasMessageContaining("ServiceEntry");
        assertThat(onlyCall().flag()).isEqualTo(ResponseFlag.BLOCKED);
    }

    @Test
    void aBlockedPortOfAKnownHostIsWhatIsNamed() {
        MeshException refused = catchThrowableOfType(
                MeshException.class,
                () -> engine.carryOut(
                        new Decision.Blocked("reviews", 80, List.of(9080, 9090, 9443)), ScriptedExchange.get(URL)));

        assertThat(refused)
                .hasMessageContaining("reviews: the host is known, but not at port 80")
                .hasMessageContaining("call it at port 9080, 9090 or 9443");
    }

    @Test
    void anUnknownClusterIsNc() {
        ScriptedExchange exchange = ScriptedExchange.get(URL);

        MeshException refused = refused(PlanBuilder.unknownCluster(), exchange);

        assertThat(refused.flag()).isEqualTo(ResponseFlag.NC);
        assertThat(refused).hasMessageContaining(PlanBuilder.CLUSTER);
        assertThat(exchange.attempts()).isEmpty();
        assertThat(onlyCall())
                .isEqualTo(new CallEvent(PlanBuilder.CLUSTER, "all", 0, ResponseFlag.NC, 0, Duration.ZERO));
    }

    @Test
    void aClusterWithoutHostsIsUh() {
        MeshException refused = refused(PlanBuilder.hosts(0), ScriptedExchange.get(URL));

        assertThat(refused.flag()).isEqualTo(ResponseFlag.UH);
        assertThat(observer.attempts()).isEmpty();
        assertThat(onlyCall().flag()).isEqualTo(ResponseFlag.UH);
    }

    // one attempt

    @Test
    void sendsWhatThePlanSays() throws IOException {
        PlanBuilder plan = PlanBuilder.hosts(1).edits((status, headers) -> List.of(new HeaderField("x", "" + status)));
        ScriptedExchange exchange = ScriptedExchange.get(URL);

        Reply reply = execute(plan, exchange);

        assertThat(exchange.attempts())
                .containsExactly(Attempt.builder(1, exchange.head())
                        .authority("reviews:9080")
                        .pathAndQuery("/reviews/0")
                        .endpoint(plan.hosts().get(0).endpoint())
                        .traffic(exchange.attempts().get(0).traffic())
                        .build());
        assertThat(reply.headers()).containsExactly(new HeaderField("x", "200"));
        reply.close();
    }

    @Test
    void theAttemptLastsUntilTheEndOfTheBodyAndEndsOnce() throws IOException {
        PlanBuilder plan = PlanBuilder.hosts(1);
        ScriptedExchange exchange = ScriptedExchange.get(URL, attempt -> {
            clock.advance(Duration.ofMillis(30));
            return Reply.of(503, "busy");
        });

        Reply reply = execute(plan, exchange);
        assertThat(active(plan)).isEqualTo(1);
        assertThat(observer.attempts()).isEmpty();
        clock.advance(Duration.ofMillis(12));
        reply.read();
        reply.close();

        assertThat(active(plan)).isZero();
        assertThat(onlyAttempt())
                .isEqualTo(new AttemptEvent(
                        PlanBuilder.CLUSTER,
                        plan.hosts().get(0).endpoint(),
                        1,
                        new Outcome.Responded(503),
                        Duration.ofMillis(30),
                        Duration.ofMillis(42)));
        assertThat(onlyCall())
                .isEqualTo(new CallEvent(PlanBuilder.CLUSTER, "all", 503, null, 1, Duration.ofMillis(42)));
        assertThat(clock.sleeps()).isEmpty();
        assertThat(clock.waitingTasks()).isZero();
    }

    @Test
    void whatBreaksUnderwayIsFinalAndThrownAsItIs() {
        SocketException broken = new SocketException("connection reset");
        ScriptedExchange exchange = ScriptedExchange.get(URL, attempt -> {
            throw broken;
        });

        assertThatThrownBy(() -> execute(PlanBuilder.hosts(3), exchange)).isSameAs(broken);

        assertThat(exchange.attempts()).hasSize(1);
        assertThat(onlyAttempt().outcome()).isEqualTo(new Outcome.Failed(ResponseFlag.UC, "connection reset"));
        assertThat(onlyCall().flag()).isEqualTo(ResponseFlag.UC);
    }

    @Test
    void aBodyThatBreaksOffEndsAttemptAndCall() throws IOException {
        IOException broken = new IOException("stream closed");

        Reply reply = execute(PlanBuilder.hosts(1), ScriptedExchange.get(URL));

        assertThat(reply.fail(broken)).isSameAs(broken);
        assertThat(onlyAttempt().outcome()).isEqualTo(new Outcome.Failed(ResponseFlag.UC, "stream closed"));
        assertThat(onlyCall().status()).isEqualTo(200);
        assertThat(onlyCall().flag()).isEqualTo(ResponseFlag.UC);
    }

    @Test
    void anAttemptThatTheCallerCancelsIsFinal() {
        AtomicInteger sent = new AtomicInteger();
        ScriptedExchange[] self = new ScriptedExchange[1];
        self[0] = ScriptedExchange.get(URL, attempt -> {
            sent.incrementAndGet();
            self[0].cancel();
            throw new ConnectException("Canceled");
        });

        assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> execute(PlanBuilder.hosts(2), self[0]));

        assertThat(sent).hasValue(1);
        assertThat(onlyAttempt().outcome()).isEqualTo(new Outcome.Canceled());
        assertThat(onlyCall().flag()).isEqualTo(ResponseFlag.DC);
    }

    @Test
    void whateverTheTransportThrowsTheTicketIsCompleted() {
        for (Throwable bug : List.of(new IllegalStateException("bug"), new AssertionError("bug"))) {
            ScriptedExchange exchange = ScriptedExchange.get(URL, attempt -> {
                if (bug instanceof Error error) {
                    throw error;
                }
                throw (RuntimeException) bug;
            });

            assertThatThrownBy(() -> execute(PlanBuilder.hosts(2).timeout(Duration.ofSeconds(1)), exchange))
                    .isSameAs(bug);
        }

        assertThat(observer.attempts())
                .hasSize(2)
                .allSatisfy(attempt -> assertThat(attempt.outcome()).isEqualTo(new Outcome.Canceled()));
        assertThat(observer.calls()).hasSize(2).allMatch(call -> call.flag() == ResponseFlag.DC);
        assertThat(engine.deadlines.size()).isZero();
    }

    @Test
    void aResponseThatCannotBeDeliveredIsDiscarded() {
        IllegalStateException bug = new IllegalStateException("bug in edits");
        PlanBuilder plan = PlanBuilder.hosts(1).edits((status, headers) -> {
            throw bug;
        });
        ScriptedExchange exchange = ScriptedExchange.get(URL);

        assertThatThrownBy(() -> execute(plan, exchange)).isSameAs(bug);

        assertThat(exchange.discarded()).hasSize(1);
        assertThat(onlyAttempt().outcome()).isEqualTo(new Outcome.Canceled());
        assertThat(onlyCall().attempts()).isEqualTo(1);
    }

    // original destination

    @Test
    void theAddressOfTheRequestIsCalledOnceAndWithoutATicket() throws IOException {
        ScriptedExchange exchange = ScriptedExchange.get(URL, attempt -> Reply.of(200, "body"));

        Reply reply = execute(PlanBuilder.unknownCluster().originalDestination(), exchange);
        reply.read();

        assertThat(exchange.attempts())
                .containsExactly(Attempt.builder(1, exchange.head())
                        .authority("reviews:9080")
                        .pathAndQuery("/reviews/0")
                        .traffic(exchange.attempts().get(0).traffic())
                        .build());
        assertThat(onlyAttempt().endpoint()).isNull();
        assertThat(onlyCall().status()).isEqualTo(200);
    }

    @Test
    void theAddressOfTheRequestIsNotTriedAgain() {
        ScriptedExchange exchange = ScriptedExchange.get(URL, REFUSES);

        MeshException refused = refused(PlanBuilder.unknownCluster().originalDestination(), exchange);

        assertThat(refused.flag()).isEqualTo(ResponseFlag.UF);
        assertThat(exchange.attempts()).hasSize(1);
    }

    // attempts that were never sent

    @Test
    void anAttemptThatWasNeverSentGoesToAnotherHost() throws IOException {
        PlanBuilder plan = PlanBuilder.hosts(3);
        ScriptedExchange exchange = ScriptedExchange.get(URL, attempt -> {
            if (attempt.number() < 3) {
                throw new ConnectException("connection refused");
            }
            return ScriptedExchange.echoEndpoint(attempt);
        });

        Reply reply = execute(plan, exchange);
        reply.read();

        assertThat(exchange.attempts()).extracting(Attempt::number).containsExactly(1, 2, 3);
        assertThat(exchange.attempts()).extracting(Attempt::endpoint).doesNotHaveDuplicates();
        assertThat(observer.attempts())
                .extracting(AttemptEvent::outcome)
                .containsExactly(
                        new Outcome.NeverSent(ResponseFlag.UF, "connection refused"),
                        new Outcome.NeverSent(ResponseFlag.UF, "connection refused"),
                        new Outcome.Responded(200));
        assertThat(onlyCall().attempts()).isEqualTo(3);
        assertThat(onlyCall().flag()).isNull();
        // At once, and without a part of the budget: nothing has reached the cluster.
        assertThat(clock.sleeps()).isEmpty();
        assertThat(budget.acquired).isZero();
    }

    @Test
    void aSingleHostIsTriedAgainAfterAWait() throws IOException {
        ScriptedExchange exchange = ScriptedExchange.get(URL, attempt -> {
            if (attempt.number() == 1) {
                throw new ConnectException("connection refused");
            }
            return ScriptedExchange.echoEndpoint(attempt);
        });

        assertThat(execute(PlanBuilder.hosts(1), exchange).read()).isEqualTo("127.0.0.1:9080");
        assertThat(clock.sleeps())
                .singleElement()
                .satisfies(wait -> assertThat(wait).isLessThan(Duration.ofMillis(25)));
    }

    @Test
    void whenAllAttemptsFailTheLastFailureIsTheCause() {
        ScriptedExchange exchange = ScriptedExchange.get(URL, attempt -> {
            throw new ConnectException("refused " + attempt.number());
        });

        MeshException refused = refused(PlanBuilder.hosts(5), exchange);

        assertThat(refused.flags()).containsExactly(ResponseFlag.URX, ResponseFlag.UF);
        assertThat(refused).hasMessageContaining("3 attempts failed").hasMessageContaining("refused 3");
        assertThat(refused.getCause()).isInstanceOf(ConnectException.class).hasMessage("refused 3");
        assertThat(exchange.attempts()).hasSize(3);
        assertThat(onlyCall().flag()).isEqualTo(ResponseFlag.URX);
    }

    @Test
    void withoutAttemptsLeftTheFlagIsThatOfTheFailure() {
        ScriptedExchange refusing = ScriptedExchange.get(URL, REFUSES);
        ScriptedExchange unresolved = ScriptedExchange.get(URL, attempt -> {
            throw new UnknownHostException("no such host");
        });

        assertThat(refused(PlanBuilder.hosts(2).attempts(0), refusing).flag()).isEqualTo(ResponseFlag.UF);
        assertThat(refused(PlanBuilder.hosts(2).attempts(0), unresolved).flag()).isEqualTo(ResponseFlag.DF);

        assertThat(refusing.attempts()).hasSize(1);
        assertThat(clock.sleeps()).isEmpty();
    }

    @Test
    void anExhaustedBudgetEndsACallThatHasBroken() {
        budget.exhausted = true;
        ScriptedExchange exchange = ScriptedExchange.get(URL, attempt -> {
            throw new SocketException("reset");
        });

        MeshException refused = refused(PlanBuilder.hosts(2).retryOn(2, "reset"), exchange);

        assertThat(refused.flags()).containsExactly(ResponseFlag.UO, ResponseFlag.UC);
        assertThat(refused.getCause()).isInstanceOf(SocketException.class);
        assertThat(exchange.attempts()).hasSize(1);
        assertThat(budget.released).isZero();
    }

    @Test
    void aCancelEndsTheWaitBeforeARetry() {
        ScriptedExchange exchange = ScriptedExchange.get(URL, REFUSES);
        clock.in(Duration.ofNanos(1), exchange::cancel);

        MeshException refused = refused(PlanBuilder.hosts(1), exchange);

        assertThat(refused.flag()).isEqualTo(ResponseFlag.DC);
        assertThat(exchange.attempts()).hasSize(1);
        assertThat(onlyCall().flag()).isEqualTo(ResponseFlag.DC);
    }
}
