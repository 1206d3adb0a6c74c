package io.inmesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.explain.Explanation;
import io.inmesh.explain.Explanation.Decision;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every "no" of explain names the nearest yes: rules and services that a call misses. */
class ExplainNearestYesTest extends ExplainFixture {
    @Test
    void aRuleForGatewaysOnly() {
        String rules = toReviews("name: outside", "hosts: [reviews]\ngateways: [front]\n");

        assertSays(
                explain(SERVICE + rules, URL),
                Decision.FORWARD,
                "VirtualService default/outside (rules.yaml:",
                "only gateway front uses it: add mesh to its gateways");
        assertSays(explain(rules, URL), Decision.PASSTHROUGH, "default/outside", "only gateway front uses it");
    }

    @Test
    void aRuleThatIsNotExported() {
        String rules = toReviews("name: theirs, namespace: prod", "hosts: [%s]\nexportTo: ['.']\n".formatted(HOST));

        assertSays(
                explain(SERVICE + rules, URL),
                Decision.FORWARD,
                "VirtualService prod/theirs",
                "it is in namespace prod and is not exported to namespace default (exportTo [.])");
    }

    @Test
    void aRuleWhoseShortNameMeansAnotherNamespace() {
        String rules = toReviews("name: theirs, namespace: prod", "hosts: [reviews]\n");

        assertSays(
                explain(SERVICE + rules, URL),
                Decision.FORWARD,
                "VirtualService prod/theirs",
                "it means reviews.prod.svc.cluster.local: write the full name " + HOST);
        assertSays(
                explain(rules, URL),
                Decision.PASSTHROUGH,
                "it means reviews.prod.svc.cluster.local, and reviews called from namespace default means " + HOST
                        + ": call reviews.prod");
    }

    @Test
    void aRuleWithoutService() {
        assertSays(
                explain(toReviews("name: alone", "hosts: [reviews]\n"), URL),
                Decision.PASSTHROUGH,
                "VirtualService default/alone",
                "no service of that name is known, and then Istio serves it under the full name " + HOST
                        + " at port 80 only: add a ServiceEntry with that host and port 9080");
    }

    @Test
    void aRuleThatComesSecond() {
        String rules = toReviews("name: first", "hosts: [reviews]\n") + toReviews("name: second", "hosts: [reviews]\n");

        assertSays(
                explain(SERVICE + rules, URL),
                Decision.FORWARD,
                "VirtualService default/second",
                "VirtualService default/first has it too and comes first");
    }

    @Test
    void aPortThatCountsAsTcp() {
        String service = SERVICE.replace("name: http, protocol: HTTP", "name: mysql, protocol: MySQL");

        assertSays(
                explain(service + toReviews("name: r", "hosts: [reviews]\n"), URL),
                Decision.FORWARD,
                "VirtualService default/r",
                "port 9080 (mysql) of " + HOST + " counts as TCP because its protocol is MYSQL",
                "give it protocol HTTP");
    }

    @Test
    void anotherPortOfTheService() {
        assertSays(
                explain(SERVICE, "http://reviews/"),
                Decision.PASSTHROUGH,
                "service " + HOST + " has no port 80; its ports are 9080 (http, HTTP)",
                "http://reviews:9080/");
    }

    @Test
    void aServiceThatIsNotExported() {
        assertSays(
                explain(
                        SERVICE.replace("{name: reviews}", "{name: reviews, namespace: prod}") + "  exportTo: ['.']\n",
                        URL),
                Decision.PASSTHROUGH,
                "service " + HOST + " of namespace prod is not exported to namespace default");
    }

    @Test
    void aServiceOfAnotherNamespace() {
        assertSays(
                explain(entry("reviews", "hosts: [reviews.prod.svc.cluster.local]"), URL),
                Decision.PASSTHROUGH,
                "there is a service of that short name",
                "call reviews.prod (ports 9080 (http, HTTP))");
    }

    @Test
    void anExternalName() {
        source.offer(HOST);
        source.tell(ServiceEndpoints.alias(
                new ServiceName(HOST), "default", new ServiceName("reviews.example.com"), List.of(), List.of()));
        Mesh mesh = mesh("");
        boolean unknown = mesh.knows("http", "reviews:9080");

        assertThat(unknown).isFalse();
        assertSays(
                mesh.explain("GET", URL, Map.of()),
                Decision.PASSTHROUGH,
                HOST + " is an alias of reviews.example.com (ExternalName)",
                "left to DNS");
    }

