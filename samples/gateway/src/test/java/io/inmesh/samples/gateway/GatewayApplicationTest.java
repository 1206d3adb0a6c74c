package io.inmesh.samples.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.inmesh.Mesh;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** The gateway as a user starts it, over real sockets. */
class GatewayApplicationTest {
    private static final Path RULES = Path.of("rules");
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private HttpServer files;

    @BeforeEach
    void serveFiles() throws IOException {
        files = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        files.createContext("/", exchange -> {
            byte[] answer = ("file " + exchange.getRequestURI()).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        files.start();
    }

    @AfterEach
    void stopFiles() {
        files.stop(0);
    }

    private ConfigurableApplicationContext start(String... more) {
        String[] arguments = new String[more.length + 3];
        arguments[0] = "--server.port=0";
        arguments[1] = "--server.address=127.0.0.1";
        arguments[2] = "--mesh.config.locations=" + folder;
        System.arraycopy(more, 0, arguments, 3, more.length);
        return GatewayApplication.start(arguments);
    }

    private void ownRules() throws IOException {
        for (String name : new String[] {"gateway.yaml", "routes.yaml", "services.yaml"}) {
            String text = Files.readString(RULES.resolve(name));
            write(name, text.replace("http: 9000", "http: " + files.getAddress().getPort()));
        }
    }

    private void write(String name, String text) throws IOException {
        Path half = folder.resolve(name + ".half");
        Files.writeString(half, text);
        Files.move(half, folder.resolve(name), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    private static HttpResponse<String> get(ConfigurableApplicationContext gateway, String path) {
        return get(((WebServerApplicationContext) gateway).getWebServer().getPort(), path);
    }

    private static HttpResponse<String> get(int port, String path) {
        try {
            return HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
        } catch (IOException broken) {
            throw new AssertionError(broken);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new AssertionError(stopped);
        }
    }

    @Test
    void servesByTheRulesOfAFolder() throws IOException {
        ownRules();
        try (ConfigurableApplicationContext gateway = start("--mesh.gateway.ports.0=8080")) {
            assertThat(get(gateway, "/hello").body()).isEqualTo("Hello from the gateway.\n");
            assertThat(get(gateway, "/files/a?b=c").body()).isEqualTo("file /a?b=c");
            assertThat(get(gateway, "/other").statusCode()).isEqualTo(404);
            assertThat(get(gateway, "/actuator/health").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void aPortThatNoGatewayHasIsNobodys() throws IOException {
        ownRules();
        try (ConfigurableApplicationContext gateway = start("--mesh.gateway.ports.0=81")) {
            assertThat(get(gateway, "/hello").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void followsChangesAndKeepsTheLastGoodRules() throws IOException {
        ownRules();
        try (ConfigurableApplicationContext gateway = start("--mesh.gateway.ports.0=8080")) {
            String routes = Files.readString(folder.resolve("routes.yaml"));
            write("routes.yaml", routes.replace("Hello from the gateway.", "Good evening from the gateway."));
            Awaitility.await()
                    .atMost(SOON)
                    .until(() -> get(gateway, "/hello").body().startsWith("Good evening"));

            write("routes.yaml", routes.replace("directResponse", "directResponce"));
            Mesh mesh = gateway.getBean(Mesh.class);
            Awaitility.await().atMost(SOON).until(() -> mesh.status().hasErrors());
            assertThat(get(gateway, "/hello").body()).startsWith("Good evening");

            write("routes.yaml", routes.replace("/hello", "/mended"));
            Awaitility.await().atMost(SOON).until(() -> get(gateway, "/mended").statusCode() == 200);
            assertThat(mesh.status().hasErrors()).isFalse();
            assertThat(get(gateway, "/hello").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void actuatorHasAPortOfItsOwn() throws IOException {
        ownRules();
        try (ConfigurableApplicationContext gateway =
                start("--mesh.gateway.ports.0=8080", "--management.server.port=0")) {
            int port = gateway.getEnvironment().getRequiredProperty("local.management.port", Integer.class);

            assertThat(get(port, "/actuator/health").statusCode()).isEqualTo(200);
            assertThat(get(port, "/actuator/mesh").body()).contains("\"generation\"");
            assertThat(get(port, "/hello").statusCode()).isEqualTo(404);
            assertThat(get(gateway, "/actuator/health").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void doesNotStartWithBadRules() throws IOException {
        ownRules();
        write(
                "routes.yaml",
                Files.readString(folder.resolve("routes.yaml")).replace("directResponse", "directResponce"));

        assertThatThrownBy(() -> start("--mesh.gateway.ports.0=8080"))
                .hasStackTraceContaining("unknown field \"directResponce\"");
    }
}
