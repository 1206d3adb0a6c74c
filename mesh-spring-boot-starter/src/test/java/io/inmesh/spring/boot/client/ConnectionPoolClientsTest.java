package io.inmesh.spring.boot.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import feign.Feign;
import io.inmesh.spring.boot.MeshPropertiesException;
import io.inmesh.spring.boot.TestApplication;
import io.inmesh.spring.boot.cloud.feign.MeshFeignCapability;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cloud.openfeign.support.SpringMvcContract;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.client.support.RestClientAdapter;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;

/** Connections and timeouts of all clients that Spring Boot makes, and the properties for them. */
@ExtendWith(OutputCaptureExtension.class)
class ConnectionPoolClientsTest {
    private final List<PromptServer> servers = new ArrayList<>();
    private @Nullable ConfigurableApplicationContext application;

    /** How an application calls. */
    enum Client {
        REST_CLIENT {
            @Override
            UnaryOperator<String> make(ConfigurableApplicationContext application) {
                RestClient client = rest(application);
                return path -> client.get().uri("/" + path).retrieve().body(String.class);
            }
        },
        REST_TEMPLATE {
            @Override
            UnaryOperator<String> make(ConfigurableApplicationContext application) {
                RestTemplate client =
                        application.getBean(RestTemplateBuilder.class).build();
                return path -> client.getForObject("http://reviews/" + path, String.class);
            }
        },
        HTTP_EXCHANGE {
            @Override
            UnaryOperator<String> make(ConfigurableApplicationContext application) {
                return HttpServiceProxyFactory.builderFor(RestClientAdapter.create(rest(application)))
                        .build()
                        .createClient(Reviews.class)::get;
            }
        },
        WEB_CLIENT {
            @Override
            UnaryOperator<String> make(ConfigurableApplicationContext application) {
                WebClient client = application.getBean(WebClient.Builder.class).build();
                return path -> client.get()
                        .uri("http://reviews/" + path)
                        .retrieve()
                        .bodyToMono(String.class)
                        .block(Duration.ofSeconds(20));
            }
        },
        OPEN_FEIGN {
            @Override
            UnaryOperator<String> make(ConfigurableApplicationContext application) {
                return Feign.builder()
                        .contract(new SpringMvcContract())
                        .addCapability(application.getBean(MeshFeignCapability.class))
                        .target(FeignReviews.class, "http://reviews")::get;
            }
        };

        /** The body of the answer by the path. */
        abstract UnaryOperator<String> make(ConfigurableApplicationContext application);

        static RestClient rest(ConfigurableApplicationContext application) {
            return application
                    .getBean(RestClient.Builder.class)
                    .baseUrl("http://reviews")
                    .build();
        }
    }

    interface Reviews {
        @GetExchange("/{path}")
        String get(@PathVariable("path") String path);
    }

    interface FeignReviews {
        @GetMapping("/{path}")
        String get(@PathVariable("path") String path);
    }

