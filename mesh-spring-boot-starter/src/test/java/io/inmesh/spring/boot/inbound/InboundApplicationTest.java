package io.inmesh.spring.boot.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.inbound.InboundContext;
import io.inmesh.inbound.Scope;
import io.inmesh.spring.boot.TestApplication;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** An application with the starter and {@code mesh.inbound.headers}, and nothing else for it. */
class InboundApplicationTest {
    private static final MockWebServer SECOND = new MockWebServer();
    private static ServletWebServerApplicationContext application;
    private static final HttpClient CALLER = HttpClient.newHttpClient();

    /** Calls the second hop in every way. */
    @RestController
    @Import(AsyncCalls.class)
    static class Application extends TestApplication {
        private final RestClient restClient;
        private final RestTemplate restTemplate;
        private final WebClient webClient;
        private final AsyncCalls async;
        private final AsyncTaskExecutor pool;
        private final AsyncTaskExecutor simple;

        Application(
                RestClient.Builder restClient,
                WebClient.Builder webClient,
                AsyncCalls async,
                ThreadPoolTaskExecutor pool,
                SimpleAsyncTaskExecutor simple,
                RestTemplate restTemplate) {
            this.restClient = restClient.baseUrl("http://second").build();
            this.webClient = webClient.baseUrl("http://second").build();
            this.restTemplate = restTemplate;
            this.async = async;
            this.pool = pool;
            this.simple = simple;
        }

        private String rest() {
            return restClient.get().uri("/").retrieve().body(String.class);
        }

        private Mono<String> web() {
            return webClient.get().uri("/").retrieve().bodyToMono(String.class);
        }

        @GetMapping("/rest-client")
        String restClient() {
            return rest();
        }

        @GetMapping("/own-header")
        String ownHeader() {
            return restClient
                    .get()
                    .uri("/")
                    .header("End-User", "own")
                    .retrieve()
                    .body(String.class);
        }

        @GetMapping("/rest-template")
        String restTemplate() {
            return restTemplate.getForObject("http://second/", String.class);
        }

        @GetMapping("/web-client")
        String webClient() {
            return web().block();
        }

        @GetMapping("/mono")
        Mono<String> mono() {
            return web();
        }

        /** The second call is made where the answer to the first comes in. */
        @GetMapping("/one-after-the-other")
        String oneAfterTheOther() {
            return web().flatMap(first -> web()).block();
        }

        @GetMapping("/side-by-side")
        String sideBySide() {
            return Flux.range(0, 8)
                    .flatMap(number -> web())
                    .distinct()
                    .collectList()
                    .map(all -> String.join("|", all))
                    .block();
        }

        /** Taken along by Micrometer's context propagation, which captures for {@code contextCapture}. */
        @GetMapping("/captured")
        String captured() {
            return Mono.delay(Duration.ofMillis(1), Schedulers.parallel())
                    .flatMap(tick -> web())
                    .contextCapture()
                    .block();
        }

        @GetMapping("/callable")
        Callable<String> callable() {
            return this::rest;
        }

        @GetMapping("/async")
        CompletableFuture<String> async() {
            return async.call();
        }

        @GetMapping("/pool")
        String pool() throws Exception {
            return pool.submit(this::rest).get();
        }

        @GetMapping("/simple")
        String simple() throws Exception {
            return simple.submit(this::rest).get();
        }

        @GetMapping("/future")
        CompletableFuture<String> future() {
            return CompletableFuture.supplyAsync(this::rest, pool);
        }

        @GetMapping("/deferred")
        DeferredResult<String> deferred() {
            DeferredResult<String> result = new DeferredResult<>();
            Runnable answer = () -> result.setResult(rest());
            new Thread(InboundContext.propagating(answer)).start();
            return result;
        }

        @GetMapping("/thread")
        String thread() throws Exception {
            CompletableFuture<String> answer = new CompletableFuture<>();
            new Thread(() -> answer.complete(rest())).start();
            return answer.get();
        }

        @GetMapping("/fail")
        String fail() {
            throw new IllegalStateException(rest());
        }
    }

    /** Work for Spring's own executor. */
    @EnableAsync
    static class AsyncCalls {
        private final RestClient restClient;

        AsyncCalls(RestClient.Builder restClient) {
            this.restClient = restClient.baseUrl("http://second").build();
        }

