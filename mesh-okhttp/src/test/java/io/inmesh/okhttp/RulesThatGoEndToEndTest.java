package io.inmesh.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.Mesh;
import io.inmesh.MeshTesting;
import io.inmesh.endpoint.Condition;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.Locality;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.ServicePort;
import io.inmesh.model.MeshConfig;
import io.inmesh.observe.MeshObserver;
import io.inmesh.testing.FakeConfigSource;
import io.inmesh.testing.FakeEndpointSource;
import io.inmesh.testing.Rules;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.MockWebServer;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;

/** Rules that go and come back while their service is called, over real sockets: no call passes the mesh by. */
class RulesThatGoEndToEndTest extends MeshFixture {
    private static final String REVIEWS = "reviews.default.svc.cluster.local";
    private static final int CALLERS = 4;
    private static final int CALLS_BETWEEN_CHANGES = 20;

    private final FakeEndpointSource registry = new FakeEndpointSource("registry");
    private final FakeConfigSource rules = new FakeConfigSource("rules");
    private final Semaphore publications = new Semaphore(0);
    private final AtomicInteger calls = new AtomicInteger();
    private final Set<String> answers = ConcurrentHashMap.newKeySet();

    @Test
    void noCallPassesByWhileRulesComeAndGo() throws Exception {
        MeshConfig all = Rules.config(Rules.toSubset(REVIEWS, "v1"), Rules.versions(REVIEWS, "v1"));
        MeshConfig subsets = new MeshConfig(List.of(), all.destinationRules(), List.of());
        // Where the name leads to without a mesh.
        MockWebServer dns = backends.start("passed by");
        registry.offer(REVIEWS);
        registry.tell(reviews(dns.getPort(), backends.start("balanced")));
        rules.tell(all);
        Mesh mesh = leaks.watch(Mesh.builder()
                .config(rules)
                .endpoints(registry)
                .publishInterval(Duration.ZERO)
                .observer(new MeshObserver() {
                    @Override
                    public void snapshotPublished(long version) {
                        publications.release();
                    }
                })
                .build());
        awaitPublication();
        OkHttpClient client = backends.builder(new MeshInterceptor(mesh))
                .dns(host -> List.of(InetAddress.getByName("127.0.0.1")))
                .build();
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
        List<Future<?>> loops = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            loops.add(callers.submit(() -> call(client, "http://reviews:" + dns.getPort() + "/", over)));
        }

        for (int round = 0; round < 50; round++) {
            for (MeshConfig next : List.of(subsets, MeshConfig.EMPTY, all)) {
                awaitCalls(CALLS_BETWEEN_CHANGES, loops);
                // One that was for something else, such as endpoints, counts for none: each change is followed by one
                // at least.
                publications.drainPermits();
                rules.tell(next);
                awaitPublication();
            }
        }
        awaitCalls(CALLS_BETWEEN_CHANGES, loops);
        over.set(true);
        callers.shutdown();
        for (Future<?> loop : loops) {
            loop.get(10, TimeUnit.SECONDS);
        }

        // Of the snapshot itself: the status follows it a moment later.
        assertThat(MeshTesting.snapshot(mesh).version()).isGreaterThan(150);
        assertThat(calls).hasValueGreaterThanOrEqualTo(151 * CALLS_BETWEEN_CHANGES);
        assertThat(answers).containsExactly("balanced");
    }

    private void awaitPublication() throws InterruptedException {
        assertThat(publications.tryAcquire(10, TimeUnit.SECONDS))
                .as("a publication")
                .isTrue();
    }

    private Void call(OkHttpClient client, String url, AtomicBoolean over) throws IOException {
        while (!over.get()) {
            answers.add(get(client, url));
            calls.incrementAndGet();
        }
        return null;
    }

    private void awaitCalls(int more, List<Future<?>> loops) {
        int enough = calls.get() + more;
        while (calls.get() < enough) {
            assertThat(loops).as("callers that have failed").noneMatch(Future::isDone);
            Thread.yield();
        }
    }

    private static ServiceEndpoints reviews(int port, MockWebServer server) {
        Endpoint endpoint = new Endpoint(
                "reviews-v1",
                "127.0.0.1",
                server.getPort(),
                Locality.UNKNOWN,
                1,
                Map.of("version", "v1"),
                Condition.READY);
        return new ServiceEndpoints(
                new ServiceName(REVIEWS),
                "default",
                ServiceEndpoints.State.ENDPOINTS,
                List.of(),
                List.of(new ServicePort(port, "http", "HTTP")),
                Map.of(port, List.of(endpoint)),
                List.of());
    }
}
