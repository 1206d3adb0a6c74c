package io.inmesh.okhttp;

import static io.inmesh.okhttp.Backends.endpoint;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.Mesh;
import io.inmesh.config.source.TextConfigSource;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.okhttp.ScriptedMesh.Plan;
import io.inmesh.testing.LeakCheck;
import io.inmesh.testing.RawServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Pools that are as large as a mesh, and how the connections of one endpoint leave one. */
class ConnectionPoolTest {
    @RegisterExtension
    final LeakCheck leaks = new LeakCheck();

    @RegisterExtension
    final Backends backends = new Backends();

    private final List<String> warnings = new CopyOnWriteArrayList<>();
    private final AtomicLong now = new AtomicLong();
    private final AtomicInteger turn = new AtomicInteger();

    @Test
    void aThousandCallsToTwentyEndpointsOpenTwentyConnections() throws Exception {
        List<MockWebServer> servers = servers(20);
        OkHttpClient client = MeshOkHttp.builder(roundRobin(servers)).build();
        closing(client);

        for (int i = 0; i < 1000; i++) {
            assertThat(get(client)).isEqualTo("ok");
        }

        assertThat(Backends.connections(servers)).isEqualTo(20);
        assertThat(client.connectionPool().idleConnectionCount()).isEqualTo(20);
    }

    @Test
    void enqueuedCallsToOneServiceRunSideBySide() throws Exception {
        int calls = 40;
        List<MockWebServer> servers = servers(4);
        CyclicBarrier allIn = new CyclicBarrier(calls);
        for (MockWebServer server : servers) {
            server.setDispatcher(new Dispatcher() {
                @Override
                public MockResponse dispatch(RecordedRequest request) {
                    await(allIn);
                    return new MockResponse.Builder().body("together").build();
                }
            });
        }
        OkHttpClient client = MeshOkHttp.builder(roundRobin(servers)).build();
        closing(client);
        CountDownLatch answered = new CountDownLatch(calls);
        List<String> bodies = new CopyOnWriteArrayList<>();

        for (int i = 0; i < calls; i++) {
            client.newCall(request()).enqueue(new Callback() {
                @Override
                public void onFailure(Call call, IOException e) {
                    bodies.add(e.toString());
                    answered.countDown();
                }

                @Override
                public void onResponse(Call call, Response response) throws IOException {
                    bodies.add(response.body().string());
                    answered.countDown();
                }
            });
        }

        assertThat(answered.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(bodies).hasSize(calls).containsOnly("together");
    }

    @Test
    void aPoolThatIsTooSmallIsToldOnceWithTheWayOut() throws Exception {
        List<MockWebServer> servers = servers(8);
        OkHttpClient client = watched(servers).connectionPool(pool(5)).build();

        for (int i = 0; i < 80; i++) {
            assertThat(get(client)).isEqualTo("ok");
        }

        assertThat(warnings)
                .singleElement()
                .asString()
                .contains(
                        "5 idle connections",
                        "8 of them",
                        "MeshOkHttp.builder(mesh)",
                        "mesh.http.max-idle-connections");
    }

    @Test
    void aPoolThatIsLargeEnoughIsNotToldOf() throws Exception {
        OkHttpClient client = watched(servers(8)).connectionPool(pool(8)).build();

        for (int i = 0; i < 80; i++) {
            assertThat(get(client)).isEqualTo("ok");
        }

        assertThat(warnings).isEmpty();
    }

    @Test
    void connectionsToEndpointsThatCameInsteadOfOthersAreNotCountedTogether() {
        PoolSizes sizes = new PoolSizes(now::get, warnings::add);
        ConnectionPool pool = pool(5);

        for (int round = 0; round < 100; round++) {
            for (int i = 0; i < 5; i++) {
                sizes.opened(pool, address(round * 5 + i));
            }
            now.addAndGet(TimeUnit.SECONDS.toNanos(61));
        }

        assertThat(warnings).isEmpty();
    }

    @Test
    void eachPoolCountsForItself() {
        PoolSizes sizes = new PoolSizes(now::get, warnings::add);
        ConnectionPool one = pool(5);
        ConnectionPool other = pool(5);

        for (int i = 0; i < 1000; i++) {
            sizes.opened(one, address(i % 5));
            sizes.opened(other, address(5 + i % 5));
        }

        assertThat(warnings).isEmpty();
    }

    @Test
    void theBoundOfAPoolIsRead() {
        assertThat(PoolSizes.maxIdleConnections(new ConnectionPool())).isEqualTo(5);
        assertThat(PoolSizes.maxIdleConnections(MeshOkHttp.connectionPool())).isEqualTo(1024);
    }

    @Test
    void deadConnectionsToOneEndpointLeaveThoseToOthersAlone() throws Exception {
        int connections = 8;
        CyclicBarrier allIn = new CyclicBarrier(connections);
        RawServer dying = backends.closing(new RawServer(connection -> {
            connection.read();
            if (connection.index() < connections) {
                await(allIn);
            }
            connection.answer("ok");
        }));
        MockWebServer healthy = backends.start("well");
        ScriptedMesh mesh = new ScriptedMesh(
                head -> Plan.to(head.authority().equals("reviews") ? dying.endpoint() : endpoint(healthy)));
        OkHttpClient client = backends.builder(mesh)
                .socketFactory(new PlainSockets())
                .connectionPool(pool(50))
                .build();
        assertThat(get(client, "http://ratings/")).isEqualTo("well");
        ExecutorService threads = Executors.newFixedThreadPool(connections);
        backends.closing(threads::shutdownNow);
        Callable<String> call = () -> get(client, "http://reviews/");
        List<Future<String>> calls = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            calls.add(threads.submit(call));
        }
        for (Future<String> done : calls) {
            assertThat(done.get(10, TimeUnit.SECONDS)).isEqualTo("ok");
        }
        for (int i = 0; i < connections; i++) {
            dying.awaitClosed();
        }

        assertThat(call.call()).isEqualTo("ok");
        assertThat(get(client, "http://ratings/")).isEqualTo("well");

        assertThat(Backends.connections(List.of(healthy))).isEqualTo(1);
    }

