package io.inmesh.internal.istio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigProblem.Severity;
import io.inmesh.config.UnsupportedFields;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.config.source.ConfigReader.Result;
import io.inmesh.model.ClientTlsSettings;
import io.inmesh.model.DestinationRule;
import io.inmesh.model.SkippedField;
import io.inmesh.model.VirtualService;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NotExecutedTest {

    private static final String SKIPPED = "WARNING";
    private static final String TOLD = "ERROR";
    private static final String REFUSED = "ERROR calls refused";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "VirtualService | hosts: [a], http: [{ROUTE, corsPolicy: {allowMethods: [GET]}}] | spec.http[0].corsPolicy"
                        + " | corsPolicy | WARNING",
                "VirtualService | hosts: [a], http: [{ROUTE, fault: {abort: {grpcStatus: ABORTED, percentage: {value: 1}}}}]"
                        + " | spec.http[0].fault.abort.grpcStatus | fault.abort.grpcStatus ABORTED | ERROR calls refused",
                "VirtualService | hosts: [a], tcp: [{ROUTE}] | spec.tcp | tcp | ERROR",
                "VirtualService | hosts: [a.com], tls: [{match: [{sniHosts: [a.com]}], ROUTE}] | spec.tls | tls | ERROR",
                "DestinationRule | host: a, trafficPolicy: {connectionPool: {tcp: {maxConnections: 1},"
                        + " http: {maxRetries: 2, maxConcurrentStreams: 5}}}"
                        + " | spec.trafficPolicy.connectionPool.http.maxConcurrentStreams"
                        + " | connectionPool.http.maxConcurrentStreams | WARNING",
                "DestinationRule | host: a, trafficPolicy: {connectionPool: {http: {http2KeepAlive: {interval: 1s}}}}"
                        + " | spec.trafficPolicy.connectionPool.http.http2KeepAlive"
                        + " | connectionPool.http.http2KeepAlive | WARNING",
                "DestinationRule | host: a, trafficPolicy: {tls: {mode: SIMPLE}} | spec.trafficPolicy.tls.mode"
                        + " | tls.mode SIMPLE | ERROR calls refused",
                "DestinationRule | host: a, trafficPolicy: {portLevelSettings: [{port: {number: 1}, tls: {mode:"
                        + " ISTIO_MUTUAL}}]} | spec.trafficPolicy.portLevelSettings[0].tls.mode"
                        + " | tls.mode ISTIO_MUTUAL | ERROR calls refused",
                "DestinationRule | host: a, trafficPolicy: {loadBalancer: {consistentHash: {useSourceIp: true}}}"
                        + " | spec.trafficPolicy.loadBalancer.consistentHash | consistentHash (useSourceIp) | ERROR",
                "DestinationRule | host: a, trafficPolicy: {loadBalancer: {warmup: {duration: 1s}}}"
                        + " | spec.trafficPolicy.loadBalancer.warmup | warmup | WARNING",
                "DestinationRule | host: a, trafficPolicy: {loadBalancer: {localityLbSetting: {distribute: [{from: r/z/*,"
                        + " to: {r/z/*: 100}}]}}} | spec.trafficPolicy.loadBalancer.localityLbSetting.distribute"
                        + " | localityLbSetting.distribute | ERROR",
                "DestinationRule | host: a, subsets: [{name: v1, trafficPolicy: {retryBudget: {budgetInterval: 1s}}}]"
                        + " | spec.subsets[0].trafficPolicy.retryBudget.budgetInterval"
                        + " | retryBudget.budgetInterval | WARNING",
                "DestinationRule | host: a, trafficPolicy: {tunnel: {targetHost: b, targetPort: 1}}"
                        + " | spec.trafficPolicy.tunnel | tunnel | ERROR calls refused",
                "DestinationRule | host: a, trafficPolicy: {proxyProtocol: {version: V2}}"
                        + " | spec.trafficPolicy.proxyProtocol | proxyProtocol | ERROR calls refused",
                "ServiceEntry | hosts: ['*.a.com'], resolution: DYNAMIC_DNS | spec.resolution | resolution DYNAMIC_DNS"
                        + " | WARNING",
                "ServiceEntry | hosts: [a], subjectAltNames: [b] | spec.subjectAltNames | subjectAltNames | WARNING",
                "ServiceEntry | hosts: [a], resolution: STATIC, endpoints: [{address: 10.0.0.1, network: net}]"
                        + " | spec.endpoints[0].network | network net | WARNING",
                "WorkloadEntry | address: 10.0.0.1, network: net | spec.network | network net | WARNING",
                "ServiceEntry | hosts: [a], resolution: STATIC, ports: [{number: 1, name: a}],"
                        + " endpoints: [{address: 'unix:///s'}] | spec.endpoints[0].address"
                        + " | the Unix domain socket unix:///s | ERROR"
            })
    void refusesSkipsOrWarnsByName(String kind, String fields, String path, String words, String sensible) {
        String text = "{apiVersion: networking.istio.io/v1, kind: " + kind + ", metadata: {name: rule}, spec: {"
                + fields.replace("ROUTE", "route: [{destination: {host: a}}]") + "}}";

        Result all = ConfigReader.strict().read("rule.yaml", text);
        Result warned =
                ConfigReader.sensible().withUnsupported(UnsupportedFields.WARN).read("rule.yaml", text);
        Result told = ConfigReader.sensible().read("rule.yaml", text);

        assertThat(all.objects()).isEmpty();
        assertThat(all.leavesOut()).isTrue();
        assertNamed(all, Severity.ERROR, kind, path, words);
        assertNamed(warned, Severity.WARNING, kind, path, words);
        assertThat(warned.objects()).singleElement().satisfies(object -> {
            assertThat(object.meta().skipped())
                    .extracting(SkippedField::path, SkippedField::refusesCalls)
                    .containsExactly(tuple(path, false));
        });
        assertNamed(told, sensible.equals(SKIPPED) ? Severity.WARNING : Severity.ERROR, kind, path, words);
        assertThat(told.leavesOut()).isFalse();
        assertThat(told.objects()).singleElement().satisfies(object -> {
            assertThat(object.meta().refusesCalls()).isEqualTo(sensible.equals(REFUSED));
            assertThat(object.meta().skipped()).singleElement().satisfies(field -> {
                assertThat(field.path()).isEqualTo(path);
                assertThat(field.origin().line()).isEqualTo(1);
                assertThat(field.consequence()).isNotBlank();
            });
        });
        assertThat(sensible).isIn(SKIPPED, TOLD, REFUSED);
    }

    private static void assertNamed(Result result, Severity severity, String kind, String path, String words) {
        assertThat(result.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.severity()).isEqualTo(severity);
            assertThat(problem.message())
                    .startsWith(words + " is valid in Istio but not executed by this version of InMesh: without it ");
            assertThat(problem.path()).isEqualTo(path);
            assertThat(problem.object()).isEqualTo(kind + " default/rule");
            assertThat(problem.fix()).isNotBlank();
        });
    }

    /** Without the field, or without its value, each would be something else. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hosts: ['*.a.com'], resolution: DYNAMIC_DNS | write resolution: NONE",
                "hosts: [a], resolution: STATIC, ports: [{number: 1, name: a}], endpoints: [{address: 'unix:///s'}]"
                        + " | give an IP address and ports, or remove the endpoint"
            })
    void adviceIsNotToRemoveWhatCannotGoByItself(String fields, String fix) {
        String text = "{apiVersion: networking.istio.io/v1, kind: ServiceEntry, metadata: {name: rule}, spec: {"
                + fields + "}}";

        for (ConfigReader reader : List.of(ConfigReader.sensible(), ConfigReader.strict())) {
            assertThat(reader.read("rule.yaml", text).problems())
                    .singleElement()
                    .satisfies(problem -> assertThat(problem.fix()).startsWith(fix));
        }
    }

    @Test
    void aWorkloadSelectorIsFineWithDns() {
        String text = "{apiVersion: networking.istio.io/v1, kind: ServiceEntry, metadata: {name: rule}, spec: {hosts:"
                + " [a.com], resolution: DNS, workloadSelector: {labels: {app: a}}}}";

        assertThat(ConfigReader.sensible().read("rule.yaml", text).problems()).isEmpty();
    }

    @Test
    void nobodyIsToldToAddWhatIsNotExecuted() {
        String text =
                "{apiVersion: networking.istio.io/v1, kind: DestinationRule, metadata: {name: rule}, spec: {host: a,"
                        + " trafficPolicy: {loadBalancer: {localityLbSetting: {failover: [{from: a, to: b}]}}}}}";

        assertThat(ConfigReader.sensible().read("rule.yaml", text).problems())
                .hasSize(2)
                .anySatisfy(problem -> assertThat(problem.fix()).contains("InMesh does not fail over yet"));
    }

    @Test
    void aRefusedObjectIsNotSaidToBeInForceAndAWrongValueNotToBeValid() {
        Result result = ConfigReader.sensible().read("rule.yaml", """
                        apiVersion: networking.istio.io/v1
                        kind: VirtualService
                        spec:
                          hosts: [a]
                          http:
                          - route: [{destination: {host: a}}]
                            corsPolicy: {allowMethods: [GET]}
                            fault: {abort: {grpcStatus: NOPE, percentage: {value: 1}}}
                        """);

        assertThat(result.objects()).isEmpty();
        assertThat(result.problems())
                .extracting(ConfigProblem::path, ConfigProblem::fix)
                .containsExactly(
                        tuple("spec.http[0].fault.abort.grpcStatus", "write a name such as NOT_FOUND"),
                        tuple("spec.http[0].corsPolicy", "remove it if that will do"));
    }

    /** What a policy says of secrecy is not left in a record that is to be used without it. */
    @Test
    void withWarningsAloneTheRecordDoesNotAskForWhatIsRefusedOtherwise() {
        String text = "{apiVersion: networking.istio.io/v1, kind: DestinationRule, spec: {host: a, trafficPolicy: {tls:"
                + " {mode: SIMPLE}, portLevelSettings: [{port: {number: 1}, tls: {mode: MUTUAL}}]}}}";

        DestinationRule sensible = (DestinationRule) ConfigReader.sensible()
                .read("rule.yaml", text.replace("MUTUAL", "ISTIO_MUTUAL"))
                .objects()
                .get(0);
        DestinationRule warned = (DestinationRule) ConfigReader.sensible()
                .withUnsupported(UnsupportedFields.WARN)
                .read("rule.yaml", text.replace("MUTUAL", "ISTIO_MUTUAL"))
                .objects()
                .get(0);

        assertThat(sensible.trafficPolicy().tls().mode()).isEqualTo(ClientTlsSettings.Mode.SIMPLE);
        assertThat(warned.trafficPolicy().tls().mode()).isEqualTo(ClientTlsSettings.Mode.DISABLE);
        assertThat(warned.trafficPolicy().portLevelSettings().get(0).tls().mode())
                .isEqualTo(ClientTlsSettings.Mode.DISABLE);
    }

    @Test
    void lenientRecordsCarryTheValues() {
        Result result =
                ConfigReader.sensible().withUnsupported(UnsupportedFields.WARN).read("rule.yaml", """
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
        Result sensible = ConfigReader.sensible().read("rule.yaml", text);
        Result lenient =
                ConfigReader.sensible().withUnsupported(UnsupportedFields.WARN).read("rule.yaml", text);

        assertThat(strict.objects()).isEmpty();
        assertThat(sensible.objects()).hasSize(1);
        assertThat(sensible.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.severity()).isEqualTo(Severity.ERROR);
            assertThat(problem.message())
                    .startsWith(command + " is a command of Envoy's: ")
                    .endsWith("the header is left as it is");
        });
        assertThat(strict.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.severity()).isEqualTo(Severity.ERROR);
            assertThat(problem.message()).startsWith(command + " is a command of Envoy's: ");
            assertThat(problem.path()).isEqualTo(path);
        });
        assertThat(lenient.objects()).hasSize(1);
        assertThat(lenient.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.severity()).isEqualTo(Severity.WARNING);
            assertThat(problem.path()).isEqualTo(path);
            assertThat(problem.fix()).isEqualTo("remove it if that will do");
        });
    }

    @Test
    void unknownFieldsStayErrorsWhenLenient() {
        Result result = ConfigReader.sensible()
                .withUnsupported(UnsupportedFields.WARN)
                .read(
                        "rule.yaml",
                        "{apiVersion: networking.istio.io/v1, kind: DestinationRule, spec: {host: a, x: 1}}");

        assertThat(result.objects()).isEmpty();
        assertThat(result.hasErrors()).isTrue();
    }

    @Test
    void ofRetriesOnlyTheLocalitiesAreToldAndNothingIsRefused() {
        String text = "{apiVersion: networking.istio.io/v1, kind: VirtualService, spec: {hosts: [a], http:"
                + " [{route: [{destination: {host: a}}], retries: {attempts: 3, retryOn: '5xx,503', perTryTimeout: 1s,"
                + " backoff: 1s, retryIgnorePreviousHosts: false, retryRemoteLocalities: %s}}]}}";

        Result some = ConfigReader.strict().read("rule.yaml", text.formatted(true));
        Result none = ConfigReader.strict().read("rule.yaml", text.formatted(false));

        assertThat(some.objects()).hasSize(1);
        assertThat(some.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.severity()).isEqualTo(Severity.WARNING);
            assertThat(problem.path()).isEqualTo("spec.http[0].retries.retryRemoteLocalities");
        });
        assertThat(none.problems()).isEmpty();
    }

    @Test
    void rulesForGatewaysAloneAreNotedAndNothingInThemIsRefused() {
        Result result = ConfigReader.strict()
                .read(
                        "rule.yaml",
                        "{apiVersion: networking.istio.io/v1, kind: VirtualService, spec: {hosts: ['*'], gateways: [g],"
                                + " http: [{route: [{destination: {host: a}}], corsPolicy: {}}]}}");

        assertThat(result.objects()).hasSize(1);
        assertThat(result.problems()).extracting(ConfigProblem::severity).containsExactly(Severity.NOTE);
    }
}
