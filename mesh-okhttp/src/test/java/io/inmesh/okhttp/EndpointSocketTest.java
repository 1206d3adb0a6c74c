package io.inmesh.okhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.SocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EndpointSocketTest {
    private ServerSocket listener;
    private EndpointSocketFactory factory;
    private EndpointSocket client;
    private Socket server;

    @BeforeEach
    void connect() throws IOException {
        listener = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        factory = new EndpointSocketFactory(
                SocketFactory.getDefault(), (InetSocketAddress) listener.getLocalSocketAddress());
        client = (EndpointSocket) factory.createSocket();
        client.connect(new InetSocketAddress("192.0.2.1", 80), 5000);
        server = listener.accept();
        client.silentWhenUnused();
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        server.close();
        listener.close();
    }

    @Test
    void itConnectsToTheEndpointWhateverItIsTold() {
        assertThat(client.getRemoteSocketAddress()).isEqualTo(listener.getLocalSocketAddress());
        assertThat(factory.newest()).isSameAs(client);
    }

    @Test
    void anOpenSocketIsOpenAndStillWorksAfterALook() throws IOException {
        assertThat(client.isClosed()).isFalse();
        assertThat(client.isClosed()).isFalse();

        client.getOutputStream().write(new byte[] {1, 2});
        assertThat(server.getInputStream().readNBytes(2)).containsExactly(1, 2);
        client.setSoTimeout(5000);
        server.getOutputStream().write(3);
        assertThat(client.getInputStream().read()).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource(ThreadKind.class)
    @Timeout(60)
    void aLookOfAMillisecondEndsByItselfAlsoInCalls(ThreadKind kind) throws Exception {
        Object call = new Object();
        client.acquiredBy(call);
        client.releasedBy(call);
        client.setSoTimeout(1);
        CompletableFuture<Integer> read = new CompletableFuture<>();
        ThreadKind available = ThreadKind.available().contains(kind) ? kind : ThreadKind.PLATFORM;
        available.start(() -> {
            try {
                read.complete(client.getInputStream().read());
            } catch (IOException e) {
                read.completeExceptionally(e);
            }
        });

        assertThatThrownBy(read::join).hasCauseInstanceOf(SocketTimeoutException.class);
        assertThat(client.isClosed()).isFalse();
    }

    @Test
    void aSocketThatTheServerClosedIsClosed() throws IOException {
        server.close();

        assertClosesSoon();
        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void aSocketThatTheServerResetIsClosed() throws IOException {
        server.setSoLinger(true, 0);
        server.close();

        assertClosesSoon();
    }

    @Test
    void aSocketInUseDoesNotLookAndLosesNothing() throws IOException {
        client.acquiredBy("call");
        server.getOutputStream().write(7);
        server.close();

        assertThat(client.isClosed()).isFalse();
        assertThat(client.getInputStream().read()).isEqualTo(7);
        client.releasedBy("call");
        assertClosesSoon();
    }

    @Test
    void afterEachUseItLooksAgain() throws IOException {
        assertThat(client.isClosed()).isFalse();
        client.acquiredBy("call");
        client.releasedBy("call");
        server.close();

        assertClosesSoon();
    }

    /** The kernel may bring the server's end a moment after the server has closed. */
    private void assertClosesSoon() {
        long begun = System.nanoTime();
        while (!client.isClosed()) {
            assertThat(System.nanoTime() - begun)
                    .as("nanoseconds until the socket is closed")
                    .isLessThan(TimeUnit.SECONDS.toNanos(5));
            Thread.onSpinWait();
        }
    }

    @Test
    void anInterruptedThreadLooksReadsAndWritesAndStaysInterrupted() throws Exception {
        Thread.currentThread().interrupt();
        try {
            assertThat(client.isClosed()).isFalse();
            client.getOutputStream().write(1);
            assertThat(server.getInputStream().read()).isEqualTo(1);
            client.acquiredBy("call");
            CompletableFuture<Void> answer = CompletableFuture.runAsync(() -> {
                try {
                    // To be waited for.
                    server.getInputStream().read();
                    server.getOutputStream().write(2);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            client.getOutputStream().write(1);
            assertThat(client.getInputStream().read()).isEqualTo(2);
            answer.join();
            assertThat(client.isClosed()).isFalse();
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            Thread.interrupted();
        }
    }

    @Test
    void aReadTimesOutWhenItIsSaidTo() throws IOException {
        client.setSoTimeout(20);

        assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        server.getOutputStream().write(3);
        client.setSoTimeout(5000);
        assertThat(client.getInputStream().read()).isEqualTo(3);
    }

    @Test
    void closingEndsTheWaitOfAReaderAndOfAWriter() throws Exception {
        client.acquiredBy("call");
        CompletableFuture<IOException> reader =
                failureOf(() -> client.getInputStream().read());
        CompletableFuture<IOException> writer = failureOf(() -> {
            byte[] chunk = new byte[1 << 20];
            while (true) {
                client.getOutputStream().write(chunk);
            }
        });
        while (client.getSoLinger() != 0) {
            // Until the writer waits; nobody reads.
            Thread.onSpinWait();
        }

        client.close();

        assertThat(reader.get(10, TimeUnit.SECONDS)).isExactlyInstanceOf(SocketException.class);
        assertThat(writer.get(10, TimeUnit.SECONDS)).isExactlyInstanceOf(SocketException.class);
    }

    @FunctionalInterface
    private interface Transfer {
        void run() throws IOException;
    }

    private static CompletableFuture<IOException> failureOf(Transfer transfer) {
        CompletableFuture<IOException> failure = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                transfer.run();
            } catch (IOException e) {
                failure.complete(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return failure;
    }

    @Test
    void aReleaseThatIsToldLateDoesNotFreeTheSocketOfTheNextCall() throws IOException {
        client.acquiredBy("first");
        client.acquiredBy("second");
        client.releasedBy("first");
        server.getOutputStream().write(7);

        assertThat(client.isClosed()).isFalse();
        assertThat(client.getInputStream().read()).isEqualTo(7);
    }

    @Test
    void aRetiredSocketCountsAsClosedAndGoesOnWorking() throws IOException {
        client.acquiredBy("call");
        client.retire();

        assertThat(client.isClosed()).isTrue();
        server.getOutputStream().write(7);
        assertThat(client.getInputStream().read()).isEqualTo(7);
    }

    @Test
    void aSocketWithoutChannelNoticesNothing() throws IOException {
        try (EndpointSocket plain =
                EndpointSocket.over(new Socket(), (InetSocketAddress) listener.getLocalSocketAddress())) {
            plain.silentWhenUnused();
            plain.connect(new InetSocketAddress("192.0.2.1", 80));
            listener.accept().close();

            assertThat(plain.isClosed()).isFalse();
            assertThat(plain.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void optionsAreThoseOfTheSocketBelow() throws IOException {
        client.setTcpNoDelay(true);
        client.setKeepAlive(true);
        client.setSoTimeout(1234);

        assertThat(client.getTcpNoDelay()).isTrue();
        assertThat(client.getKeepAlive()).isTrue();
        assertThat(client.getSoTimeout()).isEqualTo(1234);
        assertThat(client.isConnected()).isTrue();
        assertThat(client.isBound()).isTrue();
        assertThat(client.isInputShutdown()).isFalse();
        client.shutdownOutput();
        assertThat(client.isOutputShutdown()).isTrue();
        assertThat(server.getInputStream().read()).isEqualTo(-1);
    }

    /** Closing cancels the key of the selector before the selector itself is closed. */
    @Test
    void aReadInTheMiddleOfAnotherThreadsCloseEndsAsThatOfASocketDoes() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            SocketChannel raw = SocketChannel.open(server.getLocalSocketAddress());
            WaitingChannel channel = new WaitingChannel(raw);
            channel.readTimeout(1);
            channel.write(new byte[] {1}, 0, 1);
            assertThatThrownBy(() -> channel.read(new byte[1], 0, 1)).isInstanceOf(SocketTimeoutException.class);

            raw.close();

            assertThatThrownBy(() -> channel.read(new byte[1], 0, 1))
                    .isInstanceOf(SocketException.class)
                    .hasMessage("Socket closed");
            channel.close();
        }
    }
}
