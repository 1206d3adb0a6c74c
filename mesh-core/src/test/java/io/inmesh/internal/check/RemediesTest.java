package io.inmesh.internal.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigProblem.Severity;
import io.inmesh.model.Origin;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One wrong configuration, what is said of it, and the same after each thing that is said to do. */
class RemediesTest {
    private record Case(String name, String wrong, String said, List<String> right) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() {
        String entry = entry("team-b", "");
        String v1 = rule("team-b", "team-b.example.com", "[v1]", "");
        String use = route("team-a", "shop", "team-b.example.com, subset: v1", "");
        return Stream.of(
                new Case(
                        "two rules for one host",
                        route("a", "one", "x.example.com", "") + route("a", "two", "x.example.com", ""),
                        "x.example.com warning: host x.example.com belongs to VirtualService a/one (rules.yaml:1:1), which comes"
                                + " first by name; a/two is ignored for it; merge the two, or delete this one",
                        List.of(route("a", "one", "x.example.com", ""))),
                new Case(
                        "one of several hosts",
                        route("a", "one", "x.example.com", "")
                                + route("a", "two", "x.example.com", "").replace("[x.", "[y.example.com, x."),
                        "x.example.com warning: host x.example.com belongs to VirtualService a/one (rules.yaml:1:1), which comes"
                                + " first by name; a/two is ignored for it; merge the two, or remove the host here",
                        List.of(
                                route("a", "one", "x.example.com", "") + route("a", "two", "y.example.com", ""),
                                route("a", "one", "x.example.com", "").replace("[x.", "[y.example.com, x."))),
                new Case(
                        "a second rule that is for a gateway, too",
                        route("a", "one", "x.example.com", "")
                                + route("a", "two", "x.example.com", "gateways: [g, mesh]"),
                        "x.example.com warning: host x.example.com belongs to VirtualService a/one (rules.yaml:1:1), which comes"
                                + " first by name; a/two is ignored for it by callers in the mesh; merge the two, or take"
                                + " mesh out of the gateways here",
                        List.of(route("a", "one", "x.example.com", "")
                                + route("a", "two", "x.example.com", "gateways: [g]"))),
                new Case(
                        "two rules exported to one namespace",
                        route("a", "one", "x.example.com", "exportTo: [c]")
                                + route("b", "two", "x.example.com", "exportTo: [b, c]"),
                        "x.example.com warning: in namespace c host x.example.com belongs to VirtualService a/one"
                                + " (rules.yaml:1:1), which comes first by name; b/two is ignored for it there; merge the two,"
                                + " or delete this one",
                        List.of(route("a", "one", "x.example.com", "exportTo: [c]"))),
                new Case(
                        "the subset of a rule that is not exported",
                        entry + v1.replace("exportTo: []", "exportTo: [.]") + use,
                        "v1 warning: in namespace team-a no DestinationRule defines the subset \"v1\" of"
                                + " team-b.example.com: team-b/d (rules.yaml:9:1) is not exported to team-a; calls are"
                                + " answered 503; add team-a to the exportTo of team-b/d",
                        List.of(entry + v1.replace("exportTo: []", "exportTo: [., team-a]") + use)),
                new Case(
                        "a rule of the caller's own without the subset",
                        entry + v1 + rule("team-a", "team-b.example.com", "[v2]", "") + use,
                        "v1 warning: in namespace team-a no DestinationRule defines the subset \"v1\" of"
                                + " team-b.example.com: team-a/d (rules.yaml:17:1) holds there, which has no subset \"v1\";"
                                + " calls are answered 503; add the subset to team-a/d",
                        List.of(entry + v1 + rule("team-a", "team-b.example.com", "[v2, v1]", "") + use)),
                new Case(
                        "a rule in a third namespace",
                        entry + rule("team-c", "team-b.example.com", "[v1]", "") + use,
                        "v1 warning: in namespace team-a no DestinationRule defines the subset \"v1\" of"
                                + " team-b.example.com: team-c/d (rules.yaml:9:1) holds for calls from its own namespace alone,"
                                + " the service is of team-b; calls are answered 503; add a DestinationRule with the"
                                + " subset to namespace team-a",
                        List.of(entry
                                + rule("team-c", "team-b.example.com", "[v1]", "")
                                + rule("team-a", "team-b.example.com", "[v1]", "")
                                + use)),
                new Case(
                        "a rule for another namespace that does not see the subset",
                        entry
                                + v1.replace("exportTo: []", "exportTo: [., team-a]")
                                + route("team-a", "shop", "team-b.example.com, subset: v1", "exportTo: [., team-d]"),
                        "v1 warning: in namespace team-d no DestinationRule defines the subset \"v1\" of"
                                + " team-b.example.com: team-b/d (rules.yaml:9:1) is not exported to team-d; calls are"
                                + " answered 503; add team-d to the exportTo of team-b/d",
                        List.of(entry
                                + v1.replace("exportTo: []", "exportTo: [., team-a, team-d]")
                                + route("team-a", "shop", "team-b.example.com, subset: v1", "exportTo: [., team-d]"))),
                new Case(
                        "a subset that no rule defines",
                        entry + v1 + use.replace("subset: v1", "subset: v3"),
                        "v3 warning: no DestinationRule defines the subset \"v3\" of team-b.example.com: calls are"
                                + " answered 503; known are v1",
                        List.of(entry + v1 + use)),
                new Case(
                        "a mirror to a subset that no rule defines",
                        entry
                                + v1
                                + use.replace(
                                        "  - route:", "  - mirror: {host: team-b.example.com, subset: v3}\n    route:"),
                        "v3 warning: no DestinationRule defines the subset \"v3\" of team-b.example.com: no copies"
                                + " are sent there; known are v1",
                        List.of(entry
                                + v1
                                + use.replace(
                                        "  - route:",
                                        "  - mirror: {host: team-b.example.com, subset: v1}\n    route:"))),
                new Case(
                        "a rule for a gateway alone",
                        entry + v1 + use.replace("subset: v1", "subset: v3").replace("exportTo: []", "gateways: [g]"),
                        "v3 warning: no DestinationRule defines the subset \"v3\" of team-b.example.com: calls are"
                                + " answered 503 by the gateway; known are v1",
                        List.of(entry + v1 + use.replace("exportTo: []", "gateways: [g]"))),
                new Case(
                        "a subset that is defined twice",
                        entry
                                + v1
                                + rule("team-b", "team-b.example.com", "[v1, v2]", "")
                                        .replace("name: d", "name: f"),
                        "v1 warning: the subset \"v1\" of team-b.example.com is defined at rules.yaml:14:13 already,"
                                + " which comes first by name: this one is ignored; merge the two DestinationRules, or"
                                + " remove this subset",
                        List.of(
                                entry + rule("team-b", "team-b.example.com", "[v1, v2]", ""),
                                entry
                                        + v1
                                        + rule("team-b", "team-b.example.com", "[v2]", "")
                                                .replace("name: d", "name: f"))),
                new Case(
                        "a subset that is hidden in the own namespace alone",
                        entry
                                + v1.replace("exportTo: []", "exportTo: [.]")
                                + rule("team-b", "team-b.example.com", "[v1]", "")
                                        .replace("name: d", "name: f"),
                        "v1 warning: in namespace team-b the subset \"v1\" of team-b.example.com is defined at"
                                + " rules.yaml:14:13 already, which comes first by name: this one is ignored; merge the two"
                                + " DestinationRules, or remove this subset",
                        List.of(entry + v1)),
                new Case(
                        "a delegate that is not exported",
                        delegating() + delegate("exportTo: [.]"),
                        "d warning: the VirtualService team-b/d (rules.yaml:9:1) is not exported to team-a: the route"
                                + " is dropped; add the namespace team-a to its exportTo",
                        List.of(delegating() + delegate("exportTo: [., team-a]"))),
                new Case(
                        "a delegate with hosts and gateways",
                        delegating() + delegate("hosts: [b.example.com], gateways: [g]"),
                        "d warning: the VirtualService team-b/d (rules.yaml:9:1) has hosts and so is no delegate: the"
                                + " route is dropped; remove its hosts and gateways, or move its routes to a VirtualService"
                                + " without hosts and name that one",
                        List.of(
                                delegating() + delegate("exportTo: []"),
                                delegating().replace("{name: d,", "{name: e,")
                                        + delegate("hosts: [b.example.com], gateways: [g]")
                                        + delegate("exportTo: []").replace("{name: d,", "{name: e,"))),
                new Case(
                        "a delegate that is not there",
                        delegating(),
                        "d warning: there is no VirtualService team-b/d: the route is dropped; correct the name",
                        List.of(delegating() + delegate("exportTo: []"))));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void doingWhatIsSaidTakesTheFindingAwayAndBringsNoOther(Case some) {
        assertThat(found(some.wrong(), Severity.WARNING)).containsExactly(some.said());
        for (String right : some.right()) {
            assertThat(found(right, Severity.WARNING)).as(right).isEmpty();
        }
    }

