package io.inmesh.okhttp;

import io.inmesh.endpoint.Condition;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.Locality;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ServerSocketFactory;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Servers on loopback, clients, and what is left of them after a test: no attempt may be left running. */
final class Backends implements AfterEachCallback {
    static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");

    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<ScriptedMesh> meshes = new ArrayList<>();

    /** A server that answers 200 with {@code name}. */
    MockWebServer start(String name) {
        return start(name, "127.0.0.1");
    }

    MockWebServer start(String name, String address, Protocol... protocols) {
        MockWebServer server = prepare(name, protocols);
        try {
            server.start(InetAddress.getByName(address), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return server;
    }

    /** The same, not started. */
    MockWebServer prepare(String name, Protocol... protocols) {
        MockWebServer server = new MockWebServer();
        server.setServerSocketFactory(new PromptSockets());
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return new MockResponse.Builder().body(name).build();
            }
        });
        if (protocols.length > 0) {
            server.setProtocols(List.of(protocols));
        }
        open.add(server);
        return server;
    }

    <C extends AutoCloseable> C closing(C closeable) {
        open.add(closeable);
        return closeable;
    }

    static Endpoint endpoint(MockWebServer server) {
        return endpoint(server.getSocketAddress().getAddress().getHostAddress(), server.getPort());
    }

    static Endpoint endpoint(String address, int port) {
        return new Endpoint(address + ":" + port, address, port, Locality.UNKNOWN, 1, Map.of(), Condition.READY);
    }

    /** Where nobody listens until the test is over: the port is bound, so that nobody else gets it. */
    Endpoint nobody() {
        Socket socket = closing(new Socket());
        try {
            socket.bind(new InetSocketAddress("127.0.0.1", 0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return endpoint("127.0.0.1", socket.getLocalPort());
    }

    OkHttpClient client(ScriptedMesh mesh) {
        return builder(mesh).build();
    }

    OkHttpClient.Builder builder(ScriptedMesh mesh) {
        meshes.add(mesh);
        return builder(new MeshInterceptor(mesh, () -> NOW));
    }

    OkHttpClient.Builder builder(MeshInterceptor interceptor) {
        OkHttpClient client = new OkHttpClient.Builder()
                .addInterceptor(interceptor)
                .addNetworkInterceptor(MeshOkHttp.networkInterceptor())
                .readTimeout(10, TimeUnit.SECONDS)
                .build();
        open.add(() -> {
            client.dispatcher().executorService().shutdownNow();
            client.connectionPool().evictAll();
        });
        return client.newBuilder();
    }

    static RecordedRequest take(MockWebServer server) throws InterruptedException {
        RecordedRequest request = server.takeRequest(5, TimeUnit.SECONDS);
        if (request == null) {
            throw new AssertionError("no request came to " + server);
        }
        return request;
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        for (AutoCloseable closeable : open) {
            closeable.close();
        }
        for (ScriptedMesh mesh : meshes) {
            if (mesh.inFlight.get() != 0) {
                throw new AssertionError(mesh.inFlight.get() + " attempts were never ended");
            }
        }
    }

    /** How many connections servers have seen; takes the requests that they have recorded. */
    static int connections(List<MockWebServer> servers) throws InterruptedException {
        int all = 0;
        for (MockWebServer server : servers) {
            int most = -1;
            for (int i = server.getRequestCount(); i > 0; i--) {
                most = Math.max(most, take(server).getConnectionIndex());
            }
            all += most + 1;
        }
        return all;
    }

    /** Without Nagle's algorithm, which makes every small answer take 40 ms. */
    static final class PromptSockets extends ServerSocketFactory {
        private final Consumer<Socket> accepted;

        PromptSockets() {
            this(socket -> {});
        }

        /**
         * Makes a factory.
         *
         * @param accepted told each connection
         */
        PromptSockets(Consumer<Socket> accepted) {
            this.accepted = accepted;
        }

        @Override
        public ServerSocket createServerSocket() throws IOException {
            return new ServerSocket() {
                @Override
                public Socket accept() throws IOException {
                    Socket socket = super.accept();
                    socket.setTcpNoDelay(true);
                    accepted.accept(socket);
                    return socket;
                }
            };
        }

        @Override
        public ServerSocket createServerSocket(int port) {
            throw new IllegalStateException("not used by the server");
        }

        @Override
        public ServerSocket createServerSocket(int port, int backlog) {
            throw new IllegalStateException("not used by the server");
        }

        @Override
        public ServerSocket createServerSocket(int port, int backlog, InetAddress address) {
            throw new IllegalStateException("not used by the server");
        }
    }
}
