package io.inmesh.servlet.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.servlet.testing.ContainerKind;
import io.inmesh.servlet.testing.ContainerSettings;
import io.inmesh.servlet.testing.RawAnswer;
import io.inmesh.servlet.testing.RawConnection;
import io.inmesh.servlet.testing.ServletContainer;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a client gets to see of a server's answer. */
class AnswerTest extends GatewayFixture {
    private static final String GET = "GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n";

    private RawAnswer answer(ContainerKind kind, String fromServer) throws Exception {
        return gateway(kind, closing(Upstream.answering(fromServer))).exchange(GET);
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void passesHeadersOn(ContainerKind kind) throws Exception {
        RawAnswer answer = answer(
                kind,
                "HTTP/1.1 555 Odd\r\n"
                        + "Content-Type: text/html\r\nContent-Length: 2\r\n"
                        + "Set-Cookie: a=b; Path=/\r\nSet-Cookie: c=d\r\n"
                        + "Location: http://elsewhere/\r\n"
                        + "Date: Mon, 23 Nov 2026 10:00:00 GMT\r\n"
                        + "Server: mine\r\n"
                        + "X-Utf8: \u00c3\u00a9\r\n"
                        + "Retry-After: 0\r\n"
                        + "Connection: close, X-Hop\r\nX-Hop: 1\r\nKeep-Alive: timeout=1\r\nProxy-Authenticate: Basic\r\n"
                        + "\r\nno");

        assertThat(answer.status()).isEqualTo(555);
        assertThat(answer.body()).isEqualTo("no");
        assertThat(answer.headers("content-type")).containsExactly("text/html");
        assertThat(answer.headers("set-cookie")).containsExactly("a=b; Path=/", "c=d");
        assertThat(answer.headers("location")).containsExactly("http://elsewhere/");
        assertThat(answer.headers("date")).containsExactly("Mon, 23 Nov 2026 10:00:00 GMT");
        assertThat(answer.headers("server")).containsExactly("mine");
        assertThat(answer.headers("x-utf8")).containsExactly("\u00c3\u00a9");
        assertThat(answer.headers("retry-after")).containsExactly("0");
        assertThat(answer.headers("content-length")).containsExactly("2");
        for (String removed : new String[] {"x-hop", "keep-alive", "proxy-authenticate", "transfer-encoding"}) {
            assertThat(answer.headers(removed)).as(removed).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void putsItsNameAsServer(ContainerKind kind) throws Exception {
        Upstream upstream = closing(Upstream.answering("HTTP/1.1 200 OK\r\nServer: mine\r\nContent-Length: 0\r\n\r\n"));

        assertThat(gateway(kind, upstream, settings -> settings.serverHeader("gate"))
                        .exchange(GET)
                        .headers("server"))
                .containsExactly("gate");
        ServletContainer silent = gateway(kind, upstream, settings -> settings.noServerHeader());
        for (String request : new String[] {GET, "GET / HTTP/1.1\r\nHost: unknown\r\n\r\n"}) {
            // Jetty's own is Jetty's to take away.
            assertThat(silent.exchange(request).headers("server"))
                    .allMatch(name -> kind == ContainerKind.JETTY && name.startsWith("Jetty("));
        }
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void framesBodiesAnew(ContainerKind kind) throws Exception {
        RawAnswer chunked =
                answer(kind, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n2;x=y\r\nbc\r\n0\r\n\r\n");
        assertThat(chunked.body()).isEqualTo("abc");

        Upstream closing = closing(Upstream.serving(connection -> {
            if (connection.request()) {
                connection.send("HTTP/1.1 200 OK\r\n\r\nto the end");
            }
        }));
        assertThat(gateway(kind, closing).exchange(GET).body()).isEqualTo("to the end");

        assertThat(answer(kind, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").header("content-length"))
                .isEqualTo("0");
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void sendsInOnePieceWhatCameInOne(ContainerKind kind) throws Exception {
        AtomicInteger flushes = new AtomicInteger();
        CountDownLatch headIsThere = new CountDownLatch(1);
        Upstream upstream = closing(Upstream.serving(connection -> {
            while (connection.request()) {
                switch (connection.last().line()) {
                    case "GET /length HTTP/1.1" -> connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                    case "GET /chunks HTTP/1.1" ->
                        connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n");
                    default -> {
                        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
                        headIsThere.await();
                        connection.send("ok");
                    }
                }
            }
        }));
        ContainerSettings counting = kind.container()
                .filter(
                        "/*",
                        (request, response, chain) ->
                                chain.doFilter(request, new HttpServletResponseWrapper((HttpServletResponse) response) {
                                    @Override
                                    public void flushBuffer() throws IOException {
                                        flushes.incrementAndGet();
                                        super.flushBuffer();
                                        headIsThere.countDown();
                                    }
                                }));
        ServletContainer gateway = gateway(counting, upstream.port(), "", settings -> {});

        for (String path : new String[] {"/length", "/chunks"}) {
            RawAnswer answer = gateway.exchange(GET.replace("/ ", path + " "));
            assertThat(answer.body()).isEqualTo("ok");
            assertThat(flushes).as(path).hasValue(0);
        }
        assertThat(gateway.exchange(GET).body())
                .as("its second part comes after the first was sent on")
                .isEqualTo("ok");
        assertThat(flushes).hasValue(1);
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void answersWithoutBody(ContainerKind kind) throws Exception {
        Upstream upstream = closing(Upstream.serving(connection -> {
            while (connection.request()) {
                connection.send(
                        connection.last().line().startsWith("HEAD /length ")
                                ? "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nX-A: b\r\n\r\n"
                                : connection.last().line().startsWith("HEAD")
                                        ? "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                        : "HTTP/1.1 " + connection.last().line().substring(5, 8)
                                                + " X\r\nX-A: b\r\n\r\n");
            }
        }));
        ServletContainer gateway = gateway(kind, upstream);
        try (RawConnection connection = gateway.connect()) {
            for (String status : new String[] {"204", "304"}) {
                connection.send("GET /" + status + " HTTP/1.1\r\nHost: shop.example\r\n\r\n");
                RawAnswer answer = connection.read();
                assertThat(answer.status()).isEqualTo(Integer.parseInt(status));
                assertThat(answer.header("x-a")).isEqualTo("b");
                assertThat(answer.header("transfer-encoding")).isNull();
            }
            connection.send("HEAD /length HTTP/1.1\r\nHost: shop.example\r\n\r\n");
            assertThat(connection.read(true).header("content-length")).isEqualTo("1000");
            connection.send("HEAD /chunks HTTP/1.1\r\nHost: shop.example\r\n\r\n");
            assertThat(connection.read(true).status()).isEqualTo(200);
            connection.send("GET /200 HTTP/1.1\r\nHost: unknown\r\n\r\n");
            assertThat(connection.read().status())
                    .as("after all that, on one connection")
                    .isEqualTo(404);
        }
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void keepsInformationalAnswersToItself(ContainerKind kind) throws Exception {
        assertThat(answer(
                                kind,
                                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
                                        + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
                        .body())
                .isEqualTo("ok");
        assertThat(answer(kind, "HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n")
                        .status())
                .isEqualTo(502);
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void reusesConnectionsToTheServer(ContainerKind kind) throws Exception {
        Upstream upstream = closing(Upstream.ok());
        ServletContainer gateway = gateway(kind, upstream);
        for (int i = 0; i < 5; i++) {
            assertThat(gateway.exchange(GET).body()).isEqualTo("ok");
        }
        assertThat(upstream.connections()).isEqualTo(1);
    }
}