    /** To have a host to itself is what a rule is kept to a namespace for. */
    @Test
    void aRuleThatANamespaceKeepsToItselfIsToldAsANote() {
        String rules = route("a", "all", "x.example.com", "") + route("b", "own", "x.example.com", "exportTo: [.]");

        assertThat(found(rules, Severity.WARNING)).isEmpty();
        assertThat(found(rules, Severity.NOTE))
                .containsExactly(
                        "x.example.com note: in namespace b host x.example.com belongs to VirtualService b/own (rules.yaml:10:1),"
                                + " which is exported to b and not to all; a/all is ignored for it there",
                        "x.example.com note: in namespace b VirtualService a/all (rules.yaml:1:1) has the host x.example.com too,"
                                + " and is ignored for it there");
    }

    @Test
    void aConflictOutsideOfANamespaceThatHasARuleOfItsOwn() {
        String rules = route("a", "one", "x.example.com", "")
                + route("a", "two", "x.example.com", "")
                + route("b", "own", "x.example.com", "exportTo: [.]");

        assertThat(found(rules, Severity.WARNING))
                .anySatisfy(text -> assertThat(text)
                        .contains(
                                "outside of namespace b host x.example.com belongs to VirtualService a/one",
                                "a/two is ignored for it there"));
    }

    /** Whether others call at all, the files do not tell. */
    @Test
    void whatOthersThanTheNamedWouldMissIsANote() {
        String rules = entry("team-b", "")
                + rule("team-a", "team-b.example.com", "[v1]", "")
                + route("team-a", "shop", "team-b.example.com, subset: v1", "");

        assertThat(found(rules, Severity.WARNING)).isEmpty();
        assertThat(found(rules, Severity.NOTE))
                .singleElement()
                .asString()
                .contains(
                        "in other namespaces no DestinationRule defines the subset \"v1\"",
                        "move it to namespace team-b, or write exportTo: [.] in this rule");
        assertThat(found(rules.replace("exportTo: []", "exportTo: [.]"), Severity.NOTE))
                .isEmpty();
        assertThat(found(
                        entry("team-b", "")
                                + rule("team-b", "team-b.example.com", "[v1]", "")
                                + route("team-a", "shop", "team-b.example.com, subset: v1", ""),
                        Severity.NOTE))
                .isEmpty();
    }

