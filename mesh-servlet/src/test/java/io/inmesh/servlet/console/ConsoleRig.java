package io.inmesh.servlet.console;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.inmesh.Mesh;
import io.inmesh.config.source.FileConfigSource;
import io.inmesh.console.CallStatistics;
import io.inmesh.console.Console;
import io.inmesh.endpoint.Locality;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.okhttp.MeshOkHttp;
import io.inmesh.servlet.ConsoleServlet;
import io.inmesh.servlet.testing.ContainerKind;
import io.inmesh.servlet.testing.ServletContainer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** Two processes of a small mesh in one: a product page, and the reviews that it calls, each with its console in Tomcat. */
final class ConsoleRig implements AutoCloseable {
    static final String FAILING = "/fail";

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Path folder;
    private final Process productpage;
    private final Process reviews;

    /** A process of the mesh. */
    static final class Process {
        final Mesh mesh;
        final OkHttpClient client;
        final ServletContainer container;
        final CallStatistics statistics;

        Process(Mesh mesh, CallStatistics statistics, OkHttpClient client, ServletContainer container) {
            this.mesh = mesh;
            this.statistics = statistics;
            this.client = client;
            this.container = container;
        }

        String consoleUrl() {
            return "http://127.0.0.1:" + container.port() + "/mesh/";
        }

        /** Status of a call through the mesh, 0 where there is no answer. */
        int call(String url, String... headers) {
            Request.Builder request = new Request.Builder().url(url);
            for (int i = 0; i < headers.length; i += 2) {
                request.header(headers[i], headers[i + 1]);
            }
            try (Response response = client.newCall(request.build()).execute()) {
                String unused = response.body().string();
                return response.code();
            } catch (IOException e) {
                return 0;
            }
        }
    }

    ConsoleRig(Path folder) throws Exception {
        this.folder = folder;
        List<String> entries = new ArrayList<>();
        entries.add(service("reviews", Map.of("v1", backend(), "v2", backend(), "v3", backend())));
        entries.add(service("ratings", Map.of("v1", backend(), "v2", deadPort())));
        entries.add(service("details", Map.of("v1", backend())));
        Files.writeString(folder.resolve("services.yaml"), String.join("---\n", entries));
        Files.writeString(folder.resolve("reviews.yaml"), reviewsRules("80"));
        reviews = process("reviews", "v1", List.of());
        productpage = process("productpage", "v1", List.of(URI.create(reviews.consoleUrl())));
    }

    /** A rule file that is good with a number for {@code weight}. */
    static String reviewsRules(String weight) {
        return """
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: reviews}
                spec:
                  host: reviews
                  subsets:
                  - {name: v1, labels: {version: v1}}
                  - {name: v2, labels: {version: v2}}
                  - {name: v3, labels: {version: v3}}
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: reviews}
                spec:
                  hosts: [reviews]
                  http:
                  - name: jason
                    match:
                    - headers: {end-user: {exact: jason}}
                    route:
                    - destination: {host: reviews, subset: v2}
                  - name: stable
                    timeout: 3s
                    retries: {attempts: 2, perTryTimeout: 1s}
                    route:
                    - destination: {host: reviews, subset: v1}
                      weight: %s
                    - destination: {host: reviews, subset: v3}
                      weight: 20
                """.formatted(weight);
    }

    private static String service(String name, Map<String, Integer> ports) {
        StringBuilder text = new StringBuilder("""
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: %s}
                spec:
                  hosts: [%s.default.svc.cluster.local]
                  resolution: STATIC
                  location: MESH_INTERNAL
                  ports: [{number: 9080, name: http, protocol: HTTP}]
                  endpoints:
                """.formatted(name, name));
        ports.forEach((version, port) -> text.append("  - {address: 127.0.0.1, ports: {http: ")
                .append(port)
                .append("}, labels: {app: ")
                .append(name)
                .append(", version: ")
                .append(version)
                .append("}}\n"));
        return text.toString();
    }

    private Process process(String app, String version, List<URI> peers) throws Exception {
        WorkloadIdentity self = new WorkloadIdentity(
                "default", Map.of("app", app, "version", version), Locality.UNKNOWN, "", "cluster.local");
        CallStatistics statistics = new CallStatistics();
        Mesh mesh = Mesh.builder()
                .config(FileConfigSource.builder(folder).build())
                .self(self)
                .observer(statistics)
                .endpointLabels()
                .build();
        open.push(mesh);
        OkHttpClient client = MeshOkHttp.builder(mesh).build();
        open.push(() -> client.connectionPool().evictAll());
        Console console =
                Console.builder(mesh, statistics).self(self).peers(peers).build();
        ServletContainer container = ContainerKind.TOMCAT
                .container()
                .servlet("/mesh/*", new ConsoleServlet(console))
                .start();
        open.push(container);
        return new Process(mesh, statistics, client, container);
    }

    private int backend() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 50);
        ExecutorService threads = Executors.newCachedThreadPool();
        server.setExecutor(threads);
        server.createContext("/", ConsoleRig::answer);
        server.start();
        open.push(() -> {
            server.stop(0);
            threads.shutdownNow();
        });
        return server.getAddress().getPort();
    }

    private static void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        byte[] body = "ok".getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(
                path.startsWith(FAILING) ? 503 : path.startsWith("/missing") ? 404 : 200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static int deadPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    Process productpage() {
        return productpage;
    }

    Process reviews() {
        return reviews;
    }

    Path folder() {
        return folder;
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Shows the console with calls going on, for people: prints its address and runs until it is stopped. */
    public static void main(String[] args) throws Exception {
        try (ConsoleRig rig = new ConsoleRig(Files.createTempDirectory("console"))) {
            System.out.println(rig.productpage.consoleUrl() + " rules in " + rig.folder);
            for (int i = 0; System.in.available() == 0; i++) {
                rig.traffic(i);
                Thread.onSpinWait();
                java.util.concurrent.TimeUnit.MILLISECONDS.sleep(40);
            }
        }
    }

    /** Some calls as a bookstore makes them. */
    void traffic(int round) {
        int unused = productpage.call("http://details:9080/details/" + round % 7);
        unused = productpage.call(
                "http://reviews:9080/reviews/" + round % 5 + "?secret=xyz",
                "end-user",
                round % 4 == 0 ? "jason" : "anna");
        unused = reviews.call("http://ratings:9080/ratings/" + round % 5);
        if (round % 9 == 0) {
            unused = productpage.call("http://reviews:9080/fail/it");
        }
        if (round % 11 == 0) {
            unused = productpage.call("http://details:9080/missing");
        }
    }
}
