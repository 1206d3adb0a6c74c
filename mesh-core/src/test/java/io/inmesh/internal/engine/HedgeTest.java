package io.inmesh.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inmesh.call.Attempt;
import io.inmesh.call.MeshException;
import io.inmesh.call.SimpleRequestHead;
import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
import io.inmesh.inbound.InboundContext;
import io.inmesh.observe.HedgeResult;
import io.inmesh.testing.RecordingObserver.AttemptEvent;
import io.inmesh.testing.RecordingObserver.CallEvent;
import io.inmesh.testing.ScriptedExchange;
import io.inmesh.testing.ScriptedExchange.Reply;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A second attempt beside the first. */
class HedgeTest extends HedgeFixture {
    @Test
    void theSecondAttemptAnswersAndTheFirstAloneIsBrokenOff() throws IOException {
        ScriptedExchange exchange =
                ScriptedExchange.get(URL, servers(overtaken(HedgeTest::breaksOff), ScriptedExchange::echoEndpoint));

        Reply reply = execute(plan, exchange);

        assertThat(reply.read()).isEqualTo(endpoint(exchange, 1)).isNotEqualTo(endpoint(exchange, 0));
        assertThat(exchange.canceledAttempts()).containsExactly(1);
        assertThat(observer.attempts()).extracting(AttemptEvent::number).containsExactly(1, 2);
        assertThat(observer.attempts())
                .extracting(AttemptEvent::outcome)
                .containsExactly(new Outcome.Canceled(), new Outcome.Responded(200));
        assertThat(observer.calls()).extracting(CallEvent::attempts).containsExactly(2);
        assertThat(observer.calls()).extracting(CallEvent::flag).containsOnlyNulls();
        assertThat(observer.hedges()).containsExactly(HedgeResult.WON);
    }

    @Test
    void anAnswerOfTheFirstThatComesAfterItWasBrokenOffIsThrownAway() throws IOException {
        ScriptedExchange exchange = ScriptedExchange.get(
                URL, servers(overtaken(ScriptedExchange::echoEndpoint), ScriptedExchange::echoEndpoint));

        assertThat(execute(plan, exchange).read()).isEqualTo(endpoint(exchange, 1));

        assertThat(exchange.discarded()).extracting(Reply::read).containsExactly(endpoint(exchange, 0));
    }

    @Test
    void theFirstAttemptAnswersAndTheSecondAloneIsBrokenOff() throws Exception {
        ScriptedExchange exchange = ScriptedExchange.get(
                URL, servers(beside(ScriptedExchange::echoEndpoint), whenAllowed(ScriptedExchange::echoEndpoint)));

        Reply reply = execute(plan, exchange);
        assertThat(exchange.canceledAttempts()).containsExactly(2);
        secondMayAnswer.countDown();
        beside.shutdown();
        assertThat(beside.awaitTermination(20, TimeUnit.SECONDS)).isTrue();

        assertThat(reply.read()).isEqualTo(endpoint(exchange, 0));
        assertThat(exchange.discarded()).hasSize(1);
        assertThat(observer.attempts()).extracting(AttemptEvent::number).containsExactly(2, 1);
        assertThat(observer.attempts())
                .extracting(AttemptEvent::outcome)
                .containsExactly(new Outcome.Canceled(), new Outcome.Responded(200));
        assertThat(observer.calls()).extracting(CallEvent::attempts).containsExactly(2);
        assertThat(observer.hedges()).containsExactly(HedgeResult.LOST);
    }

    /** It may say so because the first has done what was asked. */
    @Test
    void aRefusalOfTheSecondWaitsForTheFirst() throws IOException {
        ScriptedExchange exchange =
                ScriptedExchange.get(URL, servers(overtaken(ScriptedExchange::echoEndpoint), status(404)));

        assertThat(execute(plan, exchange).read()).isEqualTo(endpoint(exchange, 0));

        assertThat(exchange.canceledAttempts()).containsExactly(2);
        assertThat(observer.hedges()).containsExactly(HedgeResult.LOST);
    }

