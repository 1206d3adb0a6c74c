package io.inmesh.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.call.Attempt;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.observe.EndedCopy;
import io.inmesh.observe.EndedCopy.Result;
import io.inmesh.testing.ScriptedExchange;
import io.inmesh.testing.ScriptedExchange.Reply;
import io.inmesh.testing.ScriptedExchange.Server;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a call does for copies of its request, and what becomes of them. Copies go to hosts that have a name. */
class MirrorsTest extends CallEngineFixture {
    private static boolean isCopy(Attempt attempt) {
        Endpoint endpoint = attempt.endpoint();
        return endpoint != null && endpoint.dnsName() != null;
    }

    /** Answers calls, and has copies answered by another one. */
    private static Server answering(Server copies) {
        return attempt -> isCopy(attempt) ? copies.answer(attempt) : ScriptedExchange.echoEndpoint(attempt);
    }

    private static PlanBuilder mirrored() {
        return PlanBuilder.hosts(2).mirrors(PlanBuilder.addresses(1));
    }

    private void sendCopies() {
        for (Runnable copy = copies.poll(); copy != null; copy = copies.poll()) {
            copy.run();
        }
    }

    private List<Result> results() {
        return observer.copies().stream().map(EndedCopy::result).toList();
    }

    @Test
    void aCopyGoesOutBesideTheCallWhichDoesNotWaitForIt() throws IOException {
        ScriptedExchange exchange = ScriptedExchange.get(URL, answering(attempt -> Reply.of(503, "busy")));

        Reply reply = execute(mirrored(), exchange);

        assertThat(reply.read()).startsWith("127.0.0.").endsWith(":9080");
        assertThat(exchange.attempts()).hasSize(1);
        sendCopies();
        assertThat(exchange.attempts()).hasSize(2).last().satisfies(copy -> {
            assertThat(isCopy(copy)).isTrue();
            assertThat(copy.number()).isEqualTo(1);
            assertThat(copy.authority()).isEqualTo("reviews:9080");
            assertThat(copy.pathAndQuery()).isEqualTo("/reviews/0");
            assertThat(copy.traffic()).isNull();
        });
        assertThat(observer.copies())
                .containsExactly(new EndedCopy("default/reviews", PlanBuilder.CLUSTER, Result.ANSWERED, 503));
    }

    @Test
    void nothingElseIsObservedOfACopy() throws IOException {
        execute(mirrored(), ScriptedExchange.get(URL)).read();
        sendCopies();

        assertThat(onlyCall().attempts()).isEqualTo(1);
        assertThat(onlyAttempt().number()).isEqualTo(1);
        assertThat(observer.started()).hasSize(1);
        assertThat(results()).containsExactly(Result.ANSWERED);
        assertThat(engine.runningAttempts()).isZero();
    }

    @Test
    void thereIsOneCopyHoweverOftenTheCallIsTried() throws IOException {
        ScriptedExchange exchange = ScriptedExchange.get(URL, attempt -> {
            if (attempt.number() == 1 && !isCopy(attempt)) {
                throw new ConnectException("connection refused");
            }
            return ScriptedExchange.echoEndpoint(attempt);
        });

        execute(mirrored(), exchange).read();
        sendCopies();

        assertThat(exchange.attempts()).filteredOn(MirrorsTest::isCopy).hasSize(1);
        assertThat(exchange.attempts()).hasSize(3);
    }

    @Test
    void aCopyThatFailsIsNotSentAgain() throws IOException {
        ScriptedExchange exchange = ScriptedExchange.get(URL, answering(REFUSES));

        Reply reply =
                execute(PlanBuilder.hosts(1).mirrors(PlanBuilder.addresses(2).attempts(0)), exchange);
        sendCopies();

        assertThat(reply.read()).startsWith("127.0.0.").endsWith(":9080");
        assertThat(exchange.attempts()).filteredOn(MirrorsTest::isCopy).hasSize(1);
        assertThat(results()).containsExactly(Result.FAILED);
    }

    @Test
    void aBugInACopyIsNobodysFailure() throws IOException {
        ScriptedExchange exchange = ScriptedExchange.get(URL, answering(attempt -> {
            throw new IllegalStateException("a bug of an interceptor");
        }));

        execute(mirrored(), exchange).read();
        sendCopies();

        assertThat(results()).containsExactly(Result.FAILED);
        assertThat(engine.runningAttempts()).isZero();
    }

