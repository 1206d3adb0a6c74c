package io.inmesh;

import io.inmesh.config.ConfigProblem;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the mesh runs on at this moment. Immutable.
 *
 * @param generation version of the snapshot in force; 0 before the first
 * @param publishedAt when it was published, null before the first
 * @param sources configuration and endpoint sources with their state
 * @param problems everything known to be wrong, errors first; errors mean that the last good state of a source or of a single
 *     object is in force instead of the newest, or that an object is in force without a field that matters
 */
public record MeshStatus(
        long generation, @Nullable Instant publishedAt, List<SourceStatus> sources, List<ConfigProblem> problems) {
    /** Copies the lists. */
    public MeshStatus {
        sources = List.copyOf(sources);
        problems = List.copyOf(problems);
    }

    /** Whether the newest configuration of some source is not in force as its writer wants. */
    public boolean hasErrors() {
        return problems.stream().anyMatch(ConfigProblem::isError);
    }

    /**
     * One source.
     *
     * @param kind {@code config} or {@code endpoints}
     * @param current whether what it said last is in force as a whole and is what its back end says now; false while any
     *     object of it is refused, or calls are refused for it, and while a Kubernetes API server is away or was never
     *     reached
     * @param updatedAt when it last said something that was taken
     */
    public record SourceStatus(
            String name,
            String kind,
            boolean current,
            @Nullable Instant updatedAt) {}
}
