package io.inmesh.kubernetes.internal.rules;

import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigProblem.Severity;
import io.inmesh.kubernetes.internal.rules.ScopeWatch.State;
import io.inmesh.model.Origin;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is to be said of rules that are not read: one sentence for all kinds to which the same happened. */
final class ScopeProblems {
    private final String sourceName;
    private final List<KindWatch> kinds;
    private final List<ConfigProblem> problems = new ArrayList<>();

    private ScopeProblems(String sourceName, List<KindWatch> kinds) {
        this.sourceName = sourceName;
        this.kinds = kinds;
    }

    /**
     * All there is to say now.
     *
     * @param sourceName who says it
     * @param lastFailure of a request to the API server, empty for none
     */
    static List<ConfigProblem> of(String sourceName, List<KindWatch> kinds, RuleTable table, String lastFailure) {
        ScopeProblems problems = new ScopeProblems(sourceName, kinds);
        problems.waiting(table, lastFailure);
        problems.forbidden();
        problems.fallenBack();
        problems.notServed();
        return problems.problems;
    }

    /** @param namespaces of which policies are not known, empty text for all */
    static ConfigProblem policies(String sourceName, Collection<String> namespaces) {
        String where = namespaces.contains("") ? "any namespace" : "namespace " + String.join(", ", namespaces);
        return new ConfigProblem(
                Severity.ERROR,
                new Origin(sourceName, 0, 0),
                "",
                "nobody has told the policies of " + where + ", so all requests that come in there are refused",
                "see to it that they can be read, which is noticed by itself");
    }

    private void waiting(RuleTable table, String lastFailure) {
        List<KindWatch> silent = in(State.WAITING);
        if (!silent.isEmpty()) {
            int kept = silent.stream().mapToInt(kind -> table.size(kind.kind())).sum();
            add(
                    Severity.WARNING,
                    "the API server has not told its " + names(silent) + " yet"
                            + (lastFailure.isEmpty() ? "" : " (" + lastFailure + ")") + ": "
                            + (kept == 0 ? "none are" : "those of the snapshot file (" + kept + ") are") + " in force",
                    "the server's are put in force as soon as it answers; check that it can be reached from here");
        }
    }

    private void forbidden() {
        List<KindWatch> refused = in(State.FORBIDDEN);
        if (!refused.isEmpty()) {
            add(
                    Severity.WARNING,
                    "the API server does not let us list and watch " + names(refused) + " of " + scopes(refused)
                            + ": such rules of it are not used (" + refusal(refused, State.FORBIDDEN) + ")",
                    "grant the verbs list and watch on them, which is noticed by itself");
        }
    }

    private void fallenBack() {
        List<KindWatch> narrowed =
                kinds.stream().filter(kind -> kind.givenUp() != null).toList();
        if (!narrowed.isEmpty()) {
            ScopeWatch all = Objects.requireNonNull(narrowed.get(0).givenUp());
            add(
                    Severity.NOTE,
                    names(narrowed) + " are read of " + scopes(narrowed)
                            + " only, because reading those of all namespaces" + " is forbidden (" + all.refusal()
                            + ")",
                    "bind a ClusterRole, or name the namespaces to be read if this is meant");
        }
    }

    private void notServed() {
        List<KindWatch> absent = in(State.NOT_SERVED);
        if (!absent.isEmpty()) {
            add(
                    Severity.NOTE,
                    "the API server has no " + names(absent) + ", so no such rules come from it",
                    "install Istio's custom resource definitions to write rules there, which is noticed by itself");
        }
    }

    private List<KindWatch> in(State state) {
        return kinds.stream().filter(kind -> kind.isIn(state)).toList();
    }

    private static String names(List<KindWatch> kinds) {
        return kinds.stream().map(kind -> kind.kind().qualifiedName()).collect(Collectors.joining(", "));
    }

    private static String scopes(List<KindWatch> kinds) {
        List<String> namespaces = kinds.stream()
                .flatMap(KindWatch::inUse)
                .map(ScopeWatch::namespace)
                .distinct()
                .toList();
        return namespaces.contains("") ? "all namespaces" : "namespace " + String.join(", ", namespaces);
    }

    private static String refusal(List<KindWatch> kinds, State state) {
        Stream<ScopeWatch> scopes = kinds.stream().flatMap(KindWatch::inUse).filter(scope -> scope.state() == state);
        return scopes.map(ScopeWatch::refusal).findFirst().orElse("");
    }

    private void add(Severity severity, String message, String fix) {
        problems.add(new ConfigProblem(severity, new Origin(sourceName, 0, 0), "", message, fix));
    }
}
