package io.inmesh.spring.boot;

import io.inmesh.config.ConfigProblem;
import java.util.List;
import java.util.stream.Collectors;

/** Thrown at start when properties under {@code mesh.} would not do what they say. */
public final class MeshPropertiesException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<ConfigProblem> problems;

    MeshPropertiesException(List<ConfigProblem> problems) {
        super(problems.stream().map(ConfigProblem::toString).collect(Collectors.joining(System.lineSeparator())));
        this.problems = List.copyOf(problems);
    }

    /** Every problem, with the place of the property; at least one. */
    public List<ConfigProblem> problems() {
        return problems;
    }
}
