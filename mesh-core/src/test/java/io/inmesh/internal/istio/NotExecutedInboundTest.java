package io.inmesh.internal.istio;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigProblem.Severity;
import io.inmesh.config.UnsupportedFields;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.config.source.ConfigReader.Result;
import io.inmesh.model.AuthorizationPolicy.Action;
import io.inmesh.model.ConfigObject;
import io.inmesh.model.Gateway;
import io.inmesh.model.GatewayServer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fields of gateways and policies that are not executed: told by name, and no setting lets a request in because of one. */
class NotExecutedInboundTest {
    private static final String SERVER = "port: {number: 443, name: a, protocol: HTTPS}, hosts: ['*']";
    private static final String MUTUAL =
            SERVER + ", tls: {mode: MUTUAL, serverCertificate: /c, privateKey: /k, caCertificates: /a, ";

    private static Result read(ConfigReader reader, String kind, String spec) {
        String group = kind.equals("Gateway") ? "networking" : "security";
        return reader.forGateway()
                .read(
                        "rule.yaml",
                        "{apiVersion: %s.istio.io/v1, kind: %s, metadata: {name: rule}, spec: {%s}}"
                                .formatted(
                                        group,
                                        kind,
                                        spec.replace("MUTUAL_SERVER", MUTUAL).replace("SERVER", SERVER)));
    }

    private static ConfigReader warning() {
        return ConfigReader.sensible().withUnsupported(UnsupportedFields.WARN);
    }

