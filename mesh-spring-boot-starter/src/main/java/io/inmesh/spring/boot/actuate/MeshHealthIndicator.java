package io.inmesh.spring.boot.actuate;

import io.inmesh.Mesh;
import io.inmesh.MeshStatus;
import io.inmesh.config.ConfigProblem;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/**
 * UP while everything is as its writers want. DEGRADED while the cluster cannot be read and something older serves, and
 * while rules have errors, so that calls may fail or go by older rules; the details name the objects. Spring Boot leaves
 * that status out of the overall one and answers 200, so that an API server which is away, or a rule of somebody else,
 * takes nobody out of service. Says nothing about the services that are called, because restarting this application
 * would not mend them.
 */
final class MeshHealthIndicator extends AbstractHealthIndicator {
    static final Status DEGRADED =
            new Status("DEGRADED", "The API server is away or refuses; what it said last is in use");

    private static final Status RULES_DEGRADED =
            new Status("DEGRADED", "Rules have errors; calls that they concern may fail or go by older rules");

    private final Mesh mesh;
    private final Supplier<@Nullable ClusterView> cluster;

    /**
     * Makes an indicator.
     *
     * @param cluster what is shown of a cluster, null where none is watched
     */
    MeshHealthIndicator(Mesh mesh, Supplier<@Nullable ClusterView> cluster) {
        super("The state of the mesh could not be read");
        this.mesh = mesh;
        this.cluster = cluster;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        MeshStatus status = mesh.status();
        ClusterView kubernetes = cluster.get();
        if (status.generation() == 0) {
            health.down();
        } else if (kubernetes != null && kubernetes.degraded()) {
            health.status(DEGRADED);
        } else if (status.hasErrors()) {
            health.status(RULES_DEGRADED);
        } else {
            health.up();
        }
        health.withDetail("generation", status.generation());
        if (!status.problems().isEmpty()) {
            health.withDetail(
                    "problems",
                    status.problems().stream().map(ConfigProblem::toString).toList());
        }
        List<String> objects = status.problems().stream()
                .filter(problem -> problem.isError() && !problem.object().isEmpty())
                .map(ConfigProblem::object)
                .distinct()
                .toList();
        if (!objects.isEmpty()) {
            health.withDetail("rulesWithErrors", objects);
        }
        if (kubernetes != null) {
            health.withDetail("kubernetes", kubernetes.health());
        }
    }
}
