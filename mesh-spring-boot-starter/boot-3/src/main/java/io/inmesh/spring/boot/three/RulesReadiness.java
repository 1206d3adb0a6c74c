package io.inmesh.spring.boot.three;

import io.inmesh.FirstRules;
import java.util.List;
import org.springframework.boot.actuate.availability.ReadinessStateHealthIndicator;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.AvailabilityState;
import org.springframework.boot.availability.ReadinessState;

/** Readiness that refuses traffic until {@link FirstRules} are there. From then on it is Spring Boot's own again. */
final class RulesReadiness extends ReadinessStateHealthIndicator {
    private final FirstRules rules;

    RulesReadiness(ApplicationAvailability availability, FirstRules rules) {
        super(availability);
        this.rules = rules;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) throws Exception {
        super.doHealthCheck(health);
        List<String> awaited = rules.awaited();
        if (!awaited.isEmpty()) {
            health.withDetail("waitsForRulesOf", awaited);
        }
    }

    @Override
    protected AvailabilityState getState(ApplicationAvailability availability) {
        return rules.seen() ? super.getState(availability) : ReadinessState.REFUSING_TRAFFIC;
    }
}
