package io.inmesh.internal.istio;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.config.ConfigProblem;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.config.source.ConfigReader.Result;
import io.inmesh.model.AuthorizationPolicy;
import io.inmesh.model.AuthorizationPolicy.Action;
import io.inmesh.model.WorkloadMatch;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing is let in because something of a policy is not known. */
class ClosedPolicyTest {
    private static final WorkloadMatch WEB = new WorkloadMatch(Map.of("app", "web"), List.of());
    private static final String SELECTOR = "selector: {matchLabels: {app: web}}";

    private static Result read(String text) {
        return ConfigReader.sensible().forInbound().read("p.yaml", text);
    }

    private static Result policy(String spec) {
        return read(
                "{apiVersion: security.istio.io/v1, kind: AuthorizationPolicy, metadata: {name: p, namespace: shop},"
                        + " spec: {" + spec.replace("SELECTOR", SELECTOR) + "}}");
    }

    private static AuthorizationPolicy standIn(Result result) {
        assertThat(result.leavesOut()).isTrue();
        assertThat(result.objects()).isEmpty();
        assertThat(result.standIns()).hasSize(1);
        AuthorizationPolicy policy = (AuthorizationPolicy) result.standIns().get(0);
        assertThat(policy.isStandIn()).isTrue();
        assertThat(policy.dryRun()).isFalse();
        assertThat(policy.meta().refusesCalls()).isTrue();
        assertThat(result.config().authorizationPolicies()).containsExactly(policy);
        return policy;
    }

    private static void assertRefusesAll(AuthorizationPolicy policy, Action action) {
        assertThat(policy.action()).isEqualTo(action);
        if (action == Action.ALLOW) {
            assertThat(policy.rules()).isEmpty();
        } else {
            assertThat(policy.rules()).singleElement().satisfies(rule -> {
                assertThat(rule.from()).isEmpty();
                assertThat(rule.to()).isEmpty();
                assertThat(rule.when()).isEmpty();
            });
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SELECTOR, action: ALLOW, rules: [{form: []}] | ALLOW",
                "SELECTOR, rules: [{to: [{operation: {methods: GET}}]}] | ALLOW",
                "SELECTOR, action: DENY, rules: [{to: [{operation: {path: [/a]}}]}] | DENY",
                "SELECTOR, action: DENY, rules: [{from: [{source: {ipBlocks: [x]}}]}] | DENY",
                "SELECTOR, action: CUSTOM, rules: [{}] | CUSTOM",
                "SELECTOR, action: DENY, rulez: [{}] | DENY"
            })
    void anUnknownRuleRefusesWhateverItMayRefuse(String spec, Action action) {
        AuthorizationPolicy policy = standIn(policy(spec));

        assertRefusesAll(policy, action);
        assertThat(policy.workloads()).isEqualTo(WEB);
        assertThat(policy.meta().qualifiedName()).isEqualTo("shop/p");
    }

