package io.inmesh.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.call.Attempt;
import io.inmesh.call.CallEnd;
import io.inmesh.call.Exchange;
import io.inmesh.call.RequestCopy;
import io.inmesh.call.TransportAttempt;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.event.Outcome;
import io.inmesh.testing.RawServer.Script;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/**
 * How a transport is tested: a call of it, the server that it goes to, and what it tells.
 *
 * @param <R> response type
 */
abstract class ExchangeFixture<R> {
    final ExecutorService others = Executors.newCachedThreadPool();
    final CountDownLatch over = new CountDownLatch(1);

    @Nullable
    RawServer server;

    /**
     * A request to {@code http://reviews:9080/reviews/0}.
     *
     * @param body null for a GET, else it is a POST
     * @param once whether the body can be read a single time
     */
    public record Call(@Nullable String body, boolean once) {
        public static final Call GET = new Call(null, false);
    }

    /** What is done with a call in the place of the mesh. */
    @FunctionalInterface
    public interface Steps<R> {
        void run(Exchange<R> exchange) throws Exception;
    }

    /** Makes a call, and does the steps on this thread where the transport would call the mesh. */
    protected abstract void call(Call call, Steps<R> steps) throws Exception;

    /** The body as the caller reads it. */
    protected abstract InputStream body(R response);

    /** Whether a cancel leaves a connection alone that its attempt gives back at that moment. */
    protected abstract boolean sparesConnections();

    /** Whether requests with a body are copied too. */
    protected boolean copiesBodies() {
        return true;
    }

    /** Whether bodies that can be taken only once can be kept. */
    protected boolean keepsBodies() {
        return true;
    }

    /** A header as the caller sees it; null when there is none. */
    protected abstract @Nullable String header(R response, String name);

    /** What a transport told of the end of a body. */
    static final class Ends implements CallEnd {
        final LinkedBlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();

        @Override
        public void ended(Outcome outcome) {
            outcomes.add(outcome);
        }

        @Override
        public IOException translate(IOException failure) {
            return new IOException("translated", failure);
        }

        /** The end that counts. */
        Outcome first() throws InterruptedException {
            Outcome first = outcomes.poll(10, TimeUnit.SECONDS);
            assertThat(first).as("an end of the body").isNotNull();
            return first;
        }
    }

    @AfterEach
    void stop() throws IOException {
        over.countDown();
        others.shutdownNow();
        if (server != null) {
            server.close();
        }
    }

    /** What a transport told of the copying of a request. */
    static final class Copying implements RequestCopy.Listener {
        final List<RequestCopy> copies = new ArrayList<>();
        final List<String> refusals = new ArrayList<>();

        @Override
        public void copied(RequestCopy copy) {
            copies.add(copy);
        }

        @Override
        public void notCopied(String why) {
            refusals.add(why);
        }
    }

    /** Sends a copy to its end, on a thread that is not the call's. */
    final Outcome sendCopy(RequestCopy copy, Endpoint endpoint) throws Exception {
        return others.submit(() -> sendCopy(copy.exchange(), endpoint)).get(10, TimeUnit.SECONDS);
    }

    private static <C> Outcome sendCopy(Exchange<C> exchange, Endpoint endpoint) throws Exception {
        TransportAttempt<C> attempt = attempt(exchange, 1, endpoint);
        Ends ends = new Ends();
        attempt.deliver(attempt.send(), null, ends);
        return ends.first();
    }

    final Endpoint serving(Script script) throws IOException {
        server = new RawServer(script);
        return server.endpoint();
    }

    /** Sends the first half of a body, and leaves the connection open. */
    final void answerHalf(RawServer.Connection connection) throws IOException, InterruptedException {
        connection.read();
        connection.write("HTTP/1.1 200 OK\nContent-Length: 6\n\nabc");
        over.await();
    }

    static void answerAll(RawServer.Connection connection) throws IOException {
        for (String request = connection.read(); request != null; request = connection.read()) {
            connection.answer(request);
        }
    }

    /** Each request has a connection of its own. */
    static void answerOnce(RawServer.Connection connection) throws IOException {
        String request = connection.read();
        if (request != null) {
            String head = "HTTP/1.1 200 OK\nConnection: close\nContent-Length: " + request.length();
            connection.write(head + "\n\n" + request);
        }
    }

    /** Leaves the first request without an answer, and answers all that come on other connections. */
    final Script silentFirst(CountDownLatch arrived) {
        return connection -> {
            if (connection.index() == 0) {
                connection.read();
                arrived.countDown();
                over.await();
            }
            answerAll(connection);
        };
    }

    static <C> TransportAttempt<C> attempt(Exchange<C> exchange, int number, Endpoint endpoint) {
        return exchange.attempt(
                Attempt.builder(number, exchange.head()).endpoint(endpoint).build());
    }

    final String read(R response) throws IOException {
        try (InputStream in = body(response)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Never asks for more, which may have to wait. */
    static String readThree(InputStream in) throws IOException {
        byte[] bytes = new byte[3];
        for (int got = 0; got < bytes.length; ) {
            int more = in.read(bytes, got, bytes.length - got);
            assertThat(more).isPositive();
            got += more;
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    final String answer(Exchange<R> exchange, int number, Endpoint endpoint) throws IOException {
        TransportAttempt<R> attempt = attempt(exchange, number, endpoint);
        return read(attempt.deliver(attempt.send(), null, new Ends()));
    }

    static Outcome failure(TransportAttempt<?> attempt) {
        try {
            attempt.send();
        } catch (IOException failure) {
            return attempt.classifyFailure(failure);
        }
        throw new AssertionError("there was an answer");
    }
}
