package io.inmesh.servlet.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.inmesh.servlet.GatewayServletBuilder;
import io.inmesh.servlet.testing.ContainerKind;
import io.inmesh.servlet.testing.RawAnswer;
import io.inmesh.servlet.testing.RawConnection;
import io.inmesh.servlet.testing.ServletContainer;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the gateway answers when no server did. */
class FaultTest extends GatewayFixture {
    private static final String GET = "GET / HTTP/1.1\r\nHost: shop.example\r\n";

    private RawAnswer answer(ContainerKind kind, Upstream.Behaviour behaviour, String route) throws Exception {
        return answer(kind, behaviour, route, GatewayServletBuilder.DEFAULT_IDLE_TIMEOUT);
    }

    private RawAnswer answer(ContainerKind kind, Upstream.Behaviour behaviour, String route, Duration idleTimeout)
            throws Exception {
        Upstream upstream = closing(Upstream.serving(behaviour));
        return gateway(
                        kind.container(),
                        upstream.port(),
                        route,
                        settings -> settings.responseFlags(true).idleTimeout(idleTimeout))
                .exchange(GET + "\r\n");
    }

    private static void assertFault(RawAnswer answer, int status, String flag, String text) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("x-inmesh-response-flags")).isEqualTo(flag);
        assertThat(answer.header("content-type")).startsWith("text/plain");
        assertThat(answer.body()).isEqualTo(text);
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void tellsFlags(ContainerKind kind) throws Exception {
        assertFault(answer(kind, Upstream.Connection::request, ""), 503, "UC", "upstream connection termination");
        assertFault(
                answer(
                        kind,
                        connection -> {
                            connection.request();
                            connection.socket.setSoLinger(true, 0);
                        },
                        ""),
                503,
                "UC",
                "upstream connection termination");
        CountDownLatch over = new CountDownLatch(1);
        Upstream.Behaviour silent = connection -> {
            connection.request();
            over.await();
        };
        assertFault(answer(kind, silent, "timeout: 0.1s"), 504, "UT", "upstream request timeout");
        assertFault(answer(kind, silent, "", Duration.ofMillis(300)), 504, "SI", "stream timeout");
        over.countDown();
        assertFault(
                answer(
                        kind,
                        connection -> {
                            connection.request();
                            connection.send("what?\r\n\r\n");
                        },
                        ""),
                502,
                "UPE",
                "upstream protocol error");
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void tellsThatNobodyListens(ContainerKind kind) throws Exception {
        try (Socket nobody = new Socket()) {
            nobody.bind(new InetSocketAddress("127.0.0.1", 0));
            ServletContainer gateway = gateway(
                    kind.container(),
                    nobody.getLocalPort(),
                    "retries: {attempts: 0}",
                    settings -> settings.responseFlags(true));
            assertFault(gateway.exchange(GET + "\r\n"), 503, "UF", "upstream connection failure");
        }
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void tellsNothingOfWhatIsBehind(ContainerKind kind) throws Exception {
        RawAnswer answer = gateway(kind).exchange("GET /a HTTP/1.1\r\nHost: unknown\r\n\r\n");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.header("x-inmesh-response-flags")).isNull();
        assertThat(answer.body()).isEqualTo("no route matched");
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void answersAProblemToWhoeverAsksForJson(ContainerKind kind) throws Exception {
        String request = "GET / HTTP/1.1\r\nHost: unknown\r\nX-Request-Id: \"<1>\"\r\nAccept: ";
        for (String accept : new String[] {"application/json", "text/html, application/problem+json;q=0.5"}) {
            RawAnswer answer = gateway(kind).exchange(request + accept + "\r\n\r\n");
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
            JsonObject problem = JsonParser.parseString(answer.body()).getAsJsonObject();
            assertThat(problem.get("type").getAsString()).isEqualTo("about:blank");
            assertThat(problem.get("title").getAsString()).isEqualTo("Not Found");
            assertThat(problem.get("status").getAsInt()).isEqualTo(404);
            assertThat(problem.get("detail").getAsString()).isEqualTo("no route matched");
            assertThat(problem.get("requestId").getAsString()).isEqualTo("\"<1>\"");
            assertThat(answer.body()).doesNotContain("<1>");
        }
        for (String accept : new String[] {"*/*", "application/json;q=0, text/html", "text/*, application/*"}) {
            RawAnswer answer = gateway(kind).exchange(request + accept + "\r\n\r\n");
            assertThat(answer.header("content-type")).startsWith("text/plain");
        }
        RawAnswer head;
        try (RawConnection connection = gateway(kind).connect()) {
            connection.send("HEAD / HTTP/1.1\r\nHost: unknown\r\nAccept: application/json\r\n\r\n");
            head = connection.read(true);
            connection.send("GET / HTTP/1.1\r\nHost: unknown\r\n\r\n");
            assertThat(connection.read().status()).isEqualTo(404);
        }
        assertThat(head.status()).isEqualTo(404);
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void answersByItselfWhatRulesSay(ContainerKind kind) throws Exception {
        Upstream upstream = closing(Upstream.ok());
        ServletContainer gateway = gateway(
                kind.container(),
                upstream.port(),
                "fault: {abort: {httpStatus: 418, percentage: {value: 100}}}",
                settings -> {});

        RawAnswer answer = gateway.exchange(GET + "\r\n");

        assertThat(answer.status()).isEqualTo(418);
        assertThat(answer.body()).isEqualTo("fault filter abort");
        assertThat(upstream.untaken()).isZero();
    }

    /** As Envoy has it behind istiod, where the filter of faults comes before that of other origins. */
    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void pagesOfOtherOriginsMayReadWhatNoServerAnsweredButNotInjectedFaults(ContainerKind kind) throws Exception {
        String route = """
                headers: {response: {set: {x-set: "\u00e4"}, add: {transfer-encoding: x}}}
                corsPolicy: {allowOrigins: [{exact: "https://ok.example"}], allowMethods: [PUT]}
                """;
        Upstream closing = closing(Upstream.serving(Upstream.Connection::request));
        ServletContainer gateway = gateway(kind.container(), closing.port(), route, settings -> {});

        RawAnswer failed = gateway.exchange(GET + "Origin: https://ok.example\r\n\r\n");
        assertThat(failed.status()).isEqualTo(503);
        assertThat(failed.header("access-control-allow-origin")).isEqualTo("https://ok.example");
        assertThat(failed.header("x-set")).isEqualTo("\u00c3\u00a4");
        assertThat(failed.header("transfer-encoding")).isNull();
        assertThat(failed.body()).isEqualTo("upstream connection termination");
        assertThat(gateway.exchange(GET + "\r\n").header("access-control-allow-origin"))
                .isNull();

        ServletContainer aborting = gateway(
                kind.container(),
                closing.port(),
                route + "fault: {abort: {httpStatus: 555, percentage: {value: 100}}}\n",
                settings -> {});
        for (String method : new String[] {"GET", "OPTIONS"}) {
            RawAnswer aborted = aborting.exchange(GET.replace("GET", method)
                    + "Origin: https://ok.example\r\nAccess-Control-Request-Method: PUT\r\n\r\n");
            assertThat(aborted.status()).as(method).isEqualTo(555);
            assertThat(aborted.header("access-control-allow-origin")).isNull();
            assertThat(aborted.header("x-set")).isEqualTo("\u00c3\u00a4");
        }
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void takesNoMoreCallsThanItIsTold(ContainerKind kind) throws Exception {
        CountDownLatch come = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Upstream upstream = closing(Upstream.serving(connection -> {
            while (connection.request()) {
                come.countDown();
                go.await();
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            }
        }));
        ServletContainer gateway =
                gateway(kind, upstream, settings -> settings.maxCalls(1).responseFlags(true));
        try (RawConnection first = gateway.connect()) {
            first.send(GET + "\r\n");
            come.await();

            assertFault(gateway.exchange(GET + "\r\n"), 503, "OM", "too many requests at a time");

            go.countDown();
            assertThat(first.read().status()).isEqualTo(200);
        }
        assertThat(gateway.exchange(GET + "\r\n").status()).isEqualTo(200);
    }
}
