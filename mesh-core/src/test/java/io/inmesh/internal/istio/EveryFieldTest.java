package io.inmesh.internal.istio;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.config.ConfigProblem.Severity;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.internal.text.MessageType;
import io.inmesh.internal.text.MessageType.Field;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** No field is skipped in silence: each is executed, in the table of those that are not, or left alone for a reason. */
class EveryFieldTest {
    /** A path stands for all that is below it. */
    private static final Map<RuleKind, Set<String>> EXECUTED = Map.of(
            RuleKind.VIRTUAL_SERVICE,
            Set.of(
                    "exportTo",
                    "gateways",
                    "hosts",
                    "http.delegate",
                    "http.directResponse",
                    "http.fault.abort.httpStatus",
                    "http.fault.abort.percentage",
                    "http.fault.delay.fixedDelay",
                    "http.fault.delay.percent",
                    "http.fault.delay.percentage",
                    "http.headers",
                    "http.match",
                    "http.mirror",
                    "http.mirrorPercent",
                    "http.mirrorPercentage",
                    "http.mirror_percent",
                    "http.mirrors",
                    "http.name",
                    "http.redirect",
                    "http.retries.attempts",
                    "http.retries.backoff",
                    "http.retries.perTryTimeout",
                    "http.retries.retryIgnorePreviousHosts",
                    "http.retries.retryOn",
                    "http.rewrite",
                    "http.route",
                    "http.timeout"),
            RuleKind.DESTINATION_RULE,
            Set.of(
                    "exportTo",
                    "host",
                    "subsets.labels",
                    "subsets.name",
                    "trafficPolicy.connectionPool.http.h2UpgradePolicy",
                    "trafficPolicy.connectionPool.http.http1MaxPendingRequests",
                    "trafficPolicy.connectionPool.http.http2MaxRequests",
                    "trafficPolicy.connectionPool.http.idleTimeout",
                    "trafficPolicy.connectionPool.http.maxRequestsPerConnection",
                    "trafficPolicy.connectionPool.http.maxRetries",
                    "trafficPolicy.connectionPool.http.useClientProtocol",
                    "trafficPolicy.connectionPool.tcp",
                    "trafficPolicy.loadBalancer.simple",
                    "trafficPolicy.outlierDetection.baseEjectionTime",
                    "trafficPolicy.outlierDetection.consecutive5xxErrors",
                    "trafficPolicy.outlierDetection.consecutiveGatewayErrors",
                    "trafficPolicy.outlierDetection.consecutiveLocalOriginFailures",
                    "trafficPolicy.outlierDetection.interval",
                    "trafficPolicy.outlierDetection.maxEjectionPercent",
                    "trafficPolicy.outlierDetection.minHealthPercent",
                    "trafficPolicy.outlierDetection.outlierDetectionHttpErrorCodes",
                    "trafficPolicy.outlierDetection.splitExternalLocalOriginErrors",
                    "trafficPolicy.port",
                    "trafficPolicy.retryBudget.minRetryConcurrency",
                    "trafficPolicy.retryBudget.percent",
                    "workloadSelector"),
            RuleKind.SERVICE_ENTRY,
            Set.of(
                    "addresses",
                    "endpoints.address",
                    "endpoints.labels",
                    "endpoints.locality",
                    "endpoints.ports",
                    "endpoints.weight",
                    "exportTo",
                    "hosts",
                    "ports",
                    "resolution",
                    "workloadSelector"),
            RuleKind.WORKLOAD_ENTRY,
            Set.of("address", "labels", "locality", "ports", "weight"),
            RuleKind.GATEWAY,
            Set.of(
                    "servers.hosts",
                    "servers.name",
                    "servers.port.name",
                    "servers.port.number",
                    "servers.port.protocol",
                    "servers.tls.caCertificates",
                    "servers.tls.cipherSuites",
                    "servers.tls.credentialName",
                    "servers.tls.httpsRedirect",
                    "servers.tls.maxProtocolVersion",
                    "servers.tls.minProtocolVersion",
                    "servers.tls.mode",
                    "servers.tls.privateKey",
                    "servers.tls.serverCertificate",
                    "servers.tls.subjectAltNames"),
            RuleKind.AUTHORIZATION_POLICY,
            Set.of(
                    "action",
                    "rules.from.source.ipBlocks",
                    "rules.from.source.namespaces",
                    "rules.from.source.notIpBlocks",
                    "rules.from.source.notNamespaces",
                    "rules.from.source.notPrincipals",
                    "rules.from.source.notRemoteIpBlocks",
                    "rules.from.source.notRequestPrincipals",
                    "rules.from.source.notServiceAccounts",
                    "rules.from.source.principals",
                    "rules.from.source.remoteIpBlocks",
                    "rules.from.source.requestPrincipals",
                    "rules.from.source.serviceAccounts",
                    "rules.to.operation",
                    "rules.when",
                    "selector"),
            RuleKind.REQUEST_AUTHENTICATION,
            Set.of(
                    "jwtRules.audiences",
                    "jwtRules.forwardOriginalToken",
                    "jwtRules.fromCookies",
                    "jwtRules.fromHeaders",
                    "jwtRules.fromParams",
                    "jwtRules.issuer",
                    "jwtRules.jwks",
                    "jwtRules.jwksUri",
                    "jwtRules.jwks_uri",
                    "jwtRules.outputClaimToHeaders",
                    "jwtRules.outputPayloadToHeader",
                    "jwtRules.spaceDelimitedClaims",
                    "jwtRules.timeout",
                    "selector"));

