package io.inmesh.spring.boot.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inmesh.Mesh;
import io.inmesh.okhttp.MeshInterceptor;
import io.inmesh.spring.boot.Backend;
import io.inmesh.spring.boot.TestApplication;
import java.io.IOException;
import java.time.Duration;
import java.util.stream.Stream;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.HttpEntity;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.support.RestClientAdapter;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.support.WebClientAdapter;
import org.springframework.web.service.annotation.PostExchange;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;

/** One rule for all clients: a Host header says what host is called, whatever the URL says. */
class HostHeaderTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static Backend reviews;
    private static Backend ratings;
    private static ConfigurableApplicationContext application;

    /** Posts a text with a Host header. */
    interface Client {
        String post(ConfigurableApplicationContext application, String url, String host) throws IOException;
    }

    interface Service {
        @PostExchange("/x")
        String post(@RequestHeader("Host") String host);
    }

    @BeforeAll
    static void start() {
        reviews = Backend.named("reviews");
        ratings = Backend.named("ratings");
        application = TestApplication.start(
                "mesh.services.reviews.endpoints[0].address=" + reviews.address(),
                "mesh.services.ratings.endpoints[0].address=" + ratings.address());
    }

    @AfterAll
    static void stop() {
        application.close();
        reviews.close();
        ratings.close();
    }

    static Stream<Named<Client>> clients() {
        return Stream.of(
                Named.of(
                        "RestClient",
                        (application, url, host) -> restClient(application, url)
                                .post()
                                .uri("/x")
                                .header("Host", host)
                                .body("text")
                                .retrieve()
                                .body(String.class)),
                Named.of("RestTemplate", HostHeaderTest::byRestTemplate),
                Named.of(
                        "WebClient",
                        (application, url, host) -> webClient(application, url)
                                .post()
                                .uri("/x")
                                .header("Host", host)
                                .bodyValue("text")
                                .retrieve()
                                .bodyToMono(String.class)
                                .block(PATIENCE)),
                Named.of(
                        "a service over RestClient",
                        (application, url, host) -> HttpServiceProxyFactory.builderFor(
                                        RestClientAdapter.create(restClient(application, url)))
                                .build()
                                .createClient(Service.class)
                                .post(host)),
                Named.of(
                        "a service over WebClient",
                        (application, url, host) -> HttpServiceProxyFactory.builderFor(
                                        WebClientAdapter.create(webClient(application, url)))
                                .build()
                                .createClient(Service.class)
                                .post(host)),
                Named.of("plain OkHttp", HostHeaderTest::byOkHttp));
    }

    private static RestClient restClient(ConfigurableApplicationContext application, String url) {
        return application.getBean(RestClient.Builder.class).baseUrl(url).build();
    }

    private static WebClient webClient(ConfigurableApplicationContext application, String url) {
        return application.getBean(WebClient.Builder.class).baseUrl(url).build();
    }

    private static String byRestTemplate(ConfigurableApplicationContext application, String url, String host) {
        HttpHeaders headers = new HttpHeaders();
        headers.set("Host", host);
        return application
                .getBean(RestTemplateBuilder.class)
                .build()
                .exchange(url + "/x", HttpMethod.POST, new HttpEntity<>("text", headers), String.class)
                .getBody();
    }

    private static String byOkHttp(ConfigurableApplicationContext application, String url, String host)
            throws IOException {
        OkHttpClient client = new OkHttpClient.Builder()
                .addInterceptor(new MeshInterceptor(application.getBean(Mesh.class)))
                .build();
        Request request = new Request.Builder()
                .url(url + "/x")
                .header("Host", host)
                .post(okhttp3.RequestBody.create(new byte[0]))
                .build();
        try (Response response = client.newCall(request).execute()) {
            return response.body().string();
        }
    }

    @ParameterizedTest
    @MethodSource("clients")
    void itsHostIsCalledInsteadOfAnotherService(Client client) throws IOException {
        assertThat(client.post(application, "http://reviews", "ratings")).isEqualTo("ratings");
        assertThat(ratings.last().host()).isEqualTo("ratings");
    }

    @ParameterizedTest
    @MethodSource("clients")
    void itsHostIsCalledWhereTheUrlNamesNoService(Client client) throws IOException {
        assertThat(client.post(application, "http://nowhere.invalid", "ratings"))
                .isEqualTo("ratings");
    }

    @ParameterizedTest
    @MethodSource("clients")
    void thePortIsThatOfTheUrl(Client client) throws IOException {
        int before = ratings.seen().size();
        assertThat(client.post(application, "http://nowhere.invalid", "ratings:9080"))
                .isEqualTo("ratings");
        assertThatThrownBy(() -> client.post(application, "http://nowhere.invalid:9080", "ratings"))
                .isNotNull();
        assertThat(ratings.seen()).hasSize(before + 1);
    }

    @ParameterizedTest
    @MethodSource("clients")
    void aHostThatNobodyKnowsIsNoCallOfTheMesh(Client client) {
        assertThatThrownBy(() -> client.post(application, "http://reviews", "nowhere.invalid"))
                .isNotNull();
        assertThat(reviews.seen()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "reviews, , reviews",
        "reviews:9080, '', reviews:9080",
        "reviews:9080, other, other:9080",
        "reviews, other:1, other",
        "reviews:9080, other:1, other:9080",
        "'[::1]:9080', '[::2]', '[::2]:9080'",
        "'[::1]', '[::2]:1', '[::2]'"
    })
    void whatIsLookedUp(String url, String header, String authority) {
        assertThat(HostHeader.authority(url, header)).isEqualTo(authority);
    }
}
