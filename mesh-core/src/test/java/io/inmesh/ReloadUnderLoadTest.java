package io.inmesh;

import static io.inmesh.testing.Rules.service;
import static io.inmesh.testing.Rules.versions;
import static io.inmesh.testing.Rules.workload;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.call.Attempt;
import io.inmesh.call.HeaderField;
import io.inmesh.model.Destination;
import io.inmesh.model.Headers;
import io.inmesh.model.Headers.HeaderOperations;
import io.inmesh.model.HttpRewrite;
import io.inmesh.model.HttpRoute;
import io.inmesh.model.HttpRouteDestination;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.ObjectMeta;
import io.inmesh.model.VirtualService;
import io.inmesh.observe.MeshObserver;
import io.inmesh.testing.FakeConfigSource;
import io.inmesh.testing.LeakCheck;
import io.inmesh.testing.ScriptedExchange;
import io.inmesh.testing.ScriptedExchange.Reply;
import java.io.IOException;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Two sets of rules differ in subset, endpoints, path and both header edits. A call that took one thing from the one and
 * another from the other would show.
 */
class ReloadUnderLoadTest {
    private static final String HOST = "reviews.default.svc.cluster.local";
    private static final int SWAPS = 1_000;
    private static final int CALLERS = 8;

    @RegisterExtension
    final LeakCheck leaks = new LeakCheck();

    private final Semaphore publications = new Semaphore(0);
    private final Set<String> seen = ConcurrentHashMap.newKeySet();
    private volatile boolean done;

    @Test
    void everyCallSeesOneWholeSnapshotAndNoneFails() throws Exception {
        MeshConfig one = rules("v1", "127.0.1.");
        MeshConfig two = rules("v2", "127.0.2.");
        FakeConfigSource source = new FakeConfigSource("rules", one);
        Mesh mesh = leaks.watch(Mesh.builder()
                .config(source)
                .publishInterval(Duration.ZERO)
                .observer(new MeshObserver() {
                    @Override
                    public void snapshotPublished(long version) {
                        publications.release();
                    }
                })
                .build());
        assertThat(publications.tryAcquire(10, TimeUnit.SECONDS)).isTrue();

        ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
        List<Future<Integer>> calls = new ArrayList<>();
        try {
            for (int i = 0; i < CALLERS; i++) {
                calls.add(callers.submit(() -> callUntilDone(mesh)));
            }
            for (int swap = 1; swap <= SWAPS; swap++) {
                source.tell(swap % 2 == 0 ? one : two);
                assertThat(publications.tryAcquire(10, TimeUnit.SECONDS))
                        .as("swap %s is published", swap)
                        .isTrue();
            }
        } finally {
            done = true;
            callers.shutdown();
        }

        for (Future<Integer> count : calls) {
            assertThat(count.get(30, TimeUnit.SECONDS)).isPositive();
        }
        assertThat(seen).containsExactlyInAnyOrder("v1", "v2");
        // Of the snapshot itself: the status follows it a moment later.
        assertThat(MeshTesting.snapshot(mesh).version()).isEqualTo(SWAPS + 1L);
    }

    private int callUntilDone(Mesh mesh) throws IOException {
        int calls = 0;
        while (!done) {
            call(mesh);
            calls++;
        }
        return calls;
    }

    private void call(Mesh mesh) throws IOException {
        ScriptedExchange exchange = ScriptedExchange.get("http://reviews:9080/reviews/0", attempt -> {
            Thread.yield();
            return Reply.of(200, attempt.endpoint().labels().get("version"));
        });
        Reply reply = mesh.execute(exchange);
        String version = reply.read();
        seen.add(version);
        assertThat(exchange.attempts()).hasSize(1);
        Attempt attempt = exchange.attempts().get(0);
        assertThat(attempt.endpoint().address()).startsWith("127.0." + version.substring(1) + ".");
        assertThat(attempt.pathAndQuery()).isEqualTo("/" + version + "/reviews/0");
        assertThat(attempt.headers()).contains(new HeaderField("x-rules", version));
        assertThat(reply.headers()).containsExactly(new HeaderField("x-answered-by", version));
    }

    private static MeshConfig rules(String version, String network) {
        Headers edits = new Headers(
                new HeaderOperations(Map.of("x-rules", version), Map.of(), List.of()),
                new HeaderOperations(Map.of("x-answered-by", version), Map.of(), List.of()));
        HttpRoute route = HttpRoute.builder()
                .name("all")
                .route(List.of(new HttpRouteDestination(new Destination(HOST, version, 0), 0, Headers.NONE)))
                .rewrite(new HttpRewrite("/" + version + "/", null, null))
                .timeout(Duration.ofSeconds(30))
                .headers(edits)
                .build();
        return new MeshConfig(
                List.of(new VirtualService(
                        ObjectMeta.of("default", "reviews"), List.of(HOST), List.of(), List.of(route), List.of())),
                List.of(versions(HOST, version)),
                List.of(service(HOST, 9080, workload(network + "1", version), workload(network + "2", version))));
    }
}
