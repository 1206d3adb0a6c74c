package io.inmesh.okhttp.traffic;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.inmesh.Mesh;
import io.inmesh.call.MeshException;
import io.inmesh.config.UnsupportedFields;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.config.source.TextConfigSource;
import io.inmesh.endpoint.Locality;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.event.ResponseFlag;
import io.inmesh.explain.EndpointState;
import io.inmesh.okhttp.MeshOkHttp;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** Plays one scenario over real sockets, through OkHttp and a mesh of the scenario's rules, with the backends it names. */
final class ScenarioPlayer implements AutoCloseable {
    /** Of what comes within it, the first ejection is followed at once and the others together. */
    private static final Duration ENVOYS_WINDOW = Duration.ofSeconds(1);

    /** As the recorder's. */
    private static final WorkloadIdentity CALLER = new WorkloadIdentity(
            "default",
            Map.of("app", "client", "version", "v1", "rack", "a", "tier", "gold"),
            new Locality("r1", "z1", "s1"),
            "",
            "cluster.local");

    /** Of answers. */
    private static final List<String> HEADERS_THAT_MATTER =
            List.of("x-envoy-ratelimited", "retry-after", "set-cookie", "grpc-status");

    private final List<AutoCloseable> open = new ArrayList<>();
    private final Map<String, Queue<SeenRequest>> ledger = new ConcurrentHashMap<>();
    private final ObservedCalls observer = new ObservedCalls();
    private final AtomicInteger calls = new AtomicInteger();
    private final Mesh mesh;
    private final OkHttpClient client;

    /**
     * Starts backends and the mesh.
     *
     * @param address of loopback, at which the backends listen
     * @throws IOException when one of the scenario's ports is taken there
     * @throws io.inmesh.config.ConfigException when the rules are refused
     */
    ScenarioPlayer(RecordedScenario scenario, String address) throws IOException {
        boolean started = false;
        try {
            for (int port : scenario.ports()) {
                open.add(ScriptedBackend.at(BackendNames.of(port), address, port, this::seen));
            }
            mesh = Mesh.builder()
                    .self(CALLER)
                    .config(new TextConfigSource(
                            scenario.name(),
                            ConfigReader.sensible().withUnsupported(UnsupportedFields.WARN),
                            scenario.rules(address)))
                    .balancingWindow(ENVOYS_WINDOW)
                    .observer(observer)
                    .build();
            open.add(mesh);
            client = MeshOkHttp.builder(mesh).readTimeout(30, TimeUnit.SECONDS).build();
            open.add(() -> client.connectionPool().evictAll());
            started = true;
        } finally {
            if (!started) {
                close();
            }
        }
    }

    private void seen(SeenRequest request) {
        String id = request.header(ObservedCalls.ID);
        if (id != null) {
            ledger.computeIfAbsent(id, none -> new ConcurrentLinkedQueue<>()).add(request);
        }
    }

    /** Plays a step; answers it in the recorded form. */
    JsonObject play(RecordedStep step) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(step.waitMillis());
        int first = calls.getAndAdd(step.count());
        List<PlayedCall> played = step.concurrency() == 1 ? oneByOne(step, first) : together(step, first);
        TimeUnit.MILLISECONDS.sleep(step.settleMillis());
        JsonObject line = new JsonObject();
        if (step.countsOnly()) {
            line.add("counts", counts(step, played));
        }
        line.add("hosts", hosts(played));
        line.addProperty("id", step.id());
        if (!step.countsOnly()) {
            JsonArray results = new JsonArray();
            for (int i = 0; i < played.size(); i++) {
                Queue<SeenRequest> seen = ledger.getOrDefault(String.valueOf(first + i), new ConcurrentLinkedQueue<>());
                results.add(played.get(i).recorded(List.copyOf(seen), step));
            }
            line.add("results", results);
        }
        return line;
    }

    private List<PlayedCall> oneByOne(RecordedStep step, int first) {
        List<PlayedCall> played = new ArrayList<>();
        for (int i = 0; i < step.count(); i++) {
            played.add(call(step, String.valueOf(first + i)));
        }
        return played;
    }

    private List<PlayedCall> together(RecordedStep step, int first) throws InterruptedException {
        ExecutorService callers = Executors.newFixedThreadPool(step.concurrency());
        try {
            List<Callable<PlayedCall>> tasks = new ArrayList<>();
            for (int i = 0; i < step.count(); i++) {
                String id = String.valueOf(first + i);
                tasks.add(() -> call(step, id));
            }
            List<PlayedCall> played = new ArrayList<>();
            for (Future<PlayedCall> task : callers.invokeAll(tasks)) {
                played.add(task.get());
            }
            return played;
        } catch (ExecutionException broken) {
            throw new IllegalStateException(broken);
        } finally {
            callers.shutdownNow();
        }
    }

    private PlayedCall call(RecordedStep step, String id) {
        Request request = step.request().header(ObservedCalls.ID, id).build();
        int status = 0;
        String backend = null;
        ResponseFlag flag = null;
        boolean cut = false;
        JsonObject headers = new JsonObject();
        long start = System.nanoTime();
        try (Response response = client.newCall(request).execute()) {
            status = response.code();
            backend = response.header("x-backend");
            for (String name : HEADERS_THAT_MATTER) {
                String value = response.header(name);
                if (value != null) {
                    headers.addProperty(name, value);
                }
            }
            response.body().bytes();
        } catch (MeshException decided) {
            flag = decided.flag();
            cut = status > 0;
        } catch (IOException failed) {
            cut = status > 0;
        }
        return new PlayedCall(status, flag, cut, backend, headers, System.nanoTime() - start, observer.take(id));
    }

    private static JsonObject counts(RecordedStep step, List<PlayedCall> played) throws InterruptedException {
        Map<String, Integer> counts = new TreeMap<>();
        for (PlayedCall call : played) {
            JsonObject result = call.recorded(List.of(), step);
            String who = call.backend() == null ? "-" : call.backend();
            counts.merge(who + ":" + result.get("status").getAsInt(), 1, Integer::sum);
        }
        JsonObject object = new JsonObject();
        counts.forEach(object::addProperty);
        return object;
    }

    /** Of the clusters that were called: what is not as usual of their hosts. */
    private JsonObject hosts(List<PlayedCall> played) {
        SortedSet<String> called = new TreeSet<>();
        for (PlayedCall call : played) {
            String cluster = call.observed() == null ? null : call.observed().cluster();
            if (cluster != null) {
                called.add(cluster);
            }
        }
        Map<String, List<EndpointState>> states = mesh.clusters();
        JsonObject hosts = new JsonObject();
        for (String cluster : called) {
            JsonObject unusual = new JsonObject();
            for (EndpointState state : states.getOrDefault(cluster, List.of())) {
                JsonObject host = new JsonObject();
                if (state.ejection() != null) {
                    host.addProperty("ejected", true);
                }
                if (state.weight() != 1) {
                    host.addProperty("weight", state.weight());
                }
                if (host.size() > 0) {
                    unusual.add(state.hostPort().substring(state.hostPort().lastIndexOf(':') + 1), host);
                }
            }
            hosts.add(cluster, unusual);
        }
        return hosts;
    }

    @Override
    public void close() throws IOException {
        IOException failure = null;
        for (int i = open.size() - 1; i >= 0; i--) {
            try {
                open.get(i).close();
            } catch (Exception broken) {
                failure = new IOException(broken);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
