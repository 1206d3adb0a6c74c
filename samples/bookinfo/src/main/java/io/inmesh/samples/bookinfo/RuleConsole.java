package io.inmesh.samples.bookinfo;

import io.inmesh.config.ConfigProblem;
import io.inmesh.observe.MeshObserver;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the user at the console that a change of the rules was noticed, and what is wrong with them. */
final class RuleConsole implements MeshObserver {
    private static final Logger LOG = LoggerFactory.getLogger(RuleConsole.class);

    /** What lasts is told once. */
    private Set<ConfigProblem> warnings = Set.of();

    @Override
    public void snapshotPublished(long version) {
        if (version > 1) {
            LOG.info("Rules have changed; reload the page (generation {})", version);
        }
    }

    @Override
    public void configRejected(String source, List<ConfigProblem> problems) {
        LOG.error(
                "Rules have errors; for what is refused the last good ones stay in force:{}{}",
                System.lineSeparator(),
                problems.stream()
                        .filter(ConfigProblem::isError)
                        .map(ConfigProblem::toString)
                        .collect(Collectors.joining(System.lineSeparator())));
    }

    @Override
    public void problemsChanged(List<ConfigProblem> problems) {
        Set<ConfigProblem> now = new HashSet<>();
        for (ConfigProblem problem : problems) {
            if (problem.severity() == ConfigProblem.Severity.WARNING
                    && now.add(problem)
                    && !warnings.contains(problem)) {
                LOG.warn("{}", problem);
            }
        }
        warnings = now;
    }
}
