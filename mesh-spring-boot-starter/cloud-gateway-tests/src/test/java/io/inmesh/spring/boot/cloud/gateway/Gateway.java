package io.inmesh.spring.boot.cloud.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.Mesh;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.io.DefaultResourceLoader;

/** A gateway with routes to services of the mesh and to others, called over HTTP. */
public final class Gateway implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(20);

    /** It expects beans of its own everywhere. */
    private static final String WEB_MVC = Stream.of(
                    "GatewayServerMvcAutoConfiguration",
                    "filter.FilterAutoConfiguration",
                    "handler.HandlerFunctionAutoConfiguration",
                    "predicate.PredicateAutoConfiguration")
            .map("org.springframework.cloud.gateway.server.mvc."::concat)
            .collect(Collectors.joining(","));

    private final ConfigurableApplicationContext context;
    private final int port;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private Gateway(ConfigurableApplicationContext context) {
        this.context = context;
        this.port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    /** What makes an application the one kind of gateway or the other, on a free port. */
    public static List<String> arguments(WebApplicationType type) {
        return List.of(
                "--server.port=0",
                "--server.address=127.0.0.1",
                "--spring.main.banner-mode=off",
                type == WebApplicationType.REACTIVE
                        ? "--spring.autoconfigure.exclude=" + WEB_MVC
                        : "--spring.cloud.gateway.server.webflux.enabled=false");
    }

    /** Starts one with services of the mesh named orders, gone and chat, and stock of the load balancer. */
    static Gateway start(
            Class<?> application, WebApplicationType type, Upstream v1, Upstream v2, Upstream other, String... more) {
        return start(Gateway.class.getClassLoader(), application, type, v1, v2, other, more);
    }

    /** The same with a class loader that may hide libraries. */
    static Gateway start(
            ClassLoader loader,
            Class<?> application,
            WebApplicationType type,
            Upstream v1,
            Upstream v2,
            Upstream other,
            String... more) {
        List<String> arguments = new ArrayList<>(arguments(type));
        arguments.addAll(List.of(
                "--mesh.services.orders.endpoints[0].address=" + v1.address(),
                "--mesh.services.orders.endpoints[0].labels.version=v1",
                "--mesh.services.orders.endpoints[1].address=" + v2.address(),
                "--mesh.services.orders.endpoints[1].labels.version=v2",
                "--mesh.services.orders.subsets.v1.version=v1",
                "--mesh.services.orders.subsets.v2.version=v2",
                "--mesh.services.orders.routes[0].match[0].headers[0].name=end-user",
                "--mesh.services.orders.routes[0].match[0].headers[0].exact=jason",
                "--mesh.services.orders.routes[0].to[0].subset=v2",
                "--mesh.services.orders.routes[1].match[0].path.prefix=/renamed/",
                "--mesh.services.orders.routes[1].to[0].subset=v1",
                "--mesh.services.orders.routes[1].rewrite.path=/by-the-rule/",
                "--mesh.services.orders.routes[2].to[0].subset=v1",
                "--mesh.services.gone.endpoints[0].address=127.0.0.1:1",
                "--mesh.services.chat.endpoints[0].address=127.0.0.1:1",
                "--spring.cloud.discovery.client.simple.instances.stock[0].uri=http://" + other.address(),
                "--spring.cloud.gateway.server.webflux.trusted-proxies=.*",
                "--spring.cloud.gateway.server.webmvc.trusted-proxies=.*"));
        arguments.addAll(Arrays.asList(more));
        return new Gateway(new SpringApplicationBuilder(application)
                .resourceLoader(new DefaultResourceLoader(loader))
                .web(type)
                .run(arguments.toArray(String[]::new)));
    }

    ConfigurableApplicationContext context() {
        return context;
    }

    int port() {
        return port;
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(PATIENCE);
    }

    HttpResponse<String> send(HttpRequest request) {
        return send(request, BodyHandlers.ofString());
    }

    <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> body) {
        try {
            return client.send(request, body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    HttpResponse<String> get(String path, String... headers) {
        HttpRequest.Builder request = request(path);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request.build());
    }

    HttpResponse<String> post(String path, String body) {
        return send(request(path).POST(BodyPublishers.ofString(body)).build());
    }

    HttpClient client() {
        return client;
    }

    /** Sends the head of a request over a connection of its own, and gives the connection back. */
    Socket open(String... lines) throws IOException {
        Socket socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout((int) PATIENCE.toMillis());
        socket.getOutputStream().write((String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
        return socket;
    }

    /** Reads the head of an answer. */
    static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            assertThat(next).as("answer, after: %s", head).isNotNegative();
            head.append((char) next);
        }
        return head.toString();
    }

    /** Waits until no attempt of the mesh is under way. */
    void awaitIdle() {
        Awaitility.await().atMost(PATIENCE).until(() -> running() == 0);
    }

    int running() {
        return context.getBean(Mesh.class).explain("GET", "http://orders/", java.util.Map.of()).endpoints().stream()
                .mapToInt(endpoint -> endpoint.activeRequests())
                .sum();
    }

    static boolean await(CountDownLatch latch) {
        try {
            return latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        context.close();
    }
}
