package io.inmesh.internal.control;

import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigSource;
import io.inmesh.endpoint.EndpointSource;
import io.inmesh.model.Origin;
import io.inmesh.observe.SourceStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What sources say of themselves at the moment they are asked, added to what the control thread knows. Stateless. */
final class SourceStates {
    private static final Logger LOG = LoggerFactory.getLogger(SourceStates.class);

    private SourceStates() {}

    /**
     * A status of this moment.
     *
     * @param known whose sources are those given, in the same order, configuration first; or none
     */
    static ControlStatus at(
            ControlStatus known, List<ConfigSource> configSources, List<EndpointSource> endpointSources) {
        if (known.sources().isEmpty()) {
            return known;
        }
        List<BooleanSupplier> current = new ArrayList<>();
        configSources.forEach(source -> current.add(source::current));
        endpointSources.forEach(source -> current.add(source::current));
        List<SourceStatus> sources = new ArrayList<>();
        for (int i = 0; i < known.sources().size(); i++) {
            SourceStatus source = known.sources().get(i);
            sources.add(new SourceStatus(
                    source.name(),
                    source.kind(),
                    source.current() && isCurrent(source.name(), current.get(i)),
                    source.updatedAt()));
        }
        List<ConfigProblem> problems = new ArrayList<>(known.problems());
        endpointSources.forEach(source -> problems.addAll(problems(source)));
        return new ControlStatus(known.generation(), known.publishedAt(), sources, ProblemReport.errorsFirst(problems));
    }

    private static boolean isCurrent(String name, BooleanSupplier source) {
        try {
            return source.getAsBoolean();
        } catch (RuntimeException broken) {
            LOG.warn("{} cannot say whether it is current", name, broken);
            return false;
        }
    }

    private static List<ConfigProblem> problems(EndpointSource source) {
        try {
            Origin origin = new Origin(source.name(), 0, 0);
            return source.problems().stream()
                    .map(problem -> new ConfigProblem(
                            ConfigProblem.Severity.WARNING, origin, "", problem.message(), problem.fix()))
                    .toList();
        } catch (RuntimeException broken) {
            LOG.warn("{} cannot say what its problems are", source.name(), broken);
            return List.of();
        }
    }
}
