package io.inmesh.servlet.internal.request;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContainerConnectionTest {
    @ParameterizedTest
    @CsvSource({"10.0.0.1, 10.0.0.1", "fe80::1%eth0, fe80::1", "[::1], ::1"})
    void tellsAddressesPlain(String told, String address) {
        assertThat(connection(told).peerAddress()).isEqualTo(address);
        assertThat(connection(told).localAddress()).isEqualTo(address);
    }

    /** Of a socket that is closed already, or of one that is a file. */
    @Test
    void tellsThatAnAddressIsNotKnown() {
        assertThat(connection(null).peerAddress()).isEmpty();
        assertThat(connection(null).localAddress()).isEmpty();
        assertThat(connection(null).identities()).isEmpty();
    }

    private static ContainerConnection connection(String address) {
        HttpServletRequest request = (HttpServletRequest) Proxy.newProxyInstance(
                HttpServletRequest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, method, arguments) -> method.getName().endsWith("Addr") ? address : null);
        return new ContainerConnection(request, 80);
    }
}
