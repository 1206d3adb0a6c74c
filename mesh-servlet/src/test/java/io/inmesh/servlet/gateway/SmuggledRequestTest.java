package io.inmesh.servlet.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.Mesh;
import io.inmesh.config.source.TextConfigSource;
import io.inmesh.servlet.GatewayServlet;
import io.inmesh.servlet.policy.PathPolicy;
import io.inmesh.servlet.testing.ContainerKind;
import io.inmesh.servlet.testing.RawAnswer;
import io.inmesh.servlet.testing.RawConnection;
import io.inmesh.servlet.testing.ServletContainer;
import java.io.EOFException;
import java.net.SocketException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One request in is at most one out, to the host and the path that were judged, with no header that nobody sent. */
class SmuggledRequestTest extends GatewayFixture {
    private static final String HOST = "Host: shop.example\r\n";
    private static final String HIDDEN = "GET /smuggled HTTP/1.1\r\n" + HOST + "\r\n";

    /** Headers of which some readers see one length and others another one; a hidden request follows as a body or behind it. */
    private static final List<String> FRAMINGS = List.of(
            "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
            "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
            "Transfer-Encoding : chunked\r\n",
            "Transfer-Encoding\t: chunked\r\n",
            " Transfer-Encoding: chunked\r\n",
            "X: y\r\n Transfer-Encoding: chunked\r\n",
            "X: y\rTransfer-Encoding: chunked\r\n",
            "Transfer-Encoding: \u000bchunked\r\n",
            "Transfer-Encoding: chunked\u0000\r\n",
            "Transfer-Encoding: chunke\u00e4\r\n",
            "Transfer-Encoding: \"chunked\"\r\n",
            "Transfer-Encoding: chunked, identity\r\n",
            "Transfer-Encoding: identity, chunked\r\n",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
            "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n",
            "Transfer-Encoding: xchunked\r\n",
            "Transfer_Encoding: chunked\r\nContent-Length: 5, 5\r\n",
            "Content-Length: 5\r\nContent-Length: 0\r\n",
            "Content-Length: 5, 0\r\n",
            "Content-Length: 0x5\r\n",
            "Content-Length: +5\r\n",
            "Content-Length: 5 0\r\n",
            "Content-Length: 5;\r\n",
            "Content-Length: 99999999999999999999\r\n",
            "Content-Length : 5\r\n");

    /** Bodies in chunks that some readers see another end of. */
    private static final List<String> CHUNKS = List.of(
            "5;\n\r\n0\r\n\r\n",
            "-1\r\n\r\n0\r\n\r\n",
            "0x0\r\n\r\n",
            "1\r\naa\r\n0\r\n\r\n",
            "ffffffffffffffff1\r\na\r\n0\r\n\r\n",
            "80000000\r\na\r\n0\r\n\r\n",
            "\r\n0\r\n\r\n");

    private static final String MOVED = """
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: moved}
            spec:
              hosts: [moved.example]
              gateways: [gw]
              http:
              - redirect: {uri: /elsewhere, authority: other.example}
            """;

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void hidesInNoBody(ContainerKind kind) throws Exception {
        ServletContainer gateway = gateway(kind);
        for (String framing : FRAMINGS) {
            assertNotSentOn(gateway, "POST / HTTP/1.1\r\n" + HOST + framing + "\r\n0\r\n\r\n" + HIDDEN, framing);
        }
        for (String chunks : CHUNKS) {
            String request = "POST / HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n" + chunks + HIDDEN;
            assertNotSentOn(gateway, request, chunks);
        }
        assertNotSentOn(gateway, "POST / HTTP/1.0\r\n" + HOST + FRAMINGS.get(0) + "\r\n0\r\n\r\n" + HIDDEN, "HTTP/1.0");
        assertNotSentOn(gateway, "GET / HTTP/1.1\r\n" + HOST + "Content-Length: 70\r\n\r\n" + HIDDEN, "GET");
    }

    /** The connection ends with the first answer, or what is behind it counts as its body. */
    private void assertNotSentOn(ServletContainer gateway, String request, String what) throws Exception {
        try (RawConnection connection = gateway.connect()) {
            connection.send(request);
            connection.socket().shutdownOutput();
            while (true) {
                RawAnswer answer = connection.read();
                assertThat(answer.status()).as(what).isIn(200, 400, 408, 411, 413, 501);
            }
        } catch (EOFException | SocketException end) {
            // The container has closed the connection, whatever it has answered before.
        }
        int sentOn = 0;
        while (upstream().untaken() > 0) {
            assertThat(upstream().take().line()).as(what).isEqualTo("POST / HTTP/1.1");
            sentOn++;
        }
        assertThat(sentOn).as(what).isLessThanOrEqualTo(1);
    }