    private static void assertNamed(Result result, Severity severity, String path, String words) {
        assertThat(result.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.severity()).isEqualTo(severity);
            assertThat(problem.path()).isEqualTo(path);
            assertThat(problem.message()).startsWith(words + NotExecuted.MESSAGE);
            assertThat(problem.fix()).isNotBlank();
            assertThat(problem.origin().column()).isGreaterThan(1);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "port: {number: 1, name: a, protocol: TCP}, hosts: ['*'] | port.protocol | protocol TCP | ERROR",
                "port: {number: 1, name: a, protocol: mongo}, hosts: ['*'] | port.protocol | protocol mongo | ERROR",
                "port: {number: 1, name: a, protocol: TLS}, hosts: ['*'], tls: {mode: PASSTHROUGH} | port.protocol"
                        + " | protocol TLS | ERROR",
                "SERVER, tls: {} | tls.mode | tls.mode PASSTHROUGH | ERROR",
                "SERVER, tls: {mode: AUTO_PASSTHROUGH} | tls.mode | tls.mode AUTO_PASSTHROUGH | ERROR",
                "SERVER, tls: {mode: ISTIO_MUTUAL} | tls.mode | tls.mode ISTIO_MUTUAL | ERROR",
                "port: {number: 80, name: a, protocol: HTTP}, hosts: ['*'], bind: 127.0.0.1 | bind | bind 127.0.0.1 | ERROR",
                "port: {number: 0, name: a, protocol: HTTP}, hosts: ['*'], bind: 'unix:///s' | bind | bind unix:///s | ERROR",
                "MUTUAL_SERVER caCrl: /r} | tls.caCrl | tls.caCrl | ERROR",
                "MUTUAL_SERVER subjectAltNames: [a]} | tls.subjectAltNames | tls.subjectAltNames | ERROR",
                "MUTUAL_SERVER verifyCertificateSpki: [a]} | tls.verifyCertificateSpki | tls.verifyCertificateSpki | ERROR",
                "MUTUAL_SERVER verifyCertificateHash: [a]} | tls.verifyCertificateHash | tls.verifyCertificateHash | ERROR"
            })
    void aServerThatWouldTakeMoreThanItsWriterWantsTakesNothingInAnySetting(
            String server, String path, String words, String severity) {
        String spec = "servers: [{" + server + "}]";
        String full = "spec.servers[0]." + path;

        assertNamed(read(ConfigReader.strict(), "Gateway", spec), Severity.ERROR, full, words);
        assertThat(read(ConfigReader.strict(), "Gateway", spec).objects()).isEmpty();
        for (ConfigReader reader : List.of(ConfigReader.sensible(), warning())) {
            Result result = read(reader, "Gateway", spec);
            assertNamed(
                    result,
                    reader == warning()
                            ? Severity.WARNING
                            : result.problems().get(0).severity(),
                    full,
                    words);
            assertThat(((Gateway) result.objects().get(0)).servers()).noneMatch(GatewayServer::takesRequests);
        }
        assertNamed(read(ConfigReader.sensible(), "Gateway", spec), Severity.valueOf(severity), full, words);
        assertNamed(read(warning(), "Gateway", spec), Severity.WARNING, full, words);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SERVER, tls: {mode: SIMPLE, credentialNames: [a]} | credentialNames | ERROR",
                "SERVER, tls: {mode: SIMPLE, tlsCertificates: [{serverCertificate: /c, privateKey: /k}]}"
                        + " | tlsCertificates | ERROR",
                "MUTUAL_SERVER caCertCredentialName: a} | caCertCredentialName | ERROR",
                "MUTUAL_SERVER insecureSkipVerify: true} | insecureSkipVerify | ERROR",
                "MUTUAL_SERVER ecdhCurves: [P-256]} | ecdhCurves | WARNING"
            })
    void whatTheContainerDecidesByItselfIsTold(String server, String field, String severity) {
        Result result = read(ConfigReader.sensible(), "Gateway", "servers: [{" + server + "}]");

        assertNamed(result, Severity.valueOf(severity), "spec.servers[0].tls." + field, "tls." + field);
        assertThat(((Gateway) result.objects().get(0)).servers()).allMatch(GatewayServer::takesRequests);
    }

    @Test
    void theOtherServersOfAGatewayAreInForce() {
        Result result = read(
                ConfigReader.sensible(),
                "Gateway",
                "servers: [{SERVER, tls: {mode: PASSTHROUGH}},"
                        + " {port: {number: 80, name: b, protocol: HTTP}, hosts: ['*'], bind: '::'}]");

        assertThat(result.problems()).hasSize(1);
        assertThat(((Gateway) result.objects().get(0)).servers())
                .extracting(GatewayServer::takesRequests)
                .containsExactly(false, true);
    }

    @Test
    void aPolicyOfActionCustomIsThereToRefuseWhatItMatches() {
        String spec = "action: CUSTOM, provider: {name: ext}, rules: [{to: [{operation: {paths: [/admin]}}]}]";

        for (ConfigReader reader : List.of(ConfigReader.strict(), ConfigReader.sensible(), warning())) {
            Result result = read(reader, "AuthorizationPolicy", spec);

            assertThat(result.config().authorizationPolicies()).singleElement().satisfies(policy -> {
                assertThat(policy.action()).isEqualTo(Action.CUSTOM);
                assertThat(policy.rules().get(0).to()).hasSize(1);
                assertThat(policy.isStandIn()).isFalse();
            });
        }
        assertNamed(
                read(ConfigReader.sensible(), "AuthorizationPolicy", spec),
                Severity.ERROR,
                "spec.action",
                "action CUSTOM with provider ext");
        assertThat(read(warning(), "AuthorizationPolicy", spec)
                        .problems()
                        .get(0)
                        .fix())
                .endsWith("until then requests that it may concern are refused");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "AuthorizationPolicy | selector: {matchLabels: {a: b}}, rules: [{from: [{source: {trustDomains: [t]}}]}]"
                        + " | spec.rules[0].from[0].source.trustDomains | trustDomains | ALLOW | 0",
                "AuthorizationPolicy | selector: {matchLabels: {a: b}}, action: DENY, rules: [{from: [{source:"
                        + " {notTrustDomains: [t]}}]}]"
                        + " | spec.rules[0].from[0].source.notTrustDomains | notTrustDomains | DENY | 1",
                "AuthorizationPolicy | selector: {matchLabels: {a: b}}, action: DENY, rules: [{when: [{key:"
                        + " 'experimental.envoy.filters.x[y]', values: [v]}]}]"
                        + " | spec.rules[0].when[0].key | key experimental.envoy.filters.x[y] | DENY | 1",
                "RequestAuthentication | selector: {matchLabels: {a: b}}, jwtRules: [{issuer: i, jwksUri: 'http://a',"
                        + " presence: REQUIRED}] | spec.jwtRules[0].presence | presence REQUIRED | DENY | 1"
            })
    void aPolicyThatNobodyCanJudgeRefusesAllThatItMayRefuse(
            String kind, String spec, String path, String words, Action action, int rules) {
        for (ConfigReader reader : List.of(ConfigReader.strict(), ConfigReader.sensible(), warning())) {
            Result result = read(reader, kind, spec);

            assertThat(result.config().authorizationPolicies()).singleElement().satisfies(policy -> {
                assertThat(policy.action()).isEqualTo(action);
                assertThat(policy.rules()).hasSize(rules);
                assertThat(policy.rules())
                        .allMatch(rule -> rule.from().isEmpty()
                                && rule.to().isEmpty()
                                && rule.when().isEmpty());
                assertThat(policy.workloads().labels()).containsEntry("a", "b");
                assertThat(policy.meta().refusesCalls()).isTrue();
            });
            assertThat(result.config().requestAuthentications()).isEmpty();
        }
        assertNamed(read(ConfigReader.sensible(), kind, spec), Severity.ERROR, path, words);
        assertThat(read(ConfigReader.sensible(), kind, spec).leavesOut()).isFalse();
        assertNamed(read(ConfigReader.strict(), kind, spec), Severity.ERROR, path, words);
        assertNamed(read(warning(), kind, spec), Severity.WARNING, path, words);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"te", "Connection", "x-forwarded-client-cert", "X-Envoy-Internal", ":protocol", "content-length"
            })
    void aPolicyForAHeaderThatNobodySeesIsToldAndStays(String header) {
        String spec = "action: DENY, rules: [{when: [{key: 'request.headers[" + header + "]', values: [v]}]}]";

        for (ConfigReader reader : List.of(ConfigReader.strict(), ConfigReader.sensible(), warning())) {
            Result result = read(reader, "AuthorizationPolicy", spec);

            assertThat(result.config().authorizationPolicies()).singleElement().satisfies(policy -> {
                assertThat(policy.rules().get(0).when()).hasSize(1);
                assertThat(policy.isStandIn()).isFalse();
            });
        }
        assertNamed(
                read(ConfigReader.sensible(), "AuthorizationPolicy", spec),
                Severity.ERROR,
                "spec.rules[0].when[0].key",
                "key request.headers[" + header + "]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"host", ":authority", ":path", ":method", ":scheme", "x-user", "X-Forwarded-For", "x_user"})
    void aPolicyForAHeaderThatIsSentOnIsNoProblem(String header) {
        String spec = "rules: [{when: [{key: 'request.headers[" + header + "]', values: [v]}]}]";

        assertThat(read(ConfigReader.sensible(), "AuthorizationPolicy", spec).problems())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "AuthorizationPolicy | targetRefs: [{kind: Service, name: a}] | targetRefs",
                "AuthorizationPolicy | targetRef: {group: gateway.networking.k8s.io, kind: Gateway, name: a} | targetRef",
                "RequestAuthentication | targetRefs: [{kind: Service, name: a}] | targetRefs"
            })
    void policiesForWaypointsAreTold(String kind, String spec, String field) {
        Result result = read(ConfigReader.sensible(), kind, spec);

        assertNamed(result, Severity.ERROR, "spec." + field, field);
        assertThat(result.leavesOut()).isFalse();
        assertThat(result.objects()).hasSize(1);
    }

    @Test
    void anIssuerWhoseKeysNobodyNamesIsTold() {
        Result result = read(ConfigReader.sensible(), "RequestAuthentication", "jwtRules: [{issuer: a}]");

        assertNamed(result, Severity.ERROR, "spec.jwtRules[0].jwksUri", "a rule without jwksUri and jwks");
        assertThat(result.objects()).hasSize(1);
    }

    @Test
    void aRuleThatIsBoundToAGatewayIsReadLikeAnyOther() {
        String text =
                "{apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {name: v}, spec: {hosts: [a.com],"
                        + " gateways: [%s], http: [{route: [{destination: {host: a}}], fault: {abort: {grpcStatus: ABORTED,"
                        + " percentage: {value: 1}}}, corsPolicy: {}}],"
                        + " tcp: [{route: [{destination: {host: a}}]}]}}";
        ConfigReader gateway = ConfigReader.sensible().forGateway();

        assertThat(paths(gateway.read("v", text.formatted("g"))))
                .containsExactly("spec.tcp", "spec.http[0].fault.abort.grpcStatus");
        assertThat(paths(gateway.read("v", text.formatted("g, mesh"))))
                .containsExactly("spec.tcp", "spec.http[0].fault.abort.grpcStatus");
        assertThat(paths(gateway.read("v", text.formatted("mesh"))))
                .containsExactly("spec.tcp", "spec.http[0].corsPolicy", "spec.http[0].fault.abort.grpcStatus");
        assertThat(paths(ConfigReader.sensible().forInbound().read("v", text.formatted("g"))))
                .containsExactly("spec.gateways");
        assertThat(paths(ConfigReader.sensible().read("v", text.formatted("g, mesh"))))
                .containsExactly("spec.tcp", "spec.http[0].corsPolicy", "spec.http[0].fault.abort.grpcStatus");
    }

    private static List<String> paths(Result result) {
        assertThat(result.objects()).extracting(ConfigObject::kind).containsExactly("VirtualService");
        return result.problems().stream().map(ConfigProblem::path).toList();
    }
}
