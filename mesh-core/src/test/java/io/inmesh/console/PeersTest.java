package io.inmesh.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.Mesh;
import io.inmesh.internal.time.TimeSource;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PeersTest {
    @Test
    @Timeout(30)
    void aPeerThatNeverEndsItsAnswerIsLeft() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            URI uri = URI.create("http://127.0.0.1:" + server.getLocalPort() + "/mesh");
            try (Peers peers = new Peers(List.of(uri), TimeSource.system(), Duration.ofMillis(300))) {
                assertThat(peers.edges()).isEmpty();
                try (Socket connection = server.accept()) {
                    beginAnswer(connection);
                    awaitEnd(connection);
                }
                assertThat(peers.document().get(0)).containsEntry("reachable", false);
            }
        }
    }

    @Test
    @Timeout(30)
    void anAskUnderWayIsGivenUpAtTheEnd() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            URI uri = URI.create("http://127.0.0.1:" + server.getLocalPort() + "/mesh");
            Peers peers = new Peers(List.of(uri), TimeSource.system(), Duration.ofHours(1));
            assertThat(peers.edges()).isEmpty();
            try (Socket connection = server.accept()) {
                beginAnswer(connection);
                peers.close();
                awaitEnd(connection);
            }
        }
    }

    @Test
    void aConsoleThatIsClosedAsksNobody() {
        CallStatistics statistics = new CallStatistics();
        try (Mesh mesh = Mesh.builder().observer(statistics).build()) {
            URI uri = URI.create("http://127.0.0.1:1/mesh");
            Console console =
                    Console.builder(mesh, statistics).peers(List.of(uri)).build();
            assertThat(peersOf(console)).contains("not asked yet");
            console.close();
            assertThat(peersOf(console)).contains("not asked any more");
        }
    }

    private static String peersOf(Console console) {
        return new String(console.answer("GET", "api/peers", Map.of()).body(), StandardCharsets.UTF_8);
    }

    private static void beginAnswer(Socket connection) throws IOException {
        OutputStream out = connection.getOutputStream();
        out.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{".getBytes(StandardCharsets.US_ASCII));
    }

    /** Ends when the peer's end of the connection is closed, and with the test's time else. */
    private static void awaitEnd(Socket connection) {
        byte[] request = new byte[4096];
        while (true) {
            try {
                if (connection.getInputStream().read(request) < 0) {
                    return;
                }
            } catch (IOException reset) {
                return;
            }
        }
    }
}