    /** What may have been DENY counts as that. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECTOR, action: DENNY, rules: [{}]",
                "SELECTOR, acton: DENY, rules: [{}]",
                "SELECTOR, action: [DENY], rules: [{}]"
            })
    void anUnknownActionIsRefusal(String spec) {
        AuthorizationPolicy policy = standIn(policy(spec));

        assertRefusesAll(policy, Action.DENY);
        assertThat(policy.workloads()).isEqualTo(WEB);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "selector: {matchLabel: {app: web}}, action: DENY, rules: [{}]",
                "selector: {matchLabels: {app: [web]}}, action: DENY, rules: [{}]",
                "selector: {matchLabels: {app: 'w*'}}, action: DENY, rules: [{}]",
                "select: {matchLabels: {app: web}}, action: DENY, rules: [{}]",
                "SELECTOR, targetRefs: [{kind: Service, name: a}], action: DENY, rules: [{}]"
            })
    void anUnknownSelectorIsForAllWorkloadsOfTheNamespace(String spec) {
        AuthorizationPolicy policy = standIn(policy(spec));

        assertRefusesAll(policy, Action.DENY);
        assertThat(policy.workloads()).isEqualTo(WorkloadMatch.ALL);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{V1, KIND, metadata: {name: p, namespace: a}, specs: {action: DENY}} | a",
                "{V1, KIND, metadata: {name: p}, specs: {action: DENY}} | default",
                "{V1, KIND, metadata: {name: p}, action: DENY} | default",
                "{V1, KIND, metadata: {name: p}, spec: DENY} | default",
                "{V1, KIND, metadata: {name: p, namespace: [a]}, spec: {rules: [{}]}} | istio-system",
                "{V1, KIND, metadata: [a], spec: {rules: [{}]}} | istio-system",
                "{V1, KIND, metadta: {name: p, namespace: a}, spec: {rules: [{}]}} | istio-system",
                "{apiVersion: security.istio.io/v1alpha1, KIND, metadata: {name: p}, spec: {}} | default",
                "{apiVersion: networking.istio.io/v1, KIND, metadata: {name: p, namespace: a}, spec: {}} | a",
                "{V1, kind: AuthorisationPolicy, metadata: {name: p}, spec: {}} | default",
                "{V1, metadata: {name: p}, spec: {}} | default",
                "{kind: RequestAuthentication, metadata: {name: p}, spec: {}} | default",
                "'{V1, KIND, spec: [' | istio-system"
            })
    void whatMayBeAnyPolicyRefusesEverything(String text, String namespace) {
        AuthorizationPolicy policy = standIn(read(
                text.replace("V1", "apiVersion: security.istio.io/v1").replace("KIND", "kind: AuthorizationPolicy")));

        assertThat(policy.meta().namespace()).isEqualTo(namespace);
        assertThat(policy.workloads()).isEqualTo(WorkloadMatch.ALL);
        if (!text.contains("rules: [{}]")) {
            assertRefusesAll(policy, Action.DENY);
        }
    }

    @Test
    void anAuthenticationThatIsNotKnownRefusesAllRequestsOfItsWorkloads() {
        AuthorizationPolicy policy = standIn(read("{apiVersion: security.istio.io/v1, kind: RequestAuthentication,"
                + " metadata: {name: r, namespace: shop}, spec: {" + SELECTOR + ", jwtRules: [{isuer: a}]}}"));

        assertRefusesAll(policy, Action.DENY);
        assertThat(policy.workloads()).isEqualTo(WEB);
        assertThat(policy.meta().qualifiedName()).isEqualTo("shop/RequestAuthentication/r");
    }

    /** Neither refuses anything, whatever is unknown of it. */
    @Test
    void anAuditAndADryRunNeedNothingInTheirPlace() {
        assertThat(policy("action: AUDIT, rules: [{x: 1}]").standIns()).isEmpty();
        assertThat(read("{apiVersion: security.istio.io/v1, kind: AuthorizationPolicy, metadata: {name: p, annotations:"
                                + " {istio.io/dry-run: 'true'}}, spec: {action: DENY, rules: [{x: 1}]}}")
                        .standIns())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{apiVersion: security.istio.io/v1, kind: PeerAuthentication, metadata: {name: p}, spec: {}}",
                "{apiVersion: policy.linkerd.io/v1alpha1, kind: AuthorizationPolicy, metadata: {name: p}, spec: {}}",
                "{apiVersion: gateway.example.com/v1, kind: Gateway, metadata: {name: p}, spec: {}}"
            })
    void objectsOfOthersAreNotedOnly(String text) {
        Result result = read(text);

        assertThat(result.standIns()).isEmpty();
        assertThat(result.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.severity()).isEqualTo(ConfigProblem.Severity.NOTE));
    }

    @Test
    void aTreeThatIsTooDeepHasOneToo() {
        Object deep = "x";
        for (int i = 0; i < 200; i++) {
            deep = List.of(deep);
        }
        Map<String, Object> tree = Map.of(
                "apiVersion",
                "security.istio.io/v1",
                "kind",
                "AuthorizationPolicy",
                "metadata",
                Map.of("name", "p", "namespace", "shop"),
                "spec",
                Map.of("rules", deep));

        AuthorizationPolicy policy =
                standIn(ConfigReader.sensible().forInbound().readTree("p", tree));

        assertRefusesAll(policy, Action.DENY);
        assertThat(policy.meta().namespace()).isEqualTo("shop");
    }

    /** Of a text with more errors than are listed nobody knows which are in the policy. */
    @Test
    void behindMoreErrorsThanAreListedNothingIsKnown() {
        String bad = "apiVersion: networking.istio.io/v1\nkind: VirtualService\nspec: {x: 1}\n---\n";
        AuthorizationPolicy policy = (AuthorizationPolicy) read(bad.repeat(998)
                        + "{apiVersion: security.istio.io/v1, kind: AuthorizationPolicy, metadata: {name: p}, spec: {"
                        + SELECTOR + ", action: ALLOW, rules: [{}], a: 1, b: 2, c: 3}}")
                .standIns()
                .get(0);

        assertRefusesAll(policy, Action.DENY);
        assertThat(policy.workloads()).isEqualTo(WorkloadMatch.ALL);
    }
}
