package io.inmesh.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.inmesh.Mesh;
import io.inmesh.internal.time.TimeSource;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PeersTest {
    private static final int LONGEST_MILLIS = 20_000;

    @Test
    void aPeerThatNeverEndsItsAnswerIsLeft() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            server.setSoTimeout(LONGEST_MILLIS);
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
    void anAskUnderWayIsGivenUpAtTheEnd() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            server.setSoTimeout(LONGEST_MILLIS);
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

    /** Returns when the peer's end of the connection is closed. */
    private static void awaitEnd(Socket connection) throws IOException {
        connection.setSoTimeout(LONGEST_MILLIS);
        byte[] request = new byte[4096];
        try {
            int read = 0;
            while (read >= 0) {
                read = connection.getInputStream().read(request);
            }
        } catch (SocketTimeoutException open) {
            fail("the connection stays open", open);
        } catch (IOException reset) {
            // Closed, too.
        }
    }
}
