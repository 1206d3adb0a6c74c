package io.inmesh.spring.boot;

import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Gives the mesh the circuit breakers of the application's registry of resilience4j, where it has one, whoever makes it:
 * resilience4j's own starter of either line of Spring Boot, Spring Cloud Circuit Breaker, or the application.
 */
@AutoConfiguration(
        afterName = {
            "io.github.resilience4j.springboot.circuitbreaker.autoconfigure.CircuitBreakerAutoConfiguration",
            "io.github.resilience4j.springboot3.circuitbreaker.autoconfigure.CircuitBreakerAutoConfiguration",
            "org.springframework.cloud.circuitbreaker.resilience4j.Resilience4JAutoConfiguration",
            "org.springframework.cloud.circuitbreaker.resilience4j.ReactiveResilience4JAutoConfiguration"
        })
@ConditionalOnClass(CircuitBreakerRegistry.class)
@ConditionalOnSingleCandidate(CircuitBreakerRegistry.class)
public final class MeshCircuitBreakersAutoConfiguration {
    /** Makes the configuration. */
    public MeshCircuitBreakersAutoConfiguration() {}

    /** First, so that a customizer of the application's own may put others in their place. */
    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    static MeshBuilderCustomizer meshCircuitBreakers(ObjectProvider<CircuitBreakerRegistry> registry) {
        return new BeanCircuitBreakers(registry);
    }
}
