package io.inmesh.spring.boot.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.inmesh.call.MeshException;
import io.inmesh.event.ResponseFlag;
import io.inmesh.spring.boot.Backend;
import io.inmesh.spring.boot.TwoVersions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.WebClientRequestException;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.registry.HttpServiceGroup;
import org.springframework.web.service.registry.ImportHttpServices;

/** A whole application on Tomcat, called over HTTP, whose handlers call real servers through each kind of client. */
class RoutedClientsTest {

    private static Backend v1;
    private static Backend v2;
    private static Backend other;
    private static ServletWebServerApplicationContext application;

    @BeforeAll
    static void start() {
        v1 = Backend.named("v1");
        v2 = Backend.named("v2");
        other = Backend.named("other");
        application = (ServletWebServerApplicationContext) new SpringApplicationBuilder(Application.class)
                .run(TwoVersions.arguments(
                        "reviews",
                        v1,
                        v2,
                        "--server.port=0",
                        "--server.address=127.0.0.1",
                        "--spring.main.banner-mode=off",
                        "--mesh.services.plain.endpoints[0].address=" + v1.address(),
                        "--mesh.services.plain.endpoints[1].address=" + v2.address(),
                        "--mesh.services.gone.endpoints[0].address=127.0.0.1:1",
                        "--spring.http.serviceclient.reviews.base-url=http://reviews",
                        "--spring.http.serviceclient.reactive-reviews.base-url=http://reviews",
                        "--spring.http.serviceclient.other.base-url=http://" + other.address()));
    }

    @AfterAll
    static void stop() {
        application.close();
        v1.close();
        v2.close();
        other.close();
    }

    interface Reviews {
        @GetExchange("/groups")
        String get();
    }

    interface ReactiveReviews {
        @GetExchange("/groups")
        String get();
    }

    interface Other {
        @GetExchange("/groups")
        String get();
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @ImportHttpServices(group = "reviews", types = Reviews.class)
    @ImportHttpServices(
            group = "reactive-reviews",
            types = ReactiveReviews.class,
            clientType = HttpServiceGroup.ClientType.WEB_CLIENT)
    @ImportHttpServices(group = "other", types = Other.class)
    static class Application {
        @Bean
        Calls calls(
                RestClient.Builder restClient,
                RestTemplateBuilder restTemplate,
                WebClient.Builder webClient,
                Reviews reviews,
                ReactiveReviews reactiveReviews,
                Other other) {
            return new Calls(
                    restClient.build(), restTemplate.build(), webClient.build(), reviews, reactiveReviews, other);
        }
    }

    @RestController
    static final class Calls {
        private final RestClient restClient;
        private final RestTemplate restTemplate;
        private final WebClient webClient;
        private final Reviews reviews;
        private final ReactiveReviews reactiveReviews;
        private final Other other;

        Calls(
                RestClient restClient,
                RestTemplate restTemplate,
                WebClient webClient,
                Reviews reviews,
                ReactiveReviews reactiveReviews,
                Other other) {
            this.restClient = restClient;
            this.restTemplate = restTemplate;
            this.webClient = webClient;
            this.reviews = reviews;
            this.reactiveReviews = reactiveReviews;
            this.other = other;
        }

        @GetMapping("/call")
        String call(@RequestParam String client, @RequestParam String url) {
            return switch (client) {
                case "RestClient" -> restClient.get().uri(url).retrieve().body(String.class);
                case "RestTemplate" -> restTemplate.getForObject(url, String.class);
                case "WebClient" ->
                    webClient.get().uri(url).retrieve().bodyToMono(String.class).block(Duration.ofSeconds(10));
                case "HttpExchange" -> url.startsWith("http://reviews") ? reviews.get() : other.get();
                case "ReactiveHttpExchange" -> reactiveReviews.get();
                default -> throw new IllegalArgumentException(client);
            };
        }
    }

    private static String call(String client, String url) throws IOException, InterruptedException {
        HttpResponse<String> response = java.net.http.HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:"
                                        + application.getWebServer().getPort() + "/call?client=" + client + "&url="
                                        + url))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(200);
        return response.body();
    }

    @ParameterizedTest
    @ValueSource(strings = {"RestClient", "RestTemplate", "WebClient", "HttpExchange", "ReactiveHttpExchange"})
    void aKnownHostIsRoutedByTheRules(String client) throws Exception {
        assertThat(call(client, "http://reviews/groups")).isEqualTo("v1");

        assertThat(v1.last())
                .returns("/api/groups", Backend.Seen::path)
                .returns("reviews", Backend.Seen::host)
                .satisfies(seen -> assertThat(seen.userAgent()).startsWith("okhttp/"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"RestClient", "RestTemplate", "WebClient", "HttpExchange"})
    void anUnknownHostIsCalledByTheClientThatSpringBootChose(String client) throws Exception {
        assertThat(call(client, "http://" + other.address() + "/groups")).isEqualTo("other");

        assertThat(other.last())
                .returns("/groups", Backend.Seen::path)
                .returns(other.address(), Backend.Seen::host)
                .satisfies(seen -> assertThat(seen.userAgent()).startsWith("Java-http-client/"));
    }

    @Test
    void aHeaderConditionIsMetByRestClientAndWebClient() {
        assertThat(application
                        .getBean(RestClient.Builder.class)
                        .build()
                        .get()
                        .uri("http://reviews/x")
                        .header("end-user", "jason")
                        .retrieve()
                        .body(String.class))
                .isEqualTo("v2");
        assertThat(application
                        .getBean(WebClient.Builder.class)
                        .build()
                        .get()
                        .uri("http://reviews.default.svc.cluster.local/x")
                        .header("End-User", "jason")
                        .retrieve()
                        .bodyToMono(String.class)
                        .block(Duration.ofSeconds(10)))
                .isEqualTo("v2");
    }

    @Test
    void allEndpointsOfAServiceWithoutRulesAreUsed() {
        List<String> answers = new ArrayList<>();
        RestClient client = application.getBean(RestClient.Builder.class).build();
        for (int i = 0; i < 40; i++) {
            answers.add(client.get().uri("http://plain/x").retrieve().body(String.class));
        }

        assertThat(answers).containsOnly("v1", "v2").contains("v1", "v2");
    }

    @Test
    void aFailureOfTheMeshReachesTheCallerWithItsReason() {
        assertThatExceptionOfType(ResourceAccessException.class)
                .isThrownBy(() -> application
                        .getBean(RestClient.Builder.class)
                        .build()
                        .get()
                        .uri("http://gone/x")
                        .retrieve()
                        .body(String.class))
                .satisfies(failure -> assertThat(failure.getCause()).isInstanceOf(MeshException.class))
                .withMessageContaining(ResponseFlag.URX.name());
        assertThatExceptionOfType(WebClientRequestException.class)
                .isThrownBy(() -> application
                        .getBean(WebClient.Builder.class)
                        .build()
                        .get()
                        .uri("http://gone/x")
                        .retrieve()
                        .bodyToMono(String.class)
                        .block(Duration.ofSeconds(10)))
                .satisfies(failure -> assertThat(failure.getCause()).isInstanceOf(MeshException.class))
                .withMessageContaining(ResponseFlag.URX.name());
    }
}
