package io.inmesh.internal.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.inmesh.config.source.ConfigReader;
import io.inmesh.config.source.TextConfigSource;
import io.inmesh.internal.time.Mailbox;
import io.inmesh.model.AuthorizationPolicy;
import io.inmesh.model.AuthorizationPolicy.Action;
import io.inmesh.model.ConfigObject;
import io.inmesh.model.MeshConfig;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Which policies are in force after good and bad updates of their source. */
class ConfigSlotTest {
    private static final String GOOD = policy("p", "ALLOW", "rules: [{}]");
    private static final String BAD = policy("p", "ALLOW", "rules: [{x: 1}]");
    private static final String AUTHENTICATION = """
            apiVersion: security.istio.io/v1
            kind: RequestAuthentication
            metadata: {name: r}
            spec: {jwtRules: [{issuer: a, jwksUri: "https://example.com/keys"}]}
            """;
    private static final String OTHER = policy("other", "DENY", "rules: [{x: 1}]");

    private static String policy(String name, String action, String rules) {
        return """
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: %s}
                spec: {action: %s, %s}
                """.formatted(name, action, rules);
    }

    private static final ConfigReader READER = ConfigReader.sensible().forInbound();

    private ConfigSlot slot(TextConfigSource source, boolean failFast) {
        ConfigSlot slot = new ConfigSlot(source, failFast);
        slot.watch(new Mailbox<>(Runnable::run, update -> slot.take(update, Instant.EPOCH)));
        return slot;
    }

    private static TextConfigSource source(String... texts) {
        return new TextConfigSource("rules", READER, texts(texts));
    }

    private static Map<String, String> texts(String... texts) {
        return Map.of("rules.yaml", String.join("---\n", texts));
    }

    private static MeshConfig inForce(ConfigSlot slot) {
        return Objects.requireNonNull(slot.inForce());
    }

    private static List<String> names(List<? extends ConfigObject> objects) {
        return objects.stream().map(object -> object.meta().name()).toList();
    }

    @Test
    void nothingBeginsWithAPolicyThatCannotBeRead() {
        ConfigSlot slot = slot(source(BAD), true);

        assertThat(slot.usable()).isFalse();
        assertThat(slot.inForce()).isNull();
    }

    @Test
    void theLastGoodPolicyStays() {
        TextConfigSource source = source(GOOD, AUTHENTICATION);
        ConfigSlot slot = slot(source, true);
        MeshConfig good = slot.inForce();

        source.update(texts(BAD, AUTHENTICATION.replace("issuer", "isuer")));

        assertThat(slot.inForce()).isSameAs(good);
        assertThat(slot.status().current()).isFalse();
    }

    @Test
    void whoBeginsWithWhatIsGoodRefusesWhatAPolicyMayRefuse() {
        ConfigSlot slot = slot(source(BAD, AUTHENTICATION), false);

        assertThat(inForce(slot).authorizationPolicies()).singleElement().satisfies(policy -> {
            assertThat(policy.isStandIn()).isTrue();
            assertThat(policy.action()).isEqualTo(Action.ALLOW);
            assertThat(policy.rules()).isEmpty();
        });
        assertThat(inForce(slot).requestAuthentications()).hasSize(1);
    }

    @Test
    void aVersionThatWasGoodBeforeTakesThePlaceOfWhatStandsIn() {
        TextConfigSource source = source(GOOD, AUTHENTICATION, OTHER);
        ConfigSlot slot = slot(source, false);
        MeshConfig before = inForce(slot);
        assertThat(names(before.authorizationPolicies())).containsExactly("p", "other");

        source.update(texts(BAD, AUTHENTICATION.replace("issuer", "isuer"), OTHER));

        assertThat(inForce(slot).requestAuthentications()).isEqualTo(before.requestAuthentications());
        assertThat(inForce(slot).authorizationPolicies()).isEqualTo(before.authorizationPolicies());
    }

    @Test
    void whatStandsInGoesWithTheErrorThatItStandsFor() {
        TextConfigSource source = source(BAD, AUTHENTICATION.replace("issuer", "isuer"), OTHER);
        ConfigSlot slot = slot(source, false);
        assertThat(names(inForce(slot).authorizationPolicies()))
                .containsExactly("p", "RequestAuthentication/r", "other");

        source.update(texts(GOOD, AUTHENTICATION, OTHER));

        assertThat(inForce(slot).authorizationPolicies())
                .extracting(policy -> policy.meta().name(), AuthorizationPolicy::isStandIn)
                .containsExactly(tuple("p", false), tuple("other", true));
    }

    @Test
    void aPolicyThatAsksSomebodyElseIsInForceAtOnce() {
        TextConfigSource source = source(GOOD);
        ConfigSlot slot = slot(source, true);

        source.update(texts(policy("p", "CUSTOM", "provider: {name: x}, rules: [{}]")));

        assertThat(inForce(slot).authorizationPolicies())
                .extracting(AuthorizationPolicy::action)
                .containsExactly(Action.CUSTOM);
        assertThat(slot.status().current()).isFalse();
    }
}