    @Test
    void aRefusalOfTheSecondIsTheAnswerWhereTheFirstFails() throws IOException {
        ScriptedExchange exchange = ScriptedExchange.get(URL, servers(overtaken(HedgeTest::breaksOff), status(404)));

        Reply reply = execute(plan, exchange);

        assertThat(reply.status()).isEqualTo(404);
        reply.close();
        assertThat(observer.attempts())
                .filteredOn(attempt -> attempt.number() == 1)
                .extracting(AttemptEvent::outcome)
                .noneMatch(new Outcome.Canceled()::equals);
        assertThat(observer.hedges()).containsExactly(HedgeResult.WON);
    }

    @Test
    void aCancelWhileAnAnswerWaitsForTheSecondEndsTheCall() {
        ScriptedExchange[] self = new ScriptedExchange[1];
        self[0] = ScriptedExchange.get(
                URL,
                servers(
                        beside(attempt -> {
                            self[0].cancel();
                            return Reply.of(503, "");
                        }),
                        whenAllowed(ScriptedExchange::echoEndpoint)));

        assertThat(refused(plan, self[0]).flag()).isEqualTo(ResponseFlag.DC);
    }

    @Test
    void aTimeoutWhileAnAnswerWaitsForTheSecondEndsTheCall() {
        plan.timeout(Duration.ofSeconds(1));
        ScriptedExchange exchange = ScriptedExchange.get(
                URL,
                servers(
                        beside(attempt -> {
                            clock.advance(Duration.ofSeconds(2));
                            return Reply.of(503, "");
                        }),
                        whenAllowed(ScriptedExchange::echoEndpoint)));

        MeshException thrown = refused(plan, exchange);

        assertThat(thrown.flag()).isEqualTo(ResponseFlag.UT);
        assertThat(observer.calls()).extracting(CallEvent::flag).containsExactly(ResponseFlag.UT);
    }

    @Test
    void aCallThatIsFastEnoughHasOneAttempt() throws IOException {
        ScriptedExchange exchange = ScriptedExchange.get(URL, attempt -> {
            clock.advance(FAST);
            return ScriptedExchange.echoEndpoint(attempt);
        });

        execute(plan, exchange).read();
        clock.advance(SLOW);

        assertThat(hedges).isEmpty();
        assertThat(observer.hedges()).isEmpty();
        assertThat(exchange.attempts()).hasSize(1);
    }

    @Test
    void aFirstAttemptThatFailsMeanwhileWaitsForTheSecond() throws IOException {
        ScriptedExchange exchange = ScriptedExchange.get(
                URL,
                servers(
                        beside(attempt -> {
                            secondMayAnswer.countDown();
                            throw new ConnectException("connection refused");
                        }),
                        whenAllowed(ScriptedExchange::echoEndpoint)));

        assertThat(execute(plan, exchange).read()).isEqualTo(endpoint(exchange, 1));

        assertThat(exchange.attempts()).hasSize(2);
        assertThat(observer.retries()).isEmpty();
        assertThat(observer.hedges()).containsExactly(HedgeResult.WON);
    }

    @Test
    void anAnswerThatDoesNotStandWaitsForTheSecond() throws IOException {
        ScriptedExchange exchange = ScriptedExchange.get(
                URL,
                servers(
                        beside(attempt -> {
                            secondMayAnswer.countDown();
                            return Reply.of(500, "");
                        }),
                        whenAllowed(ScriptedExchange::echoEndpoint)));

        Reply reply = execute(plan, exchange);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(exchange.discarded()).extracting(Reply::status).containsExactly(500);
        reply.close();
    }

    @Test
    void whereBothHaveNoAnswerThatStandsTheFirstDecides() throws IOException {
        ScriptedExchange exchange = ScriptedExchange.get(URL, servers(overtaken(status(503)), status(500)));

        Reply reply = execute(plan, exchange);

        assertThat(reply.status()).isEqualTo(503);
        assertThat(exchange.attempts()).hasSize(2);
        assertThat(observer.hedges()).containsExactly(HedgeResult.FAILED);
        reply.close();
    }

