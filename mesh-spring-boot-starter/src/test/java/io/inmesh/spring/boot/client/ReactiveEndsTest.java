package io.inmesh.spring.boot.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inmesh.Mesh;
import io.inmesh.spring.boot.TestApplication;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Protocol;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactivestreams.Publisher;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/** However an exchange of WebClient ends, its attempt ends with it: nothing is left in flight, and both endpoints go on. */
class ReactiveEndsTest {

    private static final int CALLS = 2000;
    private static final int AT_A_TIME = 64;
    private static final Duration LONGEST = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Semaphore HELD = new Semaphore(0);
    private static final byte[] PIECE = new byte[20_000];

    private final MockWebServer first = new MockWebServer();
    private final MockWebServer second = new MockWebServer();
    private ConfigurableApplicationContext application;
    private static WebClient client;
    private static final Queue<Throwable> DROPPED = new ConcurrentLinkedQueue<>();

    /** A way to begin a call and to end it. */
    interface Way extends Function<Random, Publisher<?>> {}

    private void start(String protocol) throws IOException {
        serve(first, "first", protocol);
        serve(second, "second", protocol);
        application = TestApplication.start(
                "mesh.resources.reviews=" + """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: reviews}
                spec:
                  hosts: [reviews]
                  resolution: STATIC
                  ports: [{number: 80, name: reviews, protocol: %s}]
                  endpoints:
                  - {address: 127.0.0.1, ports: {reviews: %d}}
                  - {address: 127.0.0.1, ports: {reviews: %d}}
                """.formatted(protocol, first.getPort(), second.getPort()));
        client = application
                .getBean(WebClient.Builder.class)
                .baseUrl("http://reviews")
                .build();
        Hooks.onErrorDropped(DROPPED::add);
    }

