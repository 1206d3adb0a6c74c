package io.inmesh.spring.boot.telemetry;

import static io.inmesh.testing.Collector.collectUntil;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.Mesh;
import io.inmesh.okhttp.MeshOkHttp;
import io.inmesh.spring.boot.AnyClient;
import io.inmesh.spring.boot.Backend;
import io.inmesh.spring.boot.TestApplication;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;

/** Spans of calls to a service of which one endpoint is dead, in an application that traces. */
@Tag("traced")
class TracedClientsTest {
    private static final AttributeKey<String> ATTEMPT = AttributeKey.stringKey("mesh.attempt");
    private static final int MANY = 40;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final List<String> arrived = new CopyOnWriteArrayList<>();
    private final Backend live = Backend.named("live");
    private ConfigurableApplicationContext application;
    private InMemorySpanExporter spans;

    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class Application {
        @Bean
        InMemorySpanExporter exporter() {
            return InMemorySpanExporter.create();
        }

        @Bean
        SpanProcessor atOnce(InMemorySpanExporter exporter) {
            return SimpleSpanProcessor.create(exporter);
        }

        @Bean
        MeterRegistry meters() {
            return new SimpleMeterRegistry();
        }

        @Bean
        RestClient restClient(RestClient.Builder builder) {
            return builder.build();
        }

        @Bean
        RestTemplate restTemplate(RestTemplateBuilder builder) {
            return builder.build();
        }

        @Bean
        WebClient webClient(WebClient.Builder builder) {
            return builder.build();
        }
    }

    @BeforeEach
    void start() throws IOException {
        live.handle(exchange -> {
            arrived.add(exchange.getRequestHeaders().getFirst("traceparent"));
            live.answer(exchange, 200, "live");
        });
        application = TestApplication.start(
                Application.class,
                "management.tracing.sampling.probability=1",
                "mesh.services.orders.endpoints[0].address=127.0.0.1:" + deadPort(),
                "mesh.services.orders.endpoints[1].address=" + live.address());
        spans = application.getBean(InMemorySpanExporter.class);
    }

    private static int deadPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @AfterEach
    void end() {
        assertThat(Span.current().getSpanContext().isValid())
                .as("a span is left on the thread")
                .isFalse();
        application.close();
        live.close();
    }

    /** The spans of the first call that had to be sent twice, the attempts in order and first. */
    private List<SpanData> retried(Runnable call) {
        for (int i = 0; i < MANY; i++) {
            spans.reset();
            arrived.clear();
            call.run();
            TestApplication.awaitIdle(application.getBean(Mesh.class), "http://orders/");
            List<SpanData> attempts = attempts();
            if (attempts.size() == 2) {
                return attempts;
            }
        }
        throw new AssertionError("no call met the dead endpoint");
    }

    private List<SpanData> attempts() {
        return spans.getFinishedSpanItems().stream()
                .filter(span -> span.getAttributes().get(ATTEMPT) != null)
                .sorted(Comparator.comparing(span -> span.getAttributes().get(ATTEMPT)))
                .toList();
    }

    private SpanData named(String name) {
        List<SpanData> found = spans.getFinishedSpanItems().stream()
                .filter(span -> span.getName().equals(name))
                .toList();
        assertThat(found).as(name).hasSize(1);
        return found.get(0);
    }

