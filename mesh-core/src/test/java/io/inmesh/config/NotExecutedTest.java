package io.inmesh.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.config.ConfigProblem.Severity;
import io.inmesh.config.ConfigReader.Result;
import io.inmesh.model.DestinationRule;
import io.inmesh.model.VirtualService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NotExecutedTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "VirtualService | hosts: [a], http: [{ROUTE, mirror: {host: b}}] | spec.http[0].mirror",
                "VirtualService | hosts: [a], http: [{ROUTE, mirrors: [{destination: {host: b}}]}] | spec.http[0].mirrors",
                "VirtualService | hosts: [a], http: [{ROUTE, corsPolicy: {allowMethods: [GET]}}] | spec.http[0].corsPolicy",
                "VirtualService | hosts: [a], http: [{ROUTE, fault: {abort: {grpcStatus: ABORTED, percentage: {value: 1}}}}]"
                        + " | spec.http[0].fault.abort.grpcStatus",
                "VirtualService | hosts: [a], tcp: [{ROUTE}] | spec.tcp",
                "VirtualService | hosts: [a.com], tls: [{match: [{sniHosts: [a.com]}], ROUTE}] | spec.tls",
                "DestinationRule | host: a, trafficPolicy: {connectionPool: {tcp: {maxConnections: 1}}}"
                        + " | spec.trafficPolicy.connectionPool",
                "DestinationRule | host: a, trafficPolicy: {outlierDetection: {}} | spec.trafficPolicy.outlierDetection",
                "DestinationRule | host: a, trafficPolicy: {tls: {mode: SIMPLE}} | spec.trafficPolicy.tls",
                "DestinationRule | host: a, trafficPolicy: {loadBalancer: {consistentHash: {useSourceIp: true}}}"
                        + " | spec.trafficPolicy.loadBalancer.consistentHash",
                "DestinationRule | host: a, trafficPolicy: {loadBalancer: {warmup: {duration: 1s}}}"
                        + " | spec.trafficPolicy.loadBalancer.warmup",
                "DestinationRule | host: a, subsets: [{name: v1, trafficPolicy: {retryBudget: {percent: 1}}}]"
                        + " | spec.subsets[0].trafficPolicy.retryBudget",
                "DestinationRule | host: a, trafficPolicy: {tunnel: {targetHost: b, targetPort: 1}}"
                        + " | spec.trafficPolicy.tunnel",
                "ServiceEntry | hosts: ['*.a.com'], resolution: DYNAMIC_DNS | spec.resolution",
                "ServiceEntry | hosts: [a], resolution: STATIC, ports: [{number: 1, name: a}],"
                        + " endpoints: [{address: 'unix:///s'}] | spec.endpoints[0].address"
            })
    void refusesByNameOrWarns(String kind, String fields, String path) {
        String text = "{apiVersion: networking.istio.io/v1, kind: " + kind + ", spec: {"
                + fields.replace("ROUTE", "route: [{destination: {host: a}}]") + "}}";

        Result strict = ConfigReader.strict().read("rule.yaml", text);
        Result lenient = ConfigReader.strict().lenient().read("rule.yaml", text);

        assertThat(strict.objects()).isEmpty();
        assertThat(strict.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.severity()).isEqualTo(Severity.ERROR);
            assertThat(problem.message())
                    .isEqualTo("field is valid in Istio but not executed by this version of InMesh");
            assertThat(problem.path()).isEqualTo(path);
        });
        assertThat(lenient.objects()).hasSize(1);
        assertThat(lenient.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.severity()).isEqualTo(Severity.WARNING);
            assertThat(problem.path()).isEqualTo(path);
        });
    }

    @Test
    void lenientRecordsCarryTheValues() {
        Result result = ConfigReader.strict().lenient().read("rule.yaml", """
                        apiVersion: networking.istio.io/v1
                        kind: DestinationRule
                        spec:
                          host: a
                          trafficPolicy:
                            connectionPool: {http: {http1MaxPendingRequests: 7}}
                            outlierDetection: {consecutive5xxErrors: 0, interval: 5s}
                            loadBalancer: {consistentHash: {httpHeaderName: x, maglev: {tableSize: 65537}}}
                            retryBudget: {percent: 12.5}
                        ---
                        apiVersion: networking.istio.io/v1
                        kind: VirtualService
                        spec:
                          hosts: [a]
                          http:
                          - route: [{destination: {host: a}}]
                            mirror: {host: b}
                            mirrorPercentage: {value: 12.5}
                        """);

        assertThat(result.hasErrors()).isFalse();
        DestinationRule rule = (DestinationRule) result.objects().get(0);
        assertThat(rule.trafficPolicy().connectionPool().http().http1MaxPendingRequests())
                .isEqualTo(7);
        assertThat(rule.trafficPolicy().outlierDetection().consecutive5xxErrors())
                .isZero();
        assertThat(rule.trafficPolicy().outlierDetection().consecutiveGatewayErrors())
                .isNull();
        assertThat(rule.trafficPolicy().loadBalancer().consistentHash().maglevTableSize())
                .isEqualTo(65_537);
        assertThat(rule.trafficPolicy().retryBudget().percent()).isEqualTo(12.5);
        VirtualService service = (VirtualService) result.objects().get(1);
        assertThat(service.http().get(0).mirrors()).singleElement().satisfies(mirror -> {
            assertThat(mirror.destination().host()).isEqualTo("b");
            assertThat(mirror.partsPerMillion()).isEqualTo(125_000);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{headers: {request: {set: {x: 'a %UPSTREAM_HOST%'}}}, ROUTE} | %UPSTREAM_HOST%"
                        + " | spec.http[0].headers.request.set.x",
                "{headers: {response: {add: {x: '%RESPONSE_FLAGS%'}}}, ROUTE} | %RESPONSE_FLAGS%"
                        + " | spec.http[0].headers.response.add.x",
                "{headers: {request: {set: {x: '%ENVIRONMENT(HOME)%'}}}, ROUTE} | %ENVIRONMENT(HOME)%"
                        + " | spec.http[0].headers.request.set.x",
                "{headers: {request: {set: {x: '%START_TIME(%Q)%'}}}, ROUTE} | %START_TIME(%Q)%"
                        + " | spec.http[0].headers.request.set.x",
                "{route: [{destination: {host: a}, headers: {request: {add: {x: '%DYNAMIC_METADATA(a:b)%'}}}}]}"
                        + " | %DYNAMIC_METADATA(a:b)% | spec.http[0].route[0].headers.request.add.x",
            })
    void commandsOfHeadersAreRefusedByNameOrTheHeaderIsLeftAlone(String route, String command, String path) {
        String text = "{apiVersion: networking.istio.io/v1, kind: VirtualService, spec: {hosts: [a], http: ["
                + route.replace("ROUTE", "route: [{destination: {host: a}}]") + "]}}";

        Result strict = ConfigReader.strict().read("rule.yaml", text);
        Result lenient = ConfigReader.strict().lenient().read("rule.yaml", text);

        assertThat(strict.objects()).isEmpty();
        assertThat(strict.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.severity()).isEqualTo(Severity.ERROR);
            assertThat(problem.message()).startsWith(command + " is a command of Envoy's: ");
            assertThat(problem.path()).isEqualTo(path);
        });
        assertThat(lenient.objects()).hasSize(1);
        assertThat(lenient.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.severity()).isEqualTo(Severity.WARNING);
            assertThat(problem.path()).isEqualTo(path);
            assertThat(problem.fix()).isEqualTo("the header is left as it is");
        });
    }

    @Test
    void unknownFieldsStayErrorsWhenLenient() {
        Result result = ConfigReader.strict()
                .lenient()
                .read(
                        "rule.yaml",
                        "{apiVersion: networking.istio.io/v1, kind: DestinationRule, spec: {host: a, x: 1}}");

        assertThat(result.objects()).isEmpty();
        assertThat(result.hasErrors()).isTrue();
    }

    @Test
    void retriesAreAcceptedWithAWarningAndSwitchedOffInSilence() {
        String text = "{apiVersion: networking.istio.io/v1, kind: VirtualService, spec: {hosts: [a], http:"
                + " [{route: [{destination: {host: a}}], retries: {attempts: %d}}]}}";

        Result some = ConfigReader.strict().read("rule.yaml", text.formatted(3));
        Result none = ConfigReader.strict().read("rule.yaml", text.formatted(0));

        assertThat(some.objects()).hasSize(1);
        assertThat(some.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.severity()).isEqualTo(Severity.WARNING);
            assertThat(problem.path()).isEqualTo("spec.http[0].retries");
        });
        assertThat(none.problems()).isEmpty();
    }

    @Test
    void rulesForGatewaysAloneAreNotedAndNothingInThemIsRefused() {
        Result result = ConfigReader.strict()
                .read(
                        "rule.yaml",
                        "{apiVersion: networking.istio.io/v1, kind: VirtualService, spec: {hosts: ['*'], gateways: [g],"
                                + " http: [{route: [{destination: {host: a}}], mirror: {host: b}}]}}");

        assertThat(result.objects()).hasSize(1);
        assertThat(result.problems()).extracting(ConfigProblem::severity).containsExactly(Severity.NOTE);
    }
}
