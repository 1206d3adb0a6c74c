package io.inmesh.okhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointAddressesTest {
    private final EndpointAddresses addresses = new EndpointAddresses();

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1", "0:0:0:0:0:0:0:1%1", "::ffff:127.0.0.1"})
    void makesTheSocketAddressOfAnEndpoint(String address) throws UnknownHostException {
        assertThat(addresses.of(Backends.endpoint(address, 8080)))
                .isEqualTo(new InetSocketAddress(InetAddress.getByName(address), 8080));
    }

    @Test
    void asksNoNameServer() {
        assertThatExceptionOfType(UnknownHostException.class)
                .isThrownBy(() -> addresses.of(Backends.endpoint("localhost", 8080)))
                .withMessageContaining("\"localhost\" is not an IP address");
        assertThatExceptionOfType(UnknownHostException.class)
                .isThrownBy(() -> new EndpointDns("reviews", "localhost", 8080, 0, null).lookup("reviews"))
                .withMessageContaining("\"localhost\" is not an IP address");
    }
}
