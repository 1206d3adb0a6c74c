package io.inmesh.spring.boot;

import io.inmesh.config.ConfigProblem;
import io.inmesh.model.Origin;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.core.env.ConfigurableEnvironment;

/** Thrown at start when properties under {@code mesh.} would not do what they say. */
public final class MeshPropertiesException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<ConfigProblem> problems;

    MeshPropertiesException(List<ConfigProblem> problems) {
        super(problems.stream().map(ConfigProblem::toString).collect(Collectors.joining(System.lineSeparator())));
        this.problems = List.copyOf(problems);
    }

    /**
     * One property that asks for what the application does not have.
     *
     * @param path such as {@code mesh.telemetry.spans}
     * @param message what is wrong, as the rest of a sentence that begins with the path
     */
    public static MeshPropertiesException of(
            ConfigurableEnvironment environment, String path, String message, String fix) {
        Origin place =
                PropertyCheck.run(environment, MeshProperties.class).places().of(path);
        return new MeshPropertiesException(
                List.of(new ConfigProblem(ConfigProblem.Severity.ERROR, place, path, message, fix)));
    }

    /** Every problem, with the place of the property; at least one. */
    public List<ConfigProblem> problems() {
        return problems;
    }
}
