package io.inmesh.servlet.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.servlet.testing.ContainerKind;
import io.inmesh.servlet.testing.RawAnswer;
import io.inmesh.servlet.testing.ServletContainer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GatewayServletTest extends GatewayFixture {
    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void sendsRequestsOnAndAnswersBack(ContainerKind kind) throws Exception {
        Upstream upstream = closing(
                Upstream.answering(
                        "HTTP/1.1 201 Created\r\nContent-Length: 4\r\nX-Two: a\r\nX-Two: b\r\nConnection: x-hop\r\nX-Hop: 1\r\n\r\nmade"));
        ServletContainer gateway = gateway(kind, upstream);

        RawAnswer answer = gateway.exchange(
                "POST /a?b=c HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 3\r\nX-Mine: yes\r\nConnection: X-Secret\r\nX-Secret: 1\r\n\r\nabc");

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.body()).isEqualTo("made");
        assertThat(answer.headers("x-two")).containsExactly("a", "b");
        assertThat(answer.header("x-hop")).isNull();
        Upstream.Received received = upstream.take();
        assertThat(received.line()).isEqualTo("POST /a?b=c HTTP/1.1");
        assertThat(received.text()).isEqualTo("abc");
        assertThat(received.header("host")).isEqualTo("shop.example");
        assertThat(received.header("x-mine")).isEqualTo("yes");
        assertThat(received.header("x-secret")).isEmpty();
        assertThat(received.header("x-forwarded-for")).isEqualTo("127.0.0.1");
        assertThat(received.header("user-agent")).isEmpty();
        assertThat(received.header("accept-encoding")).isEmpty();
    }
}
