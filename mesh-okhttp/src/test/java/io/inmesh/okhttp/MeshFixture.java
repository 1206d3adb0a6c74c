package io.inmesh.okhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.inmesh.Mesh;
import io.inmesh.call.MeshException;
import io.inmesh.config.source.TextConfigSource;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.event.ResponseFlag;
import io.inmesh.testing.LeakCheck;
import io.inmesh.testing.RecordingObserver;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A mesh from YAML with a client in front of it; shared by the end-to-end tests. */
abstract class MeshFixture {
    static final String URL = "http://reviews:9080/";

    @RegisterExtension
    final LeakCheck leaks = new LeakCheck();

    @RegisterExtension
    final Backends backends = new Backends();

    final RecordingObserver observer = new RecordingObserver();

    /** What the latest client's mesh says of second attempts. */
    Supplier<String> hedging = () -> "";

    /** Calls until the mesh of the client knows how long answers take. */
    void learn(OkHttpClient client) throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!hedging.get().contains(" of recent latencies, now ")) {
            assertThat(System.nanoTime()).as(hedging.get()).isLessThan(end);
            get(client, request());
        }
    }

    /** Two versions of reviews behind a rule. */
    OkHttpClient versions(String http) {
        List<Endpoint> endpoints =
                List.of(Backends.endpoint(backends.start("v1")), Backends.endpoint(backends.start("v2")));
        return client(service(endpoints.toArray(new Endpoint[0])), """
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: reviews}
                spec:
                  host: reviews
                  subsets:
                  - {name: v1, labels: {version: v1}}
                  - {name: v2, labels: {version: v2}}
                """ + rule(http));
    }

    OkHttpClient client(String services, String rules) {
        Mesh mesh = leaks.watch(Mesh.builder()
                .config(TextConfigSource.of("rules", services + rules))
                .observer(observer)
                .build());
        hedging = () ->
                String.valueOf(mesh.explain("GET", URL, Map.of()).policies().get("hedging"));
        return backends.builder(new MeshInterceptor(mesh)).build();
    }

    static String service(Endpoint... endpoints) {
        StringBuilder text = new StringBuilder("""
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: reviews}
                spec:
                  hosts: [reviews.default.svc.cluster.local]
                  resolution: STATIC
                  ports: [{number: 9080, name: http, protocol: HTTP}]
                """);
        text.append(endpoints.length == 0 ? "  endpoints: []\n" : "  endpoints:\n");
        for (int i = 0; i < endpoints.length; i++) {
            text.append("  - {address: %s, ports: {http: %d}, labels: {version: v%d}}\n"
                    .formatted(endpoints[i].address(), endpoints[i].port(), i + 1));
        }
        return text.toString();
    }

    static String rule(String http) {
        return """
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: reviews}
                spec:
                  hosts: [reviews]
                """ + http.indent(2);
    }

    static String timeout(String timeout) {
        return rule("http: [{timeout: %s, route: [{destination: {host: reviews}}]}]\n".formatted(timeout));
    }

    static MeshException assertFlag(ResponseFlag flag, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        MeshException failure = catchThrowableOfType(MeshException.class, call);
        assertThat(failure).isNotNull();
        assertThat(failure.flag()).isEqualTo(flag);
        return failure;
    }

    static Request.Builder request() {
        return new Request.Builder().url(URL);
    }

    static Response execute(OkHttpClient client, String url) throws IOException {
        return client.newCall(new Request.Builder().url(url).build()).execute();
    }

    static String get(OkHttpClient client, String url) throws IOException {
        return get(client, new Request.Builder().url(url));
    }

    static String get(OkHttpClient client, Request.Builder request) throws IOException {
        try (Response response = client.newCall(request.build()).execute()) {
            return response.body().string();
        }
    }
}
