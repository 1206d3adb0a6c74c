package io.inmesh.resilience4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Breakers of resilience4j by their own words. */
class RegistryCircuitBreakersTest {
    private static final long NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final CircuitBreakerRegistry registry = CircuitBreakerRegistry.of(sized(4).build());
    private final RegistryCircuitBreakers breakers = RegistryCircuitBreakers.of(registry);

    private static CircuitBreakerConfig.Builder sized(int calls) {
        return CircuitBreakerConfig.custom()
                .slidingWindowSize(calls)
                .minimumNumberOfCalls(calls)
                .permittedNumberOfCallsInHalfOpenState(1)
                .waitDurationInOpenState(Duration.ofHours(1));
    }

    private io.inmesh.call.CircuitBreaker asked(String name) {
        io.inmesh.call.CircuitBreaker breaker = breakers.named(name);
        assertThat(breaker.tryAcquire()).isTrue();
        return breaker;
    }

    private CircuitBreaker.Metrics metrics(String name) {
        return registry.circuitBreaker(name).getMetrics();
    }

    @Test
    void serverErrorsAndFailuresOpenIt() {
        io.inmesh.call.CircuitBreaker breaker = breakers.named("a");
        assertThat(breaker.tryAcquire()).isTrue();
        breaker.answered(200, NANOS);
        breaker.answered(404, NANOS);
        breaker.answered(503, NANOS);
        assertThat(breaker.state()).isEqualTo("CLOSED");
        breaker.failed(new IOException("reset"), NANOS);

        assertThat(breakers.named("a").state()).isEqualTo("OPEN");
        assertThat(breaker.tryAcquire()).isFalse();
        assertThat(metrics("a").getNumberOfFailedCalls()).isEqualTo(2);
        assertThat(metrics("a").getNumberOfNotPermittedCalls()).isEqualTo(1);
    }

    @Test
    void slowCallsAreJudgedByTheirTime() {
        registry.circuitBreaker(
                "slow",
                sized(2).slowCallDurationThreshold(Duration.ofMillis(50)).build());
        asked("slow").answered(200, NANOS);
        asked("slow").answered(200, 6 * NANOS);

        assertThat(metrics("slow").getNumberOfSlowSuccessfulCalls()).isEqualTo(1);
    }

    @Test
    void itsConfigurationDecidesWhatIsAFailure() {
        registry.circuitBreaker(
                "own",
                sized(4).ignoreException(
                                thrown -> thrown instanceof ServerErrorException answer && answer.status() == 501)
                        .recordResult(result -> Integer.valueOf(429).equals(result))
                        .build());

        asked("own").answered(501, NANOS);
        asked("own").answered(429, NANOS);
        asked("own").answered(200, NANOS);

        assertThat(metrics("own").getNumberOfBufferedCalls()).isEqualTo(2);
        assertThat(metrics("own").getNumberOfFailedCalls()).isEqualTo(1);
    }

    @Test
    void whatIsReleasedIsNotCounted() {
        CircuitBreaker own = registry.circuitBreaker("half");
        own.transitionToOpenState();
        own.transitionToHalfOpenState();
        io.inmesh.call.CircuitBreaker breaker = breakers.named("half");
        assertThat(breaker.tryAcquire()).isTrue();
        assertThat(breaker.tryAcquire()).isFalse();

        breaker.released();

        assertThat(breaker.tryAcquire()).isTrue();
        breaker.answered(200, NANOS);
        assertThat(own.getState()).isEqualTo(State.CLOSED);
    }

