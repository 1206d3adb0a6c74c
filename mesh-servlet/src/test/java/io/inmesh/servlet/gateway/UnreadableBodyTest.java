package io.inmesh.servlet.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.servlet.testing.ContainerKind;
import io.inmesh.servlet.testing.RawConnection;
import io.inmesh.servlet.testing.ServletContainer;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bodies of requests whose very beginning cannot be read: nobody is told that all is well. */
class UnreadableBodyTest extends GatewayFixture {
    private static final String CHUNKED = "POST / HTTP/1.1\r\nHost: shop.example\r\nTransfer-Encoding: chunked\r\n\r\n";

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void refusesOneThatIsFramedBadly(ContainerKind kind) throws Exception {
        upstream().forget();
        for (String chunk : new String[] {"zz\r\n", "-1\r\na\r\n", "fffffffffffffffff\r\n"}) {
            assertThat(gateway(kind).exchange(CHUNKED + chunk).status())
                    .as(chunk)
                    .isEqualTo(400);
        }
        assertThat(upstream().untaken()).isZero();
    }

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void refusesOneThatDoesNotCome(ContainerKind kind) throws Exception {
        Upstream upstream = closing(Upstream.ok());
        ServletContainer gateway =
                gateway(kind.container().patience(Duration.ofMillis(300)), upstream.port(), "", settings -> {});
        try (RawConnection connection = gateway.connect()) {
            connection.send(CHUNKED);
            assertThat(connection.read().status()).isEqualTo(408);
            assertThat(connection.isAtEnd()).isTrue();
        }
        assertThat(upstream.untaken()).isZero();
    }
}
