package io.inmesh.jmh.call;

import io.inmesh.Mesh;
import io.inmesh.config.source.TextConfigSource;
import io.inmesh.observe.MeshObserver;
import io.inmesh.okhttp.MeshInterceptor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.Okio;
import org.jspecify.annotations.Nullable;

/**
 * An OkHttp client that makes the calls of a scenario: bare, to one endpoint after the other by its address, or through
 * the mesh, to one name. Thread-safe.
 */
final class Client implements AutoCloseable {
    /** More than one for each endpoint and thread, so that none is closed for want of room. */
    private static final int IDLE_CONNECTIONS = 64;

    private static final String NAME = "answers.default.svc.cluster.local";

    private final OkHttpClient client;
    private final List<Request> requests;
    private final @Nullable Mesh mesh;

    private Client(OkHttpClient client, List<Request> requests, @Nullable Mesh mesh) {
        this.client = client;
        this.requests = requests;
        this.mesh = mesh;
    }

    static Client bare(Scenario scenario, List<Integer> ports) {
        OkHttpClient.Builder client = builder();
        if (scenario.protocol() == Scenario.Protocol.H2) {
            client.protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE));
        }
        List<Request> requests = new ArrayList<>();
        for (int port : ports.subList(0, scenario.endpoints())) {
            requests.add(request("127.0.0.1:" + port, scenario.body()));
        }
        return new Client(client.build(), requests, null);
    }

    static Client meshed(Scenario scenario, List<Integer> ports, List<MeshObserver> observers) {
        Mesh.Builder builder = Mesh.builder().config(TextConfigSource.of("benchmark.yaml", rules(scenario, ports)));
        observers.forEach(builder::observer);
        Mesh mesh = builder.build();
        OkHttpClient client =
                builder().addInterceptor(new MeshInterceptor(mesh)).build();
        return new Client(client, List.of(request("answers", scenario.body())), mesh);
    }

    private static OkHttpClient.Builder builder() {
        return new OkHttpClient.Builder().connectionPool(new ConnectionPool(IDLE_CONNECTIONS, 5, TimeUnit.MINUTES));
    }

    static Request request(String authority, Scenario.Body body) {
        Request.Builder request = new Request.Builder()
                .url("http://" + authority + "/" + body.received)
                .header("end-user", "jason");
        if (body.sent > 0) {
            request.post(RequestBody.create(new byte[body.sent], null));
        }
        return request.build();
    }

    static String rules(Scenario scenario, List<Integer> ports) {
        StringBuilder rules = new StringBuilder("""
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: answers}
                spec:
                  host: answers
                  trafficPolicy: {loadBalancer: {simple: ROUND_ROBIN}}
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: answers}
                spec:
                  hosts: [answers]
                  http:
                  - match: [{headers: {end-user: {exact: jason}}}]
                    route: [{destination: {host: answers}}]
                """);
        if (scenario.timeout()) {
            rules.append("    timeout: 10s\n");
        }
        rules.append("""
                ---
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: answers}
                spec:
                  hosts: [%s]
                  resolution: STATIC
                  ports: [{number: 80, name: http, protocol: %s}]
                  endpoints:
                """.formatted(NAME, scenario.protocol() == Scenario.Protocol.H2 ? "HTTP2" : "HTTP"));
        for (int port : ports.subList(0, scenario.endpoints())) {
            rules.append("  - {address: 127.0.0.1, ports: {http: %d}}%n".formatted(port));
        }
        return rules.toString();
    }

    /** Makes the call of this number, up to the last byte of the answer. */
    void call(int number) throws IOException {
        Request request = requests.get(number % requests.size());
        try (Response response = client.newCall(request).execute()) {
            if (response.code() != 200) {
                throw new IOException("answered with " + response.code());
            }
            response.body().source().readAll(Okio.blackhole());
        }
    }

    @Override
    public void close() {
        client.connectionPool().evictAll();
        if (mesh != null) {
            mesh.close();
        }
    }
}
