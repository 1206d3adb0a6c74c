package io.inmesh.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.call.ConnectionSettings;
import io.inmesh.call.ConnectionSettings.TcpKeepalive;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.okhttp.ScriptedMesh.Plan;
import io.inmesh.testing.RawServer;
import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import javax.net.SocketFactory;
import jdk.net.ExtendedSocketOptions;
import mockwebserver3.MockWebServer;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long connections get requests, where rules say so. */
class ConnectionSettingsTest {
    @RegisterExtension
    final Backends backends = new Backends();

    private final AtomicLong now = new AtomicLong();
    private final AtomicInteger calls = new AtomicInteger();
    private final List<String> warnings = new CopyOnWriteArrayList<>();

    private static ConnectionSettings settings(UnaryOperator<ConnectionSettings.Builder> given) {
        return given.apply(ConnectionSettings.builder()).build();
    }

    private static ConnectionSettings maxRequests(int most) {
        return settings(builder -> builder.maxRequests(most));
    }

    /** Keeps connections for as long as the client does. */
    private RawServer server() throws IOException {
        return backends.closing(new RawServer(connection -> {
            while (connection.read() != null) {
                connection.answer("ok");
            }
        }));
    }

    private OkHttpClient client(Endpoint endpoint, ConnectionSettings... inTurn) {
        ScriptedMesh mesh =
                new ScriptedMesh(head -> Plan.to(endpoint).connection(inTurn[calls.getAndIncrement() % inTurn.length]));
        return backends.builder(new MeshInterceptor(mesh, () -> Backends.NOW, now::get, warnings::add))
                .build();
    }

    private static String get(OkHttpClient client) throws IOException {
        try (Response response = client.newCall(
                        new Request.Builder().url("http://reviews:9080/").build())
                .execute()) {
            return response.body().string();
        }
    }

    private static void get(OkHttpClient client, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            assertThat(get(client)).isEqualTo("ok");
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 6", "2, 3", "4, 2"})
    void aConnectionCarriesAsManyRequestsAsItMayAndIsClosed(int most, int connections) throws Exception {
        RawServer server = server();

        get(client(server.endpoint(), maxRequests(most)), 6);

        for (int i = 0; i < 6 / most; i++) {
            server.awaitClosed();
        }
        assertThat(server.connectionCount()).isEqualTo(connections);
        assertThat(server.requestCount()).isEqualTo(6);
    }

    @Test
    void theSameHoldsForHttp2() throws Exception {
        MockWebServer server = backends.start("ok", "127.0.0.1", Protocol.H2_PRIOR_KNOWLEDGE);
        ScriptedMesh mesh = new ScriptedMesh(
                head -> Plan.to(Backends.endpoint(server)).http2().connection(maxRequests(2)));

        get(backends.client(mesh), 6);

        assertThat(Backends.connections(List.of(server))).isEqualTo(3);
    }

    @Test
    void whatARuleHasOpenedIsNoSignOfASmallPool() throws Exception {
        List<RawServer> servers = List.of(server(), server(), server(), server(), server(), server());
        ScriptedMesh mesh = new ScriptedMesh(head ->
                Plan.to(servers.get(calls.getAndIncrement() % 6).endpoint()).connection(maxRequests(1)));
        OkHttpClient client = backends.builder(new MeshInterceptor(mesh, () -> Backends.NOW, now::get, warnings::add))
                .build();

        get(client, 30);

        assertThat(warnings).isEmpty();
    }

    @Test
    void aConnectionThatNobodyHasUsedForSoLongGetsNoRequest() throws Exception {
        RawServer server = server();
        OkHttpClient client =
                client(server.endpoint(), settings(builder -> builder.idleTimeoutNanos(TimeUnit.SECONDS.toNanos(10))));

        get(client, 1);
        now.addAndGet(TimeUnit.SECONDS.toNanos(9));
        get(client, 1);
        now.addAndGet(TimeUnit.SECONDS.toNanos(9));
        get(client, 1);
        assertThat(server.connectionCount()).isEqualTo(1);

        now.addAndGet(TimeUnit.SECONDS.toNanos(10));
        get(client, 1);
        assertThat(server.connectionCount()).isEqualTo(2);
        server.awaitClosed();
    }

    @Test
    void aConnectionThatIsSoOldGetsNoRequestHoweverMuchItIsUsed() throws Exception {
        RawServer server = server();
        OkHttpClient client =
                client(server.endpoint(), settings(builder -> builder.maxDurationNanos(TimeUnit.SECONDS.toNanos(10))));

        for (int i = 0; i < 9; i++) {
            get(client, 1);
            now.addAndGet(TimeUnit.SECONDS.toNanos(1));
        }
        assertThat(server.connectionCount()).isEqualTo(1);

        now.addAndGet(TimeUnit.SECONDS.toNanos(1));
        get(client, 1);
        assertThat(server.connectionCount()).isEqualTo(2);
    }

    @Test
    void attemptsOfUnequalSettingsShareNoConnectionAndThoseOfEqualOnesDo() throws Exception {
        RawServer server = server();

        get(client(server.endpoint(), maxRequests(50), maxRequests(60), maxRequests(50)), 9);

        assertThat(server.connectionCount()).isEqualTo(2);
    }

    @Test
    void theSystemIsToldToProbe() throws Exception {
        EndpointSocketFactory sockets = new EndpointSocketFactory(
                SocketFactory.getDefault(),
                null,
                settings(builder -> builder.keepalive(new TcpKeepalive(3, 7, 2))),
                now::get);
        try (Socket socket = sockets.createSocket()) {
            assertThat(socket.getKeepAlive()).isTrue();
            for (var option : socket.supportedOptions()) {
                if (option == ExtendedSocketOptions.TCP_KEEPCOUNT) {
                    assertThat(socket.getOption(option)).isEqualTo(3);
                } else if (option == ExtendedSocketOptions.TCP_KEEPIDLE) {
                    assertThat(socket.getOption(option)).isEqualTo(7);
                } else if (option == ExtendedSocketOptions.TCP_KEEPINTERVAL) {
                    assertThat(socket.getOption(option)).isEqualTo(2);
                }
            }
            assertThat(socket.supportedOptions()).contains(ExtendedSocketOptions.TCP_KEEPIDLE);
        }
    }

    @Test
    void whatIsNotGivenStaysAsTheSystemHasIt() throws Exception {
        EndpointSocketFactory plain = new EndpointSocketFactory(SocketFactory.getDefault(), null);
        EndpointSocketFactory probing = new EndpointSocketFactory(
                SocketFactory.getDefault(),
                null,
                settings(builder -> builder.keepalive(new TcpKeepalive(0, 0, 0))),
                now::get);
        try (Socket before = plain.createSocket();
                Socket socket = probing.createSocket()) {
            assertThat(before.getKeepAlive()).isFalse();
            assertThat(socket.getKeepAlive()).isTrue();
            assertThat(socket.getOption(ExtendedSocketOptions.TCP_KEEPIDLE))
                    .isEqualTo(before.getOption(ExtendedSocketOptions.TCP_KEEPIDLE));
        }
    }
}
