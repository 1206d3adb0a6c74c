package io.inmesh.kubernetes;

import static io.inmesh.kubernetes.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.Mesh;
import io.inmesh.config.ConfigProblem;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.kubernetes.testing.ScriptedApiServer;
import io.inmesh.okhttp.MeshInterceptor;
import io.inmesh.testing.RecordingObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** A mesh on rules of a scripted API server, with two real backends behind the one service that the rules are for. */
@Timeout(120)
abstract class ClusterRulesFixture {
    static final String NETWORKING = "/apis/networking.istio.io/v1/";
    static final String VIRTUAL_SERVICES = NETWORKING + "virtualservices";
    static final String DESTINATION_RULES = NETWORKING + "destinationrules";
    static final String SERVICE_ENTRIES = NETWORKING + "serviceentries";
    static final String ROUTE = "{\"route\": [{\"destination\": {\"host\": \"reviews\", \"subset\": \"%s\"}}]}";
    static final WorkloadIdentity SELF = WorkloadIdentity.DEFAULT.with("shop", Map.of());

    final ScriptedApiServer server = ScriptedApiServer.start();
    final RecordingObserver observer = new RecordingObserver();
    final MockWebServer v1 = new MockWebServer();
    final MockWebServer v2 = new MockWebServer();
    final List<AutoCloseable> open = new ArrayList<>();

    @BeforeEach
    void backends() throws IOException {
        answer(v1, "v1");
        answer(v2, "v2");
    }

    static void answer(MockWebServer backend, String name) throws IOException {
        backend.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return new MockResponse.Builder().body(name).build();
            }
        });
        backend.start();
    }

    @AfterEach
    void close() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
        v1.close();
        v2.close();
        server.close();
    }

    String serviceEntry() {
        String endpoint = "{\"address\": \"127.0.0.1\", \"ports\": {\"http\": %d}, \"labels\": {\"version\": \"%s\"}}";
        return """
                {"metadata": {"name": "reviews", "namespace": "shop"},
                 "spec": {"hosts": ["reviews.shop.svc.cluster.local"], "resolution": "STATIC",
                   "ports": [{"number": 9080, "name": "http", "protocol": "HTTP"}], "endpoints": [%s, %s]}}
                """.formatted(endpoint.formatted(v1.getPort(), "v1"), endpoint.formatted(v2.getPort(), "v2"));
    }

    void putServices() {
        server.put(SERVICE_ENTRIES, serviceEntry());
        server.put(DESTINATION_RULES, """
                {"metadata": {"name": "reviews", "namespace": "shop"},
                 "spec": {"host": "reviews", "subsets": [{"name": "v1", "labels": {"version": "v1"}},
                   {"name": "v2", "labels": {"version": "v2"}}]}}
                """);
    }

    String putRoute(String http) {
        return putRule("reviews", "\"hosts\": [\"reviews\"], ", http);
    }

    String putRule(String name, String hosts, String http) {
        return server.put(VIRTUAL_SERVICES, """
                {"metadata": {"name": "%s", "namespace": "shop"}, "spec": {%s"http": [%s]}}
                """.formatted(name, hosts, http));
    }

    Mesh mesh(KubernetesSettings.Builder settings, Mesh.Builder builder) {
        return mesh(settings, builder, ConfigReader.strict());
    }

    Mesh mesh(KubernetesSettings.Builder settings, Mesh.Builder builder, ConfigReader reader) {
        KubernetesConnection connection = KubernetesConnection.of(settings.client(server.clients())
                .self(SELF)
                .backoff(Duration.ofMillis(50), Duration.ofMillis(200))
                .build());
        open.add(connection);
        Mesh mesh = builder.self(SELF)
                .config(new KubernetesConfigSource(connection, reader))
                .observer(observer)
                .build();
        open.add(mesh);
        return mesh;
    }

    Mesh mesh() {
        return mesh(KubernetesSettings.builder(), Mesh.builder());
    }

    /** Calls without pause until it is closed, and remembers whatever was not answered by v1. */
    final class Load implements AutoCloseable {
        private final AtomicInteger calls = new AtomicInteger();
        private final List<String> wrong = new CopyOnWriteArrayList<>();
        private final Thread thread = new Thread(this::run, "load");
        private final OkHttpClient client;
        private volatile boolean ended;

        Load(Mesh mesh) {
            client = new OkHttpClient.Builder()
                    .addInterceptor(new MeshInterceptor(mesh))
                    .build();
            thread.start();
        }

        private void run() {
            while (!ended) {
                String answer = get(client);
                if (!answer.equals("200 v1")) {
                    wrong.add(answer);
                }
                calls.incrementAndGet();
            }
        }

        /** Waits until the rules of this moment have been used. */
        void some() {
            int before = calls.get();
            eventually(() -> assertThat(calls.get()).isGreaterThan(before + 20));
        }

        void hasFailedNever() {
            some();
            assertThat(wrong).isEmpty();
        }

        @Override
        public void close() {
            ended = true;
            try {
                thread.join();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            client.dispatcher().executorService().shutdown();
            client.connectionPool().evictAll();
        }
    }

    static String get(OkHttpClient client) {
        Request request =
                new Request.Builder().url("http://reviews:9080/reviews/0").build();
        try (Response response = client.newCall(request).execute()) {
            return response.code() + " " + response.body().string();
        } catch (IOException failure) {
            return failure.toString();
        }
    }

    static String answerOf(Mesh mesh) {
        OkHttpClient client = new OkHttpClient.Builder()
                .addInterceptor(new MeshInterceptor(mesh))
                .build();
        return get(client);
    }

    static List<String> errors(Mesh mesh) {
        return mesh.status().problems().stream()
                .filter(ConfigProblem::isError)
                .map(ConfigProblem::toString)
                .toList();
    }
}
