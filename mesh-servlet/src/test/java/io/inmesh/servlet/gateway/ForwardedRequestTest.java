package io.inmesh.servlet.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.servlet.policy.PathPolicy;
import io.inmesh.servlet.testing.ContainerKind;
import io.inmesh.servlet.testing.RawAnswer;
import io.inmesh.servlet.testing.ServletContainer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a server behind the gateway gets to see. */
class ForwardedRequestTest extends GatewayFixture {
    private static final String HEAD = " HTTP/1.1\r\nHost: shop.example\r\n";

    private static Upstream.Received sent(ServletContainer gateway, Upstream upstream, String... lines)
            throws Exception {
        StringBuilder request = new StringBuilder("GET /" + HEAD);
        for (String line : lines) {
            request.append(line).append("\r\n");
        }
        RawAnswer answer = gateway.exchange(request.append("\r\n").toString());
        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
        return upstream.take();
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void tellsWhoTheClientIs(ContainerKind kind) throws Exception {
        Upstream upstream = upstream();
        ServletContainer gateway = gateway(kind);

        Upstream.Received plain = sent(gateway, upstream);
        assertThat(plain.header("x-forwarded-for")).isEqualTo("127.0.0.1");
        assertThat(plain.header("x-forwarded-proto")).isEqualTo("http");
        assertThat(plain.header("x-forwarded-host")).isEqualTo("shop.example");
        assertThat(plain.header("x-envoy-external-address")).isEqualTo("127.0.0.1");
        assertThat(plain.header("via")).isEmpty();
        assertThat(plain.header("x-request-id")).matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-.*");

        Upstream.Received spoofed = sent(
                gateway,
                upstream,
                "X-Forwarded-For: 1.2.3.4",
                "X-Forwarded-For: 5.6.7.8",
                "X-Forwarded-Proto: https",
                "X-Forwarded-Host: evil",
                "X-Forwarded-Port: 1",
                "X-Forwarded-Prefix: /evil",
                "Forwarded: for=1.2.3.4",
                "X-Envoy-External-Address: 9.9.9.9",
                "X-Envoy-Internal: true",
                "X-Envoy-Max-Retries: 9",
                "X-Envoy-Original-Path: /evil",
                "X-Forwarded-Client-Cert: By=me",
                "X-Request-Id: mine");
        assertThat(spoofed.header("x-forwarded-for")).isEqualTo("1.2.3.4,5.6.7.8,127.0.0.1");
        assertThat(spoofed.header("x-forwarded-proto")).isEqualTo("http");
        assertThat(spoofed.header("x-forwarded-host")).isEqualTo("shop.example");
        assertThat(spoofed.header("x-envoy-external-address")).isEqualTo("127.0.0.1");
        assertThat(spoofed.header("x-request-id")).isEqualTo("mine");
        for (String removed : new String[] {
            "x-forwarded-port",
            "x-forwarded-prefix",
            "forwarded",
            "x-envoy-internal",
            "x-envoy-max-retries",
            "x-envoy-original-path",
            "x-forwarded-client-cert"
        }) {
            assertThat(spoofed.header(removed)).as(removed).isEmpty();
        }
        assertThat(sent(gateway, upstream, "X-Request-Id: a", "X-Request-Id: b").header("x-request-id"))
                .hasSize(36);
        assertThat(sent(gateway, upstream, "X-Request-Id: " + "a".repeat(129)).header("x-request-id"))
                .hasSize(36);
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void believesTheProxiesThatAreTrusted(ContainerKind kind) throws Exception {
        Upstream upstream = closing(Upstream.ok());
        ServletContainer gateway = gateway(kind, upstream, settings -> settings.trustedHops(2));

        Upstream.Received told = sent(
                gateway,
                upstream,
                "X-Forwarded-For: 1.1.1.1, 2.2.2.2",
                "X-Forwarded-For: 3.3.3.3",
                "X-Forwarded-Proto: https",
                "X-Forwarded-Host: front.example",
                "X-Forwarded-Port: 8443");
        assertThat(told.header("x-envoy-external-address")).isEqualTo("2.2.2.2");
        assertThat(told.header("x-forwarded-for")).isEqualTo("1.1.1.1, 2.2.2.2,3.3.3.3,127.0.0.1");
        assertThat(told.header("x-forwarded-proto")).isEqualTo("https");
        assertThat(told.header("x-forwarded-host")).isEqualTo("front.example");
        assertThat(told.header("x-forwarded-port")).isEqualTo("8443");

        assertThat(sent(gateway, upstream, "X-Forwarded-For: 1.1.1.1").header("x-envoy-external-address"))
                .isEmpty();
        assertThat(sent(gateway, upstream, "X-Forwarded-For: what, 3.3.3.3").header("x-envoy-external-address"))
                .isEmpty();
        assertThat(sent(gateway, upstream).header("x-envoy-external-address")).isEqualTo("127.0.0.1");
        assertThat(sent(gateway, upstream, "X-Forwarded-Proto: gopher").header("x-forwarded-proto"))
                .isEqualTo("http");
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void leavesBehindWhatIsForTheConnection(ContainerKind kind) throws Exception {
        Upstream upstream = upstream();
        ServletContainer gateway = gateway(kind);

        Upstream.Received received = sent(
                gateway,
                upstream,
                "Connection: keep-alive, Upgrade, X-Secret, X-Forwarded-For, Cookie",
                "X-Secret: 1",
                "Keep-Alive: timeout=5",
                "Proxy-Authorization: Basic YTpi",
                "Proxy-Connection: close",
                "Upgrade: foo/2",
                "TE: gzip",
                "Cookie: a=b",
                "X-Kept: \u00c3\u00a9",
                "x-EMPTY:");
        for (String removed : new String[] {
            "connection",
            "x-secret",
            "keep-alive",
            "proxy-authorization",
            "proxy-connection",
            "upgrade",
            "te",
            "transfer-encoding",
            "content-length"
        }) {
            assertThat(received.header(removed)).as(removed).isEmpty();
        }
        assertThat(received.header("x-forwarded-for")).isEqualTo("127.0.0.1");
        assertThat(received.header("cookie")).isEqualTo("a=b");
        assertThat(received.header("x-kept")).isEqualTo("\u00c3\u00a9");
        // Tomcat 10.1 tells names in lower case.
        assertThat(received.head()).containsIgnoringCase("\r\nx-EMPTY: \r\n");
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void keepsPathAndQuery(ContainerKind kind) throws Exception {
        Upstream upstream = upstream();
        ServletContainer gateway = gateway(kind);

        for (String target :
                new String[] {"/a/b%20c?d=e&f='g'&h=%27+i&&=", "/?", "/a%e2%82%ac", "/~x!$&'()*+,=:@", "/a?b=/../c;d"
                }) {
            RawAnswer answer = gateway.exchange("GET " + target + HEAD + "\r\n");
            assertThat(answer.status()).as("%s to %s", answer, target).isEqualTo(200);
            assertThat(upstream.take().line()).isEqualTo("GET " + target + " HTTP/1.1");
        }
        RawAnswer merged = gateway.exchange("GET /a//b/./c" + HEAD + "\r\n");
        if (kind == ContainerKind.JETTY) {
            // By itself.
            assertThat(merged.status()).isEqualTo(400);
        } else {
            assertThat(merged.status()).isEqualTo(200);
            assertThat(upstream.take().line()).isEqualTo("GET /a/b/c HTTP/1.1");
        }
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void takesPathsAsIstioWhereItIsTold(ContainerKind kind) throws Exception {
        Upstream upstream = closing(Upstream.ok());
        ServletContainer gateway = gateway(kind, upstream, settings -> settings.pathPolicy(PathPolicy.AS_ISTIO));

        assertThat(gateway.exchange("GET /a/../b;c=d/%41" + HEAD + "\r\n").status())
                .isEqualTo(200);
        assertThat(upstream.take().line()).isEqualTo("GET /b;c=d/A HTTP/1.1");
    }
}
