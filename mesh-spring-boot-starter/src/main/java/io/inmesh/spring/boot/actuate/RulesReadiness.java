package io.inmesh.spring.boot.actuate;

import io.inmesh.Mesh;
import io.inmesh.MeshStatus.SourceStatus;
import java.util.List;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.AvailabilityState;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.health.application.ReadinessStateHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Readiness that refuses traffic until every source of rules has had rules that are in force as a whole. From then on it
 * is Spring Boot's own again: rules that turn bad later take nobody out of service, since the last good ones stay.
 */
final class RulesReadiness extends ReadinessStateHealthIndicator {
    private final Mesh mesh;
    private volatile boolean rulesSeen;

    RulesReadiness(ApplicationAvailability availability, Mesh mesh) {
        super(availability);
        this.mesh = mesh;
        rulesSeen = missing().isEmpty();
    }

    @Override
    protected void doHealthCheck(Health.Builder health) throws Exception {
        super.doHealthCheck(health);
        List<String> missing = rulesSeen ? List.of() : missing();
        if (!missing.isEmpty()) {
            health.withDetail("waitsForRulesOf", missing);
        }
    }

    @Override
    protected AvailabilityState getState(ApplicationAvailability availability) {
        if (!rulesSeen) {
            rulesSeen = missing().isEmpty();
        }
        return rulesSeen ? super.getState(availability) : ReadinessState.REFUSING_TRAFFIC;
    }

    /** The sources whose rules are not in force as a whole. */
    private List<String> missing() {
        return mesh.status().sources().stream()
                .filter(source -> source.kind().equals("config") && !source.current())
                .map(SourceStatus::name)
                .toList();
    }
}
