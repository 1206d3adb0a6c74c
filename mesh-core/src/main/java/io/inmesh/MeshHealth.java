package io.inmesh;

import io.inmesh.config.ConfigProblem;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether a mesh does what the writers of its rules want, in the terms of health checks. Says nothing about the services
 * that are called, because restarting the caller would not mend them. Immutable.
 *
 * @param state what a check answers
 * @param reason one sentence without a full stop, empty unless {@link State#DEGRADED}
 * @param details names to text, numbers, lists and maps, in the order in which they are shown
 */
public record MeshHealth(State state, String reason, Map<String, Object> details) {
    public MeshHealth {
        details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
    }

    /** What a check answers. */
    public enum State {
        /** Everything is as its writers want. */
        UP,
        /** Calls go on, by something older or by less than what is written. No reason to take the caller out of service. */
        DEGRADED,
        /** There is no snapshot yet. */
        DOWN
    }

    /** Where a framework's health check asks. */
    @FunctionalInterface
    public interface Source {
        /** How the mesh is at this moment. */
        MeshHealth health();
    }

    /** The health that a status means: {@code DEGRADED} while rules have errors. */
    public static MeshHealth of(MeshStatus status) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("generation", status.generation());
        if (!status.problems().isEmpty()) {
            details.put(
                    "problems",
                    status.problems().stream().map(ConfigProblem::toString).toList());
        }
        List<String> objects = status.problems().stream()
                .filter(problem -> problem.isError() && !problem.object().isEmpty())
                .map(ConfigProblem::object)
                .distinct()
                .toList();
        if (!objects.isEmpty()) {
            details.put("rulesWithErrors", objects);
        }
        if (status.generation() == 0) {
            return new MeshHealth(State.DOWN, "", details);
        }
        return status.hasErrors()
                ? new MeshHealth(
                        State.DEGRADED,
                        "Rules have errors; calls that they concern may fail or go by older rules",
                        details)
                : new MeshHealth(State.UP, "", details);
    }

    /** The same for another reason, {@code DEGRADED} unless it is {@code DOWN}. */
    public MeshHealth degraded(String because) {
        return state == State.DOWN ? this : new MeshHealth(State.DEGRADED, because, details);
    }

    /** The same with one more detail, shown last. */
    public MeshHealth with(String name, Object detail) {
        Map<String, Object> more = new LinkedHashMap<>(details);
        more.put(name, detail);
        return new MeshHealth(state, reason, more);
    }
}
