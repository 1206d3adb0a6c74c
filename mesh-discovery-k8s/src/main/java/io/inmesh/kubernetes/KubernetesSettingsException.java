package io.inmesh.kubernetes;

import java.util.List;
import java.util.stream.Collectors;

/** Thrown for {@link KubernetesSettings} that make no sense. */
public final class KubernetesSettingsException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final transient List<Problem> problems;

    KubernetesSettingsException(List<Problem> problems) {
        super(problems.stream()
                .map(problem -> "Kubernetes setting " + problem.setting() + " " + problem.text())
                .collect(Collectors.joining(System.lineSeparator())));
        this.problems = List.copyOf(problems);
    }

    /** Every setting that is wrong; at least one. */
    public List<Problem> problems() {
        return problems;
    }

    /**
     * One setting that is wrong.
     *
     * @param setting as the builder names it, {@code self.namespace} and {@code self.clusterDomain} for parts of the
     *     identity
     * @param text what is wrong with it, to be put behind its name
     */
    public record Problem(String setting, String text) {}
}