        @Async("pool")
        CompletableFuture<String> call() {
            return CompletableFuture.completedFuture(
                    restClient.get().uri("/").retrieve().body(String.class));
        }

        /** By the second name Spring MVC runs each Callable on it. */
        @Bean({"pool", "applicationTaskExecutor"})
        static ThreadPoolTaskExecutor pool() {
            ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
            executor.setMaxPoolSize(1);
            return executor;
        }

        @Bean
        static SimpleAsyncTaskExecutor simple() {
            return new SimpleAsyncTaskExecutor();
        }

        @Bean
        static RestTemplate restTemplate() {
            return new RestTemplate();
        }
    }

    @BeforeAll
    static void start() throws IOException {
        SECOND.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return new MockResponse.Builder()
                        .body(told(request, "x-request-id") + " " + told(request, "end-user") + " "
                                + told(request, "x-envoy-expected-rq-timeout-ms"))
                        .build();
            }
        });
        SECOND.start();
        application = (ServletWebServerApplicationContext) new SpringApplicationBuilder(Application.class)
                .properties(
                        "spring.main.banner-mode=off",
                        "server.port=0",
                        "mesh.inbound.headers=end-user",
                        "mesh.services.second.endpoints[0].address=127.0.0.1:" + SECOND.getPort())
                .run();
    }

    private static String told(RecordedRequest request, String name) {
        return String.join(",", request.getHeaders().values(name));
    }

    @AfterAll
    static void stop() {
        application.close();
        SECOND.close();
    }

    private static String get(String path, @Nullable String id, @Nullable String user)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(
                        "http://localhost:" + application.getWebServer().getPort() + path))
                .timeout(Duration.ofSeconds(20));
        if (id != null) {
            request.header("x-request-id", id);
        }
        if (user != null) {
            request.header("end-user", user);
        }
        return CALLER.send(request.build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/rest-client",
                "/rest-template",
                "/web-client",
                "/mono",
                "/one-after-the-other",
                "/side-by-side",
                "/captured",
                "/callable",
                "/async",
                "/pool",
                "/simple",
                "/future",
                "/deferred"
            })
    void callsCarryWhatTheirRequestCameWith(String path) throws Exception {
        assertThat(get(path, "42", "jason")).isEqualTo("42 jason ");
        assertThat(get(path, "43", null)).isEqualTo("43  ");
        assertThat(get(path, null, null)).matches("[0-9a-f-]{36}  ");
    }

    @Test
    void whatTheApplicationSetsItselfStays() throws Exception {
        assertThat(get("/own-header", "42", "jason")).isEqualTo("42 own ");
    }

    @Test
    void aThreadThatNobodyTookItToHasNone() throws Exception {
        assertThat(get("/thread", "42", "jason")).isEqualTo("  ");
    }

    @Test
    void manyAtATimeStayApart() throws Exception {
        ThreadPoolTaskExecutor callers = new ThreadPoolTaskExecutor();
        callers.setCorePoolSize(8);
        callers.initialize();
        try {
            List<Future<String>> answers = new ArrayList<>();
            List<String> paths =
                    List.of("/rest-client", "/one-after-the-other", "/callable", "/pool", "/async", "/mono");
            for (int i = 0; i < 120; i++) {
                String id = "id-" + i;
                String user = i % 3 == 0 ? null : "user-" + i;
                String path = paths.get(i % paths.size());
                answers.add(callers.submit(() -> get(path, id, user)));
            }
            for (int i = 0; i < answers.size(); i++) {
                assertThat(answers.get(i).get(60, TimeUnit.SECONDS))
                        .isEqualTo("id-" + i + " " + (i % 3 == 0 ? "" : "user-" + i) + " ");
            }
        } finally {
            callers.shutdown();
        }
    }

    @Test
    @SuppressWarnings("try") // The scope is there to be closed.
    void whatIsNotOnBehalfOfARequestCarriesNothing() throws Exception {
        ThreadPoolTaskExecutor pool = application.getBean(ThreadPoolTaskExecutor.class);
        assertThat(pool.submit(() -> InboundContext.current() == null).get()).isTrue();
        InboundContext context =
                InboundContext.builder().header("end-user", "jason").build();
        Future<InboundContext> within;
        try (Scope scope = context.open()) {
            within = pool.submit(InboundContext::current);
        }
        assertThat(within.get()).isSameAs(context);
        assertThat(pool.submit(() -> InboundContext.current() == null).get()).isTrue();
    }
}
