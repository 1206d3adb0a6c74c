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
        breakers.named("slow").answered(200, NANOS);
        breakers.named("slow").answered(200, 6 * NANOS);

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

        breakers.named("own").answered(501, NANOS);
        breakers.named("own").answered(429, NANOS);
        breakers.named("own").answered(200, NANOS);

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
        CircuitBreaker own = registry.circuitBreaker("casting");
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

        breakers.named("described").answered(200, NANOS);
        breakers.named("there").answered(200, NANOS);

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

        breakers.named("reveiws").answered(200, NANOS);

        assertThat(registry.find("reveiws"))
                .hasValueSatisfying(
                        made -> assertThat(made.getCircuitBreakerConfig().getSlidingWindowSize())
                                .isEqualTo(4));
        assertThat(breakers.doubt("reveiws")).isEqualTo(doubt);
    }

    @Test
    void whatTheApplicationReplacesHoldsFromTheNextCallOn() {
        breakers.named("a").answered(503, NANOS);
        registry.replace("a", CircuitBreaker.of("a", sized(1).build()));

        breakers.named("a").answered(503, NANOS);

        assertThat(breakers.named("a").state()).isEqualTo("OPEN");
    }

    @Test
    void theApplicationHearsItsEvents() {
        List<String> events = new ArrayList<>();
        registry.getEventPublisher()
                .onEntryAdded(added -> added.getAddedEntry()
                        .getEventPublisher()
                        .onEvent(event -> events.add(event.getEventType().name())));

        breakers.named("a").answered(200, NANOS);
        breakers.named("a").failed(new IOException("reset"), NANOS);

        assertThat(events).containsExactly("SUCCESS", "ERROR");
    }
}