    @AfterEach
    void stop() throws IOException {
        if (application != null) {
            application.close();
        }
        for (PromptServer server : servers) {
            server.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aThousandCallsToTwentyEndpointsOpenTwentyConnections(Client client) throws Exception {
        start(20, PromptServer::ok);

        calls(client, "x", 1000);

        assertThat(connections()).isEqualTo(20);
    }

    @ParameterizedTest
    @EnumSource
    void aRedirectCostsNoConnection(Client client) throws Exception {
        start(
                3,
                path -> path.equals("/begin")
                        ? "HTTP/1.1 302 Found\r\nLocation: /end\r\nContent-Length: 5\r\n\r\nthere"
                        : PromptServer.ok(path));

        calls(client, "begin", 50);

        assertThat(connections()).isEqualTo(3);
    }

    @Test
    void aBoundBelowTheEndpointsInUseHoldsAndIsToldOnce(CapturedOutput output) throws Exception {
        start(8, PromptServer::ok, "mesh.http.max-idle-connections=2");

        calls(Client.REST_CLIENT, "x", 80);

        assertThat(connections()).isGreaterThan(24);
        assertThat(output.getOut().split("keeps 2 idle connections at most", -1))
                .hasSize(2);
        assertThat(output).contains("set mesh.http.max-idle-connections");
    }

    @ParameterizedTest
    @CsvSource({"spring.http.clients.read-timeout", "mesh.http.read-timeout"})
    void theReadTimeoutOfAllClientsHolds(String property) throws Exception {
        start(1, path -> null, property + "=200ms");

        // Feign has options of its own, which always say one.
        for (Client client : EnumSet.complementOf(EnumSet.of(Client.OPEN_FEIGN))) {
            UnaryOperator<String> get = client.make(application());
            assertThat(catchThrowable(() -> get.apply("x")))
                    .describedAs("%s", client)
                    .hasCauseInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void whatASpringClientSaysGoesBeforeTheProperties() throws Exception {
        start(
                1,
                PromptServer::ok,
                "mesh.http.connect-timeout=1s",
                "mesh.http.read-timeout=2s",
                "mesh.http.keep-alive=90s");
        MeshTransport transport = application().getBean(MeshTransport.class);

        OkHttpClient unset = transport.client(ClientSettings.UNSAID);
        assertThat(unset.connectTimeoutMillis()).isEqualTo(1000);
        assertThat(unset.readTimeoutMillis()).isEqualTo(2000);
        assertThat(unset.writeTimeoutMillis()).isEqualTo(2000);
        assertThat(unset.connectionPool().getDelegate$okhttp().getKeepAliveDurationNs$okhttp())
                .isEqualTo(Duration.ofSeconds(90).toNanos());

        OkHttpClient set = transport.client(
                ClientSettings.of(Duration.ofSeconds(3), Duration.ofSeconds(4), ClientSettings.Redirects.ALL));
        assertThat(set.connectTimeoutMillis()).isEqualTo(3000);
        assertThat(set.readTimeoutMillis()).isEqualTo(4000);
        assertThat(set.writeTimeoutMillis()).isEqualTo(4000);
        assertThat(set.connectionPool()).isSameAs(unset.connectionPool());
    }

    @Test
    void withoutPropertiesTimeoutsAreAsBeforeAndTheWriteTimeoutIsItsOwn() throws Exception {
        start(1, PromptServer::ok, "mesh.http.write-timeout=7s");

        OkHttpClient client = application().getBean(MeshTransport.class).client(ClientSettings.UNSAID);

        assertThat(client.connectTimeoutMillis()).isEqualTo(10_000);
        assertThat(client.readTimeoutMillis()).isZero();
        assertThat(client.writeTimeoutMillis()).isEqualTo(7000);
    }

    @ParameterizedTest
    @CsvSource({
        "mesh.http.max-idle-connections, -1, -1 is not a number of connections",
        "mesh.http.keep-alive, 0s, no connection can be kept for this long",
        "mesh.http.keep-alive, 400000d, no connection can be kept for this long",
        "mesh.http.connect-timeout, -1s, this is no timeout",
        "mesh.http.connect-timeout, 500us, this is no timeout",
        "mesh.http.read-timeout, 30d, this is no timeout",
        "mesh.http.read-timeout, -1s, this is no timeout",
        "mesh.http.write-timeout, -1s, this is no timeout",
        "mesh.http.retry-body-size, -1B, no body of this size can be kept",
        "mesh.http.retry-body-size, 2GB, no body of this size can be kept",
    })
    void aValueThatNoClientCanBeMadeWithStopsTheStart(String property, String value, String message) {
        assertThatExceptionOfType(Exception.class)
                .isThrownBy(() -> start(1, PromptServer::ok, property + "=" + value))
                .havingRootCause()
                .isInstanceOf(MeshPropertiesException.class)
                .withMessageContainingAll(property, message);
    }

    private void start(int endpoints, UnaryOperator<@Nullable String> answer, String... more) throws IOException {
        List<String> properties = new ArrayList<>(List.of(more));
        properties.add("mesh.services.reviews.load-balancer=round-robin");
        for (int i = 0; i < endpoints; i++) {
            PromptServer server = new PromptServer(answer);
            servers.add(server);
            properties.add("mesh.services.reviews.endpoints[" + i + "].address=" + server.address());
        }
        application = TestApplication.start(properties.toArray(String[]::new));
    }

    private ConfigurableApplicationContext application() {
        return Objects.requireNonNull(application);
    }

    private void calls(Client client, String path, int count) {
        UnaryOperator<String> get = client.make(application());
        for (int i = 0; i < count; i++) {
            assertThat(get.apply(path)).isEqualTo("ok");
        }
    }

    private int connections() {
        return servers.stream().mapToInt(PromptServer::connections).sum();
    }
}
