package io.inmesh.samples.bookinfo;

import io.inmesh.config.ConfigProblem;
import io.inmesh.event.MeshObserver;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the user at the console that a change of the rules was noticed. */
final class RuleConsole implements MeshObserver {
    private static final Logger LOG = LoggerFactory.getLogger(RuleConsole.class);

    @Override
    public void snapshotPublished(long version) {
        if (version > 1) {
            LOG.info("Rules have changed; reload the page (generation {})", version);
        }
    }

    @Override
    public void configRejected(String source, List<ConfigProblem> problems) {
        LOG.error(
                "Rules are refused, the last good ones stay in force:{}{}",
                System.lineSeparator(),
                problems.stream()
                        .filter(ConfigProblem::isError)
                        .map(ConfigProblem::toString)
                        .collect(Collectors.joining(System.lineSeparator())));
    }
}