    /** It may cast what it is given to what another user of the configuration hands over. */
    @Test
    void aPredicateThatFailsKeepsNoPermission() {
        registry.addConfiguration(
                "casting",
                sized(4).recordResult(result -> ((String) result).isEmpty())
                        .recordException(thrown -> {
                            throw new IllegalStateException("bug");
                        })
                        .build());
        io.inmesh.call.CircuitBreaker breaker = breakers.named("casting");
        CircuitBreaker own = registry.circuitBreaker("casting", "casting");
        own.transitionToOpenState();
        own.transitionToHalfOpenState();

        assertThat(breaker.tryAcquire()).isTrue();
        assertThatThrownBy(() -> breaker.answered(200, NANOS)).isInstanceOf(ClassCastException.class);
        assertThat(breaker.tryAcquire()).isTrue();
        assertThatThrownBy(() -> breaker.failed(new IOException("reset"), NANOS))
                .isInstanceOf(IllegalStateException.class);
        assertThat(breaker.tryAcquire()).isTrue();
    }

    @Test
    void aNameIsThatOfABreakerOrOfAConfiguration() {
        registry.addConfiguration("described", sized(77).build());
        registry.circuitBreaker("there", sized(88).build());

        asked("described").answered(200, NANOS);
        asked("there").answered(200, NANOS);

        assertThat(registry.circuitBreaker("described")
                        .getCircuitBreakerConfig()
                        .getSlidingWindowSize())
                .isEqualTo(77);
        assertThat(metrics("there").getNumberOfSuccessfulCalls()).isEqualTo(1);
        assertThat(breakers.doubt("described")).isNull();
        assertThat(breakers.doubt("there")).isNull();
    }

    @Test
    void anyOtherIsMadeByDefaultAndSaidSo() {
        String doubt = breakers.doubt("reveiws");
        assertThat(doubt).contains("neither a circuit breaker nor a configuration named reveiws");

        asked("reveiws").answered(200, NANOS);

        assertThat(registry.find("reveiws"))
                .hasValueSatisfying(
                        made -> assertThat(made.getCircuitBreakerConfig().getSlidingWindowSize())
                                .isEqualTo(4));
        assertThat(breakers.doubt("reveiws")).isEqualTo(doubt);
    }

    @Test
    void whoOnlyLooksMakesNone() {
        assertThat(breakers.named("later").state()).isEqualTo("not there before the first call");
        assertThat(registry.find("later")).isEmpty();

        registry.circuitBreaker("later", sized(77).build());

        assertThat(breakers.named("later").state()).isEqualTo("CLOSED");
        assertThat(breakers.doubt("later")).isNull();
    }

    @Test
    void whatIsDescribedLaterIsDoubtedNoMore() {
        asked("later").answered(200, NANOS);
        assertThat(breakers.doubt("later")).isNotNull();

        registry.replace("later", CircuitBreaker.of("later", sized(1).build()));

        assertThat(breakers.doubt("later")).isNull();
    }

    /** What Kotlin throws, and a class that is not there. */
    @Test
    void aPredicateThatFailsWithAnErrorKeepsNoPermission() {
        registry.circuitBreaker(
                "broken",
                sized(4).recordException(thrown -> {
                            throw new AssertionError("bug");
                        })
                        .build());
        CircuitBreaker own = registry.circuitBreaker("broken");
        own.transitionToOpenState();
        own.transitionToHalfOpenState();
        io.inmesh.call.CircuitBreaker breaker = asked("broken");

        assertThatThrownBy(() -> breaker.failed(new IOException("reset"), NANOS))
                .isInstanceOf(AssertionError.class);

        assertThat(breaker.tryAcquire()).isTrue();
    }

    @Test
    void whatTheApplicationReplacesHoldsFromTheNextCallOn() {
        asked("a").answered(503, NANOS);
        registry.replace("a", CircuitBreaker.of("a", sized(1).build()));

        asked("a").answered(503, NANOS);

        assertThat(breakers.named("a").state()).isEqualTo("OPEN");
    }

    @Test
    void theApplicationHearsItsEvents() {
        List<String> events = new ArrayList<>();
        registry.getEventPublisher()
                .onEntryAdded(added -> added.getAddedEntry()
                        .getEventPublisher()
                        .onEvent(event -> events.add(event.getEventType().name())));

        asked("a").answered(200, NANOS);
        asked("a").failed(new IOException("reset"), NANOS);

        assertThat(events).containsExactly("SUCCESS", "ERROR");
    }
}
