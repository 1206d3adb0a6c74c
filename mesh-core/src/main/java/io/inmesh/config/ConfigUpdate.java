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
        public Valid {
            problems = List.copyOf(problems);
        }
    }

    /**
     * A configuration to use although it has errors: some objects are in force without a field that matters, or are missing
     * or in an older version because they are refused one by one (sources whose objects are written independently of each
     * other, such as a cluster's).
     *
     * @param config with the last good version of each refused object that had one
     * @param problems at least one error
     * @param current whether every object is in force in its newest version and none refuses calls
     */
    record Partial(MeshConfig config, List<ConfigProblem> problems, boolean current) implements ConfigUpdate {
        public Partial {
            problems = List.copyOf(problems);
        }

        /** A configuration in which some objects are missing or in an older version. */
        public Partial(MeshConfig config, List<ConfigProblem> problems) {
            this(config, problems, false);
        }
    }

    /**
     * A configuration that is refused; whoever listens keeps the last good one.
     *
     * @param remainder what is good of it, for those who have no last good one and are to begin nevertheless
     * @param problems at least one error
     */
    record Invalid(MeshConfig remainder, List<ConfigProblem> problems) implements ConfigUpdate {
        public Invalid {
            problems = List.copyOf(problems);
        }

        /** A configuration of which nothing is good. */
        public Invalid(List<ConfigProblem> problems) {
            this(MeshConfig.EMPTY, problems);
        }
    }
}
