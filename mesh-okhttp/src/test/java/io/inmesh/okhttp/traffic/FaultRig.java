package io.inmesh.okhttp.traffic;

import io.inmesh.Mesh;
import io.inmesh.MeshTesting;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.config.source.TextConfigSource;
import io.inmesh.okhttp.MeshOkHttp;
import io.inmesh.testing.RecordingObserver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Backends of a service {@code reviews}, a mesh, a client, and a ledger of what the backends executed, by the id of the
 * call. After a test nothing may be in flight.
 */
final class FaultRig implements AfterEachCallback {
    static final String URL = "http://reviews:9080/";

    /** Header with the id of a call. */
    static final String ID = "x-id";

    /** A GET may be sent again whatever became of it. */
    static final String GETS_AGAIN = """
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: reviews}
            spec:
              hosts: [reviews]
              http:
              - match: [{method: {exact: GET}}]
                retries: {attempts: 3, retryOn: "connect-failure,refused-stream,reset"}
                route: [{destination: {host: reviews}}]
              - route: [{destination: {host: reviews}}]
            """;

    private final List<AutoCloseable> open = new ArrayList<>();
    private final Map<String, AtomicInteger> ledger = new ConcurrentHashMap<>();
    private final Semaphore arrivals = new Semaphore(0);
    private final RecordingObserver observer = new RecordingObserver();
    private String rules = "";
    private TextConfigSource source = TextConfigSource.of("rules", "");
    private List<Integer> ports = List.of();

    ScriptedBackend backend(String name) throws IOException {
        return closing(ScriptedBackend.at(name, "127.0.0.1", 0, this::executed));
    }

    List<ScriptedBackend> backends(int count) throws IOException {
        List<ScriptedBackend> backends = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            backends.add(backend("reviews-" + i));
        }
        return backends;
    }

    <C extends AutoCloseable> C closing(C closeable) {
        open.add(closeable);
        return closeable;
    }

    private void executed(SeenRequest request) {
        String id = request.header(ID);
        if (id != null) {
            ledger.computeIfAbsent(id, none -> new AtomicInteger()).incrementAndGet();
        }
        arrivals.release();
    }

    /** Waits until backends have received so many more requests than were awaited before. */
    void awaitRequests(int more) throws InterruptedException {
        if (!arrivals.tryAcquire(more, 10, TimeUnit.SECONDS)) {
            throw new AssertionError(
                    "only " + arrivals.availablePermits() + " of " + more + " requests came within 10 s");
        }
    }

    /** How often a call was executed. */
    int executions(String id) {
        AtomicInteger count = ledger.get(id);
        return count == null ? 0 : count.get();
    }

    RecordingObserver observer() {
        return observer;
    }

    /**
     * A mesh.
     *
     * @param moreRules beside the ServiceEntry, with {@code ---} in front; empty for none
     */
    Mesh mesh(Collection<ScriptedBackend> backends, String moreRules) {
        return meshAt(backends.stream().map(ScriptedBackend::port).toList(), moreRules);
    }

    /** The same for whatever listens at ports of 127.0.0.1. */
    Mesh meshAt(List<Integer> atPorts, String moreRules) {
        rules = moreRules;
        ports = List.copyOf(atPorts);
        source = new TextConfigSource("rules", ConfigReader.sensible(), Map.of("rules.yaml", text()));
        return closing(Mesh.builder().config(source).observer(observer).build());
    }

    /** Which backends the mesh knows from here on. */
    void discover(Collection<ScriptedBackend> backends) throws InterruptedException {
        ports = backends.stream().map(ScriptedBackend::port).toList();
        observer.awaitSnapshotOf(() -> source.update(Map.of("rules.yaml", text())));
    }

    OkHttpClient client(Mesh mesh) {
        OkHttpClient client = MeshOkHttp.builder(mesh).build();
        open.add(() -> {
            client.dispatcher().executorService().shutdownNow();
            client.connectionPool().evictAll();
            if (MeshTesting.activeRequests(mesh) != 0) {
                throw new AssertionError(MeshTesting.activeRequests(mesh) + " attempts did not end");
            }
        });
        return client;
    }

    private String text() {
        StringBuilder text = new StringBuilder("""
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: reviews}
                spec:
                  hosts: [reviews.default.svc.cluster.local]
                  resolution: STATIC
                  ports: [{number: 9080, name: http, protocol: HTTP}]
                """);
        text.append(ports.isEmpty() ? "  endpoints: []\n" : "  endpoints:\n");
        ports.forEach(port -> text.append("  - {address: 127.0.0.1, ports: {http: %d}}\n".formatted(port)));
        return text + rules;
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }
}
