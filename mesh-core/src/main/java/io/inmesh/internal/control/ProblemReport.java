package io.inmesh.internal.control;

import io.inmesh.config.ConfigProblem;
import io.inmesh.model.Origin;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The log of problems, each written once for as long as it lasts. Control thread only. */
final class ProblemReport {
    private static final Logger LOG = LoggerFactory.getLogger(ProblemReport.class);

    private Set<ConfigProblem> told = Set.of();

    /** A source has a new configuration that is refused. */
    void refused(String source, List<ConfigProblem> problems) {
        LOG.error(
                "The configuration of {} is refused, the last good one stays in force:{}{}",
                source,
                System.lineSeparator(),
                lines(problems));
    }

    /** A source has a configuration that is refused, and there is no last good one. */
    void makesDo(String source, List<ConfigProblem> problems) {
        LOG.error(
                "The configuration of {} is refused and there is no earlier one; what is good of it is in force:{}{}",
                source,
                System.lineSeparator(),
                lines(problems));
    }

    /** A source has rules with errors beside others, and of these errors some are new. */
    void partlyRefused(String source, List<ConfigProblem> errors) {
        LOG.error(
                "Rules of {} have errors; each says what is in force meanwhile:{}{}",
                source,
                System.lineSeparator(),
                lines(errors));
    }

    /** A source of which something was refused has a configuration without errors. */
    void accepted(String source) {
        LOG.info("The configuration of {} is accepted again", source);
    }

    /** The errors; warnings are told by {@link #noticed}. */
    private static String lines(List<ConfigProblem> problems) {
        return problems.stream()
                .filter(ConfigProblem::isError)
                .map(ProblemReport::text)
                .collect(Collectors.joining(System.lineSeparator()));
    }

    private static String text(ConfigProblem problem) {
        return problem.object().isEmpty() ? problem.toString() : problem + " (" + problem.object() + ")";
    }

    /** All problems there are now; the errors have been told when they came. */
    void noticed(List<ConfigProblem> problems) {
        for (ConfigProblem problem : problems) {
            if (!told.contains(problem)) {
                switch (problem.severity()) {
                    case ERROR -> LOG.debug("{}", text(problem));
                    case WARNING -> LOG.warn("{}", text(problem));
                    case NOTE -> LOG.info("{}", text(problem));
                }
            }
        }
        told = new HashSet<>(problems);
    }

    /** The same problems, each once, errors first, else in order. */
    static List<ConfigProblem> errorsFirst(List<ConfigProblem> problems) {
        return problems.stream()
                .distinct()
                .sorted(Comparator.comparing(ConfigProblem::severity))
                .toList();
    }

    /** Nothing came from a source in time. */
    static ConfigProblem silent(String source, ControlSettings settings) {
        return new ConfigProblem(
                ConfigProblem.Severity.ERROR,
                new Origin(source, 0, 0),
                "",
                "nothing was heard from this source within "
                        + settings.firstAnswerWait().toMillis() + " ms",
                "check that it can be reached, or allow it more time");
    }

    /** The compiler failed on rules that had passed all checks. */
    static ConfigProblem compileFailure(Throwable failure) {
        return new ConfigProblem(
                ConfigProblem.Severity.ERROR,
                Origin.NONE,
                "",
                "the rules could not be compiled, the last good snapshot stays in force: " + failure,
                "undo the latest change, and please report this with the rules and the stack trace from the log");
    }
}
