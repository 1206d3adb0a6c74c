package io.inmesh.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.inmesh.call.Attempt;
import io.inmesh.call.Exchange;
import io.inmesh.call.HeaderField;
import io.inmesh.call.TransportAttempt;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every {@link Exchange} keeps to. A transport's test extends it and says how a call is made and how its response is
 * read. The transport speaks HTTP/1.1 without TLS here.
 *
 * @param <R> response type
 */
@Timeout(60)
public abstract class ExchangeContract<R> extends ExchangeCancelContract<R> {
    // what is sent, and the answer

    @Test
    void sendsWhatTheAttemptSays() throws Exception {
        Endpoint endpoint = serving(ExchangeFixture::answerAll);
        call(new Call("text", false), exchange -> {
            TransportAttempt<R> attempt = exchange.attempt(Attempt.builder(1, exchange.head())
                    .endpoint(endpoint)
                    .pathAndQuery("/other//path?q=%2f")
                    .build());
            assertThat(read(attempt.deliver(attempt.send(), null, new Ends())))
                    .isEqualTo("POST /other//path?q=%2f HTTP/1.1 text");
        });
    }

    @Test
    void anAttemptSendsNothingUntilItIsTold() throws Exception {
        Endpoint endpoint = serving(ExchangeFixture::answerAll);
        call(Call.GET, exchange -> {
            attempt(exchange, 1, endpoint);
            assertThat(answer(exchange, 2, endpoint)).isEqualTo("GET /reviews/0 HTTP/1.1");
        });
        assertThat(server.requestCount()).isEqualTo(1);
    }

    @Test
    void theEndOfTheBodyIsTold() throws Exception {
        CountDownLatch rest = new CountDownLatch(1);
        Endpoint endpoint = serving(connection -> {
            connection.read();
            connection.write("HTTP/1.1 503 Busy\nContent-Length: 6\n\nabc");
            rest.await();
            connection.write("def");
            over.await();
        });
        call(Call.GET, exchange -> {
            TransportAttempt<R> attempt = attempt(exchange, 1, endpoint);
            Ends ends = new Ends();
            R response = attempt.send();
            assertThat(exchange.classify(response)).isEqualTo(new Outcome.Responded(503));
            R delivered = attempt.deliver(response, null, ends);
            InputStream in = body(delivered);
            assertThat(readThree(in)).isEqualTo("abc");
            assertThat(ends.outcomes).isEmpty();
            rest.countDown();
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("def");
            assertThat(ends.first()).isEqualTo(new Outcome.Responded(503));
            in.close();
        });
    }

    @Test
    void closingTheBodyIsItsEnd() throws Exception {
        Endpoint endpoint = serving(this::answerHalf);
        call(Call.GET, exchange -> {
            TransportAttempt<R> attempt = attempt(exchange, 1, endpoint);
            Ends ends = new Ends();
            body(attempt.deliver(attempt.send(), null, ends)).close();
            assertThat(ends.first()).isEqualTo(new Outcome.Responded(200));
        });
    }

    @Test
    void anAnswerWithoutABodyHasAnEnd() throws Exception {
        Endpoint endpoint = serving(connection -> {
            connection.read();
            connection.write("HTTP/1.1 204 No Content\n\n");
            over.await();
        });
        call(Call.GET, exchange -> {
            TransportAttempt<R> attempt = attempt(exchange, 1, endpoint);
            Ends ends = new Ends();
            assertThat(read(attempt.deliver(attempt.send(), null, ends))).isEmpty();
            assertThat(ends.first()).isEqualTo(new Outcome.Responded(204));
        });
    }

    @Test
    void aBodyThatBreaksFailsAsTheMeshSaysAndEnds() throws Exception {
        Endpoint endpoint = serving(connection -> {
            connection.read();
            connection.write("HTTP/1.1 200 OK\nContent-Length: 6\n\nabc");
        });
        call(Call.GET, exchange -> {
            TransportAttempt<R> attempt = attempt(exchange, 1, endpoint);
            Ends ends = new Ends();
            R delivered = attempt.deliver(attempt.send(), null, ends);
            assertThatIOException().isThrownBy(() -> read(delivered)).withMessage("translated");
            assertThat(ends.first()).isInstanceOf(Outcome.Failed.class);
        });
    }