    @Test
    void theSecondAttemptIsOneOfThoseThatTheRouteAllows() throws IOException {
        plan.retryOn(2, "5xx");
        ScriptedExchange exchange = ScriptedExchange.get(URL, servers(overtaken(status(503)), status(500)));

        Reply reply = execute(plan, exchange);

        assertThat(exchange.attempts()).extracting(Attempt::number).containsExactly(1, 2, 3);
        assertThat(exchange.attempts().stream().map(Attempt::endpoint).distinct())
                .hasSize(3);
        reply.close();
        assertThat(observer.calls()).extracting(CallEvent::flag).containsExactly(ResponseFlag.URX);
        assertThat(observer.calls()).extracting(CallEvent::attempts).containsExactly(3);
    }

    @Test
    void theTimeoutOfTheRouteEndsBoth() {
        plan.timeout(Duration.ofMillis(30));
        ScriptedExchange exchange = ScriptedExchange.get(URL, servers(overtaken(HedgeTest::breaksOff), attempt -> {
            clock.advance(Duration.ofMillis(30));
            throw new IOException("broken off");
        }));

        assertThat(refused(plan, exchange).flag()).isEqualTo(ResponseFlag.UT);

        assertThat(exchange.canceledAttempts()).contains(1, 2);
        assertThat(observer.calls()).extracting(CallEvent::attempts).containsExactly(2);
    }

