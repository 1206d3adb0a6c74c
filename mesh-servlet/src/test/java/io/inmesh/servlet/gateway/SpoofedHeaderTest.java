package io.inmesh.servlet.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.servlet.testing.ContainerKind;
import io.inmesh.servlet.testing.ServletContainer;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Names that some servers read as those of headers that this gateway sets. */
class SpoofedHeaderTest extends GatewayFixture {
    private static final List<String> ALIASES = List.of(
            "X_Forwarded_For",
            "X.Forwarded.For",
            "X-Forwarded_For",
            "x_forwarded_proto",
            "X-Forwarded.Host",
            "X_Forwarded_Port",
            "X_Forwarded_Prefix",
            "X_Forwarded_Ssl",
            "X_Forwarded_Client_Cert",
            "X_Envoy_External_Address",
            "X-Envoy_Internal",
            "X_Request_Id",
            "Content_Length",
            "Transfer_Encoding");

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void stayBehind(ContainerKind kind) throws Exception {
        assertStayBehind(gateway(kind), upstream());
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void stayBehindWhereAProxyIsTrusted(ContainerKind kind) throws Exception {
        Upstream upstream = closing(Upstream.ok());
        assertStayBehind(gateway(kind, upstream, settings -> settings.trustedHops(1)), upstream);
    }

    private static void assertStayBehind(ServletContainer gateway, Upstream upstream) throws Exception {
        for (String alias : ALIASES) {
            int status = gateway.exchange(
                            "GET / HTTP/1.1\r\nHost: shop.example\r\nX_Other: 1\r\n" + alias + ": evil\r\n\r\n")
                    .status();

            assertThat(status).as(alias).isEqualTo(200);
            Upstream.Received received = upstream.take();
            assertThat(received.header("x_other")).isEqualTo("1");
            assertThat(received.head()).doesNotContain("evil");
        }
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void believesNoSchemeOfARequestLine(ContainerKind kind) throws Exception {
        int status = gateway(kind)
                .exchange("GET https://shop.example/ HTTP/1.1\r\nHost: shop.example\r\n\r\n")
                .status();
        if (status == 200) {
            assertThat(upstream().take().header("x-forwarded-proto")).isEqualTo("http");
        } else {
            assertThat(status).isEqualTo(400);
        }
        assertThat(gateway(kind)
                        .exchange("GET gopher://shop.example/ HTTP/1.1\r\nHost: shop.example\r\n\r\n")
                        .status())
                .isIn(200, 400);
        upstream().forget();
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void tellsNoAddressOfAClientThatIsNotKnown(ContainerKind kind) throws Exception {
        Upstream upstream = closing(Upstream.ok());
        ServletContainer gateway = gateway(kind, upstream, settings -> settings.trustedHops(1));

        gateway.exchange("GET / HTTP/1.1\r\nHost: shop.example\r\nX-Forwarded-For: unknown\r\n\r\n");

        Upstream.Received received = upstream.take();
        assertThat(received.header("x-envoy-external-address")).isEmpty();
        assertThat(received.header("x-forwarded-for")).isEqualTo("unknown,127.0.0.1");
    }
}
