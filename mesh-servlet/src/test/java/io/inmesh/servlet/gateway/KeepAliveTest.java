package io.inmesh.servlet.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.servlet.testing.ContainerKind;
import io.inmesh.servlet.testing.RawConnection;
import io.inmesh.servlet.testing.ServletContainer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KeepAliveTest extends GatewayFixture {
    private static final int CLIENTS = 1000;
    private static final int AT_A_TIME = 10;

    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void servesAThousandClientsOverFewConnections(ContainerKind kind) throws Exception {
        Upstream upstream = closing(Upstream.ok());
        ServletContainer gateway = gateway(kind, upstream);
        List<RawConnection> clients = new ArrayList<>();
        while (clients.size() < CLIENTS) {
            // No more at a time than a container's queue of connections holds: the system is slow to offer one again.
            List<RawConnection> more = new ArrayList<>();
            for (int i = 0; i < AT_A_TIME; i++) {
                more.add(closing(gateway.connect()));
            }
            ask(more);
            clients.addAll(more);
        }
        List<RawConnection> again = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i += 10) {
            again.add(clients.get(i));
        }
        ask(again);
        assertThat(upstream.connections()).isLessThanOrEqualTo(AT_A_TIME);
    }

    private static void ask(List<RawConnection> clients) throws IOException {
        for (int i = 0; i < clients.size(); i += AT_A_TIME) {
            for (RawConnection client : clients.subList(i, i + AT_A_TIME)) {
                client.send("GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n");
            }
            for (RawConnection client : clients.subList(i, i + AT_A_TIME)) {
                assertThat(client.read().body()).isEqualTo("ok");
            }
        }
    }
}
