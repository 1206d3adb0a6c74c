package io.inmesh.spring.boot.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.inmesh.spring.boot.Backend;
import io.inmesh.telemetry.accesslog.LoggerSink;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.json.JsonContent;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;

/** The access log of an application with the starter and the actuator, and nothing else for it. */
class AccessLogApplicationTest {
    /** Calls another one for each request. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @RestController
    static class Application {
        private final RestClient client;

        Application(RestClient.Builder client) {
            this.client = client.baseUrl("http://orders").build();
        }

        @GetMapping("/cart")
        String cart() {
            return "cart " + client.get().uri("/orders/1").retrieve().body(String.class);
        }
    }

    /** Keeps lines, in order. */
    private static final class Lines extends AppenderBase<ILoggingEvent> {
        private final List<String> all = new CopyOnWriteArrayList<>();

        @Override
        protected void append(ILoggingEvent line) {
            all.add(line.getFormattedMessage());
        }

        List<JsonContent> ofRequest(String id) {
            return all.stream()
                    .filter(line -> line.contains("\"request_id\":\"" + id + "\""))
                    .map(JsonContent::new)
                    .toList();
        }
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        HttpResponse<String> response =
                HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isBetween(200, 299);
        return response;
    }

    private static void level(String address, String level) throws Exception {
        send(HttpRequest.newBuilder(URI.create(address + "/actuator/loggers/mesh.access"))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"configuredLevel\":" + level + "}")));
    }

    private static HttpRequest.Builder cart(String address, String id) {
        return HttpRequest.newBuilder(URI.create(address + "/cart"))
                .header("x-request-id", id)
                .header("user-agent", "test \"quoted\"");
    }

    @Test
    void isSwitchedOnAndOffWhileTheApplicationRuns() throws Exception {
        Lines lines = new Lines();
        try (Backend backend = Backend.named("v1");
                ServletWebServerApplicationContext application =
                        (ServletWebServerApplicationContext) new SpringApplicationBuilder(Application.class)
                                .run(
                                        "--server.port=0",
                                        "--server.address=127.0.0.1",
                                        "--spring.main.banner-mode=off",
                                        "--management.endpoints.web.exposure.include=loggers",
                                        "--mesh.telemetry.access-log-format=json",
                                        "--mesh.services.orders.endpoints[0].address=" + backend.address())) {
            String address = "http://127.0.0.1:" + application.getWebServer().getPort();
            Logger logger = (Logger) LoggerFactory.getLogger(LoggerSink.LOGGER);
            lines.start();
            logger.addAppender(lines);
            assertThat(send(cart(address, "off")).body()).isEqualTo("cart v1");
            level(address, "\"DEBUG\"");
            send(cart(address, "on"));
            // The client may have the answer before the container is done with it.
            Awaitility.await().until(() -> lines.ofRequest("on").size() == 2);
            level(address, "null");
            send(cart(address, "off"));

            assertThat(lines.ofRequest("off")).isEmpty();
            JsonContent call = lines.ofRequest("on").get(0);
            assertThat(call).extractingPath("$.upstream_host").isEqualTo(backend.address());
            assertThat(call).extractingPath("$.path").isEqualTo("/orders/1");
            assertThat(call).extractingPath("$.bytes_sent").isEqualTo(2);
            JsonContent request = lines.ofRequest("on").get(1);
            assertThat(request).extractingPath("$.path").isEqualTo("/cart");
            assertThat(request).extractingPath("$.user_agent").isEqualTo("test \"quoted\"");
            assertThat(request).extractingPath("$.response_code").isEqualTo(200);
            assertThat(request).extractingPath("$.bytes_sent").isEqualTo("cart v1".length());
            assertThat(request)
                    .extractingPath("$.upstream_cluster")
                    .isEqualTo("inbound|" + application.getWebServer().getPort() + "||");
        } finally {
            ((Logger) LoggerFactory.getLogger(LoggerSink.LOGGER)).detachAppender(lines);
        }
    }
}