    @Test
    void aCopyEndsAtTheTimeoutOfItsRoute() throws IOException {
        ScriptedExchange exchange = ScriptedExchange.get(URL, answering(attempt -> {
            clock.advance(Duration.ofMillis(200));
            throw new IOException("canceled");
        }));
        PlanBuilder plan = PlanBuilder.hosts(1).mirrors(PlanBuilder.addresses(1).timeout(Duration.ofMillis(200)));

        execute(plan, exchange).read();
        sendCopies();

        assertThat(exchange.canceledAttempts()).contains(1);
        assertThat(results()).containsExactly(Result.TIMED_OUT);
    }

    @Test
    void aCopyOnARouteWithoutATimeoutEndsAllTheSame() throws IOException {
        ScriptedExchange exchange = ScriptedExchange.get(URL, answering(attempt -> {
            clock.advance(Duration.ofSeconds(15));
            throw new IOException("canceled");
        }));

        execute(mirrored(), exchange).read();
        sendCopies();

        assertThat(exchange.canceledAttempts()).containsExactly(1);
        assertThat(results()).containsExactly(Result.TIMED_OUT);
    }

    @Test
    void whatIsTooMuchIsDropped() throws IOException {
        for (int call = 0; call < 3; call++) {
            execute(mirrored(), ScriptedExchange.get(URL)).read();
        }

        assertThat(results()).containsExactly(Result.DROPPED);
        sendCopies();
        assertThat(results()).containsExactly(Result.DROPPED, Result.ANSWERED, Result.ANSWERED);
    }

    @Test
    void aRequestThatCannotBeCopiedIsSentAllTheSame() throws IOException {
        ScriptedExchange longBody = ScriptedExchange.get(URL);
        longBody.keepFromCopying("its body is too long");
        ScriptedExchange broken = ScriptedExchange.get(URL);
        broken.breakCopying(new IllegalStateException("a bug of a transport"));

        assertThat(execute(mirrored(), longBody).read()).startsWith("127.0.0.").endsWith(":9080");
        assertThat(execute(mirrored(), broken).read()).startsWith("127.0.0.").endsWith(":9080");

        assertThat(copies).isEmpty();
        assertThat(results()).containsExactly(Result.NOT_COPIED, Result.NOT_COPIED);
    }

    @Test
    void noCopyIsMadeForADestinationThatIsNotKnown() throws IOException {
        ScriptedExchange exchange = ScriptedExchange.get(URL);
        exchange.keepFromCopying("nobody should ask");

        execute(PlanBuilder.hosts(1).mirrors(PlanBuilder.unknownCluster()), exchange)
                .read();

        assertThat(results()).containsExactly(Result.NO_DESTINATION);
        assertThat(copies).isEmpty();
    }

    @Test
    void aDestinationWithoutEndpointsGetsNoCopy() throws IOException {
        execute(PlanBuilder.hosts(1).mirrors(PlanBuilder.addresses(0)), ScriptedExchange.get(URL))
                .read();
        sendCopies();

        assertThat(results()).containsExactly(Result.NO_DESTINATION);
    }

    @Test
    void eachOfSeveralDestinationsGetsOne() throws IOException {
        ScriptedExchange exchange = ScriptedExchange.get(URL);

        execute(PlanBuilder.hosts(1).mirrors(PlanBuilder.addresses(1), PlanBuilder.addresses(1)), exchange)
                .read();
        sendCopies();

        assertThat(exchange.attempts()).filteredOn(MirrorsTest::isCopy).hasSize(2);
    }

    @Test
    void theEndOfTheEngineBreaksCopiesOff() throws IOException {
        ScriptedExchange exchange = ScriptedExchange.get(URL, answering(attempt -> {
            engine.close();
            throw new IOException("canceled");
        }));
        execute(mirrored(), exchange).read();
        execute(mirrored(), exchange).read();

        sendCopies();
        execute(mirrored(), exchange).read();

        assertThat(exchange.canceledAttempts()).containsExactly(1);
        assertThat(exchange.attempts()).filteredOn(MirrorsTest::isCopy).hasSize(1);
        assertThat(copies).isEmpty();
        assertThat(observer.copies()).isEmpty();
    }
}
