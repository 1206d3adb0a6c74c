package io.inmesh.servlet.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inmesh.servlet.testing.ContainerKind;
import io.inmesh.servlet.testing.RawAnswer;
import io.inmesh.servlet.testing.RawConnection;
import io.inmesh.servlet.testing.ServletContainer;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bodies on their way: nothing waits for what has not come. */
class StreamTest extends GatewayFixture {
    private static final String HOST = "Host: shop.example\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private static String readUntil(RawConnection connection, String end) throws IOException {
        InputStream in = connection.socket().getInputStream();
        StringBuilder all = new StringBuilder();
        while (all.indexOf(end) < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("ended after " + all);
            }
            all.append((char) next);
        }
        return all.toString();
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void passesEventsOnAtOnce(ContainerKind kind) throws Exception {
        LinkedBlockingQueue<String> events = new LinkedBlockingQueue<>();
        Upstream upstream = closing(Upstream.serving(connection -> {
            connection.request();
            connection.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (String event = events.take(); !event.isEmpty(); event = events.take()) {
                connection.send(Integer.toHexString(event.length()) + "\r\n" + event + "\r\n");
            }
            connection.send("0\r\n\r\n");
        }));
        ServletContainer gateway = gateway(kind, upstream);
        try (RawConnection connection = gateway.connect()) {
            connection.send("GET / HTTP/1.1\r\n" + HOST + "\r\n");
            assertThat(readUntil(connection, "\r\n\r\n")).as("before any event").contains("text/event-stream");
            for (String event : new String[] {"data: 1\n\n", "data: " + "x".repeat(8186) + "\n\n", "data: 3\n\n"}) {
                events.add(event);
                assertThat(readUntil(connection, event.substring(event.length() - 2)))
                        .contains("data: ");
            }
            events.add("");
            readUntil(connection, "0\r\n\r\n");
        }
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void passesABodyOfAnswerWithLengthOnAsItComes(ContainerKind kind) throws Exception {
        CountDownLatch half = new CountDownLatch(1);
        Upstream upstream = closing(Upstream.serving(connection -> {
            connection.request();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabc");
            half.await();
            connection.send("def");
        }));
        ServletContainer gateway = gateway(kind, upstream);
        try (RawConnection connection = gateway.connect()) {
            connection.send("GET / HTTP/1.1\r\n" + HOST + "\r\n");
            readUntil(connection, "\r\n\r\nabc");
            half.countDown();
            readUntil(connection, "def");
        }
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void passesABodyOfRequestOnAsItComes(ContainerKind kind) throws Exception {
        for (String framing : new String[] {
            "Content-Length: 6\r\n\r\nabc|def", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n|3\r\ndef\r\n0\r\n\r\n"
        }) {
            CountDownLatch come = new CountDownLatch(1);
            Upstream upstream = closing(Upstream.serving(connection -> {
                StringBuilder all = new StringBuilder(connection.head());
                while (all.indexOf("abc") < 0) {
                    all.append((char) connection.read());
                }
                come.countDown();
                while (all.indexOf("def") < 0) {
                    all.append((char) connection.read());
                }
                connection.send(OK);
            }));
            ServletContainer gateway = gateway(kind, upstream);
            try (RawConnection connection = gateway.connect()) {
                int cut = framing.indexOf('|');
                connection.send("POST / HTTP/1.1\r\n" + HOST + framing.substring(0, cut));
                assertThat(come.await(10, TimeUnit.SECONDS)).isTrue();
                connection.send(framing.substring(cut + 1));
                assertThat(connection.read().body()).isEqualTo("ok");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void asksForABodyThatWaitsToBeAskedFor(ContainerKind kind) throws Exception {
        ServletContainer gateway = gateway(kind);
        try (RawConnection connection = gateway.connect()) {
            connection.send("POST / HTTP/1.1\r\n" + HOST + "Expect: 100-continue\r\nContent-Length: 3\r\n\r\n");
            assertThat(connection.read().status()).isEqualTo(100);
            connection.send("abc");
            assertThat(connection.read().body()).isEqualTo("ok");
        }
        Upstream.Received received = upstream().take();
        assertThat(received.text()).isEqualTo("abc");
        assertThat(received.header("expect")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void refusesBodiesThatAreTooLarge(ContainerKind kind) throws Exception {
        CountDownLatch cut = new CountDownLatch(1);
        Upstream upstream = closing(Upstream.serving(connection -> {
            try {
                while (connection.request()) {
                    connection.send(OK);
                }
            } finally {
                cut.countDown();
            }
        }));
        ServletContainer gateway = gateway(kind, upstream, settings -> settings.maxBodyBytes(4));

        assertThat(gateway.exchange("POST / HTTP/1.1\r\n" + HOST + "Content-Length: 4\r\n\r\nabcd")
                        .status())
                .isEqualTo(200);
        upstream.forget();
        assertThat(gateway.exchange("POST / HTTP/1.1\r\n" + HOST + "Content-Length: 5\r\n\r\nabcde")
                        .status())
                .isEqualTo(413);
        assertThat(upstream.connections()).isEqualTo(1);
        RawAnswer chunked = gateway.exchange(
                "POST / HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n");
        assertThat(chunked.status()).isEqualTo(413);
        assertThat(cut.await(10, TimeUnit.SECONDS))
                .as("the server's connection ends")
                .isTrue();
        assertThat(upstream.untaken()).isZero();
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void relaysAnAnswerThatComesBeforeTheBodyHasGone(ContainerKind kind) throws Exception {
        Upstream upstream = closing(Upstream.serving(connection -> {
            connection.head();
            connection.send("HTTP/1.1 403 No\r\nContent-Length: 5\r\nConnection: close\r\n\r\nearly");
            connection.socket.shutdownOutput();
            // What was sent is taken, so that it does not make the answer disappear.
            while (connection.read() >= 0) {}
        }));
        ServletContainer gateway = gateway(kind, upstream);

        RawAnswer answer = gateway.exchange("POST / HTTP/1.1\r\n" + HOST + "Content-Length: 3\r\n\r\nabc");

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.body()).isEqualTo("early");
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void cutsAnAnswerThatTheServerCuts(ContainerKind kind) throws Exception {
        for (String framing :
                new String[] {"Content-Length: 10\r\n\r\nabc", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"}) {
            Upstream upstream = closing(Upstream.serving(connection -> {
                connection.request();
                connection.send("HTTP/1.1 200 OK\r\n" + framing);
            }));
            ServletContainer gateway = gateway(kind, upstream);

            assertThatThrownBy(() -> gateway.exchange("GET / HTTP/1.1\r\n" + HOST + "\r\n"))
                    .as(framing)
                    .isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void cutsAnAnswerWhenTheTimeOfItsRouteIsOver(ContainerKind kind) throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        Upstream upstream = closing(Upstream.serving(connection -> {
            connection.request();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
            over.await();
        }));
        ServletContainer gateway = gateway(kind.container(), upstream.port(), "timeout: 0.2s", settings -> {});
        assertThatThrownBy(() -> gateway.exchange("GET / HTTP/1.1\r\n" + HOST + "\r\n"))
                .isInstanceOf(IOException.class);
        over.countDown();
    }

    /** An answer's stream that breaks, as a fault of the gateway would have it, once something has gone. */
    private static HttpServletResponse breaking(HttpServletResponse response) {
        return new HttpServletResponseWrapper(response) {
            @Override
            public ServletOutputStream getOutputStream() throws IOException {
                ServletOutputStream out = super.getOutputStream();
                return new ServletOutputStream() {
                    @Override
                    public boolean isReady() {
                        return out.isReady();
                    }

                    @Override
                    public void setWriteListener(WriteListener listener) {
                        out.setWriteListener(listener);
                    }

                    @Override
                    public void write(int one) throws IOException {
                        out.write(one);
                        out.flush();
                        throw new IllegalStateException("broken for a test");
                    }
                };
            }
        };
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void cutsAnAnswerInWhichItFailsItself(ContainerKind kind) throws Exception {
        Upstream upstream = closing(
                Upstream.answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"));
        ServletContainer gateway = gateway(
                kind.container()
                        .filter(
                                "/*",
                                (request, response, chain) ->
                                        chain.doFilter(request, breaking((HttpServletResponse) response))),
                upstream.port(),
                "",
                settings -> {});

        assertThatThrownBy(() -> gateway.exchange("GET / HTTP/1.1\r\n" + HOST + "\r\n"))
                .isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void keepsManyRequestsOnOneConnectionApart(ContainerKind kind) throws Exception {
        Upstream upstream = closing(Upstream.serving(connection -> {
            while (connection.request()) {
                String text = connection.last().text();
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + text.length() + "\r\n\r\n" + text);
            }
        }));
        ServletContainer gateway = gateway(kind, upstream);
        try (RawConnection connection = gateway.connect()) {
            StringBuilder pipeline = new StringBuilder();
            for (int i = 0; i < 20; i++) {
                String body = "body-" + i;
                pipeline.append("POST / HTTP/1.1\r\n" + HOST + "Content-Length: ")
                        .append(body.length())
                        .append("\r\n\r\n")
                        .append(body);
            }
            connection.send(pipeline.toString().getBytes(StandardCharsets.ISO_8859_1));
            for (int i = 0; i < 20; i++) {
                assertThat(connection.read().body()).isEqualTo("body-" + i);
            }
        }
    }
}