    @Test
    void editsChangeTheHeadersThatTheCallerSees() throws Exception {
        Endpoint endpoint = serving(ExchangeFixture::answerAll);
        call(Call.GET, exchange -> {
            TransportAttempt<R> attempt = attempt(exchange, 1, endpoint);
            R delivered = attempt.deliver(
                    attempt.send(), (status, headers) -> List.of(new HeaderField("x-status", "" + status)), new Ends());
            assertThat(header(delivered, "x-status")).isEqualTo("200");
            assertThat(header(delivered, "content-length")).isNull();
            read(delivered);
        });
    }

    @Test
    void anotherAttemptMayFollowADiscardedAnswer() throws Exception {
        Endpoint endpoint = serving(ExchangeFixture::answerAll);
        call(new Call("text", false), exchange -> {
            TransportAttempt<R> first = attempt(exchange, 1, endpoint);
            first.discard(first.send());
            assertThat(exchange.replayable()).isTrue();
            assertThat(answer(exchange, 2, endpoint)).endsWith(" text");
        });
        assertThat(server.requestCount()).isEqualTo(2);
    }

    @Test
    void theMeshReadsTheHeadersOfAnAnswer() throws Exception {
        Endpoint endpoint = serving(connection -> {
            connection.read();
            connection.write("HTTP/1.1 429 Busy\nRetry-After: 7\nX-Two: first\nX-Two: second\nContent-Length: 0\n\n");
            over.await();
        });
        call(Call.GET, exchange -> {
            TransportAttempt<R> attempt = attempt(exchange, 1, endpoint);
            R response = attempt.send();
            assertThat(exchange.responseHeader(response, "retry-after")).isEqualTo("7");
            assertThat(exchange.responseHeader(response, "x-two")).isEqualTo("first");
            assertThat(exchange.responseHeader(response, "grpc-status")).isNull();
            attempt.discard(response);
        });
    }

    // kept bodies

    @Test
    void aBodyThatIsKeptCanBeSentAgain() throws Exception {
        Endpoint endpoint = serving(ExchangeFixture::answerAll);
        call(new Call("text", true), exchange -> {
            exchange.keepBody(4);
            assertThat(answer(exchange, 1, endpoint)).endsWith(" text");
            assertThat(exchange.replayable()).isEqualTo(keepsBodies());
            if (keepsBodies()) {
                assertThat(answer(exchange, 2, endpoint)).endsWith(" text");
            }
        });
    }

    @Test
    void aBodyThatIsTooLongToKeepIsSentOnce() throws Exception {
        Endpoint endpoint = serving(ExchangeFixture::answerAll);
        call(new Call("text", true), exchange -> {
            exchange.keepBody(3);
            assertThat(answer(exchange, 1, endpoint)).endsWith(" text");
            assertThat(exchange.replayable()).isFalse();
        });
    }

    // copies

    @Test
    void aCopyIsSentByItself() throws Exception {
        Endpoint endpoint = serving(ExchangeFixture::answerAll);
        Copying copying = new Copying();
        call(Call.GET, exchange -> {
            exchange.copy(100, copying);
            assertThat(copying.copies).as("%s", copying.refusals).hasSize(1);
            assertThat(answer(exchange, 1, endpoint)).isEqualTo("GET /reviews/0 HTTP/1.1");
        });
        // The call is over, and its caller may be gone.
        assertThat(sendCopy(copying.copies.get(0), endpoint)).isEqualTo(new Outcome.Responded(200));
        assertThat(sendCopy(copying.copies.get(0), endpoint)).isEqualTo(new Outcome.Responded(200));
        assertThat(server.requests()).hasSize(3).containsOnly("GET /reviews/0 HTTP/1.1");
    }