    private static void serve(MockWebServer server, String name, String protocol) throws IOException {
        server.setProtocols(List.of(protocol.equals("HTTP2") ? Protocol.H2_PRIOR_KNOWLEDGE : Protocol.HTTP_1_1));
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                if (request.getTarget().equals("/never")) {
                    return new MockResponse.Builder()
                            .headersDelay(10, TimeUnit.SECONDS)
                            .build();
                }
                if (request.getTarget().equals("/held")) {
                    HELD.acquireUninterruptibly();
                }
                if (request.getTarget().equals("/odd")) {
                    return new MockResponse.Builder()
                            .status("HTTP/1.1 099 Odd")
                            .body("odd")
                            .build();
                }
                boolean isLong = request.getTarget().equals("/long");
                return new MockResponse.Builder()
                        .code(request.getTarget().equals("/broken") ? 503 : 200)
                        .addHeader("Content-Type", "text/plain")
                        .body(isLong ? "x".repeat(60_000) : name)
                        .build();
            }
        });
        server.start(InetAddress.getLoopbackAddress(), 0);
    }

    @AfterEach
    void stop() {
        Hooks.resetOnErrorDropped();
        DROPPED.clear();
        application.close();
        first.close();
        second.close();
    }

    private static Named<Way> way(String name, Way way) {
        return Named.of(name, way);
    }

    private static WebClient.RequestHeadersSpec<?> get(ExchangeFilterFunction filter) {
        return client.mutate().filter(filter).build().get().uri("/short");
    }

    private static Duration soon(Random random) {
        return Duration.ofNanos(random.nextInt(3_000_000));
    }

    private static <T> Mono<T> cut(Mono<T> call, Random random) {
        return call.timeout(soon(random));
    }

    static Stream<Named<Way>> ways() {
        return Stream.of(
                way(
                        "a timeout while the answer is read as text",
                        random -> cut(client.get().uri("/short").retrieve().bodyToMono(String.class), random)),
                way(
                        "a timeout while the answer's body is thrown away",
                        random -> cut(client.get().uri("/short").retrieve().toBodilessEntity(), random)),
                way(
                        "a timeout in the middle of a long body",
                        random -> cut(client.get().uri("/long").retrieve().bodyToMono(byte[].class), random)),
                way(
                        "a timeout while a filter delays the answer",
                        random -> cut(
                                get((request, next) -> next.exchange(request).delayElement(Duration.ofMillis(20)))
                                        .retrieve()
                                        .bodyToMono(String.class),
                                random)),
                way(
                        "a timeout while a filter hands the answer to another thread",
                        random -> cut(
                                get((request, next) -> next.exchange(request).publishOn(Schedulers.parallel()))
                                        .retrieve()
                                        .bodyToMono(String.class),
                                random)),
                way(
                        "a timeout while the answer's handler does nothing",
                        random -> cut(client.get().uri("/short").exchangeToMono(answer -> Mono.never()), random)),
                way(
                        "a timeout while the handler of many elements does nothing",
                        random -> client.get()
                                .uri("/short")
                                .exchangeToFlux(answer -> Flux.never())
                                .timeout(soon(random))),
                way("a subscriber that breaks off from another thread", ReactiveEndsTest::disposedFromAside),
                way("a subscriber that breaks off while it is handed the answer", random -> {
                    CancelInHand subscriber = new CancelInHand();
                    get((request, next) -> next.exchange(request).doOnNext(answer -> subscriber.cancel()))
                            .retrieve()
                            .bodyToMono(String.class)
                            .subscribe(subscriber);
                    return subscriber.ended();
                }),
                way(
                        "a filter that throws",
                        random -> get((request, next) -> next.exchange(request).map(answer -> {
                                    throw new IllegalStateException("on purpose");
                                }))
                                .retrieve()
                                .bodyToMono(String.class)),
                way(
                        "a filter that answers with an error",
                        random -> get((request, next) -> next.exchange(request)
                                        .flatMap(answer -> Mono.error(new IllegalStateException("on purpose"))))
                                .retrieve()
                                .bodyToMono(String.class)),
                way(
                        "a filter that throws the answer away",
                        random -> get((request, next) -> next.exchange(request).filter(answer -> false))
                                .retrieve()
                                .bodyToMono(String.class)),
                way(
                        "a filter that answers itself in place of an error",
                        random -> get((request, next) -> next.exchange(request)
                                        .map(answer -> ClientResponse.create(HttpStatus.OK)
                                                .body("fallback")
                                                .build()))
                                .retrieve()
                                .bodyToMono(String.class)),
                way(
                        "a filter that fails after the hand-over",
                        random -> get((request, next) -> next.exchange(request)
                                        .delayUntil(
                                                answer -> Mono.defer(() -> Mono.error(new IllegalStateException()))))
                                .retrieve()
                                .bodyToMono(String.class)),
                way(
                        "a filter that tries again",
                        random -> client.mutate()
                                .filter((request, next) -> next.exchange(request)
                                        .flatMap(answer -> answer.statusCode().isError()
                                                ? Mono.error(new IllegalStateException("on purpose"))
                                                : Mono.just(answer))
                                        .retry(2))
                                .build()
                                .get()
                                .uri("/broken")
                                .retrieve()
                                .bodyToMono(String.class)),
                way("a filter that tries again and takes the last answer", random -> {
                    AtomicInteger tries = new AtomicInteger();
                    return client.mutate()
                            .filter((request, next) -> Mono.defer(() -> next.exchange(request))
                                    .flatMap(answer -> tries.incrementAndGet() < 3
                                            ? Mono.error(new IllegalStateException("on purpose"))
                                            : Mono.just(answer))
                                    .retry(2))
                            .build()
                            .get()
                            .uri("/broken")
                            .exchangeToMono(answer -> answer.bodyToMono(String.class));
                }),
                way(
                        "a status handler's error",
                        random -> client.get()
                                .uri("/broken")
                                .retrieve()
                                .onStatus(
                                        HttpStatusCode::isError,
                                        answer -> Mono.error(new IllegalStateException("on purpose")))
                                .bodyToMono(String.class)),
                way(
                        "an error in the answer's handler",
                        random -> client.get().uri("/short").exchangeToMono(answer -> {
                            throw new IllegalStateException("on purpose");
                        })),
                way(
                        "a body that cannot be decoded",
                        random -> client.get().uri("/short").retrieve().bodyToMono(Integer.class)),
                way(
                        "a body that is too long",
                        random -> client.mutate()
                                .codecs(codecs -> codecs.defaultCodecs().maxInMemorySize(100))
                                .build()
                                .get()
                                .uri("/long")
                                .retrieve()
                                .bodyToMono(String.class)),
                way(
                        "a body of which the first piece is taken",
                        random -> client.get()
                                .uri("/long")
                                .retrieve()
                                .bodyToFlux(DataBuffer.class)
                                .take(1)),
                way(
                        "an error while a piece is looked at",
                        random -> client.get()
                                .uri("/long")
                                .retrieve()
                                .bodyToFlux(DataBuffer.class)
                                .doOnNext(piece -> {
                                    throw new IllegalStateException("on purpose");
                                })),
                way(
                        "an answer beside something that fails",
                        random -> Mono.zip(
                                client.get().uri("/short").retrieve().bodyToMono(String.class),
                                Mono.delay(soon(random)).then(Mono.error(new IllegalStateException("on purpose"))))),
                way(
                        "the faster of two answers",
                        random -> get((request, next) ->
                                        Mono.firstWithSignal(next.exchange(request), next.exchange(request)))
                                .retrieve()
                                .bodyToMono(String.class)),
                way(
                        "an upload that is broken off",
                        random -> cut(
                                client.post()
                                        .uri("/short")
                                        .body(BodyInserters.fromDataBuffers(Flux.range(0, 3)
                                                .map(i -> (DataBuffer)
                                                        DefaultDataBufferFactory.sharedInstance.wrap(PIECE.clone()))
                                                .delayElements(Duration.ofNanos(500_000))))
                                        .retrieve()
                                        .bodyToMono(String.class),
                                random)));
    }

    private static Publisher<?> disposedFromAside(Random random) {
        return Mono.create(sink -> {
            Disposable call = client.get()
                    .uri("/short")
                    .retrieve()
                    .bodyToMono(String.class)
                    .doFinally(signal -> sink.success())
                    .subscribe(text -> {}, error -> {});
            Schedulers.parallel().schedule(call::dispose, random.nextInt(3_000_000), TimeUnit.NANOSECONDS);
        });
    }

    private static final class CancelInHand extends BaseSubscriber<String> {
        private final Sinks.Empty<Void> ended = Sinks.empty();

        @Override
        protected void hookOnError(Throwable error) {}

        @Override
        protected void hookFinally(SignalType type) {
            ended.tryEmitEmpty();
        }

        Mono<Void> ended() {
            return ended.asMono();
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void nothingIsLeftInFlight(Way way) throws IOException {
        start("HTTP");
        race(CALLS, way);
    }

    @Test
    void nothingIsLeftInFlightOnSharedConnections() throws IOException {
        start("HTTP2");
        List<Way> ways = ways().map(Named::getPayload).toList();
        race(2 * CALLS, random -> ways.get(random.nextInt(ways.size())).apply(random));
    }

    @Test
    void aCancellationBeforeTheAnswerDropsNoError() throws IOException {
        start("HTTP");
        Flux.range(0, 50)
                .flatMap(i -> client.get()
                        .uri("/never")
                        .retrieve()
                        .bodyToMono(String.class)
                        .timeout(Duration.ofMillis(50))
                        .onErrorComplete())
                .then()
                .block(PATIENCE);

        TestApplication.awaitIdle(application.getBean(Mesh.class), "http://reviews/");
        assertThat(DROPPED).isEmpty();
    }

    @Test
    void aCancellationThatAFilterKeepsToItselfEndsTheCallWhenItIsAnswered() throws Exception {
        start("HTTP");
        Mesh mesh = application.getBean(Mesh.class);
        Disposable call = client.mutate()
                .filter((request, next) -> next.exchange(request).cache())
                .build()
                .get()
                .uri("/held")
                .retrieve()
                .bodyToMono(String.class)
                .subscribe();
        Awaitility.await().atMost(PATIENCE).until(() -> first.getRequestCount() + second.getRequestCount() == 1);

        call.dispose();
        HELD.release();

        TestApplication.awaitIdle(mesh, "http://reviews/");
    }

    @Test
    void anAnswerThatAFilterDropsWhenItIsCancelledIsClosed() throws IOException {
        start("HTTP");
        AtomicInteger answers = new AtomicInteger();
        Disposable call = get((request, next) -> next.exchange(request)
                        .doOnNext(answer -> answers.incrementAndGet())
                        .delayElement(Duration.ofDays(1)))
                .retrieve()
                .bodyToMono(String.class)
                .subscribe();
        Awaitility.await().atMost(PATIENCE).until(() -> answers.get() == 1);

        call.dispose();

        TestApplication.awaitIdle(application.getBean(Mesh.class), "http://reviews/");
    }

    @Test
    void anAnswerThatSpringCannotRepresentIsAnError() throws IOException {
        start("HTTP");

        assertThatThrownBy(() -> client.get()
                        .uri("/odd")
                        .retrieve()
                        .bodyToMono(String.class)
                        .block(PATIENCE))
                .hasStackTraceContaining("99");
        TestApplication.awaitIdle(application.getBean(Mesh.class), "http://reviews/");
    }

    private void race(int calls, Way way) {
        Random random = new Random(17);
        long end = System.nanoTime() + LONGEST.toNanos();

        Flux.range(0, calls)
                .takeWhile(i -> System.nanoTime() < end)
                .flatMap(i -> Flux.from(way.apply(random)).then().onErrorComplete(), AT_A_TIME)
                .then()
                .block(LONGEST.plus(PATIENCE));

        TestApplication.awaitIdle(application.getBean(Mesh.class), "http://reviews/");
        assertThat(share())
                .allSatisfy((endpoint, answers) -> assertThat(answers).isGreaterThan(60));
    }

    /** Of 200 calls. */
    private Map<String, Long> share() {
        Map<String, Long> share = Flux.range(0, 200)
                .flatMap(i -> client.get().uri("/short").retrieve().bodyToMono(String.class), 16)
                .collect(Collectors.groupingBy(text -> text, Collectors.counting()))
                .block(PATIENCE);
        assertThat(share).containsOnlyKeys("first", "second");
        return share;
    }
}
