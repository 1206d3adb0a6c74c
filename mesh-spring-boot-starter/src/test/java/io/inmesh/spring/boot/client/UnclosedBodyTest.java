package io.inmesh.spring.boot.client;

import static io.inmesh.testing.Collector.collectUntil;
import static org.assertj.core.api.Assertions.assertThat;

import feign.Feign;
import feign.Response;
import io.inmesh.Mesh;
import io.inmesh.spring.boot.Backend;
import io.inmesh.spring.boot.TestApplication;
import io.inmesh.spring.boot.cloud.feign.MeshFeignCapability;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.cloud.openfeign.support.SpringMvcContract;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.HttpMethod;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;

/** Callers of Spring's clients that drop a response without closing it. */
class UnclosedBodyTest {
    private static final URI REVIEWS = URI.create("http://reviews/");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Backend v1 = Backend.named("v1");
    private final Backend v2 = Backend.named("v2");
    private ConfigurableApplicationContext application;
    private RestClient restClient;

    private interface Drop {
        void run() throws Exception;
    }

    @BeforeEach
    void start() {
        application = TestApplication.start(
                "mesh.services.reviews.endpoints[0].address=" + v1.address(),
                "mesh.services.reviews.endpoints[1].address=" + v2.address());
        restClient = application.getBean(RestClient.Builder.class).build();
    }

    @AfterEach
    void stop() {
        application.close();
        v1.close();
        v2.close();
    }

    /** One response is dropped, collected, and both endpoints are used as before. */
    private void assertHarmless(Drop drop) throws Exception {
        Mesh mesh = application.getBean(Mesh.class);
        drop.run();

        // That it was still running then is not asked: it may have been collected already.
        collectUntil(() -> mesh.status().attempts().running() == 0);

        assertThat(mesh.status().attempts().unclosedBodies()).isEqualTo(1);
        Map<String, Integer> shares = new HashMap<>();
        for (int i = 0; i < 100; i++) {
            shares.merge(
                    restClient.get().uri(REVIEWS).retrieve().body(String.class).substring(0, 2), 1, Integer::sum);
        }
        assertThat(shares.keySet()).containsExactlyInAnyOrder("v1", "v2");
    }

    private void answerAtLength() {
        for (Backend backend : new Backend[] {v1, v2}) {
            backend.handle(exchange -> backend.answer(exchange, 200, backend.name() + "x".repeat(100_000)));
        }
    }

    @Test
    void restClient() throws Exception {
        assertHarmless(() -> {
            Integer status = restClient
                    .get()
                    .uri(REVIEWS)
                    .exchange((request, response) -> response.getStatusCode().value(), false);
            assertThat(status).isEqualTo(200);
        });
    }

    @Test
    void restClientsStreamReadInPart() throws Exception {
        answerAtLength();
        assertHarmless(() -> {
            InputStream stream =
                    restClient.get().uri(REVIEWS).exchange((request, response) -> response.getBody(), false);
            assertThat(stream.read()).isEqualTo('v');
        });
    }

    @Test
    void restTemplate() throws Exception {
        RestTemplate template = application.getBean(RestTemplateBuilder.class).build();
        assertHarmless(() -> assertThat(template.getRequestFactory()
                        .createRequest(REVIEWS, HttpMethod.GET)
                        .execute()
                        .getStatusCode()
                        .value())
                .isEqualTo(200));
    }

    interface Reviews {
        @GetMapping("/")
        Response open();
    }

    private Reviews feign() {
        return Feign.builder()
                .contract(new SpringMvcContract())
                .addCapability(application.getBean(MeshFeignCapability.class))
                .target(Reviews.class, "http://reviews");
    }

    @Test
    @SuppressWarnings("resource")
    void feignsResponse() throws Exception {
        answerAtLength();
        Reviews feign = feign();
        assertHarmless(() -> assertThat(feign.open().status()).isEqualTo(200));
    }

    /** Feign itself reads and closes what is short and says how long it is. */
    @Test
    @SuppressWarnings("resource")
    void feignsShortResponseTakesNoConnection() {
        assertThat(feign().open().status()).isEqualTo(200);

        assertThat(application.getBean(Mesh.class).status().attempts().running())
                .isZero();
    }

    /**
     * A filter answers something else, and nobody subscribes to the body of what it got. Not of Spring Boot's builder,
     * whose clients close such an answer at once.
     */
    private WebClient droppingWebClient() {
        return WebClient.builder()
                .clientConnector(
                        application.getBean(ClientHttpConnectorBuilder.class).build())
                .filter((request, next) -> next.exchange(request)
                        .map(dropped ->
                                ClientResponse.create(dropped.statusCode()).build()))
                .build();
    }

    @Test
    void webClientWhoseBodyNobodySubscribesTo() throws Exception {
        WebClient webClient = droppingWebClient();
        assertHarmless(() -> assertThat(webClient
                        .get()
                        .uri(REVIEWS)
                        .retrieve()
                        .toBodilessEntity()
                        .block(PATIENCE)
                        .getStatusCode()
                        .value())
                .isEqualTo(200));
    }

    /** A published request body leads to what its subscriber leads to, and that may be the response. */
    @Test
    void webClientThatHasSentABody() throws Exception {
        WebClient webClient = droppingWebClient();
        assertHarmless(() -> assertThat(webClient
                        .post()
                        .uri(REVIEWS)
                        .bodyValue("text")
                        .retrieve()
                        .toBodilessEntity()
                        .block(PATIENCE)
                        .getStatusCode()
                        .value())
                .isEqualTo(200));
    }

    @Test
    void whatTheStatusSaysOfThem() throws IOException {
        Mesh mesh = application.getBean(Mesh.class);
        InputStream stream = restClient.get().uri(REVIEWS).exchange((request, response) -> response.getBody(), false);

        assertThat(mesh.status().attempts().running()).isEqualTo(1);
        assertThat(mesh.status().attempts().olderThanAMinute()).isEmpty();

        stream.close();
        assertThat(mesh.status().attempts().running()).isZero();
    }
}
