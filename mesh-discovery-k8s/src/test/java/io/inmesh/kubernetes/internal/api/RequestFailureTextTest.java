package io.inmesh.kubernetes.internal.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kubernetes.client.openapi.ApiClient;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import mockwebserver3.MockResponse;
import mockwebserver3.MockResponseBody;
import mockwebserver3.MockWebServer;
import mockwebserver3.SocketEffect;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.internal.http2.ErrorCode;
import okhttp3.internal.http2.StreamResetException;
import okio.BufferedSink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RequestFailureTextTest {
    private static final String SERVER = "the API server at https://10.96.0.1:443";

    private final MockWebServer server = new MockWebServer();

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void saysWhatHappenedAndWhere() {
        assertThat(words(new EOFException())).isEqualTo(SERVER + " has ended its answer early");
        assertThat(words(new EOFException("\\n not found: limit=16777216 content=...")))
                .endsWith("ended its answer early");
        assertThat(words(new IOException("unexpected end of stream on http://x/...", new EOFException())))
                .isEqualTo(SERVER + " has ended its answer early");
        assertThat(words(new ProtocolException("unexpected end of stream")))
                .isEqualTo(SERVER + " has ended its answer early");
        assertThat(words(new StreamResetException(ErrorCode.INTERNAL_ERROR)))
                .isEqualTo(SERVER + " has ended its answer early (HTTP/2, stream was reset: INTERNAL_ERROR)");
        assertThat(words(new SocketException("Connection reset")))
                .isEqualTo("the connection to " + SERVER + " is broken (Connection reset)");
        assertThat(words(new SocketTimeoutException("timeout")))
                .isEqualTo(SERVER + " has not answered in time (timeout)");
        assertThat(words(new IOException("kubeconfig x cannot be used"))).isEqualTo("kubeconfig x cannot be used");
        assertThat(words(new ProtocolException("odd")))
                .isEqualTo("asking " + SERVER + " has failed: java.net.ProtocolException: odd");
    }

    private static String words(IOException failure) {
        return RequestFailureText.of(failure, SERVER);
    }

    /** Over HTTP/2, where OkHttp gives a connection up whose pings are not answered. */
    @Test
    void namesAHalfOpenConnection() throws IOException {
        server.setProtocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE));
        server.start(InetAddress.getByName("127.0.0.1"), 0);
        CountDownLatch over = new CountDownLatch(1);
        server.enqueue(new MockResponse.Builder().body(unfinished(over)).build());
        try (Way way = new Way(server.getPort());
                ApiServer api = new ApiServer(() -> impatient(way.url()))) {
            ApiResponse watch = api.call(request()).execute();
            try (watch) {
                assertThat(watch.body().readByte()).isEqualTo((byte) '{');

                way.unplug();
                IOException failure = catchThrowableOfType(
                        IOException.class, () -> watch.body().skip(Long.MAX_VALUE));

                assertThat(failure).hasMessageContaining("PROTOCOL_ERROR");
                assertThat(api.words(failure))
                        .isEqualTo("the connection to the API server at " + way.url()
                                + " is dead, its pings are not answered");
            }
        } finally {
            over.countDown();
        }
    }

    /** Says something, and nothing more until the test is over. */
    private static MockResponseBody unfinished(CountDownLatch over) {
        return new MockResponseBody() {
            @Override
            public long getContentLength() {
                return -1;
            }

            @Override
            public void writeTo(BufferedSink sink) throws IOException {
                sink.writeUtf8("{}\n");
                sink.flush();
                try {
                    over.await();
                } catch (InterruptedException ended) {
                    Thread.currentThread().interrupt();
                }
            }
        };
    }

    /** Before the server is known, and after. */
    @Test
    void namesTheServerOnceItIsKnown() throws IOException {
        server.start(InetAddress.getByName("127.0.0.1"), 0);
        server.enqueue(new MockResponse.Builder()
                .body("0123456789")
                .onResponseBody(new SocketEffect.CloseSocket())
                .build());
        String url = "http://127.0.0.1:" + server.getPort();
        try (ApiServer api = new ApiServer(() -> new ApiClient().setBasePath(url))) {
            assertThat(api).hasToString("the API server");

            try (ApiResponse answer = api.call(request()).execute()) {
                IOException failure = catchThrowableOfType(
                        IOException.class, () -> answer.body().readUtf8());

                assertThat(api.words(failure)).isEqualTo("the API server at " + url + " has ended its answer early");
            }
        }
    }

    private static ApiRequest request() {
        Duration enough = Duration.ofSeconds(60);
        return new ApiRequest("/api/v1/pods", Map.of(), "application/json", enough, enough);
    }

    private static ApiClient impatient(String url) {
        return new ApiClient()
                .setHttpClient(new OkHttpClient.Builder()
                        .protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE))
                        .pingInterval(Duration.ofSeconds(1))
                        .build())
                .setBasePath(url);
    }

    /** The way to a server, which can go dead: no byte, no FIN, no RST. */
    private static final class Way implements AutoCloseable {
        private final ServerSocket listening = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        private final List<Socket> open = Collections.synchronizedList(new ArrayList<>());
        private volatile boolean unplugged;

        Way(int target) throws IOException {
            run(() -> {
                Socket from = listening.accept();
                Socket to = new Socket("127.0.0.1", target);
                open.add(from);
                open.add(to);
                run(() -> copy(from, to));
                run(() -> copy(to, from));
            });
        }

        String url() {
            return "http://127.0.0.1:" + listening.getLocalPort();
        }

        void unplug() {
            unplugged = true;
        }

        private void copy(Socket from, Socket to) throws IOException {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] bytes = new byte[8192];
            for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
                if (!unplugged) {
                    out.write(bytes, 0, read);
                    out.flush();
                }
            }
        }

        private interface Work {
            void run() throws IOException;
        }

        private static void run(Work work) {
            Thread thread = new Thread(
                    () -> {
                        try {
                            work.run();
                        } catch (IOException ended) {
                            // Closed by the test or by either side.
                        }
                    },
                    "way");
            thread.setDaemon(true);
            thread.start();
        }

        @Override
        public void close() throws IOException {
            listening.close();
            for (Socket socket : List.copyOf(open)) {
                socket.close();
            }
        }
    }
}
