package io.inmesh;

import io.inmesh.config.ConfigProblem;
import io.inmesh.observe.SourceStatus;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the mesh runs on at this moment. Immutable.
 *
 * @param generation version of the snapshot in force; 0 before the first
 * @param publishedAt when it was published, null before the first
 * @param sources configuration and endpoint sources with their state
 * @param problems everything known to be wrong, errors first; errors mean that the last good state of a source or of a single
 *     object is in force instead of the newest, or that an object is in force without a field that matters
 * @param attempts calls under way
 */
public record MeshStatus(
        long generation,
        @Nullable Instant publishedAt,
        List<SourceStatus> sources,
        List<ConfigProblem> problems,
        Attempts attempts) {
    public MeshStatus {
        sources = List.copyOf(sources);
        problems = List.copyOf(problems);
    }

    /** Whether the newest configuration of some source is not in force as its writer wants. */
    public boolean hasErrors() {
        return problems.stream().anyMatch(ConfigProblem::isError);
    }

    /**
     * Attempts under way: sent, and their answer's body neither read to its end nor closed.
     *
     * @param running all of them
     * @param olderThanAMinute how many of them have been running for more than a minute, by cluster; long streams, or
     *     bodies that are never closed
     * @param unclosedBodies attempts that ended, since the start, because the caller had dropped the response without
     *     closing it and it was garbage-collected
     */
    public record Attempts(int running, Map<String, Integer> olderThanAMinute, long unclosedBodies) {
        public Attempts {
            olderThanAMinute = Collections.unmodifiableMap(new TreeMap<>(olderThanAMinute));
        }
    }
}
