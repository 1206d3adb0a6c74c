package io.inmesh.kubernetes.internal.rules;

import static io.inmesh.kubernetes.internal.rules.RuleResource.AUTHORIZATION_POLICY;
import static io.inmesh.kubernetes.internal.rules.RuleResource.VIRTUAL_SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.config.ConfigUpdate;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.model.AuthorizationPolicy;
import io.inmesh.model.ObjectMeta;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Policies of which the server has told nothing, or will not, where requests are judged by them. */
class UnreadPoliciesTest extends RuleWatchFixture {
    private static final List<RuleResource> KINDS = List.of(VIRTUAL_SERVICE, AUTHORIZATION_POLICY);

    private void begin(ConfigReader reader, List<String> namespaces, Consumer<FakeWatches.Fake> policies) {
        watches.onStart = watch -> {
            if (watch.name().startsWith("AuthorizationPolicy")) {
                policies.accept(watch);
            } else {
                watch.tell();
            }
        };
        begun(KINDS, reader, IMPATIENCE, namespaces, null);
    }

    private static List<String> refusing(ConfigUpdate update) {
        return config(update).authorizationPolicies().stream()
                .filter(AuthorizationPolicy::isStandIn)
                .map(policy -> policy.meta().namespace())
                .toList();
    }

    @Test
    void theyRefuseEverythingUntilTheServerTellsThem() throws InterruptedException {
        begin(ConfigReader.sensible().forInbound(), List.of(), watch -> {});

        ConfigUpdate first = next();
        assertThat(first).isInstanceOf(ConfigUpdate.Partial.class);
        assertThat(refusing(first)).containsExactly(ObjectMeta.ROOT_NAMESPACE);
        assertThat(messages(first))
                .contains("kubernetes rules: error: nobody has told the policies of any namespace, so all requests that"
                        + " come in there are refused; see to it that they can be read, which is noticed by itself");

        timing.open();
        watches.of("AuthorizationPolicy").tell();

        ConfigUpdate later = nextWithoutProblems();
        assertThat(later).isInstanceOf(ConfigUpdate.Valid.class);
        assertThat(refusing(later)).isEmpty();
    }

    @Test
    void theyRefuseEverythingWhereTheyMayNotBeRead() throws InterruptedException {
        begin(ConfigReader.sensible().forGateway(), List.of("a", "b"), FakeWatches.Fake::forbid);
        timing.open();

        ConfigUpdate update = next();
        while (!(update instanceof ConfigUpdate.Partial) || refusing(update).size() != 2) {
            update = next();
        }
        assertThat(refusing(update)).containsExactly("a", "b");
    }

    @Test
    void aServerThatHasNoneOfTheKindRefusesNothing() throws InterruptedException {
        begin(ConfigReader.sensible().forInbound(), List.of("a"), FakeWatches.Fake::notServed);
        timing.open();

        ConfigUpdate update = next();
        while (!refusing(update).isEmpty()) {
            update = next();
        }
        assertThat(update).isInstanceOf(ConfigUpdate.Valid.class);
    }

    @Test
    void whoOnlyCallsIsToldOfNoRefusal() throws InterruptedException {
        begin(ConfigReader.sensible(), List.of(), watch -> {});

        ConfigUpdate first = next();
        assertThat(first).isInstanceOf(ConfigUpdate.Valid.class);
        assertThat(refusing(first)).isEmpty();
    }
}
