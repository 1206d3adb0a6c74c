package io.inmesh.spring.boot.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpExchange;
import io.inmesh.Mesh;
import io.inmesh.spring.boot.Backend;
import io.inmesh.spring.boot.TestApplication;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpStatus;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.WebClientRequestException;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Bodies go through piece by piece in both directions, and whoever breaks off frees what was taken. */
class StreamingTest {

    private static final int CHUNK = 1 << 20;
    private static final int CHUNKS = 64;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Backend backend;
    private ConfigurableApplicationContext application;
    private RestClient restClient;
    private WebClient webClient;

    private final CountDownLatch firstPieceArrived = new CountDownLatch(1);
    private final AtomicLong received = new AtomicLong();

    @BeforeEach
    void start() {
        backend = Backend.named("v1");
        application = TestApplication.start("mesh.services.reviews.endpoints[0].address=" + backend.address());
        restClient = application.getBean(RestClient.Builder.class).build();
        webClient = application.getBean(WebClient.Builder.class).build();
    }

    @AfterEach
    void stop() {
        TestApplication.awaitIdle(application.getBean(Mesh.class), "http://reviews/");
        application.close();
        backend.close();
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void countUpload(HttpExchange exchange) throws IOException {
        byte[] buffer = new byte[CHUNK];
        try (InputStream in = exchange.getRequestBody()) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                received.addAndGet(n);
                if (received.get() >= CHUNK) {
                    firstPieceArrived.countDown();
                }
            }
        }
        exchange.sendResponseHeaders(204, -1);
        exchange.close();
    }

    @Test
    void anUploadOfRestClientIsOnTheWireWhileItIsWritten() {
        backend.handle(this::countUpload);
        AtomicInteger written = new AtomicInteger();

        var answer = restClient
                .post()
                .uri("http://reviews/upload")
                .body(out -> {
                    byte[] chunk = new byte[CHUNK];
                    for (int i = 0; i < CHUNKS; i++) {
                        out.write(chunk);
                        out.flush();
                        written.incrementAndGet();
                        if (i == 0 && !await(firstPieceArrived)) {
                            throw new IOException("The server saw nothing of what was written");
                        }
                    }
                })
                .retrieve()
                .toBodilessEntity();

        assertThat(answer.getStatusCode()).isEqualTo(HttpStatus.NO_CONTENT);
        assertThat(written).hasValue(CHUNKS);
        assertThat(received).hasValue((long) CHUNK * CHUNKS);
    }

    @Test
    void anUploadOfWebClientIsOnTheWireWhileItIsPublishedAndAsksForLittleAhead() {
        backend.handle(this::countUpload);
        List<Long> requests = new CopyOnWriteArrayList<>();
        AtomicInteger published = new AtomicInteger();
        Mono<DataBuffer> first = Mono.fromSupplier(() -> piece(published));
        Flux<DataBuffer> rest = Mono.fromCallable(() -> await(firstPieceArrived))
                .subscribeOn(Schedulers.boundedElastic())
                .flatMapMany(arrived -> arrived
                        ? Flux.range(1, CHUNKS - 1).map(i -> piece(published))
                        : Flux.error(new IOException("The server saw nothing of what was published")));

        var answer = webClient
                .post()
                .uri("http://reviews/upload")
                .body(BodyInserters.fromDataBuffers(Flux.concat(first, rest).doOnRequest(requests::add)))
                .retrieve()
                .toBodilessEntity()
                .block(PATIENCE);

        assertThat(answer.getStatusCode()).isEqualTo(HttpStatus.NO_CONTENT);
        assertThat(received).hasValue((long) CHUNK * CHUNKS);
        assertThat(published).hasValue(CHUNKS);
        assertThat(requests).allMatch(n -> n <= 4);
        assertThat(requests.stream().mapToLong(n -> n).sum()).isLessThanOrEqualTo(CHUNKS + 4);
    }

    private static DataBuffer piece(AtomicInteger published) {
        published.incrementAndGet();
        return DefaultDataBufferFactory.sharedInstance.wrap(new byte[CHUNK]);
    }

    @Test
    void aFailingPublisherIsWhatTheCallerSees() {
        backend.handle(this::countUpload);

        assertThatExceptionOfType(WebClientRequestException.class)
                .isThrownBy(() -> webClient
                        .post()
                        .uri("http://reviews/upload")
                        .body(BodyInserters.fromDataBuffers(Flux.concat(
                                Mono.just(piece(new AtomicInteger())),
                                Mono.error(new IllegalStateException("no more")))))
                        .retrieve()
                        .toBodilessEntity()
                        .block(PATIENCE))
                .withCauseInstanceOf(IllegalStateException.class)
                .withMessage("no more");
    }

    @Test
    void aFailingWriterIsWhatTheCallerSees() {
        backend.handle(this::countUpload);

        assertThatExceptionOfType(ResourceAccessException.class)
                .isThrownBy(() -> restClient
                        .post()
                        .uri("http://reviews/upload")
                        .body(out -> {
                            out.write(new byte[CHUNK]);
                            throw new IOException("no more");
                        })
                        .retrieve()
                        .toBodilessEntity())
                .withMessageContaining("no more");
    }

    @Test
    void aDownloadOfRestClientIsReadWhileItIsSent() {
        CountDownLatch firstPieceRead = new CountDownLatch(1);
        backend.handle(exchange -> trickle(exchange, firstPieceRead));

        long length = restClient.get().uri("http://reviews/download").exchange((request, response) -> {
            InputStream in = response.getBody();
            assertThat(in.readNBytes(CHUNK)).hasSize(CHUNK);
            firstPieceRead.countDown();
            return CHUNK + in.transferTo(OutputStream.nullOutputStream());
        });

        assertThat(length).isEqualTo((long) CHUNK * CHUNKS);
    }

    @Test
    void aDownloadOfWebClientIsReadWhileItIsSent() {
        CountDownLatch firstPieceRead = new CountDownLatch(1);
        backend.handle(exchange -> trickle(exchange, firstPieceRead));
        AtomicLong length = new AtomicLong();

        webClient
                .get()
                .uri("http://reviews/download")
                .retrieve()
                .bodyToFlux(DataBuffer.class)
                .doOnNext(piece -> {
                    if (length.addAndGet(piece.readableByteCount()) >= CHUNK) {
                        firstPieceRead.countDown();
                    }
                    DataBufferUtils.release(piece);
                })
                .then()
                .block(PATIENCE);

        assertThat(length).hasValue((long) CHUNK * CHUNKS);
    }

    private static void trickle(HttpExchange exchange, CountDownLatch goOn) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(new byte[CHUNK]);
            out.flush();
            if (await(goOn)) {
                for (int i = 1; i < CHUNKS; i++) {
                    out.write(new byte[CHUNK]);
                }
            }
        }
    }

    @Test
    void aSubscriberGetsNoMoreThanItAsksForAndMayBreakOff() throws Exception {
        CountDownLatch sendingFailed = new CountDownLatch(1);
        CountDownLatch piecesArrived = new CountDownLatch(2);
        AtomicInteger pieces = new AtomicInteger();
        backend.handle(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                for (int i = 0; i < 1024; i++) {
                    out.write(new byte[CHUNK]);
                }
            } catch (IOException e) {
                sendingFailed.countDown();
                throw e;
            }
        });
        BaseSubscriber<DataBuffer> subscriber = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {
                subscription.request(2);
            }

            @Override
            protected void hookOnNext(DataBuffer piece) {
                pieces.incrementAndGet();
                DataBufferUtils.release(piece);
                piecesArrived.countDown();
            }
        };

        webClient
                .get()
                .uri("http://reviews/download")
                .retrieve()
                .bodyToFlux(DataBuffer.class)
                .subscribe(subscriber);
        assertThat(await(piecesArrived)).isTrue();
        subscriber.cancel();

        assertThat(await(sendingFailed)).isTrue();
        assertThat(pieces).hasValue(2);
    }

    @Test
    void aSubscriberMayBreakOffBeforeTheAnswer() {
        CountDownLatch called = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        backend.handle(exchange -> {
            called.countDown();
            await(done);
            backend.answer(exchange, 200, "late");
        });

        Disposable call = webClient
                .get()
                .uri("http://reviews/slow")
                .retrieve()
                .bodyToMono(String.class)
                .subscribe();
        assertThat(await(called)).isTrue();
        Mesh mesh = application.getBean(Mesh.class);
        assertThat(mesh.explain("GET", "http://reviews/", java.util.Map.of()).endpoints())
                .singleElement()
                .satisfies(endpoint -> assertThat(endpoint.activeRequests()).isOne());
        call.dispose();

        TestApplication.awaitIdle(mesh, "http://reviews/");
        done.countDown();
    }

    @Test
    void aSubscriberMayBreakOffWhileThePublisherOfTheBodyIsSilent() {
        backend.handle(this::countUpload);

        Disposable call = webClient
                .post()
                .uri("http://reviews/upload")
                .body(BodyInserters.fromDataBuffers(Flux.concat(Mono.just(piece(new AtomicInteger())), Mono.never())))
                .retrieve()
                .toBodilessEntity()
                .subscribe();
        assertThat(await(firstPieceArrived)).isTrue();
        call.dispose();

        TestApplication.awaitIdle(application.getBean(Mesh.class), "http://reviews/");
    }

    @Test
    void anAnswerNobodyReadsIsFreed() {
        backend.handle(exchange -> backend.answer(exchange, 200, "x".repeat(CHUNK)));

        for (int i = 0; i < 20; i++) {
            assertThat(webClient
                            .get()
                            .uri("http://reviews/x")
                            .exchangeToMono(answer -> Mono.just(answer.statusCode()))
                            .block(PATIENCE))
                    .isEqualTo(HttpStatus.OK);
        }
    }

    @Test
    void aConnectionThatBreaksInTheMiddleOfTheBodyIsAnError() {
        backend.handle(exchange -> {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write("half".getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
            throw new IllegalStateException("broken on purpose");
        });

        assertThatExceptionOfType(Exception.class)
                .isThrownBy(() -> webClient
                        .get()
                        .uri("http://reviews/x")
                        .retrieve()
                        .bodyToMono(String.class)
                        .block(PATIENCE))
                .satisfies(failure -> assertThat(failure)
                        .isInstanceOfAny(
                                WebClientRequestException.class,
                                org.springframework.web.reactive.function.client.WebClientResponseException.class)
                        .hasRootCauseInstanceOf(IOException.class));
    }
}
