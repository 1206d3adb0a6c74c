package io.inmesh.internal.control;

import io.inmesh.config.ConfigProblem;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * State of configuration and discovery at one moment.
 *
 * @param generation version of the snapshot in force, 0 before the first
 * @param publishedAt when it was published, null before the first
 * @param problems errors first
 */
public record ControlStatus(
        long generation, @Nullable Instant publishedAt, List<Source> sources, List<ConfigProblem> problems) {
    /** Nothing heard yet. */
    static final ControlStatus NONE = new ControlStatus(0, null, List.of(), List.of());

    /** Copies the lists. */
    public ControlStatus {
        sources = List.copyOf(sources);
        problems = List.copyOf(problems);
    }

    /**
     * One source.
     *
     * @param kind {@code config} or {@code endpoints}
     * @param current whether what it said last is in force as a whole
     * @param updatedAt when it last said something that was taken
     */
    public record Source(
            String name,
            String kind,
            boolean current,
            @Nullable Instant updatedAt) {}
}
