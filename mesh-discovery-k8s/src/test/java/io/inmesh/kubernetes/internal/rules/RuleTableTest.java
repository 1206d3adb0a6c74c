package io.inmesh.kubernetes.internal.rules;

import static io.inmesh.kubernetes.internal.rules.RuleObjects.badVirtualService;
import static io.inmesh.kubernetes.internal.rules.RuleObjects.destinationRule;
import static io.inmesh.kubernetes.internal.rules.RuleObjects.object;
import static io.inmesh.kubernetes.internal.rules.RuleObjects.virtualService;
import static io.inmesh.kubernetes.internal.rules.RuleResource.AUTHORIZATION_POLICY;
import static io.inmesh.kubernetes.internal.rules.RuleResource.DESTINATION_RULE;
import static io.inmesh.kubernetes.internal.rules.RuleResource.VIRTUAL_SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigUpdate;
import io.inmesh.config.UnsupportedFields;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.kubernetes.internal.resource.CustomResource;
import io.inmesh.kubernetes.internal.resource.ObjectKey;
import io.inmesh.model.AuthorizationPolicy;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.VirtualService;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RuleTableTest {
    private static final ObjectKey REVIEWS = new ObjectKey("shop", "reviews");

    private final RuleTable table = new RuleTable("kubernetes rules", ConfigReader.strict());

    private ConfigUpdate update() {
        return table.update(List.of());
    }

    private MeshConfig config() {
        ConfigUpdate update = update();
        return update instanceof ConfigUpdate.Partial partial
                ? partial.config()
                : ((ConfigUpdate.Valid) update).config();
    }

    private List<String> subsets() {
        return config().virtualServices().stream()
                .map(rule -> rule.meta().name() + " to "
                        + rule.http().get(0).route().get(0).destination().subset())
                .toList();
    }

    private List<String> problems() {
        return update().problems().stream().map(ConfigProblem::toString).toList();
    }

    @Test
    void goodObjectsAreAValidConfiguration() {
        table.replaced(VIRTUAL_SERVICE, "", List.of(virtualService("reviews", "a", 1, "v1")));
        table.applied(DESTINATION_RULE, destinationRule("reviews", "b", 2, "2026-01-01T00:00:00Z"));

        assertThat(update()).isInstanceOf(ConfigUpdate.Valid.class);
        assertThat(subsets()).containsExactly("reviews to v1");
        assertThat(config().destinationRules()).hasSize(1);
        assertThat(config().virtualServices().get(0).meta().origin().source())
                .isEqualTo("VirtualService/shop/reviews@1");
    }

    @Test
    void aBadVersionLeavesTheLastGoodOneAndIsNamedByItsResourceVersion() {
        table.applied(VIRTUAL_SERVICE, virtualService("reviews", "a", 1, "v1"));
        table.applied(VIRTUAL_SERVICE, virtualService("ratings", "b", 2, "v1"));

        table.applied(VIRTUAL_SERVICE, badVirtualService("reviews", "a", 3));

        assertThat(update()).isInstanceOf(ConfigUpdate.Partial.class);
        assertThat(subsets()).containsExactlyInAnyOrder("reviews to v1", "ratings to v1");
        assertThat(problems())
                .singleElement()
                .asString()
                .startsWith("VirtualService/shop/reviews@3: error: spec.http[0]")
                .endsWith("; until then its version 1 stays in force");
    }

    @Test
    void aSecondBadVersionLeavesTheLastGoodOneToo() {
        table.applied(VIRTUAL_SERVICE, virtualService("reviews", "a", 1, "v1"));

        table.applied(VIRTUAL_SERVICE, badVirtualService("reviews", "a", 3));
        table.applied(VIRTUAL_SERVICE, badVirtualService("reviews", "a", 4));

        assertThat(subsets()).containsExactly("reviews to v1");
        assertThat(problems()).singleElement().asString().contains("reviews@4", "version 1 stays");
    }

    @Test
    void aGoodVersionTakesOverFromABadOne() {
        table.applied(VIRTUAL_SERVICE, virtualService("reviews", "a", 1, "v1"));
        table.applied(VIRTUAL_SERVICE, badVirtualService("reviews", "a", 3));

        table.applied(VIRTUAL_SERVICE, virtualService("reviews", "a", 4, "v2"));

        assertThat(subsets()).containsExactly("reviews to v2");
        assertThat(problems()).isEmpty();
    }

    @Test
    void anObjectThatWasNeverGoodIsLeftOut() {
        table.applied(VIRTUAL_SERVICE, badVirtualService("reviews", "a", 3));

        assertThat(subsets()).isEmpty();
        assertThat(problems())
                .singleElement()
                .asString()
                .endsWith("until then VirtualService shop/reviews is left out");
    }

    @Test
    void anotherObjectOfTheSameNameDoesNotInherit() {
        table.applied(VIRTUAL_SERVICE, virtualService("reviews", "a", 1, "v1"));

        table.applied(VIRTUAL_SERVICE, badVirtualService("reviews", "other", 3));

        assertThat(subsets()).isEmpty();
    }

    @Test
    void aDeletedBadObjectIsGoneWithItsPast() {
        table.applied(VIRTUAL_SERVICE, virtualService("reviews", "a", 1, "v1"));
        table.applied(VIRTUAL_SERVICE, badVirtualService("reviews", "a", 3));

        table.deleted(VIRTUAL_SERVICE, REVIEWS);

        assertThat(update()).isEqualTo(new ConfigUpdate.Valid(MeshConfig.EMPTY, List.of()));
        table.applied(VIRTUAL_SERVICE, badVirtualService("reviews", "a", 4));
        assertThat(subsets()).isEmpty();
    }

    @Test
    void aListWithoutAnObjectMeansThatItIsGone() {
        table.replaced(
                VIRTUAL_SERVICE,
                "",
                List.of(virtualService("reviews", "a", 1, "v1"), virtualService("ratings", "b", 2, "v1")));

        table.replaced(VIRTUAL_SERVICE, "", List.of(virtualService("ratings", "b", 2, "v1")));

        assertThat(subsets()).containsExactly("ratings to v1");
    }

    @Test
    void aListOfOneNamespaceSaysNothingAboutOthers() {
        table.replaced(VIRTUAL_SERVICE, "", List.of(virtualService("reviews", "a", 1, "v1")));

        table.replaced(VIRTUAL_SERVICE, "elsewhere", List.of());
        assertThat(subsets()).containsExactly("reviews to v1");

        table.replaced(VIRTUAL_SERVICE, "shop", List.of());
        assertThat(subsets()).isEmpty();
    }

    @Test
    void aListKeepsTheLastGoodVersionOfABadObject() {
        table.replaced(VIRTUAL_SERVICE, "", List.of(virtualService("reviews", "a", 1, "v1")));

        table.replaced(VIRTUAL_SERVICE, "", List.of(badVirtualService("reviews", "a", 2)));

        assertThat(subsets()).containsExactly("reviews to v1");
    }

    @Test
    void anUnchangedObjectIsNotReadAgain() {
        table.applied(VIRTUAL_SERVICE, virtualService("reviews", "a", 1, "v1"));
        VirtualService before = config().virtualServices().get(0);

        table.replaced(VIRTUAL_SERVICE, "", List.of(virtualService("reviews", "a", 1, "v1")));
        assertThat(config().virtualServices().get(0)).isSameAs(before);

        table.replaced(VIRTUAL_SERVICE, "", List.of(virtualService("reviews", "a", 2, "v1")));
        assertThat(config().virtualServices().get(0)).isNotSameAs(before);
    }

    @Test
    void rulesComeOldestFirst() {
        table.applied(DESTINATION_RULE, destinationRule("a", "1", 1, "2026-03-01T00:00:00Z"));
        table.applied(DESTINATION_RULE, destinationRule("b", "2", 2, "2026-01-01T00:00:00Z"));
        table.applied(DESTINATION_RULE, destinationRule("d", "3", 3, "2026-02-01T00:00:00Z"));
        table.applied(DESTINATION_RULE, destinationRule("c", "4", 4, "2026-02-01T00:00:00Z"));

        assertThat(config().destinationRules())
                .extracting(rule -> rule.meta().name())
                .containsExactly("b", "c", "d", "a");
    }

    private static CustomResource authorization(int version, String spec) {
        return object(AUTHORIZATION_POLICY, """
                {"metadata": {"name": "g", "namespace": "shop", "uid": "a", "resourceVersion": "%d"}, "spec": {%s}}
                """.formatted(version, spec));
    }

    @Test
    void aPolicyIsANoteWhereRequestsAreNotJudged() {
        table.applied(AUTHORIZATION_POLICY, authorization(1, "\"unknown\": 1"));

        assertThat(update()).isInstanceOf(ConfigUpdate.Valid.class);
        assertThat(problems()).hasSize(2);
        assertThat(problems().get(0))
                .startsWith("AuthorizationPolicy/shop/g@1: warning: spec.unknown: unknown field \"unknown\"");
        assertThat(problems().get(1))
                .isEqualTo(
                        "AuthorizationPolicy/shop/g@1: note: AuthorizationPolicy has effect where mesh-servlet is, not on"
                                + " calls of this application");
    }

    /** As after a start: a policy of which nothing good is known refuses all that it may refuse, until it is mended. */
    @Test
    void aPolicyThatCannotBeReadLetsNothingIn() {
        RuleTable judging = new RuleTable("rules", ConfigReader.sensible().forInbound());
        judging.applied(AUTHORIZATION_POLICY, authorization(1, "\"action\": \"DENY\", \"rules\": [{\"two\": []}]"));

        ConfigUpdate.Partial closed = (ConfigUpdate.Partial) judging.update(List.of());

        assertThat(closed.current()).isFalse();
        assertThat(closed.problems().get(0).fix()).endsWith("; until then all requests that it may refuse are refused");
        assertThat(closed.config().authorizationPolicies()).singleElement().satisfies(policy -> {
            assertThat(policy.isStandIn()).isTrue();
            assertThat(policy.action()).isEqualTo(AuthorizationPolicy.Action.DENY);
            assertThat(policy.rules()).hasSize(1);
        });

        judging.applied(AUTHORIZATION_POLICY, authorization(2, "\"rules\": [{}]"));
        ConfigUpdate good = judging.update(List.of());

        assertThat(good).isInstanceOf(ConfigUpdate.Valid.class);
        judging.applied(AUTHORIZATION_POLICY, authorization(3, "\"rules\": [{\"two\": []}]"));
        assertThat(((ConfigUpdate.Partial) judging.update(List.of())).config())
                .isEqualTo(((ConfigUpdate.Valid) good).config());
    }

    @Test
    void theReaderDecidesWhatIsDoneAboutFieldsThatAreNotExecuted() {
        CustomResource rule = object(DESTINATION_RULE, """
                {"metadata": {"name": "d", "namespace": "shop", "uid": "a", "resourceVersion": "1"},
                 "spec": {"host": "d", "trafficPolicy": {"connectionPool": {"http": {"maxConcurrentStreams": 1}}}}}
                """);
        table.applied(DESTINATION_RULE, rule);
        assertThat(update()).isInstanceOf(ConfigUpdate.Partial.class);

        RuleTable lenient = new RuleTable("rules", ConfigReader.sensible().withUnsupported(UnsupportedFields.WARN));
        lenient.applied(DESTINATION_RULE, rule);
        assertThat(lenient.update(List.of())).isInstanceOf(ConfigUpdate.Valid.class);
    }

    private static CustomResource policy(int version, String policy) {
        return object(DESTINATION_RULE, """
                {"metadata": {"name": "reviews", "namespace": "shop", "uid": "d", "resourceVersion": "%d"},
                 "spec": {"host": "reviews", "trafficPolicy": {%s},
                          "subsets": [{"name": "v1", "labels": {"version": "v1"}}]}}
                """.formatted(version, policy));
    }

    /** As after a restart: nothing is known of a version before. */
    @Test
    void aRuleWithAFieldThatOnlyProtectsIsInForceWithoutIt() {
        RuleTable sensible = new RuleTable("rules", ConfigReader.sensible());
        sensible.applied(VIRTUAL_SERVICE, virtualService("reviews", "a", 1, "v1"));
        sensible.applied(DESTINATION_RULE, policy(2, "\"loadBalancer\": {\"warmup\": {\"duration\": \"3s\"}}"));

        ConfigUpdate update = sensible.update(List.of());

        assertThat(update).isInstanceOf(ConfigUpdate.Valid.class);
        assertThat(((ConfigUpdate.Valid) update).config().destinationRules())
                .singleElement()
                .satisfies(rule -> {
                    assertThat(rule.subsets()).hasSize(1);
                    assertThat(rule.meta().skipped())
                            .extracting(field -> field.path())
                            .containsExactly("spec.trafficPolicy.loadBalancer.warmup");
                });
        assertThat(update.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.severity()).isEqualTo(ConfigProblem.Severity.WARNING);
            assertThat(problem.object()).isEqualTo("DestinationRule shop/reviews");
        });
    }

    @Test
    void aRuleWithAFieldThatMattersIsAnErrorAndKeepsItsSubsets() {
        RuleTable sensible = new RuleTable("rules", ConfigReader.sensible());
        sensible.applied(DESTINATION_RULE, policy(2, "\"tls\": {\"mode\": \"ISTIO_MUTUAL\"}"));

        ConfigUpdate.Partial refusing = (ConfigUpdate.Partial) sensible.update(List.of());

        assertThat(refusing.current()).isFalse();
        assertThat(refusing.config().destinationRules())
                .singleElement()
                .satisfies(rule -> assertThat(rule.subsets()).hasSize(1));
        assertThat(sensible.confirmed())
                .as("it is what the next start begins with")
                .hasSize(1);

        sensible.applied(
                DESTINATION_RULE, policy(3, "\"loadBalancer\": {\"consistentHash\": {\"useSourceIp\": true}}"));
        ConfigUpdate.Partial told = (ConfigUpdate.Partial) sensible.update(List.of());

        assertThat(told.current()).as("every object is in force").isTrue();
        assertThat(told.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.isError()).isTrue());
    }

    @Test
    void problemsAreBoundedAndErrorsComeFirst() {
        List<CustomResource> all = new ArrayList<>();
        for (int i = 0; i < 1_500; i++) {
            all.add(badVirtualService("bad-" + i, "u" + i, i));
        }
        table.replaced(VIRTUAL_SERVICE, "", all);
        table.applied(
                AUTHORIZATION_POLICY,
                object(AUTHORIZATION_POLICY, "{\"metadata\": {\"name\": \"g\", \"namespace\": \"shop\"}}"));

        ConfigUpdate update = update();

        assertThat(update).isInstanceOf(ConfigUpdate.Partial.class);
        assertThat(update.problems()).hasSize(1_001);
        assertThat(update.problems().get(1_000).toString())
                .startsWith("kubernetes rules: error: 501 more problems are not listed");
    }

    @Test
    void whatIsRememberedHoldsUntilTheServerSaysOtherwiseAndGivesItsLastGoodVersion() {
        table.remember(List.of(
                new SavedRules.SavedRule(VIRTUAL_SERVICE, virtualService("reviews", "a", 1, "v1")),
                new SavedRules.SavedRule(VIRTUAL_SERVICE, virtualService("ratings", "b", 1, "v1"))));
        assertThat(subsets()).hasSize(2);
        assertThat(table.remembers()).isTrue();
        assertThat(table.confirmed()).isEmpty();

        table.replaced(VIRTUAL_SERVICE, "", List.of(badVirtualService("reviews", "a", 5)));

        assertThat(subsets()).containsExactly("reviews to v1");
        assertThat(table.remembers()).isFalse();
        assertThat(table.confirmed())
                .as("the last good version is what is kept")
                .extracting(kept -> kept.object().metadata().resourceVersion())
                .containsExactly("1");
    }

    @Test
    void whatIsRememberedAndToldUnchangedIsConfirmed() {
        table.remember(List.of(new SavedRules.SavedRule(VIRTUAL_SERVICE, virtualService("reviews", "a", 1, "v1"))));

        table.replaced(VIRTUAL_SERVICE, "", List.of(virtualService("reviews", "a", 1, "v1")));

        assertThat(table.confirmed()).hasSize(1);
    }
}
