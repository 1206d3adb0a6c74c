package io.inmesh.internal.istio;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.config.ConfigProblem;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.config.source.ConfigReader.Result;
import io.inmesh.model.AuthorizationPolicy;
import io.inmesh.model.AuthorizationPolicy.Action;
import io.inmesh.model.AuthorizationRule;
import io.inmesh.model.JwtRule;
import io.inmesh.model.JwtRule.ClaimHeader;
import io.inmesh.model.JwtRule.TokenHeader;
import io.inmesh.model.Origin;
import io.inmesh.model.RequestAuthentication;
import io.inmesh.model.RequestCondition;
import io.inmesh.model.RequestOperation;
import io.inmesh.model.RequestSource;
import io.inmesh.model.WorkloadMatch;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** AuthorizationPolicies and RequestAuthentications as an application reads them whose incoming requests are judged. */
class PolicyReadingTest {
    private final ConfigReader reader = ConfigReader.sensible().forInbound();

    @Test
    void readsEveryPartOfAnAuthorizationPolicy() {
        Result result = reader.read("rules.yaml", """
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: a, namespace: shop, annotations: {istio.io/dry-run: "true"}}
                spec:
                  selector: {matchLabels: {app: web}}
                  action: DENY
                  rules:
                  - from:
                    - source:
                        principals: [p*]
                        notPrincipals: ["*q"]
                        requestPrincipals: ["*"]
                        notRequestPrincipals: [a/b]
                        namespaces: [ns]
                        notNamespaces: [m]
                        ipBlocks: [10.0.0.0/8]
                        notIpBlocks: [10.1.2.3]
                        remoteIpBlocks: ["2001:db8::/32"]
                        notRemoteIpBlocks: ["::1"]
                    - source: {serviceAccounts: [x, n/x], notServiceAccounts: [z]}
                    to:
                    - operation:
                        hosts: [a.com]
                        notHosts: ["*.b.com"]
                        ports: ["80"]
                        notPorts: ["81"]
                        methods: [GET]
                        notMethods: [PUT]
                        paths: ["/a/{*}/b/{**}", /x*]
                        notPaths: ["*.html"]
                    when:
                    - {key: "request.headers[x-a]", values: [v]}
                    - {key: "request.auth.claims[a][b]", notValues: [w]}
                  - {}
                """);

        assertThat(result.problems()).isEmpty();
        AuthorizationPolicy policy = (AuthorizationPolicy) result.objects().get(0);
        assertThat(policy.meta().qualifiedName()).isEqualTo("shop/a");
        assertThat(policy.workloads()).isEqualTo(new WorkloadMatch(Map.of("app", "web"), List.of()));
        assertThat(policy.action()).isEqualTo(Action.DENY);
        assertThat(policy.dryRun()).isTrue();
        AuthorizationRule rule = policy.rules().get(0);
        assertThat(rule.origin()).isEqualTo(new Origin("rules.yaml", 8, 5));
        assertThat(rule.from())
                .containsExactly(
                        RequestSource.builder()
                                .principals(List.of("p*"))
                                .notPrincipals(List.of("*q"))
                                .requestPrincipals(List.of("*"))
                                .notRequestPrincipals(List.of("a/b"))
                                .namespaces(List.of("ns"))
                                .notNamespaces(List.of("m"))
                                .ipBlocks(List.of("10.0.0.0/8"))
                                .notIpBlocks(List.of("10.1.2.3"))
                                .remoteIpBlocks(List.of("2001:db8::/32"))
                                .notRemoteIpBlocks(List.of("::1"))
                                .build(),
                        RequestSource.builder()
                                .serviceAccounts(List.of("x", "n/x"))
                                .notServiceAccounts(List.of("z"))
                                .build());
        assertThat(rule.to())
                .containsExactly(RequestOperation.builder()
                        .hosts(List.of("a.com"))
                        .notHosts(List.of("*.b.com"))
                        .ports(List.of("80"))
                        .notPorts(List.of("81"))
                        .methods(List.of("GET"))
                        .notMethods(List.of("PUT"))
                        .paths(List.of("/a/{*}/b/{**}", "/x*"))
                        .notPaths(List.of("*.html"))
                        .build());
        assertThat(rule.when())
                .containsExactly(
                        new RequestCondition(
                                "request.headers[x-a]", List.of("v"), List.of(), new Origin("rules.yaml", 32, 7)),
                        new RequestCondition(
                                "request.auth.claims[a][b]", List.of(), List.of("w"), new Origin("rules.yaml", 33, 7)));
        assertThat(policy.rules().get(1).from()).isEmpty();
        assertThat(result.config().authorizationPolicies()).containsExactly(policy);
    }

