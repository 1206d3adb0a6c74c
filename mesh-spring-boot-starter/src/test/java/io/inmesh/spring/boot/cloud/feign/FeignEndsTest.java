package io.inmesh.spring.boot.cloud.feign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import feign.Feign;
import feign.FeignException;
import feign.Request;
import feign.Response;
import feign.RetryableException;
import feign.Retryer;
import io.inmesh.Mesh;
import io.inmesh.event.Outcome;
import io.inmesh.observe.CallObservation;
import io.inmesh.observe.EndedAttempt;
import io.inmesh.observe.MeshObserver;
import io.inmesh.observe.StartedCall;
import io.inmesh.spring.boot.Backend;
import io.inmesh.spring.boot.TestApplication;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cloud.openfeign.support.SpringMvcContract;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/** However a call of a Feign interface ends, its attempt ends with it, and no other call notices. */
class FeignEndsTest {
    /** More than is read at a time. */
    private static final int LONG = 100_000;

    private final Backend reviews = Backend.named("reviews");
    private final Backend ratings = Backend.named("ratings");
    private final MockWebServer odd = new MockWebServer();
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch answered = new CountDownLatch(1);
    private final List<Outcome> outcomes = new CopyOnWriteArrayList<>();
    private @Nullable ConfigurableApplicationContext application;
    private Reviews client;

    interface Reviews {
        @GetMapping("/{path}")
        String get(@PathVariable("path") String path);

        @GetMapping("/{path}")
        Response open(@PathVariable("path") String path, Request.Options options);
    }

    private final class Outcomes implements MeshObserver {
        @Override
        public CallObservation callStarted(StartedCall call) {
            return new CallObservation() {
                @Override
                public void attemptEnded(EndedAttempt attempt) {
                    outcomes.add(attempt.outcome());
                }
            };
        }
    }

    @BeforeEach
    void start() {
        start("--mesh.services.reviews.endpoints[0].address=" + reviews.address());
    }

    private void start(String endpoint) {
        if (application != null) {
            application.close();
        }
        application = new SpringApplicationBuilder(TestApplication.class)
                .web(WebApplicationType.NONE)
                .initializers(context ->
                        ((GenericApplicationContext) context).registerBean(Outcomes.class, () -> new Outcomes()))
                .run(
                        "--spring.main.banner-mode=off",
                        endpoint,
                        "--mesh.services.ratings.endpoints[0].address=" + ratings.address());
        client = Feign.builder()
                .contract(new SpringMvcContract())
                // As Spring Cloud has it.
                .retryer(Retryer.NEVER_RETRY)
                .addCapability(application.getBean(MeshFeignCapability.class))
                .target(Reviews.class, "http://reviews");
    }

    @AfterEach
    void stop() {
        answered.countDown();
        application.close();
        odd.close();
        reviews.close();
        ratings.close();
    }

    private static Request.Options options() {
        return new Request.Options(10, TimeUnit.SECONDS, 20, TimeUnit.SECONDS, true);
    }

    /** The interrupted call is nobody's failure, and the next one is as the first. */
    private void assertNobodyElseNotices() {
        TestApplication.awaitIdle(application.getBean(Mesh.class), "http://reviews/");
        assertThat(outcomes).hasSize(1).hasOnlyElementsOfType(Outcome.Canceled.class);
        reviews.handle(exchange -> reviews.answer(exchange, 200, reviews.name()));
        assertThat(client.get("next")).isEqualTo("reviews");
    }

    @Test
    void anInterruptWhileTheAnswerIsWaitedFor() throws Exception {
        reviews.handle(exchange -> {
            asked.countDown();
            Waiting.on(answered);
            reviews.answer(exchange, 200, "x".repeat(LONG));
        });
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        CompletableFuture<Boolean> stillInterrupted = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            failure.complete(catchThrowable(() -> client.get("long")));
            stillInterrupted.complete(Thread.interrupted());
        });
        caller.start();
        assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();

        caller.interrupt();
        answered.countDown();

        assertThat(failure.get(20, TimeUnit.SECONDS))
                .isInstanceOf(FeignException.class)
                .hasRootCauseInstanceOf(InterruptedIOException.class);
        assertThat(stillInterrupted.get(20, TimeUnit.SECONDS)).isTrue();
        assertNobodyElseNotices();
    }

    @Test
    void anInterruptWhileTheBodyIsRead() throws IOException {
        reviews.handle(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write('x');
            exchange.getResponseBody().flush();
            Waiting.on(answered);
            exchange.close();
        });
        try (Response response = client.open("long", options());
                InputStream body = response.body().asInputStream()) {
            assertThat(body.read()).isEqualTo('x');

            Thread.currentThread().interrupt();

            assertThatExceptionOfType(InterruptedIOException.class).isThrownBy(body::read);
            assertThat(Thread.interrupted()).isTrue();
        }
        assertNobodyElseNotices();
    }

    @Test
    void anInterruptBeforeTheCall() {
        assertThat(client.get("first")).isEqualTo("reviews");
        outcomes.clear();

        Thread.currentThread().interrupt();

        assertThatExceptionOfType(RetryableException.class)
                .isThrownBy(() -> client.get("never"))
                .withRootCauseInstanceOf(InterruptedIOException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(reviews.seen()).hasSize(1);
        assertNobodyElseNotices();
    }

    @Test
    void anAnswerThatCannotBeUnderstoodKeepsNoConnection() throws Exception {
        for (int i = 0; i < 2; i++) {
            odd.enqueue(new MockResponse.Builder()
                    .status("HTTP/1.1 099 Odd")
                    .body("odd")
                    .build());
        }
        odd.start(InetAddress.getLoopbackAddress(), 0);
        start("--mesh.services.reviews.endpoints[0].address=127.0.0.1:" + odd.getPort());

        for (int i = 0; i < 2; i++) {
            assertThatExceptionOfType(IllegalArgumentException.class)
                    .isThrownBy(() -> client.get("x"))
                    .withMessageContaining("99");
        }

        assertThat(odd.takeRequest().getConnectionIndex())
                .isEqualTo(odd.takeRequest().getConnectionIndex());
    }

    @Test
    void aRedirectToAnotherServiceStaysWithinTheMesh() throws IOException {
        reviews.handle(exchange -> {
            exchange.getResponseHeaders().set("Location", "http://ratings/there");
            reviews.answer(exchange, 302, "");
        });

        try (Response response = client.open("here", options())) {
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.body().asInputStream()).hasContent("ratings");
        }
        assertThat(ratings.last()).returns("/there", Backend.Seen::path).returns("ratings", Backend.Seen::host);
    }
}