    private static final String IDENTITY = "concerns mutual TLS and telemetry alone, which are not there";
    private static final String WITH_TLS_MODE = "acts with tls.mode alone, which is told";
    private static final String REFUSED = "Istio refuses it as well";

    private static final Map<RuleKind, Map<String, String>> LEFT_ALONE = Map.of(
            RuleKind.VIRTUAL_SERVICE,
            Map.of(
                    "http.match.statPrefix", "names statistics, of which there are none",
                    "http.fault.abort.http2Error", REFUSED,
                    "http.fault.delay.exponentialDelay", REFUSED),
            RuleKind.DESTINATION_RULE,
            Map.of(
                    "trafficPolicy.tls",
                    WITH_TLS_MODE,
                    "trafficPolicy.outlierDetection.consecutiveErrors",
                    "does nothing in Istio either, which has deprecated it",
                    "trafficPolicy.loadBalancer.localityLbSetting.enabled",
                    "acts with the lists beside it, which are told"),
            RuleKind.SERVICE_ENTRY,
            Map.of("location", IDENTITY, "endpoints.serviceAccount", IDENTITY),
            RuleKind.WORKLOAD_ENTRY,
            Map.of("serviceAccount", IDENTITY),
            RuleKind.GATEWAY,
            Map.of(
                    "selector",
                    "a note says that it is not looked at",
                    "servers.defaultEndpoint",
                    "does nothing at a gateway of Istio's either",
                    "servers.port.targetPort",
                    REFUSED),
            RuleKind.AUTHORIZATION_POLICY,
            Map.of("provider", "acts with action CUSTOM alone, which is told"),
            RuleKind.REQUEST_AUTHENTICATION,
            Map.of());

    @ParameterizedTest
    @EnumSource(RuleKind.class)
    void isExecutedToldOrLeftAloneForAReason(RuleKind kind) {
        Set<String> paths = new TreeSet<>();
        collect(kind.type(), "", paths);

        assertThat(paths)
                .isNotEmpty()
                .allSatisfy(path -> assertThat(verdict(kind, path))
                        .as(kind.kind() + " " + path)
                        .isNotEmpty());
    }

    private static List<String> verdict(RuleKind kind, String path) {
        List<String> verdict = new ArrayList<>();
        EXECUTED.get(kind).stream().filter(known -> isIn(path, known)).forEach(known -> verdict.add("executed"));
        LEFT_ALONE.get(kind).forEach((known, reason) -> {
            if (isIn(path, known)) {
                verdict.add(reason);
            }
        });
        boolean workload = kind == RuleKind.WORKLOAD_ENTRY;
        Arrays.stream(UnexecutedField.values())
                .filter(field -> field.kind() == (workload ? RuleKind.SERVICE_ENTRY : kind))
                .filter(field -> isIn(workload ? "endpoints." + path : path, field.path()))
                .forEach(field -> verdict.add(field.name()));
        return verdict;
    }

