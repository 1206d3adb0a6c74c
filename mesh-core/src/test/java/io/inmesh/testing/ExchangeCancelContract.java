package io.inmesh.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.inmesh.Mesh;
import io.inmesh.MeshTesting;
import io.inmesh.call.MeshException;
import io.inmesh.call.TransportAttempt;
import io.inmesh.config.source.TextConfigSource;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * The part of the contract that is about ending one attempt.
 *
 * @param <R> response type
 */
abstract class ExchangeCancelContract<R> extends ExchangeFixture<R> {
    private static final int RACES = 400;

    // cancelling

    @Test
    void whatIsCancelledBeforehandIsNotSent() throws Exception {
        Endpoint endpoint = serving(ExchangeFixture::answerAll);
        call(Call.GET, exchange -> {
            TransportAttempt<R> first = attempt(exchange, 1, endpoint);
            first.cancel();
            first.cancel();
            assertThat(failure(first)).isEqualTo(new Outcome.Canceled());
            assertThat(exchange.canceled()).isFalse();
            assertThat(answer(exchange, 2, endpoint)).isNotEmpty();
        });
        assertThat(server.requestCount()).isEqualTo(1);
    }

    @Test
    void cancellingEndsTheWaitForAnAnswer() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        Endpoint endpoint = serving(silentFirst(arrived));
        call(new Call("text", false), exchange -> {
            TransportAttempt<R> first = attempt(exchange, 1, endpoint);
            Future<?> canceler = others.submit(() -> {
                arrived.await();
                first.cancel();
                return null;
            });
            assertThat(failure(first)).isEqualTo(new Outcome.Canceled());
            canceler.get();
            assertThat(exchange.canceled()).isFalse();
            assertThat(answer(exchange, 2, endpoint)).endsWith(" text");
        });
    }

    @Test
    void cancellingAfterTheHeadersLeavesTheCallItsNextAttempt() throws Exception {
        Endpoint endpoint = serving(ExchangeFixture::answerAll);
        call(Call.GET, exchange -> {
            TransportAttempt<R> first = attempt(exchange, 1, endpoint);
            R response = first.send();
            first.cancel();
            first.discard(response);
            first.cancel();
            assertThat(exchange.canceled()).isFalse();
            assertThat(answer(exchange, 2, endpoint)).isNotEmpty();
        });
    }

    @Test
    void cancellingEndsADeliveredBody() throws Exception {
        Endpoint endpoint = serving(this::answerHalf);
        call(Call.GET, exchange -> {
            TransportAttempt<R> attempt = attempt(exchange, 1, endpoint);
            Ends ends = new Ends();
            InputStream in = body(attempt.deliver(attempt.send(), null, ends));
            assertThat(readThree(in)).isEqualTo("abc");
            Future<?> canceler = others.submit(attempt::cancel);
            assertThatIOException().isThrownBy(in::readAllBytes).withMessage("translated");
            canceler.get();
            assertThat(ends.first()).isEqualTo(new Outcome.Canceled());
        });
    }

    @Test
    void whatIsCancelledBeforeItIsDeliveredFailsWhereItIsRead() throws Exception {
        Endpoint endpoint = serving(this::answerHalf);
        call(Call.GET, exchange -> {
            TransportAttempt<R> attempt = attempt(exchange, 1, endpoint);
            Ends ends = new Ends();
            R response = attempt.send();
            attempt.cancel();
            R delivered = attempt.deliver(response, null, ends);
            assertThatIOException().isThrownBy(() -> read(delivered)).withMessage("translated");
            assertThat(ends.first()).isEqualTo(new Outcome.Canceled());
        });
    }

    @Test
    void cancellingWhatHasEndedDoesNothing() throws Exception {
        Endpoint endpoint = serving(ExchangeFixture::answerAll);
        call(Call.GET, exchange -> {
            TransportAttempt<R> attempt = attempt(exchange, 1, endpoint);
            Ends ends = new Ends();
            read(attempt.deliver(attempt.send(), null, ends));
            attempt.cancel();
            assertThat(ends.first()).isEqualTo(new Outcome.Responded(200));
            assertThat(exchange.canceled()).isFalse();
        });
    }

    /** The cancel comes at every moment of sending; whatever it meets, the next attempt of the call is answered. */
    @Test
    void aCancelThatRacesWithSendingEndsThatAttemptAlone() throws Exception {
        Endpoint endpoint = serving(sparesConnections() ? ExchangeFixture::answerAll : ExchangeFixture::answerOnce);
        CyclicBarrier start = new CyclicBarrier(2);
        for (int race = 0; race < RACES; race++) {
            int spins = race * 50;
            call(new Call("text", false), exchange -> {
                TransportAttempt<R> first = attempt(exchange, 1, endpoint);
                Future<?> canceler = others.submit(() -> {
                    start.await();
                    for (int i = 0; i < spins; i++) {
                        Thread.onSpinWait();
                    }
                    first.cancel();
                    return null;
                });
                start.await();
                try {
                    first.discard(first.send());
                } catch (IOException canceled) {
                    assertThat(first.classifyFailure(canceled)).isEqualTo(new Outcome.Canceled());
                }
                assertThat(answer(exchange, 2, endpoint)).endsWith(" text");
                canceler.get();
                assertThat(exchange.canceled()).isFalse();
            });
        }
    }

    // the deadline of a rule

    private Mesh.Builder timingOut(Endpoint endpoint) {
        return Mesh.builder().config(TextConfigSource.of("rules", """
                        apiVersion: networking.istio.io/v1
                        kind: ServiceEntry
                        metadata: {name: reviews}
                        spec:
                          hosts: [reviews.default.svc.cluster.local]
                          resolution: STATIC
                          ports: [{number: 9080, name: http, protocol: HTTP}]
                          endpoints: [{address: 127.0.0.1, ports: {http: %d}}]
                        ---
                        apiVersion: networking.istio.io/v1
                        kind: VirtualService
                        metadata: {name: reviews}
                        spec:
                          hosts: [reviews]
                          http: [{timeout: 300ms, route: [{destination: {host: reviews}}]}]
                        """.formatted(endpoint.port())));
    }

    private static void isTimeout(MeshException failure) {
        assertThat(failure.flag()).isEqualTo(ResponseFlag.UT);
    }

    @Test
    void theDeadlineEndsTheWaitForAnAnswer() throws Exception {
        Endpoint endpoint = serving(silentFirst(new CountDownLatch(1)));
        try (Mesh mesh = timingOut(endpoint).build()) {
            call(Call.GET, exchange -> {
                assertThatExceptionOfType(MeshException.class)
                        .isThrownBy(() -> mesh.execute(exchange))
                        .satisfies(ExchangeCancelContract::isTimeout);
                assertThat(exchange.canceled()).isFalse();
            });
        }
    }

    @Test
    void theDeadlineEndsTheBody() throws Exception {
        Endpoint endpoint = serving(this::answerHalf);
        // The headers come in time however slow the machine is.
        ManualClock clock = new ManualClock();
        try (Mesh mesh = MeshTesting.manual(timingOut(endpoint), clock, new SplittableRandom(1))
                .build()) {
            call(Call.GET, exchange -> {
                R delivered = mesh.execute(exchange);
                Future<?> deadline = others.submit(() -> clock.advance(Duration.ofMillis(300)));
                assertThatExceptionOfType(MeshException.class)
                        .isThrownBy(() -> read(delivered))
                        .satisfies(ExchangeCancelContract::isTimeout);
                deadline.get();
            });
        }
    }
}