    @Test
    void aCopyHasTheBodyThatTheCallHasSent() throws Exception {
        Endpoint endpoint = serving(ExchangeFixture::answerAll);
        Copying copying = new Copying();
        call(new Call("text", true), exchange -> {
            exchange.copy(100, copying);
            assertThat(copying.copies).isEmpty();
            assertThat(answer(exchange, 1, endpoint)).endsWith(" text");
        });
        if (copiesBodies()) {
            assertThat(sendCopy(copying.copies.get(0), endpoint)).isEqualTo(new Outcome.Responded(200));
            assertThat(server.requests()).hasSize(2).containsOnly("POST /reviews/0 HTTP/1.1 text");
        } else {
            assertThat(copying.refusals).hasSize(1);
        }
    }

    @Test
    void aBodyThatIsTooLongIsSentAndNotCopied() throws Exception {
        Endpoint endpoint = serving(ExchangeFixture::answerAll);
        Copying copying = new Copying();
        call(new Call("text", false), exchange -> {
            exchange.copy(3, copying);
            assertThat(answer(exchange, 1, endpoint)).endsWith(" text");
        });
        assertThat(copying.copies).isEmpty();
        assertThat(copying.refusals).hasSize(1);
    }

    @Test
    void aCancelledCopyEnds() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        Endpoint endpoint = serving(silentFirst(arrived));
        Copying copying = new Copying();
        call(Call.GET, exchange -> {
            exchange.copy(100, copying);
            TransportAttempt<?> attempt = attempt(copying.copies.get(0).exchange(), 1, endpoint);
            Future<Outcome> sent = others.submit(() -> failure(attempt));
            arrived.await();
            attempt.cancel();
            assertThat(sent.get(10, TimeUnit.SECONDS)).isEqualTo(new Outcome.Canceled());
            assertThat(answer(exchange, 1, endpoint)).isEqualTo("GET /reviews/0 HTTP/1.1");
        });
    }

    // failures

    @Test
    void whatIsRefusedWasNeverSentAndTakesNothingOfTheBody() throws Exception {
        Endpoint endpoint = serving(ExchangeFixture::answerAll);
        // Bound, so that nobody else gets the port meanwhile, and not listening.
        try (Socket refusing = new Socket()) {
            refusing.bind(new InetSocketAddress("127.0.0.1", 0));
            Endpoint nobody = Rules.endpoint("127.0.0.1", refusing.getLocalPort());
            call(new Call("text", true), exchange -> {
                TransportAttempt<R> refused = attempt(exchange, 1, nobody);
                assertThat(failure(refused))
                        .isInstanceOfSatisfying(
                                Outcome.NeverSent.class,
                                never -> assertThat(never.flag()).isEqualTo(ResponseFlag.UF));
                assertThat(exchange.replayable()).isTrue();
                assertThat(answer(exchange, 2, endpoint)).endsWith(" text");
            });
        }
    }

    @Test
    void whatBreaksAfterItWasSentHasFailed() throws Exception {
        Endpoint endpoint = serving(connection -> {
            String request = connection.read();
            if (connection.index() == 0) {
                connection.reset();
            } else {
                connection.answer(request);
            }
        });
        call(new Call("text", false), exchange -> {
            assertThat(failure(attempt(exchange, 1, endpoint))).isInstanceOf(Outcome.Failed.class);
            assertThat(exchange.replayable()).isTrue();
            assertThat(answer(exchange, 2, endpoint)).endsWith(" text");
        });
    }

    @Test
    void aBodyThatWasTakenAndCanBeReadOnceCannotBeSentAgain() throws Exception {
        Endpoint endpoint = serving(connection -> {
            connection.read();
            connection.reset();
        });
        call(new Call("text", true), exchange -> {
            assertThat(failure(attempt(exchange, 1, endpoint))).isInstanceOf(Outcome.Failed.class);
            assertThat(exchange.replayable()).isFalse();
        });
    }
}
