package io.inmesh.spring.boot.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.inmesh.spring.boot.Backend;
import io.inmesh.spring.boot.TestApplication;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;

/** Settings that Spring Boot 4.1 adds; runs with the profile boot-4.1 only. */
class NewerSettingsBoot41Test {

    private Backend backend;
    private ConfigurableApplicationContext application;

    @BeforeEach
    void start() {
        backend = Backend.named("v1");
        application = TestApplication.start("mesh.services.reviews.endpoints[0].address=" + backend.address());
    }

    @AfterEach
    void stop() {
        application.close();
        backend.close();
    }

    private RestClient restClient(HttpClientSettings settings) {
        ClientHttpRequestFactoryBuilder<?> builder = application.getBean(ClientHttpRequestFactoryBuilder.class);
        return RestClient.builder().requestFactory(builder.build(settings)).build();
    }

    private static HttpClientSettings with(String method, Class<?> type, Object value) throws Exception {
        return (HttpClientSettings)
                HttpClientSettings.class.getMethod(method, type).invoke(HttpClientSettings.defaults(), value);
    }

    @Test
    void theAddressFilterHoldsForEndpointsToo() throws Exception {
        Class<?> type = Class.forName("org.springframework.boot.http.client.InetAddressFilter");
        Object nothing = Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> Boolean.FALSE);
        HttpClientSettings settings = with("withInetAddressFilter", type, nothing);

        assertThat(restClient(HttpClientSettings.defaults())
                        .get()
                        .uri("http://reviews/x")
                        .retrieve()
                        .body(String.class))
                .isEqualTo("v1");
        assertThatExceptionOfType(ResourceAccessException.class)
                .isThrownBy(() -> restClient(settings)
                        .get()
                        .uri("http://reviews/x")
                        .retrieve()
                        .body(String.class))
                .withMessageContaining("InetAddressFilter");
        assertThat(backend.seen()).hasSize(1);
    }

    @Test
    void cookiesAreKeptWhenTheClientIsToKeepThem() throws Exception {
        Class<?> type = Class.forName("org.springframework.boot.http.client.HttpCookieHandling");
        List<List<String>> sent = new CopyOnWriteArrayList<>();
        backend.handle(exchange -> {
            sent.add(exchange.getRequestHeaders().getOrDefault("Cookie", List.of()));
            exchange.getResponseHeaders().set("Set-Cookie", "session=1; Path=/");
            backend.answer(exchange, 200, "v1");
        });

        for (Object handling : type.getEnumConstants()) {
            RestClient client = restClient(with("withCookieHandling", type, handling));
            sent.clear();
            client.get().uri("http://reviews.default/x").retrieve().body(String.class);
            client.get().uri("http://reviews.default/x").retrieve().body(String.class);

            assertThat(sent)
                    .as(handling.toString())
                    .containsExactly(
                            List.of(), handling.toString().equals("DISABLE") ? List.of() : List.of("session=1"));
        }
    }

    @Test
    void aRedirectCarriesNoCookieToAnotherHostAndKeepsThoseOfEachHop() throws Exception {
        Class<?> type = Class.forName("org.springframework.boot.http.client.HttpCookieHandling");
        List<String> sent = new CopyOnWriteArrayList<>();
        try (Backend other = Backend.named("v2");
                ConfigurableApplicationContext two = TestApplication.start(
                        "mesh.services.reviews.endpoints[0].address=" + backend.address(),
                        "mesh.services.ratings.endpoints[0].address=" + other.address())) {
            backend.handle(exchange -> {
                sent.add("reviews " + exchange.getRequestHeaders().getOrDefault("Cookie", List.of()));
                exchange.getResponseHeaders().set("Set-Cookie", "session=1; Path=/");
                exchange.getResponseHeaders().set("Location", "http://ratings.default.svc.cluster.local/y");
                backend.answer(exchange, 302, "");
            });
            other.handle(exchange -> {
                sent.add("ratings " + exchange.getRequestHeaders().getOrDefault("Cookie", List.of()));
                exchange.getResponseHeaders().set("Set-Cookie", "theirs=2; Path=/");
                other.answer(exchange, 200, "v2");
            });
            ClientHttpRequestFactoryBuilder<?> builder = two.getBean(ClientHttpRequestFactoryBuilder.class);
            Object enabled = Arrays.stream(type.getEnumConstants())
                    .filter(handling -> !handling.toString().equals("DISABLE"))
                    .findFirst()
                    .orElseThrow();
            RestClient client = RestClient.builder()
                    .requestFactory(builder.build(with("withCookieHandling", type, enabled)))
                    .build();

            client.get()
                    .uri("http://reviews.default.svc.cluster.local/x")
                    .retrieve()
                    .body(String.class);
            client.get()
                    .uri("http://reviews.default.svc.cluster.local/x")
                    .retrieve()
                    .body(String.class);
        }

        assertThat(sent).containsExactly("reviews []", "ratings []", "reviews [session=1]", "ratings [theirs=2]");
    }

    @Test
    void webClientsTakeTheirSettingsFromTheSamePlace() {
        assertThat(application
                        .getBean(WebClient.Builder.class)
                        .build()
                        .get()
                        .uri("http://reviews/x")
                        .retrieve()
                        .bodyToMono(String.class)
                        .block(Duration.ofSeconds(10)))
                .isEqualTo("v1");
    }
}
