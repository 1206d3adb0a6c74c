package io.inmesh.spring.boot.actuate;

import io.inmesh.MeshHealth;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/**
 * Shows {@link MeshHealth}. Spring Boot leaves {@code DEGRADED} out of the overall status and answers 200, so that an API
 * server which is away, or a rule of somebody else, takes nobody out of service.
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