    /** Its answer has no head, so that nobody can say what it is. */
    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void comesInWithNoLineWithoutAVersion(ContainerKind kind) throws Exception {
        for (String line : List.of("GET /", "GET http://shop.example/", "GET http://shop.example/HTTP/1.1")) {
            try (RawConnection connection = gateway(kind).connect()) {
                connection.send(line + "\r\n" + HOST + "\r\n");
                connection.socket().shutdownOutput();
                connection.socket().getInputStream().readAllBytes();
            }
            assertThat(upstream().untaken()).as(line).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void leadsNowhereThatNoRuleNames(ContainerKind kind) throws Exception {
        ServletContainer gateway = gateway(kind);
        int port = upstream().port();
        List<String> requests = List.of(
                "GET http://127.0.0.1:" + port + "/ HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n\r\n",
                "GET http://127.0.0.1:" + port + "/ HTTP/1.1\r\n" + HOST + "\r\n",
                "GET http://shop.example@127.0.0.1:" + port + "/ HTTP/1.1\r\n" + HOST + "\r\n",
                "GET / HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: localhost:" + port + "\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: [::1]:" + port + "\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: [::ffff:127.0.0.1]:" + port + "\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: 2130706433:" + port + "\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: 169.254.169.254\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: shop.internal\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: shop.example.127.0.0.1.nip.io\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: shop.example\r\n\r\n",
                "GET //127.0.0.1:" + port + "/ HTTP/1.1\r\nHost: evil.example\r\n\r\n");
        for (String request : requests) {
            assertThat(gateway.exchange(request).status()).as(request).isIn(400, 404);
            assertThat(upstream().untaken()).as(request).isZero();
        }
    }

    /** With paths as Istio takes them, which lets escapes of control characters in. */
    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void writesNoHeader(ContainerKind kind) throws Exception {
        Upstream upstream = closing(Upstream.ok());
        String route = """
                match: [{uri: {prefix: /api}}]
                rewrite: {uri: /v1}
                headers: {request: {set: {x-path: "%REQ(:path)%", x-copy: "%REQ(x-in)%"}}}
                """;
        Mesh mesh = closing(Mesh.builder()
                .gateway()
                .config(TextConfigSource.of("rules", rules(upstream.port(), route) + MOVED))
                .build());
        ServletContainer gateway = closing(kind.container()
                .servlet(
                        "/*",
                        GatewayServlet.builder(mesh)
                                .otherPorts(80)
                                .pathPolicy(PathPolicy.AS_ISTIO)
                                .build())
                .start());
        String evil = "%0d%0aX-Evil:%20yes";

        RawAnswer rewritten = gateway.exchange(
                "GET /api/" + evil + "?" + evil + " HTTP/1.1\r\n" + HOST + "X-In: a%0d%0aX-Evil: yes\r\n\r\n");
        if (rewritten.status() == 200) {
            Upstream.Received received = upstream.take();
            assertThat(received.line()).isEqualTo("GET /v1/" + evil + "?" + evil + " HTTP/1.1");
            assertThat(received.header("x-evil")).isEmpty();
            assertThat(received.header("x-copy")).isEqualTo("a%0d%0aX-Evil: yes");
        } else {
            // By itself.
            assertThat(rewritten.status()).isEqualTo(400);
        }
        RawAnswer redirected = gateway.exchange("GET /a?" + evil + " HTTP/1.1\r\nHost: moved.example\r\n\r\n");
        assertThat(redirected.status()).isEqualTo(301);
        assertThat(redirected.header("x-evil")).isNull();
        assertThat(redirected.header("location")).isEqualTo("http://other.example/elsewhere?" + evil);
        for (String value : List.of("a\rX-Evil: yes", "a\u0000b", "a\r\n\tb\u0001")) {
            int status = gateway.exchange("GET /api HTTP/1.1\r\n" + HOST + "X-In: " + value + "\r\n\r\n")
                    .status();
            assertThat(status).as(value).isEqualTo(400);
        }
        assertThat(upstream.untaken()).isZero();
    }
}
