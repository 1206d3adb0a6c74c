package io.inmesh.spring.boot.actuate;

import io.inmesh.Mesh;
import io.inmesh.MeshStatus;
import io.inmesh.config.ConfigProblem;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * UP while a good snapshot serves, however bad the newest rules are: they are a detail. Says nothing about the services
 * that are called, because restarting this application would not mend them.
 */
final class MeshHealthIndicator extends AbstractHealthIndicator {
    private final Mesh mesh;

    MeshHealthIndicator(Mesh mesh) {
        super("The state of the mesh could not be read");
        this.mesh = mesh;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        MeshStatus status = mesh.status();
        (status.generation() > 0 ? health.up() : health.down()).withDetail("generation", status.generation());
        if (!status.problems().isEmpty()) {
            health.withDetail(
                    "problems",
                    status.problems().stream().map(ConfigProblem::toString).toList());
        }
    }
}
