package io.inmesh.config;

import io.inmesh.model.MeshConfig;
import java.util.List;

/** What a {@link ConfigSource} tells: the whole of its configuration, or why it has none. */
public sealed interface ConfigUpdate {
    /** All problems, errors first. */
    List<ConfigProblem> problems();

    /**
     * A configuration to use.
     *
     * @param problems warnings and notes only
     */
    record Valid(MeshConfig config, List<ConfigProblem> problems) implements ConfigUpdate {
        /** Copies the list. */
        public Valid {
            problems = List.copyOf(problems);
        }
    }

    /**
     * A configuration to use in which some objects are missing or in an older version, because they are refused one by one
     * (sources whose objects are written independently of each other, such as a cluster's).
     *
     * @param config with the last good version of each refused object that had one
     * @param problems at least one error
     */
    record Partial(MeshConfig config, List<ConfigProblem> problems) implements ConfigUpdate {
        /** Copies the list. */
        public Partial {
            problems = List.copyOf(problems);
        }
    }

    /**
     * A configuration that is refused; whoever listens keeps the last good one.
     *
     * @param problems at least one error
     */
    record Invalid(List<ConfigProblem> problems) implements ConfigUpdate {
        /** Copies the list. */
        public Invalid {
            problems = List.copyOf(problems);
        }
    }
}
