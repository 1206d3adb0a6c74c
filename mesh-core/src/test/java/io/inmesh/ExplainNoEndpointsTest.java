package io.inmesh;

import io.inmesh.endpoint.Condition;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.Locality;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.ServicePort;
import io.inmesh.explain.Explanation;
import io.inmesh.explain.Explanation.Decision;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Explain says why a cluster has no endpoint to call. */
class ExplainNoEndpointsTest extends ExplainFixture {
    /** Without ports and endpoints. */
    private static String bareEntry(String fields) {
        return """
                ---
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: bare}
                spec:
                """ + fields.indent(2);
    }

    @Test
    void noEndpointHasTheSubsetsLabels() {
        assertSays(
                explain(
                        SERVICE
                                + rule(
                                        "DestinationRule",
                                        "name: d",
                                        "host: reviews\nsubsets: [{name: v3, labels: {version: v3}}]\n")
                                + rule(
                                        "VirtualService",
                                        "name: r",
                                        "hosts: [reviews]\n"
                                                + "http: [{route: [{destination: {host: reviews, subset: v3}}]}]\n"),
                        URL),
                Decision.NO_ENDPOINTS,
                "none of the 2 endpoints",
                "has all labels {version=v3} of subset v3; they have {version=v1}, {version=v2}");
    }

    @Test
    void anEntryWithoutEndpoints() {
        assertSays(
                explain(
                        bareEntry("hosts: [%s]\nresolution: STATIC\nports: [{number: 9080, name: http}]\n"
                                .formatted(HOST)),
                        URL),
                Decision.NO_ENDPOINTS,
                "ServiceEntry default/bare (rules.yaml:",
                "lists no endpoints");
    }

    @Test
    void aSelectorThatSelectsNothing() {
        assertSays(
                explain(
                        bareEntry(
                                "hosts: [%s]\nresolution: STATIC\nports: [{number: 9080, name: http}]\n".formatted(HOST)
                                        + "workloadSelector: {labels: {app: reviews}}\n"),
                        URL),
                Decision.NO_ENDPOINTS,
                "no workload in namespace default is selected by its workloadSelector {app=reviews}");
    }

    @Test
    void aNameThatDoesNotResolve() {
        Mesh mesh =
                mesh(bareEntry("hosts: [reviews.example.com]\nresolution: DNS\nports: [{number: 80, name: http}]\n"));

        assertSays(
                mesh.explain("GET", "http://reviews.example.com/", Map.of()),
                Decision.NO_ENDPOINTS,
                "ServiceEntry default/bare",
                "\"reviews.example.com\" cannot be resolved (unknown host); it has no address yet");
    }

    @Test
    void noEndpointIsReady() {
        source.tell(discovered(Condition.NOT_READY));

        assertSays(
                explain(rule("DestinationRule", "name: reviews", "host: reviews\n"), URL),
                Decision.NO_ENDPOINTS,
                "of its 1 endpoint none is ready: 10.0.0.1:8080 not ready");
    }

    @Test
    void discoveryListsNoEndpoint() {
        source.tell(new ServiceEndpoints(
                new ServiceName(HOST),
                "default",
                ServiceEndpoints.State.ENDPOINTS,
                List.of(),
                List.of(new ServicePort(9080, "http", "HTTP"), new ServicePort(81, "admin", "HTTP")),
                Map.of(81, List.of(endpoint(Condition.READY))),
                List.of()));

        Explanation explanation = explain(rule("DestinationRule", "name: reviews", "host: reviews\n"), URL);

        assertSays(explanation, Decision.NO_ENDPOINTS, "whoever tells of it lists no endpoint at port 9080");
        assertSays(explanation, Decision.NO_ENDPOINTS, "at its port 81 there are 1 endpoint");
    }

    private static ServiceEndpoints discovered(Condition condition) {
        return new ServiceEndpoints(
                new ServiceName(HOST),
                "default",
                ServiceEndpoints.State.ENDPOINTS,
                List.of(),
                List.of(new ServicePort(9080, "http", "HTTP")),
                Map.of(9080, List.of(endpoint(condition))),
                List.of());
    }

    private static Endpoint endpoint(Condition condition) {
        return new Endpoint("one", "10.0.0.1", 8080, Locality.UNKNOWN, 1, Map.of(), condition);
    }
}
