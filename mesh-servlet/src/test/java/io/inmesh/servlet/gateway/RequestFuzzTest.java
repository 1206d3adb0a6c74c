package io.inmesh.servlet.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.Mesh;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.config.source.TextConfigSource;
import io.inmesh.servlet.GatewayServlet;
import io.inmesh.servlet.MeshServletFilter;
import io.inmesh.servlet.gateway.FuzzRun.Seen;
import io.inmesh.servlet.gateway.FuzzRun.Totals;
import io.inmesh.servlet.testing.ContainerKind;
import io.inmesh.servlet.testing.ServletContainer;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Odd requests as bytes on sockets: each is refused, or rules, the container and whoever it is sent on to see one path and one
 * host, and one request. A million of them: {@code mvn test -Dtest=RequestFuzzTest -Dfuzz.requests=250000 -Dfuzz.seconds=600}.
 */
class RequestFuzzTest extends GatewayFixture {
    private static final String DENY = """
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: {name: deny}
            spec:
              action: DENY
              rules: [{to: [{operation: {paths: ["/admin", "/admin/*", "*/secret", "/a@b"]}}]}]
            """;

    private static final Filter TELLS_WHAT_IT_SEES = (request, response, chain) -> {
        ((HttpServletResponse) response).setHeader("X-Seen", seen((HttpServletRequest) request));
        chain.doFilter(request, response);
    };

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void forwardsThePathThatWasJudged(ContainerKind kind) throws Exception {
        AtomicInteger forwarded = new AtomicInteger();
        Upstream upstream = closing(Upstream.serving(connection -> {
            for (String head = connection.head(); head != null; head = connection.head()) {
                forwarded.incrementAndGet();
                Upstream.Received received = new Upstream.Received(head, new byte[0]);
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Line: " + received.line() + "\r\nX-Host: "
                        + received.header("host") + "\r\nX-Proto: " + received.header("x-forwarded-proto")
                        + "\r\nX-Got-Evil: " + received.header("x-evil") + "\r\n\r\n");
            }
        }));
        Mesh mesh = closing(Mesh.builder()
                .gateway()
                .config(new TextConfigSource(
                        "rules",
                        ConfigReader.sensible().forGateway(),
                        Map.of("rules", rules(upstream.port(), "") + "---\n" + DENY)))
                .build());
        ServletContainer gateway = kind.container()
                .filter("/*", TELLS_WHAT_IT_SEES)
                .servlet("/*", GatewayServlet.builder(mesh).otherPorts(80).build())
                .start();
        Totals totals;
        try (gateway) {
            totals = new FuzzRun(gateway, RequestFuzzTest::assertSentOnAsItWasJudged).run(1);
        }

        tell(kind, "gateway", totals);
        assertThat(forwarded).hasValue(totals.let());
    }

    private static void assertSentOnAsItWasJudged(Seen seen) {
        String[] line = String.valueOf(seen.answer().header("X-Line")).split(" ", -1);
        assertThat(line).as(seen.drawn().text()).hasSize(3);
        assertThat(line[0]).as(seen.drawn().text()).matches("[A-Za-z-]+");
        assertThat(String.valueOf(seen.answer().header("X-Host")).toLowerCase(Locale.ROOT))
                .as(seen.drawn().text())
                .isIn("shop.example", "shop.example:80", "shop.example.", "shop.example:");
        assertThat(seen.answer().header("X-Got-Evil")).as(seen.drawn().text()).isEmpty();
        assertThat(seen.answer().header("X-Proto")).as(seen.drawn().text()).isEqualTo("http");
        seen.assertOneReading(line[1]);
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void showsAnApplicationThePathThatWasJudged(ContainerKind kind) throws Exception {
        Mesh mesh = closing(Mesh.builder()
                .config(new TextConfigSource("rules", ConfigReader.sensible().forInbound(), Map.of("rules", DENY)))
                .build());
        ServletContainer application = closing(kind.container()
                .filter("/*", MeshServletFilter.builder().policies(mesh).build())
                .handler("/*", (request, response) -> {
                    response.setHeader("X-Seen", seen(request));
                    response.setHeader("X-Uri", request.getRequestURI());
                    response.setStatus(200);
                })
                .start());

        Totals totals = new FuzzRun(
                        application,
                        seen -> seen.assertOneReading(
                                String.valueOf(seen.answer().header("X-Uri"))))
                .run(2);

        tell(kind, "application", totals);
    }

    private static String seen(HttpServletRequest request) {
        String inServlet = request.getPathInfo();
        return URLEncoder.encode(
                request.getServletPath() + (inServlet == null ? "" : inServlet), StandardCharsets.UTF_8);
    }

    private static void tell(ContainerKind kind, String what, Totals totals) {
        System.out.println(kind + " " + what + ": " + totals);
        assertThat(totals.let()).isGreaterThan(totals.sent() / 20);
        assertThat(totals.unanswered()).isLessThan(totals.sent() / 8);
    }
}
