package io.inmesh.servlet.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.servlet.testing.ContainerKind;
import io.inmesh.servlet.testing.RawAnswer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What never reaches a server. */
class RefusedRequestTest extends GatewayFixture {
    @BeforeEach
    void forgetRequests() throws Exception {
        upstream().forget();
    }

    private static final String HOST = "Host: shop.example\r\n";

    /** Each with the status; whether the container or the gateway gives it is all the same. */
    static Stream<Arguments> badRequests() {
        return Stream.of(
                        "400|GET / HTTP/1.1\r\nHost: shop.example\r\nHost: shop.example\r\n\r\n",
                        "400|GET / HTTP/1.1\r\nHost: shop.example\r\nHost: evil\r\n\r\n",
                        "400|GET / HTTP/1.1\r\n\r\n",
                        "400|GET / HTTP/1.1\r\nHost:\r\n\r\n",
                        "400|GET / HTTP/1.1\r\nHost: shop.example, evil\r\n\r\n",
                        "400|GET / HTTP/1.1\r\nHost: user@shop.example\r\n\r\n",
                        "400|GET / HTTP/1.1\r\nHost: user:shop.example\r\n\r\n",
                        "400|GET / HTTP/1.1\r\nHost: shop.example:99999\r\n\r\n",
                        "400|GET / HTTP/1.1\r\nHost: shop.example/a\r\n\r\n",
                        "400|GET / HTTP/1.1\r\nHost: shop%2eexample\r\n\r\n",
                        "400|GET / HTTP/1.1\r\nHost: shop.ex\u00e4mple\r\n\r\n",
                        "400|GET / HTTP/1.1\r\nHost: [::1\r\n\r\n",
                        "400|GET / HTTP/1.1\r\nHost: shop..example\r\n\r\n",
                        "400|GET http://evil/ HTTP/1.1\r\nHost: shop.example\r\n\r\n",
                        "400|GET http://shop.example/ HTTP/1.1\r\nHost: evil\r\n\r\n",
                        "400|GET / HTTP/1.0\r\n\r\n",
                        "400|GET /a b HTTP/1.1\r\n" + HOST + "\r\n",
                        "400|GET /a#b HTTP/1.1\r\n" + HOST + "\r\n",
                        "400|GET /a%00b HTTP/1.1\r\n" + HOST + "\r\n",
                        "400|GET /a%2fb HTTP/1.1\r\n" + HOST + "\r\n",
                        "400|GET /a%zz HTTP/1.1\r\n" + HOST + "\r\n",
                        "400|GET /a;b HTTP/1.1\r\n" + HOST + "\r\n",
                        "400|GET /..;/a HTTP/1.1\r\n" + HOST + "\r\n",
                        "400|GET /a/../../b HTTP/1.1\r\n" + HOST + "\r\n",
                        "400|GET /%c0%ae HTTP/1.1\r\n" + HOST + "\r\n",
                        "400|GET / HTTP/1.1\r\n" + HOST + "X-A: \u00e9\r\n\r\n",
                        "400|GET / HTTP/1.1\r\n" + HOST + "X-A: a\u0000b\r\n\r\n",
                        "400|POST / HTTP/1.1\r\n" + HOST + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
                        "400|POST / HTTP/1.1\r\n" + HOST + "Content-Length: +3\r\n\r\nabc",
                        "400,501|POST / HTTP/1.1\r\n" + HOST + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
                        "400,501|POST / HTTP/1.1\r\n" + HOST + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                        "400|POST / HTTP/1.0\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                        "400|GET / HTTP/1.1\r\n" + HOST + "Content-Length: 1\r\n\r\na",
                        "400|GET / HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n",
                        "200,400,404|OPTIONS * HTTP/1.1\r\n" + HOST + "\r\n",
                        "400,405,501|CONNECT shop.example:80 HTTP/1.1\r\n" + HOST + "\r\n",
                        "405|TRACE / HTTP/1.1\r\n" + HOST + "\r\n",
                        "501|GET / HTTP/1.1\r\n" + HOST + "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
                        "501|GET / HTTP/1.1\r\n" + HOST + "Connection: Upgrade\r\nUpgrade: h2c, WebSocket\r\n\r\n")
                .flatMap(text -> Stream.of(ContainerKind.values())
                        .map(kind -> Arguments.of(
                                kind, text.substring(0, text.indexOf('|')), text.substring(text.indexOf('|') + 1))));
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("badRequests")
    void refusesWhatCouldBeReadInTwoWays(ContainerKind kind, String statuses, String request) throws Exception {
        RawAnswer answer = gateway(kind).exchange(request);

        assertThat(statuses.split(",", -1)).as("%s to %s", answer, request).contains("" + answer.status());
        assertThat(upstream().untaken()).isZero();
    }

    /** Forms that lead to one view: what arrives is told by request line, Host and body. */
    static Stream<Arguments> canonicalRequests() {
        return Stream.of(
                        "GET / HTTP/1.1|shop.example||GET http://shop.example/ HTTP/1.1\r\nHost: shop.example\r\n\r\n",
                        "GET / HTTP/1.1|SHOP.Example:80||GET / HTTP/1.1\r\nHost: SHOP.Example:80\r\n\r\n",
                        "GET / HTTP/1.1|shop.example||GET / HTTP/1.0\r\nHost: shop.example\r\n\r\n",
                        "POST / HTTP/1.1|shop.example|abc|POST / HTTP/1.1\r\n" + HOST
                                + "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n2;x=y\r\nbc\r\n0\r\nX-T: u\r\n\r\n",
                        "DELETE / HTTP/1.1|shop.example||DELETE / HTTP/1.1\r\n" + HOST
                                + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                        "GET / HTTP/1.1|shop.example||GET / HTTP/1.1\r\n" + HOST + "Content-Length: 0\r\n\r\n")
                .flatMap(text -> {
                    String[] parts = text.split("\\|", 4);
                    return Stream.of(ContainerKind.values())
                            .map(kind -> Arguments.of(kind, parts[0], parts[1], parts[2], parts[3]));
                });
    }

    @ParameterizedTest
    @MethodSource("canonicalRequests")
    void sendsOnOneView(ContainerKind kind, String line, String host, String body, String request) throws Exception {
        assertThat(gateway(kind).exchange(request).status()).isEqualTo(200);

        Upstream.Received received = upstream().take();
        assertThat(received.line()).isEqualTo(line);
        assertThat(received.header("host")).isEqualTo(host);
        assertThat(received.text()).isEqualTo(body);
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void sendsNoUserInformationOn(ContainerKind kind) throws Exception {
        RawAnswer answer =
                gateway(kind).exchange("GET http://user@shop.example/ HTTP/1.1\r\nHost: shop.example\r\n\r\n");

        if (answer.status() == 200) {
            assertThat(upstream().take().head()).startsWith("GET / HTTP/1.1\r\nHost: shop.example\r\n");
        } else {
            assertThat(answer.status()).isEqualTo(400);
        }
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void seesOneBodyWhereLengthAndChunksAreTold(ContainerKind kind) throws Exception {
        RawAnswer answer = gateway(kind)
                .exchange("POST / HTTP/1.1\r\n" + HOST
                        + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n"
                        + "GET /smuggled HTTP/1.1\r\n" + HOST + "\r\n");

        if (answer.status() == 200) {
            assertThat(answer.header("connection")).isEqualTo("close");
            assertThat(upstream().take().text()).isEqualTo("a");
        } else {
            assertThat(answer.status()).isEqualTo(400);
        }
        assertThat(upstream().untaken()).isZero();
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void namesTheMethodsThatItServes(ContainerKind kind) throws Exception {
        RawAnswer answer = gateway(kind).exchange("TRACE / HTTP/1.1\r\n" + HOST + "\r\n");
        assertThat(answer.header("allow")).isNotEmpty().doesNotContain("TRACE");
    }
}