    @Test
    void afterDeadConnectionsTheNextOnesAreKeptAgain() {
        Generations generations = new Generations();
        int before = generations.of(address(1));
        int after = generations.after(before, address(1));

        assertThat(after).isNotEqualTo(before);
        assertThat(generations.of(address(1))).isEqualTo(after);
        assertThat(generations.of(address(2))).isEqualTo(before);
        assertThat(generations.after(before, address(1)))
                .as("who has met the same dead connections")
                .isEqualTo(after);
        for (int i = 2; i < 2000; i++) {
            generations.after(0, address(i));
        }
        assertThat(generations.after(generations.of(address(1)), address(1))).isGreaterThan(after);
    }

    private static InetSocketAddress address(int number) {
        return InetSocketAddress.createUnresolved("10.0.0." + number, 80);
    }

    private static ConnectionPool pool(int idle) {
        return new ConnectionPool(idle, 5, TimeUnit.MINUTES);
    }

    private List<MockWebServer> servers(int count) {
        List<MockWebServer> servers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            servers.add(backends.start("ok"));
        }
        return servers;
    }

    private Mesh roundRobin(List<MockWebServer> servers) {
        return leaks.watch(Mesh.builder()
                .config(TextConfigSource.of(
                        "rules",
                        MeshFixture.service(
                                        servers.stream().map(Backends::endpoint).toArray(Endpoint[]::new))
                                + """
                                ---
                                apiVersion: networking.istio.io/v1
                                kind: DestinationRule
                                metadata: {name: reviews}
                                spec:
                                  host: reviews
                                  trafficPolicy: {loadBalancer: {simple: ROUND_ROBIN}}
                                """))
                .build());
    }

    /** A client whose mesh takes each server in turn, and whose warnings are heard. */
    private OkHttpClient.Builder watched(List<MockWebServer> servers) {
        ScriptedMesh mesh =
                new ScriptedMesh(head -> Plan.to(endpoint(servers.get(turn.getAndIncrement() % servers.size()))));
        return backends.builder(new MeshInterceptor(mesh, InstantSource.system(), now::get, warnings::add));
    }

    private void closing(OkHttpClient client) {
        backends.closing(() -> {
            client.dispatcher().executorService().shutdownNow();
            client.connectionPool().evictAll();
        });
    }

    private static Request request() {
        return new Request.Builder().url(MeshFixture.URL).build();
    }

    private static String get(OkHttpClient client) throws IOException {
        return get(client, MeshFixture.URL);
    }

    private static String get(OkHttpClient client, String url) throws IOException {
        return MeshFixture.get(client, url);
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