    @Test
    void aSourceThatIsSilent() {
        assertSays(
                explain(rule("DestinationRule", "name: reviews", "host: reviews\n"), URL),
                Decision.PASSTHROUGH,
                "registry was asked about " + HOST + " and has not answered yet");
    }

    @Test
    void aSourceThatRefuses() {
        source.refuseWith(new IllegalStateException("no right to list services"));

        assertSays(
                explain(rule("DestinationRule", "name: reviews", "host: reviews\n"), URL),
                Decision.PASSTHROUGH,
                "registry: " + HOST + " cannot be watched",
                "no right to list services");
    }

    @Test
    void aHostOneTypoAway() {
        assertSays(explain(SERVICE, "http://reviws:9080/"), Decision.PASSTHROUGH, "did you mean reviews?");
        assertSays(
                explain(
                        SERVICE
                                + rule(
                                        "VirtualService",
                                        "name: r",
                                        "hosts: [reviews]\nhttp: [{route: [{destination: {host: reviws}}]}]\n"),
                        URL),
                Decision.NO_CLUSTER,
                "did you mean " + HOST + "?");
        assertThat(explain(SERVICE, "http://elsewhere/").why()).hasSize(1);
    }

    @Test
    void aDestinationsPort() {
        assertSays(
                explain(
                        SERVICE
                                + rule(
                                        "VirtualService",
                                        "name: r",
                                        "hosts: [reviews]\n"
                                                + "http: [{route: [{destination: {host: reviews, port: {number: 81}}}]}]\n"),
                        URL),
                Decision.NO_CLUSTER,
                "its ports are 9080 (http, HTTP)");
    }

    @Test
    void aSubsetThatIsNotDefined() {
        String versions =
                "host: reviews\nsubsets: [{name: v1, labels: {version: v1}}, {name: stable, labels: {a: b}}]\n";
        String toStabel = rule(
                "VirtualService",
                "name: r",
                "hosts: [reviews]\nhttp: [{route: [{destination: {host: reviews, subset: stabel}}]}]\n");

        assertSays(
                explain(SERVICE + rule("DestinationRule", "name: d", versions) + toStabel, URL),
                Decision.NO_CLUSTER,
                "its subsets are v1, stable: did you mean stable?");
        assertSays(
                explain(SERVICE + toStabel, URL),
                Decision.NO_CLUSTER,
                "it has no subsets: add a DestinationRule with host " + HOST + " and subset stabel");
        assertSays(
                explain(
                        SERVICE
                                + rule(
                                        "DestinationRule",
                                        "name: d, namespace: prod",
                                        versions.replace("stable", "stabel").replace("reviews", HOST))
                                + toStabel,
                        URL),
                Decision.NO_CLUSTER,
                "DestinationRule prod/d",
                "it is in namespace prod, and only those of the caller's namespace default");
    }

    @Test
    void destinationRulesThatAreNotForTheCaller() {
        assertSays(
                explain(
                        SERVICE
                                + rule(
                                        "DestinationRule",
                                        "name: d",
                                        "host: reviews\nworkloadSelector: {matchLabels: {app: other}}\n"),
                        URL),
                Decision.FORWARD,
                "DestinationRule default/d",
                "it is for callers with labels {app=other}");
        assertSays(
                explain(SERVICE + rule("DestinationRule", "name: d, namespace: prod", "host: reviews\n"), URL),
                Decision.FORWARD,
                "DestinationRule prod/d",
                "it means reviews.prod.svc.cluster.local: write the full name " + HOST);
        assertSays(
                explain(
                        SERVICE
                                + rule(
                                        "DestinationRule",
                                        "name: d, namespace: istio-system",
                                        "host: %s\nexportTo: ['.']\n".formatted(HOST)),
                        URL),
                Decision.FORWARD,
                "DestinationRule istio-system/d",
                "is not exported to namespace default");
    }

    @Test
    void whatOfARuleIsNotExecuted() {
        String rules = toReviews("name: r", "hosts: [reviews]\n")
                        .replace("http: [{", "http: [{corsPolicy: {allowMethods: [GET]}, ")
                + rule(
                        "DestinationRule",
                        "name: d",
                        "host: reviews\ntrafficPolicy: {loadBalancer: {warmup: {duration: 5s}}}\n");

        Explanation explanation = explain(SERVICE + rules, URL);

        assertSays(explanation, Decision.FORWARD, "VirtualService default/r: spec.http[0].corsPolicy", "not executed");
        assertSays(
                explanation,
                Decision.FORWARD,
                "DestinationRule default/d: spec.trafficPolicy.loadBalancer.warmup",
                "not executed");
    }
}
