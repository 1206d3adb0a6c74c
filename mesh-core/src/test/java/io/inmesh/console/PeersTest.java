package io.inmesh.console;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PeersTest {
    @Test
    @Timeout(30)
    void aPeerThatNeverEndsItsAnswerIsLeft() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            URI uri = URI.create("http://127.0.0.1:" + server.getLocalPort() + "/mesh");
            Peers peers = new Peers(List.of(uri), TimeSource.system(), Duration.ofMillis(300));
            assertThat(peers.edges()).isEmpty();
            try (Socket connection = server.accept()) {
                OutputStream out = connection.getOutputStream();
                out.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{".getBytes(StandardCharsets.US_ASCII));
                byte[] request = new byte[4096];
                // Ends when the peer's end of the connection is closed, and with the test's time else.
                while (true) {
                    try {
                        if (connection.getInputStream().read(request) < 0) {
                            break;
                        }
                    } catch (IOException reset) {
                        break;
                    }
                }
            }
            assertThat(peers.document().get(0)).containsEntry("reachable", false);
        }
    }
}