    @Test
    void aCancelEndsTheWaitForTheSecond() {
        ScriptedExchange exchange = ScriptedExchange.get(URL, attempt -> {
            throw new AssertionError();
        });
        ScriptedExchange canceled = ScriptedExchange.get(
                URL,
                servers(
                        beside(attempt -> {
                            beside.shutdown();
                            throw new ConnectException("connection refused");
                        }),
                        whenAllowed(attempt -> breaksOff(attempt))));
        Thread canceler = new Thread(() -> {
            try {
                await(secondIsSent);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            canceled.cancel();
        });
        canceler.start();

        assertThatThrownBy(() -> execute(plan, canceled)).isInstanceOf(IOException.class);

        assertThat(canceled.canceledAttempts()).contains(2);
        assertThat(exchange.attempts()).isEmpty();
    }

    @Test
    void nothingIsSentBeyondTheRetryBudget() throws IOException {
        for (int i = 0; i < 3; i++) {
            assertThat(plan.limits().tryHedge()).isTrue();
        }
        ScriptedExchange exchange = ScriptedExchange.get(
                URL, servers(overtaken(ScriptedExchange::echoEndpoint), ScriptedExchange::echoEndpoint));

        execute(plan, exchange).read();

        assertThat(exchange.attempts()).hasSize(1);
        assertThat(observer.hedges()).containsExactly(HedgeResult.NOT_SENT);
        for (int i = 0; i < 3; i++) {
            plan.limits().retryEnded();
        }
    }

    @Test
    void theSecondAttemptGoesToAnotherHostOrNowhere() throws IOException {
        plan = PlanBuilder.hedged(1, 95, clock);
        learn(plan, 400);
        ScriptedExchange exchange = ScriptedExchange.get(
                URL, servers(overtaken(ScriptedExchange::echoEndpoint), ScriptedExchange::echoEndpoint));

        execute(plan, exchange).read();

        assertThat(exchange.attempts()).hasSize(1);
        assertThat(observer.hedges()).containsExactly(HedgeResult.NOT_SENT);
    }

    @Test
    void aSecondAttemptThatComesTooLateIsNotSent() throws IOException {
        ScriptedExchange exchange = ScriptedExchange.get(URL, attempt -> {
            clock.advance(SLOW);
            return ScriptedExchange.echoEndpoint(attempt);
        });

        execute(plan, exchange).read();
        hedges.remove().run();

        assertThat(exchange.attempts()).hasSize(1);
    }

    @Test
    void aBugOfTheSecondAttemptIsNobodysFailure() throws IOException {
        ScriptedExchange exchange =
                ScriptedExchange.get(URL, servers(overtaken(ScriptedExchange::echoEndpoint), attempt -> {
                    throw new IllegalStateException("a bug of an interceptor");
                }));

        assertThat(execute(plan, exchange).read()).isEqualTo(endpoint(exchange, 0));

        assertThat(observer.attempts()).extracting(AttemptEvent::outcome).contains(new Outcome.Canceled());
    }

    @Test
    void whatCannotBeDeliveredIsThrownAway() {
        ScriptedExchange exchange =
                ScriptedExchange.get(URL, servers(overtaken(HedgeTest::breaksOff), ScriptedExchange::echoEndpoint));
        exchange.breakDelivery(new IllegalStateException("a bug of a transport"));

        assertThatThrownBy(() -> execute(plan, exchange)).isInstanceOf(IllegalStateException.class);

        assertThat(exchange.discarded()).hasSize(1);
    }

    @Test
    void nothingIsPlannedWhereASecondAttemptMayNotBeSent() throws Exception {
        PlanBuilder ignorant = PlanBuilder.hedged(3, 95, clock);
        learn(ignorant, 399);
        ScriptedExchange post =
                new ScriptedExchange(SimpleRequestHead.of("POST", URL, Map.of()), ScriptedExchange::echoEndpoint);
        ScriptedExchange withBody = ScriptedExchange.get(URL);
        withBody.keepFromSendingBeside();
        long before = clock.scheduledTasks();

        execute(ignorant, ScriptedExchange.get(URL)).read();
        execute(PlanBuilder.hosts(3), ScriptedExchange.get(URL)).read();
        execute(plan, post).read();
        execute(plan, withBody).read();
        engine.carryOut(
                        plan.decision(),
                        ScriptedExchange.get(URL),
                        InboundContext.builder().attempt(2).build())
                .read();

        assertThat(clock.scheduledTasks()).isEqualTo(before);
    }

    @Test
    void aBrokenOffFirstAttemptCountsAsOneThatTookLonger() throws IOException {
        plan = PlanBuilder.hedged(3, 50, clock);
        learn(plan, 41);
        ScriptedExchange slow = ScriptedExchange.get(URL, servers(overtaken(HedgeTest::breaksOff), attempt -> {
            clock.advance(SLOW);
            return ScriptedExchange.echoEndpoint(attempt);
        }));
        long wanted = Duration.ofMillis(15).toNanos();

        // Without those of the first attempts there would be more fast answers than slow ones to the end.
        for (int call = 0; call < 30 && plan.latency().nanos(clock.nanoTime()) < wanted; call++) {
            execute(plan, slow).read();
        }

        assertThat(plan.latency().nanos(clock.nanoTime())).isGreaterThan(wanted);
    }

    @Test
    void manyRacesEndEachAttemptOnce() throws Exception {
        // So many that the slow ones of the test do not change the percentile.
        learn(plan, 20_000);
        for (int i = 0; i < 300; i++) {
            CountDownLatch go = new CountDownLatch(1);
            ScriptedExchange exchange = ScriptedExchange.get(URL, attempt -> {
                if (attempt.number() == 1) {
                    clock.advance(SLOW);
                    Runnable hedge = hedges.remove();
                    Future<?> unused = beside.submit(hedge);
                    await(go);
                } else {
                    go.countDown();
                }
                return ScriptedExchange.echoEndpoint(attempt);
            });
            Reply reply = execute(plan, exchange);
            assertThat(reply.status()).isEqualTo(200);
            reply.close();
        }
        beside.shutdown();
        assertThat(beside.awaitTermination(20, TimeUnit.SECONDS)).isTrue();

        assertThat(observer.attempts()).hasSize(600);
        assertThat(observer.hedges()).hasSize(300).doesNotContain(HedgeResult.NOT_SENT, HedgeResult.FAILED);
    }
}
