package io.inmesh.config;

import java.util.List;
import java.util.stream.Collectors;

/** Thrown at start when there is no good configuration to begin with. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<ConfigProblem> problems;

    /**
     * Makes an exception whose message lists every problem, a line each.
     *
     * @param problems at least one error
     */
    public ConfigException(List<ConfigProblem> problems) {
        super(problems.stream().map(ConfigProblem::toString).collect(Collectors.joining(System.lineSeparator())));
        this.problems = List.copyOf(problems);
    }

    /** All problems. */
    public List<ConfigProblem> problems() {
        return problems;
    }
}
