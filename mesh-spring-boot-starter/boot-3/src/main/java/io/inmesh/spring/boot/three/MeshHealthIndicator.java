package io.inmesh.spring.boot.three;

import io.inmesh.MeshHealth;
import org.springframework.boot.actuate.health.AbstractHealthIndicator;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.Status;

/**
 * Shows {@link MeshHealth}. Spring Boot leaves {@code DEGRADED} out of the overall status and answers 200, so that it takes
 * nobody out of service.
 */
final class MeshHealthIndicator extends AbstractHealthIndicator {
    private final MeshHealth.Source source;

    MeshHealthIndicator(MeshHealth.Source source) {
        super("The state of the mesh could not be read");
        this.source = source;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        MeshHealth health = source.health();
        builder.status(new Status(health.state().name(), health.reason())).withDetails(health.details());
    }
}
