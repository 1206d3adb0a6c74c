package io.inmesh.internal.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.config.ConfigCheck;
import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigProblem.Severity;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.model.MeshConfig;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a running mesh says of destinations that lead nowhere, once discovery has told what there is. */
class LostDestinationsTest extends ControlLoopFixture {
    private static MeshConfig routes(String destinations) {
        return ConfigReader.strict()
                .read("rules.yaml", """
                        apiVersion: networking.istio.io/v1
                        kind: DestinationRule
                        metadata: {name: reviews}
                        spec:
                          host: reviews
                          subsets:
                          - {name: v1, labels: {version: v1}}
                          - {name: v2, labels: {version: v2}}
                        ---
                        apiVersion: networking.istio.io/v1
                        kind: VirtualService
                        metadata: {name: reviews}
                        spec:
                          hosts: [reviews]
                          http:
                          - route:
                        """ + destinations.indent(4))
                .config();
    }

    private static ServiceEndpoints reviews(String... versions) {
        List<Endpoint> endpoints = java.util.Arrays.stream(versions)
                .map(version -> Endpoint.builder(version, "10.0.0.1", 9080)
                        .labels(Map.of("version", version))
                        .build())
                .toList();
        return found(REVIEWS).withEndpoints(Map.of(9080, endpoints));
    }

    private List<ConfigProblem> lost(ControlLoop loop) {
        return loop.status().problems().stream()
                .filter(problem -> problem.path().contains(".destination"))
                .toList();
    }

    @Test
    void aHostThatDiscoveryDoesNotKnowIsToldAndGoesWhenItIsThere() {
        rules.tell(routes("- destination: {host: raitings}"));
        registry.tell(reviews("v1"));
        ServiceName wanted = new ServiceName("raitings.default.svc.cluster.local");
        registry.tell(ServiceEndpoints.absent(wanted));
        ControlLoop loop = begun(registry);

        assertThat(lost(loop)).singleElement().satisfies(problem -> {
            assertThat(problem.severity()).isEqualTo(Severity.WARNING);
            assertThat(problem.check()).isEqualTo(ConfigCheck.HOST_NOT_FOUND);
            assertThat(problem.object()).isEqualTo("VirtualService default/reviews");
            assertThat(problem.toString())
                    .startsWith("rules.yaml:17:27: warning: spec.http[0].route[0].destination.host: no service "
                            + wanted.host() + " is known: calls are answered 503");
        });

        registry.tell(found(wanted.host(), "10.0.0.9"));

        assertThat(lost(loop)).isEmpty();
    }

    @Test
    void nothingIsSaidOfAServiceThatNobodyHasAnsweredAboutYet() {
        rules.tell(routes("- destination: {host: ratings}"));
        registry.tell(reviews("v1"));
        registry.refuseWith(new IllegalStateException("no connection"));

        assertThat(lost(begun(registry))).isEmpty();
    }

    @Test
    void aPortThatTheServiceHasNotIsToldWithThoseThatItHas() {
        rules.tell(routes("- destination: {host: reviews, port: {number: 8080}}"));
        registry.tell(reviews("v1"));

        assertThat(lost(begun(registry))).singleElement().satisfies(problem -> {
            assertThat(problem.check()).isEqualTo(ConfigCheck.PORT_NOT_FOUND);
            assertThat(problem.path()).isEqualTo("spec.http[0].route[0].destination.port.number");
            assertThat(problem.message()).isEqualTo(REVIEWS + " has no port 8080: calls are answered 503");
            assertThat(problem.fix()).isEqualTo("its ports are 9080 (http, HTTP)");
        });
    }

    @Test
    void aPortOfTheCallIsThatOfTheRuleWhoseCallsKeepIt() {
        MeshConfig both = ConfigReader.strict().read("rules.yaml", """
                        apiVersion: networking.istio.io/v1
                        kind: VirtualService
                        metadata: {name: reviews}
                        spec: {hosts: [reviews], http: [{route: [{destination: {host: reviews}}]}]}
                        ---
                        apiVersion: networking.istio.io/v1
                        kind: VirtualService
                        metadata: {name: other}
                        spec: {hosts: [other], http: [{route: [{destination: {host: reviews}}]}]}
                        """).config();
        rules.tell(both);
        registry.tell(reviews("v1"));
        registry.tell(ServiceEndpoints.absent(new ServiceName("other.default.svc.cluster.local")));

        assertThat(lost(begun(registry))).singleElement().satisfies(problem -> {
            assertThat(problem.check()).isEqualTo(ConfigCheck.PORT_REQUIRED);
            assertThat(problem.object()).isEqualTo("VirtualService default/other");
            assertThat(problem.message())
                    .isEqualTo("no port is chosen, so that a call keeps its own, and " + REVIEWS
                            + " has no port 80: calls to that port are answered 503");
        });
    }