    @Test
    void saysNothingWhereAWorkloadMayHaveTheSubset() {
        String selecting = rule("team-a", "team-b.example.com", "[v1]", "")
                .replace("exportTo: []", "workloadSelector: {matchLabels: {app: shop}}");

        assertThat(found(
                        entry("team-b", "")
                                + selecting
                                + route("team-a", "shop", "team-b.example.com, subset: v1", "exportTo: [.]"),
                        Severity.WARNING))
                .isEmpty();
    }

    @Test
    void aRuleOfTheRootNamespaceIsForAll() {
        assertThat(found(
                        entry("team-b", "")
                                + rule("istio-system", "'*.example.com'", "[v1]", "")
                                + route("team-a", "shop", "team-b.example.com, subset: v1", ""),
                        Severity.NOTE))
                .isEmpty();
    }

    private static String entry(String namespace, String more) {
        return """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: e, namespace: %s}
                spec:
                  hosts: [team-b.example.com]
                  ports: [{number: 80, name: http, protocol: HTTP}]
                  %s
                ---
                """.formatted(namespace, more.isEmpty() ? "exportTo: []" : more);
    }

    private static String rule(String namespace, String host, String subsets, String more) {
        return """
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: d, namespace: %s}
                spec:
                  host: %s
                  subsets: [%s]
                  exportTo: []%s
                ---
                """.formatted(
                        namespace,
                        host,
                        subsets.replaceAll("[\\[\\]]", "").replaceAll("(v\\d)", "{name: $1, labels: {version: $1}}"),
                        more);
    }

    private static String route(String namespace, String name, String destination, String more) {
        String host = destination.replaceAll(",.*", "");
        return """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: %s, namespace: %s}
                spec:
                  hosts: [%s]
                  %s
                  http:
                  - route: [{destination: {host: %s}}]
                ---
                """.formatted(name, namespace, host, more.isEmpty() ? "exportTo: []" : more, destination);
    }

    private static String delegating() {
        return """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: r, namespace: team-a}
                spec:
                  hosts: [a.example.com]
                  http:
                  - {match: [{uri: {prefix: /a}}], delegate: {name: d, namespace: team-b}}
                ---
                """;
    }

    private static String delegate(String fields) {
        return """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: d, namespace: team-b}
                spec: {%s, http: [{redirect: {uri: /}}]}
                ---
                """.formatted(fields);
    }

    /** What {@code check} says of a folder, the fields that are not executed left out. */
    private static List<String> found(String text, Severity severity) {
        List<ConfigProblem> problems = CheckedFile.of(text).problems();
        return problems.stream()
                .filter(problem -> problem.severity() == severity)
                .map(problem ->
                        written(text, problem.origin()) + " " + severity.name().toLowerCase(java.util.Locale.ROOT)
                                + ": " + problem.message() + (problem.fix().isEmpty() ? "" : "; " + problem.fix()))
                .toList();
    }

    private static String written(String text, Origin place) {
        String line = text.lines().toList().get(place.line() - 1);
        return line.substring(place.column() - 1).replaceAll("[,}\\]].*", "");
    }
}
