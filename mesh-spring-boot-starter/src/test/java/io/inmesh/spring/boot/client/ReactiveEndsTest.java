package io.inmesh.spring.boot.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactivestreams.Publisher;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.cloud.client.loadbalancer.LoadBalanced;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
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
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/** However an exchange of WebClient ends, its attempt ends with it: nothing is left in flight, and both endpoints go on. */
@Tag("one-jdk")
class ReactiveEndsTest {

    private static final int CALLS = 2000;
    private static final int AT_A_TIME = 64;
    private static final Duration LONGEST = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final byte[] PIECE = new byte[20_000];

    private static WebClient client;

    private ReactiveRig rig;

    /** A way to begin a call and to end it. */
    interface Way extends Function<Random, Publisher<?>> {}

    private void start(ReactiveRig started) {
        rig = started;
        client = rig.client();
    }

    @AfterEach
    void stop() {
        rig.close();
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
        start(new ReactiveRig("HTTP"));
        race(CALLS, way);
    }

    @Test
    void nothingIsLeftInFlightOnSharedConnections() throws IOException {
        start(new ReactiveRig("HTTP2"));
        raceAllWays();
    }

    @Test
    void nothingIsLeftInFlightOfALoadBalancedClient() throws IOException {
        start(new ReactiveRig("HTTP", LoadBalancedApplication.class));
        raceAllWays();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class LoadBalancedApplication {
        @Bean
        @LoadBalanced
        WebClient.Builder builder() {
            return WebClient.builder();
        }
    }

    private void raceAllWays() {
        List<Way> ways = ways().map(Named::getPayload).toList();
        race(2 * CALLS, random -> ways.get(random.nextInt(ways.size())).apply(random));
    }

    private void race(int calls, Way way) {
        Random random = new Random(17);
        long end = System.nanoTime() + LONGEST.toNanos();

        Flux.range(0, calls)
                .takeWhile(i -> System.nanoTime() < end)
                .flatMap(i -> Flux.from(way.apply(random)).then().onErrorComplete(), AT_A_TIME)
                .then()
                .block(LONGEST.plus(PATIENCE));

        rig.awaitIdle();
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
