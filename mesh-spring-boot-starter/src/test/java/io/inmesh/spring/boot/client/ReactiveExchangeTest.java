package io.inmesh.spring.boot.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

/** Single ends of an exchange, each brought about; {@link ReactiveEndsTest} races them. */
class ReactiveExchangeTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private ReactiveRig rig;

    @BeforeEach
    void start() throws IOException {
        rig = new ReactiveRig("HTTP");
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private WebClient with(ExchangeFilterFunction filter) {
        return rig.client().mutate().filter(filter).build();
    }

    @Test
    void aCancellationBeforeTheAnswerDropsNoError() {
        Flux.range(0, 50)
                .flatMap(i -> rig.client()
                        .get()
                        .uri("/never")
                        .retrieve()
                        .bodyToMono(String.class)
                        .timeout(Duration.ofMillis(50))
                        .onErrorComplete())
                .then()
                .block(PATIENCE);

        rig.awaitIdle();
        assertThat(rig.dropped()).isEmpty();
    }

    @Test
    void aCancellationThatAFilterKeepsToItselfEndsTheCallWhenItIsAnswered() {
        Disposable call = with((request, next) -> next.exchange(request).cache())
                .get()
                .uri("/held")
                .retrieve()
                .bodyToMono(String.class)
                .subscribe();
        Awaitility.await().atMost(PATIENCE).until(() -> rig.requests() == 1);

        call.dispose();
        rig.release();

        rig.awaitIdle();
    }

    @Test
    void anAnswerThatAFilterDropsWhenItIsCancelledIsClosed() {
        AtomicInteger answers = new AtomicInteger();
        Disposable call = with((request, next) -> next.exchange(request)
                        .doOnNext(answer -> answers.incrementAndGet())
                        .delayElement(Duration.ofDays(1)))
                .get()
                .uri("/short")
                .retrieve()
                .bodyToMono(String.class)
                .subscribe();
        Awaitility.await().atMost(PATIENCE).until(() -> answers.get() == 1);

        call.dispose();

        rig.awaitIdle();
    }

    @Test
    void anAnswerThatSpringCannotRepresentIsAnError() {
        assertThatThrownBy(() -> rig.client()
                        .get()
                        .uri("/odd")
                        .retrieve()
                        .bodyToMono(String.class)
                        .block(PATIENCE))
                .hasStackTraceContaining("99");
        rig.awaitIdle();
    }
}