    @Test
    void nothingIsSaidOfRoutesThatThisCallerNeverTakes() {
        rules.tell(ConfigReader.sensible().read("rules.yaml", """
                        apiVersion: networking.istio.io/v1
                        kind: VirtualService
                        metadata: {name: a}
                        spec:
                          hosts: [reviews]
                          http:
                          - match: [{sourceLabels: {app: other}}]
                            route: [{destination: {host: gone}}]
                          - match: [{port: 8080}]
                            route: [{destination: {host: gone}}]
                          - match: [{uri: {prefix: /x}}]
                            fault: {abort: {httpStatus: 418, percentage: {value: 100}}}
                            route: [{destination: {host: gone}}]
                          - route: [{destination: {host: reviews}}]
                        ---
                        apiVersion: networking.istio.io/v1
                        kind: VirtualService
                        metadata: {name: b}
                        spec: {hosts: [reviews], http: [{route: [{destination: {host: gone}}]}]}
                        ---
                        apiVersion: networking.istio.io/v1
                        kind: VirtualService
                        metadata: {name: c}
                        spec: {hosts: [c.com], gateways: [g], http: [{route: [{destination: {host: gone}}]}]}
                        """).config());
        registry.tell(reviews("v1"));
        registry.tell(ServiceEndpoints.absent(new ServiceName("gone.default.svc.cluster.local")));

        assertThat(lost(begun(registry))).isEmpty();
    }

    @Test
    void theDelegateThatHasTheDestinationIsNamed() {
        rules.tell(ConfigReader.strict().read("rules.yaml", """
                        apiVersion: networking.istio.io/v1
                        kind: VirtualService
                        metadata: {name: root}
                        spec: {hosts: [reviews], http: [{delegate: {name: inner}}]}
                        ---
                        apiVersion: networking.istio.io/v1
                        kind: VirtualService
                        metadata: {name: inner}
                        spec: {http: [{route: [{destination: {host: gone}}]}]}
                        """).config());
        registry.tell(reviews("v1"));
        registry.tell(ServiceEndpoints.absent(new ServiceName("gone.default.svc.cluster.local")));

        assertThat(lost(begun(registry)))
                .singleElement()
                .satisfies(problem -> assertThat(problem.object()).isEqualTo("VirtualService default/inner"));
    }

    @Test
    void aSubsetWithoutEndpointsIsToldWhileTheServiceHasSomeAndItsShareIsNotNothing() {
        rules.tell(routes("""
                - destination: {host: reviews, subset: v1}
                  weight: 90
                - destination: {host: reviews, subset: v2}
                  weight: 10
                """));
        registry.tell(reviews("v1"));
        ControlLoop loop = begun(registry);

        assertThat(lost(loop)).singleElement().satisfies(problem -> {
            assertThat(problem.check()).isEqualTo(ConfigCheck.SUBSET_SELECTS_NOTHING);
            assertThat(problem.path()).isEqualTo("spec.http[0].route[1].destination.subset");
            assertThat(problem.message())
                    .isEqualTo("no endpoint of " + REVIEWS + " at port 9080 has all labels {version=v2} of subset v2:"
                            + " its share of the calls is answered 503");
        });

        registry.tell(reviews());
        assertThat(lost(loop)).as("a service that is scaled to nothing").isEmpty();
        registry.tell(reviews("v1", "v2"));
        assertThat(lost(loop)).isEmpty();
        rules.tell(routes("""
                - destination: {host: reviews, subset: v1}
                - destination: {host: reviews, subset: v2}
                  weight: 0
                """));
        registry.tell(reviews("v1"));
        assertThat(lost(loop)).as("weight 0").isEmpty();
    }
}