    private void assertSiblings(List<SpanData> attempts, SpanData whole) {
        assertThat(attempts).allMatch(span -> span.getKind() == SpanKind.CLIENT);
        assertThat(attempts).allMatch(span -> span.getParentSpanId().equals(whole.getSpanId()));
        assertThat(attempts).allMatch(span -> span.getTraceId().equals(whole.getTraceId()));
        assertThat(attempts.get(0).getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(attempts.get(1).getStatus().getStatusCode()).isNotEqualTo(StatusCode.ERROR);
        assertThat(arrived).singleElement().asString().contains(attempts.get(1).getSpanId());
        assertThat(spans.getFinishedSpanItems()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(classes = {RestClient.class, RestTemplate.class, WebClient.class})
    void attemptsAreBelowTheClientsOwnSpan(Class<?> client) {
        Object bean = application.getBean(client);
        List<SpanData> attempts = retried(() -> AnyClient.get(bean, "http://orders/x", "anna"));

        SpanData whole = named("http get");
        assertThat(whole.getKind()).isEqualTo(SpanKind.CLIENT);
        assertSiblings(attempts, whole);
        assertThat(meters()).contains("http.client.requests").noneMatch(name -> name.startsWith("mesh.attempt"));
    }

    private List<String> meters() {
        return application.getBean(MeterRegistry.class).getMeters().stream()
                .map(Meter::getId)
                .map(Meter.Id::getName)
                .toList();
    }

    private void drop(Class<?> client) {
        URI orders = URI.create("http://orders/x");
        if (client == RestClient.class) {
            Integer status = application
                    .getBean(RestClient.class)
                    .get()
                    .uri(orders)
                    .exchange((request, response) -> response.getStatusCode().value(), false);
            assertThat(status).isEqualTo(200);
            return;
        }
        // Not of Spring Boot's builder, whose clients close such an answer at once.
        WebClient webClient = WebClient.builder()
                .observationRegistry(application.getBean(ObservationRegistry.class))
                .clientConnector(
                        application.getBean(ClientHttpConnectorBuilder.class).build())
                .filter((request, next) -> next.exchange(request)
                        .map(dropped ->
                                ClientResponse.create(dropped.statusCode()).build()))
                .build();
        assertThat(webClient.get().uri(orders).retrieve().toBodilessEntity().block(PATIENCE))
                .isNotNull();
    }

    @ParameterizedTest
    @ValueSource(classes = {RestClient.class, WebClient.class})
    void anAnswerThatTheClientDropsIsNoticed(Class<?> client) throws Exception {
        Mesh mesh = application.getBean(Mesh.class);
        drop(client);

        collectUntil(() -> mesh.status().attempts().running() == 0);

        assertThat(mesh.status().attempts().unclosedBodies()).isEqualTo(1);
        assertThat(attempts()).isNotEmpty();
        String whole = named("http get").getSpanId();
        assertThat(attempts()).allMatch(span -> span.getParentSpanId().equals(whole));
    }

    @Test
    void attemptsOfOkHttpAreBelowASpanOfTheMesh() {
        OkHttpClient client =
                MeshOkHttp.builder(application.getBean(Mesh.class)).build();
        List<SpanData> attempts = retried(() -> {
            try (Response response = client.newCall(
                            new Request.Builder().url("http://orders/x").build())
                    .execute()) {
                assertThat(response.code()).isEqualTo(200);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });

        SpanData whole = named("mesh.call");
        assertThat(whole.getKind()).isEqualTo(SpanKind.INTERNAL);
        assertSiblings(attempts, whole);
        assertThat(meters()).noneMatch(name -> name.startsWith("mesh.call"));
        client.dispatcher().executorService().shutdown();
        client.connectionPool().evictAll();
    }

    @Test
    void anEnqueuedCallIsBelowTheSpanThatTheDispatchersThreadsAreGiven() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        OkHttpClient client = MeshOkHttp.builder(application.getBean(Mesh.class))
                .dispatcher(new Dispatcher(Context.taskWrapping(threads)))
                .build();
        CompletableFuture<Integer> answered = new CompletableFuture<>();
        Observation.createNotStarted("job", application.getBean(ObservationRegistry.class))
                .observe(() -> client.newCall(
                                new Request.Builder().url("http://orders/x").build())
                        .enqueue(new Callback() {
                            @Override
                            public void onFailure(Call call, IOException e) {
                                answered.completeExceptionally(e);
                            }

                            @Override
                            public void onResponse(Call call, Response response) {
                                response.close();
                                answered.complete(response.code());
                            }
                        }));

        assertThat(answered.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(200);
        assertThat(named("mesh.call").getParentSpanId()).isEqualTo(named("job").getSpanId());
        threads.shutdown();
        client.connectionPool().evictAll();
    }
}
