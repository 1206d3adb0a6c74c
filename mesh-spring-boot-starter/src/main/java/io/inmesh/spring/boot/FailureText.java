package io.inmesh.spring.boot;

import io.inmesh.config.ConfigProblem;
import java.util.List;

/** How problems are shown when the application does not start. */
final class FailureText {
    private FailureText() {}

    /** A heading and two lines a problem: where and what. */
    static String description(String heading, List<ConfigProblem> problems) {
        long errors = problems.stream().filter(ConfigProblem::isError).count();
        StringBuilder text = new StringBuilder(heading)
                .append(errors == 1 ? ": 1 error." : ": " + errors + " errors.")
                .append("%n".formatted());
        for (ConfigProblem problem : problems) {
            text.append("%n    %s%s%n        %s%s%n"
                    .formatted(
                            problem.origin(),
                            problem.path().isEmpty() ? "" : ": " + problem.path(),
                            problem.isError() ? "" : problem.severity() + ": ",
                            problem.message()));
            if (!problem.fix().isEmpty()) {
                text.append("        -> %s%n".formatted(problem.fix()));
            }
        }
        return text.toString().stripTrailing();
    }
}
