package io.inmesh.spring.boot.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.inmesh.Mesh;
import io.inmesh.endpoint.EndpointSource;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.spring.boot.Backend;
import io.inmesh.spring.boot.TestApplication;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseCookie;
import org.springframework.http.ResponseEntity;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.WebClientRequestException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class ClientEdgesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private Backend backend;
    private ConfigurableApplicationContext application;
    private RestClient restClient;
    private WebClient webClient;
    private final List<com.sun.net.httpserver.Headers> headers = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() {
        backend = Backend.named("v1");
        backend.handle(exchange -> {
            headers.add(exchange.getRequestHeaders());
            backend.answer(exchange, 200, "v1");
        });
        application = TestApplication.start("mesh.services.reviews.endpoints[0].address=" + backend.address());
        restClient = application.getBean(RestClient.Builder.class).build();
        webClient = application.getBean(WebClient.Builder.class).build();
    }

    @AfterEach
    void stop() {
        application.close();
        backend.close();
    }

    @Test
    void anEmptyPublisherAsBodyOfAGetIsNoBody() {
        for (HttpMethod method : List.of(HttpMethod.GET, HttpMethod.HEAD)) {
            assertThat(webClient
                            .method(method)
                            .uri("http://reviews/x")
                            .body(Flux.empty(), String.class)
                            .retrieve()
                            .toBodilessEntity()
                            .block(PATIENCE))
                    .isNotNull();
        }
        assertThat(webClient
                        .method(HttpMethod.GET)
                        .uri("http://reviews/x")
                        .bodyValue("")
                        .retrieve()
                        .bodyToMono(String.class)
                        .block(PATIENCE))
                .isEqualTo("v1");
        assertThatExceptionOfType(WebClientRequestException.class)
                .isThrownBy(() -> webClient
                        .method(HttpMethod.GET)
                        .uri("http://reviews/x")
                        .body(Flux.just("te", "xt"), String.class)
                        .retrieve()
                        .toBodilessEntity()
                        .block(PATIENCE))
                .withMessageContaining("Cannot send GET http://reviews/x through the mesh");
    }

    @Test
    void aBodyWithGetFailsWithAReason() {
        assertThatExceptionOfType(ResourceAccessException.class)
                .isThrownBy(() -> restClient
                        .method(HttpMethod.GET)
                        .uri("http://reviews/x")
                        .body("text")
                        .retrieve()
                        .toBodilessEntity())
                .withMessageContaining("Cannot send GET http://reviews/x through the mesh");
    }

    @Test
    void aPostWithoutBodyIsSent() {
        restClient.post().uri("http://reviews/x").retrieve().toBodilessEntity();
        webClient.post().uri("http://reviews/x").retrieve().toBodilessEntity().block(PATIENCE);

        assertThat(backend.seen()).extracting(Backend.Seen::method).containsExactly("POST", "POST");
        assertThat(headers)
                .allSatisfy(each -> assertThat(each.getFirst("Content-Length")).isEqualTo("0"));
    }

    @Test
    void aBodyKeepsItsTypeAndLength() {
        restClient
                .post()
                .uri("http://reviews/x")
                .contentType(MediaType.TEXT_PLAIN)
                .body("text")
                .retrieve()
                .toBodilessEntity();
        webClient
                .post()
                .uri("http://reviews/x")
                .contentType(MediaType.TEXT_PLAIN)
                .bodyValue("text")
                .retrieve()
                .toBodilessEntity()
                .block(PATIENCE);

        assertThat(backend.seen()).extracting(Backend.Seen::body).containsExactly("text", "text");
        assertThat(headers).allSatisfy(each -> {
            assertThat(each.getFirst("Content-Type")).startsWith("text/plain");
            assertThat(each.get("Content-Length")).containsExactly("4");
        });
    }

    @Test
    void aHeaderCannotSmuggleAnother() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> restClient
                        .get()
                        .uri("http://reviews/x")
                        .header("x-a", "b\r\nx-c: d")
                        .retrieve()
                        .toBodilessEntity())
                .withMessageContaining("x-a");
        assertThat(backend.seen()).isEmpty();
    }

    @Test
    void cookiesGoBothWays() {
        backend.handle(exchange -> {
            headers.add(exchange.getRequestHeaders());
            exchange.getResponseHeaders().add("Set-Cookie", "a=b; Path=/; HttpOnly; SameSite=Lax; Max-Age=60");
            exchange.getResponseHeaders().add("Set-Cookie", "=broken");
            backend.answer(exchange, 200, "v1");
        });

        ResponseEntity<Void> answer = webClient
                .get()
                .uri("http://reviews/x")
                .cookie("session", "1")
                .cookie("user", "2")
                .exchangeToMono(ClientResponse::toBodilessEntity)
                .block(PATIENCE);
        ResponseCookie cookie = webClient
                .get()
                .uri("http://reviews/x")
                .exchangeToMono(response -> Mono.justOrEmpty(response.cookies().getFirst("a")))
                .block(PATIENCE);

        assertThat(answer.getHeaders().get(HttpHeaders.SET_COOKIE)).hasSize(2);
        assertThat(headers.get(0).getFirst("Cookie")).isEqualTo("session=1; user=2");
        assertThat(cookie)
                .returns("b", ResponseCookie::getValue)
                .returns("/", ResponseCookie::getPath)
                .returns("Lax", ResponseCookie::getSameSite)
                .returns(true, ResponseCookie::isHttpOnly)
                .returns(Duration.ofSeconds(60), ResponseCookie::getMaxAge);
    }

    @Test
    void allCookiesOfARequestGoInOneLine() {
        webClient
                .get()
                .uri("http://reviews/x")
                .header("Cookie", "own=0")
                .cookie("session", "1")
                .retrieve()
                .toBodilessEntity()
                .block(PATIENCE);
        restClient
                .get()
                .uri("http://reviews/x")
                .header("Cookie", "own=0", "other=2")
                .retrieve()
                .toBodilessEntity();

        assertThat(headers.get(0).get("Cookie")).containsExactly("own=0; session=1");
        assertThat(headers.get(1).get("Cookie")).containsExactly("own=0; other=2");
    }

    @Test
    void aStreamEndsWithTheContext() throws Exception {
        CountDownLatch brokenOff = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        backend.handle(exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            try {
                while (true) {
                    exchange.getResponseBody().write("data: x\n\n".getBytes(StandardCharsets.UTF_8));
                    exchange.getResponseBody().flush();
                }
            } catch (IOException e) {
                brokenOff.countDown();
            }
        });
        Mono<Throwable> end = webClient
                .get()
                .uri("http://reviews/events")
                .retrieve()
                .bodyToFlux(String.class)
                .doOnNext(text -> begun.countDown())
                .then(Mono.<Throwable>empty())
                .onErrorResume(Mono::just)
                .cache();
        end.subscribe();
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();

        application.close();

        assertThat(end.block(PATIENCE)).rootCause().hasMessageContaining("the application context is closed");
        assertThat(brokenOff.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aCallThatWaitsForItsAnswerEndsWithTheContext() throws Exception {
        CountDownLatch called = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        backend.handle(exchange -> {
            called.countDown();
            try {
                done.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Mono<Throwable> end = webClient
                .get()
                .uri("http://reviews/slow")
                .retrieve()
                .bodyToMono(String.class)
                .then(Mono.<Throwable>empty())
                .onErrorResume(Mono::just)
                .cache();
        end.subscribe();
        assertThat(called.await(10, TimeUnit.SECONDS)).isTrue();

        application.close();

        assertThat(end.block(PATIENCE)).rootCause().hasMessageContaining("the application context is closed");
        done.countDown();
    }

    @Test
    void afterTheContextIsClosedUnknownHostsAreStillCalled() {
        restClient.get().uri("http://reviews/x").retrieve().toBodilessEntity();
        application.close();

        assertThat(restClient
                        .get()
                        .uri("http://" + backend.address() + "/x")
                        .retrieve()
                        .body(String.class))
                .isEqualTo("v1");
    }

    @Test
    void withVirtualThreadsAskedForCallsWorkOnEveryJdk() {
        try (ConfigurableApplicationContext virtual = TestApplication.start(
                "spring.threads.virtual.enabled=true",
                "mesh.services.reviews.endpoints[0].address=" + backend.address())) {
            AtomicReference<Thread> thread = new AtomicReference<>();
            assertThat(virtual.getBean(WebClient.Builder.class)
                            .build()
                            .get()
                            .uri("http://reviews/x")
                            .exchangeToMono(response -> {
                                thread.set(Thread.currentThread());
                                return response.bodyToMono(String.class);
                            })
                            .block(PATIENCE))
                    .isEqualTo("v1");
            // OkHttp gives the thread a name of its own while it runs a call.
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> thread.get().getName().startsWith("mesh-call-"));
        }
    }

    @Test
    void inAReactiveWebApplicationRestClientsCanBeBuiltToo() {
        try (ConfigurableApplicationContext reactive = new SpringApplicationBuilder(TestApplication.class)
                .web(WebApplicationType.REACTIVE)
                .contextFactory(org.springframework.boot.ApplicationContextFactory.ofContextClass(
                        org.springframework.boot.web.context.reactive.AnnotationConfigReactiveWebApplicationContext
                                .class))
                .run("--mesh.services.reviews.endpoints[0].address=" + backend.address())) {
            assertThat(RestClient.builder()
                            .requestFactory(reactive.getBean(
                                            org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder.class)
                                    .build())
                            .build()
                            .get()
                            .uri("http://reviews/x")
                            .retrieve()
                            .body(String.class))
                    .isEqualTo("v1");
        }
    }

    @Test
    void aSourceOfEndpointsMayUseAnHttpClientWhileTheMeshIsMade() {
        try (ConfigurableApplicationContext own = new SpringApplicationBuilder(TestApplication.class, Discovery.class)
                .web(WebApplicationType.NONE)
                .run("--registry=http://" + backend.address() + "/registry", "--mesh.services.ratings.timeout=1s")) {
            assertThat(backend.seen()).isNotEmpty().allSatisfy(seen -> {
                assertThat(seen.path()).startsWith("/registry/");
                assertThat(seen.userAgent()).startsWith("Java-http-client/");
            });
            assertThat(own.getBean(Mesh.class)
                            .explain("GET", "http://ratings/", Map.of())
                            .why())
                    .isNotEmpty();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Discovery {
        @Bean
        EndpointSource registry(
                RestClient.Builder builder,
                @org.springframework.beans.factory.annotation.Value("${registry}") String url) {
            return new HttpRegistry(builder.build(), url);
        }
    }

    private record HttpRegistry(RestClient client, String url) implements EndpointSource {
        @Override
        public AutoCloseable watch(ServiceName service, Consumer<ServiceEndpoints> onUpdate) {
            client.get().uri(url + "/" + service.host()).retrieve().body(String.class);
            onUpdate.accept(ServiceEndpoints.absent(service));
            return () -> {};
        }

        @Override
        public String name() {
            return url;
        }

        @Override
        public void close() {}
    }
}