    @Test
    void readsEveryPartOfARequestAuthentication() {
        Result result = reader.read("rules.yaml", """
                apiVersion: security.istio.io/v1beta1
                kind: RequestAuthentication
                metadata: {name: r}
                spec:
                  selector: {matchLabels: {app: web}}
                  jwtRules:
                  - issuer: me
                    audiences: [a, b]
                    jwksUri: https://example.com/keys
                    fromHeaders: [{name: x, prefix: "P "}, {name: z}]
                    fromParams: [p]
                    fromCookies: [c]
                    outputPayloadToHeader: x-payload
                    forwardOriginalToken: true
                    outputClaimToHeaders: [{header: x-sub, claim: a.b}]
                    spaceDelimitedClaims: [scp]
                    presence: OPTIONAL
                    timeout: 2s
                  - {issuer: other, jwks: '{"keys": [{"kty": "RSA", "n": "AQ", "e": "AQAB"}]}'}
                """);

        assertThat(result.problems()).isEmpty();
        RequestAuthentication object = (RequestAuthentication) result.objects().get(0);
        assertThat(object.workloads().labels()).isEqualTo(Map.of("app", "web"));
        assertThat(object.jwtRules())
                .containsExactly(
                        JwtRule.builder("me")
                                .audiences(List.of("a", "b"))
                                .jwksUri("https://example.com/keys")
                                .fromHeaders(List.of(new TokenHeader("x", "P "), new TokenHeader("z", "")))
                                .fromParams(List.of("p"))
                                .fromCookies(List.of("c"))
                                .outputPayloadToHeader("x-payload")
                                .forwardOriginalToken(true)
                                .outputClaimToHeaders(List.of(new ClaimHeader("x-sub", "a.b")))
                                .spaceDelimitedClaims(List.of("scp"))
                                .timeout(Duration.ofSeconds(2))
                                .origin(new Origin("rules.yaml", 7, 5))
                                .build(),
                        JwtRule.builder("other")
                                .jwks("{\"keys\": [{\"kty\": \"RSA\", \"n\": \"AQ\", \"e\": \"AQAB\"}]}")
                                .origin(new Origin("rules.yaml", 19, 5))
                                .build());
    }

    private Result policy(String spec) {
        return reader.read(
                "p.yaml",
                "{apiVersion: security.istio.io/v1, kind: AuthorizationPolicy, metadata: {name: p}, spec: " + spec
                        + "}");
    }

    private Result authentication(String rule) {
        return reader.read(
                "p.yaml",
                "{apiVersion: security.istio.io/v1, kind: RequestAuthentication, metadata: {name: p}, spec: {jwtRules: ["
                        + rule + "]}}");
    }