    private static boolean isIn(String path, String known) {
        return path.equals(known) || path.startsWith(known + ".");
    }

    /** Fields of a policy count the same for a subset and for a port. */
    private static String plain(String path) {
        return path.replace("subsets.trafficPolicy.", "trafficPolicy.").replace("portLevelSettings.", "");
    }

    private static void collect(MessageType type, String prefix, Set<String> paths) {
        for (String name : type.fieldNames()) {
            Field field = type.field(name);
            if (field.message() == null) {
                paths.add(plain(prefix + name));
            } else {
                collect(field.message(), prefix + name + ".", paths);
            }
        }
    }

    @Test
    void everyFieldOfIstiosDefinitionsIsKnown() throws IOException {
        Path definitions = Path.of(System.getProperty("istio.crds"));
        if (!Files.exists(definitions)) {
            System.out.println("Istio's definitions of its resources are not at " + definitions
                    + "; the fields that the reader knows are looked at alone. They are in manifests/charts/base of"
                    + " github.com/istio/istio.");
            return;
        }
        List<String> kinds = new ArrayList<>();
        for (Object document :
                new Load(LoadSettings.builder().build()).loadAllFromString(Files.readString(definitions))) {
            if (document == null) {
                continue;
            }
            Map<?, ?> spec = (Map<?, ?>) ((Map<?, ?>) document).get("spec");
            String name = (String) ((Map<?, ?>) spec.get("names")).get("kind");
            for (RuleKind kind : RuleKind.values()) {
                if (kind.kind().equals(name)) {
                    kinds.add(name);
                    for (Object version : (List<?>) spec.get("versions")) {
                        Set<String> paths = new TreeSet<>();
                        collect(at(version, "schema", "openAPIV3Schema", "properties", "spec"), "", paths);
                        assertThat(paths)
                                .hasSizeGreaterThan(5)
                                .allSatisfy(path -> assertThat(verdict(kind, path))
                                        .as(name + " " + path)
                                        .isNotEmpty());
                    }
                }
            }
        }
        assertThat(kinds).hasSize(RuleKind.values().length);
    }

    private static Map<?, ?> at(Object tree, String... path) {
        Map<?, ?> at = (Map<?, ?>) tree;
        for (String step : path) {
            at = (Map<?, ?>) at.get(step);
        }
        return at;
    }

    private static void collect(Map<?, ?> schema, String prefix, Set<String> paths) {
        if (schema.get("properties") instanceof Map<?, ?> properties) {
            properties.forEach((name, field) -> collect((Map<?, ?>) field, prefix + name + ".", paths));
        } else if (schema.get("items") instanceof Map<?, ?> items) {
            collect(items, prefix, paths);
        } else if (schema.get("additionalProperties") instanceof Map<?, ?> values && values.containsKey("properties")) {
            collect(values, prefix, paths);
        } else {
            paths.add(plain(prefix.substring(0, prefix.length() - 1)));
        }
    }

    @Test
    void theAnnotationOfAServiceEntryIsTold() {
        ConfigReader.Result result = ConfigReader.sensible().read("rule.yaml", """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata:
                  name: a
                  annotations:
                    networking.istio.io/traffic-distribution: PreferClose
                spec: {hosts: [a.com], resolution: STATIC, ports: [{number: 1, name: a}]}
                """);

        assertThat(result.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.severity()).isEqualTo(Severity.WARNING);
            assertThat(problem.origin().line()).isEqualTo(6);
            assertThat(problem.message())
                    .startsWith("the annotation networking.istio.io/traffic-distribution is valid in Istio");
        });
        assertThat(result.objects())
                .singleElement()
                .satisfies(object -> assertThat(object.meta().skipped()).hasSize(1));
    }
}
