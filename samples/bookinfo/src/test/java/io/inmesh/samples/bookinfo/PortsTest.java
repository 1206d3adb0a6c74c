package io.inmesh.samples.bookinfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class PortsTest {

    @Test
    void portsAreInARow() {
        Ports ports = Ports.from(9080);

        assertThat(ports.of(Instance.PRODUCTPAGE_V1)).isEqualTo(9080);
        assertThat(ports.of(Instance.RATINGS_V1)).isEqualTo(9085);
    }

    @Test
    void zeroMeansSixThatAreFree() {
        Ports ports = Ports.from(0);

        assertThat(ports.byInstance().values()).hasSize(6).doesNotHaveDuplicates();
        assertThatCode(ports::requireFree).doesNotThrowAnyException();
    }

    @Test
    void aPortThatIsTakenIsNamedWithTheWayOut() throws Exception {
        Ports ports = Ports.from(0);
        int taken = ports.of(Instance.REVIEWS_V2);

        try (ServerSocket other = new ServerSocket(taken, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(ports::requireFree)
                    .isInstanceOf(Settings.Refused.class)
                    .hasMessageContaining(
                            "Port " + other.getLocalPort() + " on 127.0.0.1, meant for reviews-v2, is taken")
                    .hasMessageContaining("--port=19080");
        }
    }
}