    private static void assertError(Result result, String path, String message) {
        assertThat(result.leavesOut()).isTrue();
        assertThat(result.objects()).isEmpty();
        assertThat(result.problems()).filteredOn(ConfigProblem::isError).first().satisfies(problem -> {
            assertThat(problem.path()).isEqualTo(path);
            assertThat(problem.message()).startsWith(message);
            assertThat(problem.fix()).isNotBlank();
            assertThat(problem.origin().line()).isEqualTo(1);
            assertThat(problem.origin().column()).isGreaterThan(1);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{action: DENY} | spec.rules | a policy with action DENY and without rules",
                "{action: CUSTOM, rules: [{}]} | spec.provider | action CUSTOM needs a provider",
                "{action: CUSTOM, provider: {}, rules: [{}]} | spec.provider.name | action CUSTOM needs a provider",
                "{action: DENY, provider: {name: x}, rules: [{}]} | spec.provider | action DENY has no provider",
                "{rules: [~]} | spec.rules[0] | there is nothing in this rule",
                "{rules: [{from: [~]}]} | spec.rules[0].from[0] | there is no source here",
                "{rules: [{from: [{source: {}}]}]} | spec.rules[0].from[0].source | the source is empty",
                "{rules: [{from: [{source: {principals: ['']}}]}]} | spec.rules[0].from[0].source.principals[0] | an empty",
                "{rules: [{from: [{source: {ipBlocks: [10.0.0.0/33]}}]}]} | spec.rules[0].from[0].source.ipBlocks[0]"
                        + " | \"10.0.0.0/33\" is neither",
                "{rules: [{from: [{source: {serviceAccounts: [a/b/c]}}]}]}"
                        + " | spec.rules[0].from[0].source.serviceAccounts[0] | \"a/b/c\" is not a service account",
                "{rules: [{from: [{source: {serviceAccounts: [a], namespaces: [b]}}]}]}"
                        + " | spec.rules[0].from[0].source.namespaces | serviceAccounts cannot stand beside namespaces",
                "{rules: [{to: [{operation: {ports: ['65536']}}]}]} | spec.rules[0].to[0].operation.ports[0]"
                        + " | \"65536\" is not a port",
                "{rules: [{to: [{operation: {paths: ['/a/{**}/{*}']}}]}]} | spec.rules[0].to[0].operation.paths[0]"
                        + " | {**} is not the last",
                "{rules: [{to: [{operation: {notPaths: ['/{*}/b{**}']}}]}]} | spec.rules[0].to[0].operation.notPaths[0]"
                        + " | \"b{**}\" is not a part",
                "{rules: [{to: [{operation: {paths: ['/{*}/a*b']}}]}]} | spec.rules[0].to[0].operation.paths[0]"
                        + " | \"a*b\" is not a part of a template",
                "{rules: [{when: [{values: [a]}]}]} | spec.rules[0].when[0].key | the condition has no key",
                "{rules: [{when: [{key: source.ip}]}]} | spec.rules[0].when[0] | the condition has no values",
                "{rules: [{when: [{key: source.ipp, values: [a]}]}]} | spec.rules[0].when[0].key | \"source.ipp\" is not",
                "{rules: [{when: [{key: 'destination.labels[a]', values: [a]}]}]} | spec.rules[0].when[0].key"
                        + " | \"destination.labels[a]\" is not an attribute",
                "{rules: [{when: [{key: 'request.headersx[a]', values: [a]}]}]} | spec.rules[0].when[0].key"
                        + " | \"request.headersx[a]\" is not an attribute",
                "{rules: [{when: [{key: 'request.auth.claims[a]b]', values: [a]}]}]} | spec.rules[0].when[0].key"
                        + " | \"request.auth.claims[a]b]\" lacks a name",
                "{rules: [{when: [{key: 'request.headers[a][b]', values: [a]}]}]} | spec.rules[0].when[0].key"
                        + " | \"request.headers[a][b]\" lacks a name",
                "{selector: {matchLabels: {a: b}}, targetRefs: [{kind: Service, name: x}]} | spec.targetRefs"
                        + " | selector and targetRefs exclude each other",
                "{selector: {matchLabels: {a: 'b*'}}} | spec.selector.matchLabels.a | a workload selector has no wildcards",
                "{targetRefs: [{kind: Deployment, group: apps, name: x}]} | spec.targetRefs[0].kind | \"apps/Deployment\"",
                "{targetRefs: [{kind: Service, name: x, namespace: z}]} | spec.targetRefs[0].namespace | a policy is for",
                "{action: CUSTOM, provider: {name: x}, rules: [{from: [{source: {namespaces: [a]}}]}]}"
                        + " | spec.rules[0].from[0].source.namespaces | a policy with action CUSTOM cannot look at namespaces"
            })
    void badPoliciesAreErrorsWithPlaceAndFix(String spec, String path, String message) {
        assertError(policy(spec), path, message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{audiences: [a]} | spec.jwtRules[0] | the rule has neither issuer nor jwksUri",
                "{issuer: a, jwksUri: 'file:keys'} | spec.jwtRules[0].jwksUri | \"file:keys\" is not an address",
                "{issuer: a, jwksUri: 'file://host/keys'} | spec.jwtRules[0].jwksUri | \"file://host/keys\" is not an address",
                "{issuer: a, jwksUri: 'file:///keys/'} | spec.jwtRules[0].jwksUri | \"file:///keys/\" is not an address",
                "{issuer: a, jwksUri: 'ftp://a/keys'} | spec.jwtRules[0].jwksUri | \"ftp://a/keys\" is not an address",
                "{issuer: a, jwksUri: 'https:///keys'} | spec.jwtRules[0].jwksUri | \"https:///keys\" is not an address",
                "{issuer: a, jwks: '[]'} | spec.jwtRules[0].jwks | jwks is not a JSON Web Key Set: it does not begin",
                "{issuer: a, jwks: '{keys: []}'} | spec.jwtRules[0].jwks | jwks is not a JSON Web Key Set: it is not JSON",
                "{issuer: a, jwks: '{\"keys\": {}}'} | spec.jwtRules[0].jwks | jwks is not a JSON Web Key Set: keys is not",
                "{issuer: a, jwks: '{\"keys\": [{}]}'} | spec.jwtRules[0].jwks | jwks is not a JSON Web Key Set: a key has no",
                "{issuer: a, jwks: '{\"keys\": [] # none}'} | spec.jwtRules[0].jwks | jwks is not a JSON Web Key Set: it is",
                "{issuer: a, jwksUri: 'http://a', audiences: ['']} | spec.jwtRules[0].audiences[0] | this must not be empty",
                "{issuer: a, jwksUri: 'http://a', fromHeaders: [{prefix: a}]} | spec.jwtRules[0].fromHeaders[0].name"
                        + " | the header has no name",
                "{issuer: a, jwksUri: 'http://a', outputClaimToHeaders: [{header: 'a b', claim: c}]}"
                        + " | spec.jwtRules[0].outputClaimToHeaders[0].header | \"a b\" is not a header name",
                "{issuer: a, jwksUri: 'http://a', outputPayloadToHeader: \"a\\r\\nb\"}"
                        + " | spec.jwtRules[0].outputPayloadToHeader | \"a\\r\\nb\" is not a header name"
            })
    void badAuthenticationsAreErrorsWithPlaceAndFix(String rule, String path, String message) {
        assertError(authentication(rule), path, message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{issuer: a, jwksUri: 'file:///etc/keys.json'}",
                "{issuer: a, jwksUri: 'file:/etc/keys.json'}",
                "{issuer: a, jwksUri: 'HTTP://a:8080/keys'}",
                "{issuer: 'https://a'}"
            })
    void keysAreFoundInFilesByUrlsAndByTheIssuer(String rule) {
        Result result = authentication(rule);

        assertThat(result.problems()).isEmpty();
        assertThat(result.objects()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a/*/b", "*a*", "a*b"})
    void aStarWithinATextIsNoWildcard(String text) {
        Result result = policy("{rules: [{to: [{operation: {paths: ['" + text + "']}}]}]}");

        assertThat(result.objects()).hasSize(1);
        assertThat(result.problems())
                .singleElement()
                .satisfies(problem ->
                        assertThat(problem.message()).contains("only a star at the beginning or at the end"));
    }

    @ParameterizedTest
    @CsvSource({
        "'true', ALLOW, true",
        "'1', DENY, true",
        "'False', DENY, false",
    })
    void readsTheAnnotationAsGoDoes(String value, String action, boolean dryRun) {
        Result result = reader.read("p.yaml", dryRun(value, action));

        assertThat(result.problems()).isEmpty();
        assertThat(((AuthorizationPolicy) result.objects().get(0)).dryRun()).isEqualTo(dryRun);
    }

    @ParameterizedTest
    @CsvSource({"yes, DENY, says neither", "'true', AUDIT, there are no dry runs of action AUDIT"})
    void refusesAnyOtherDryRun(String value, String action, String message) {
        Result result = reader.read("p.yaml", dryRun(value, action));

        assertThat(result.objects()).isEmpty();
        assertThat(result.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.path()).isEqualTo("metadata.annotations[\"istio.io/dry-run\"]");
            assertThat(problem.origin().line()).isEqualTo(5);
            assertThat(problem.message()).contains(message);
        });
    }

    private static String dryRun(String value, String action) {
        return """
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata:
                  name: p
                  annotations: {istio.io/dry-run: "%s"}
                spec: {action: %s, rules: [{}]}
                """.formatted(value, action);
    }
}
