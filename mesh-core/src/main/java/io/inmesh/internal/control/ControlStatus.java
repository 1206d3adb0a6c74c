package io.inmesh.internal.control;

import io.inmesh.config.ConfigProblem;
import io.inmesh.observe.SourceStatus;
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
        long generation, @Nullable Instant publishedAt, List<SourceStatus> sources, List<ConfigProblem> problems) {
    /** Nothing heard yet. */
    static final ControlStatus NONE = new ControlStatus(0, null, List.of(), List.of());

    public ControlStatus {
        sources = List.copyOf(sources);
        problems = List.copyOf(problems);
    }
}
