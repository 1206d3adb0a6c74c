package io.inmesh.kubernetes.internal.rules;

import static io.inmesh.kubernetes.internal.rules.RuleObjects.virtualService;
import static io.inmesh.kubernetes.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigUpdate;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Versions and namespaces, missing or forbidden. */
class RuleScopesTest extends RuleWatchFixture {
    // versions

    @Test
    void anOlderVersionIsReadWhereTheNewestIsNotServed() throws InterruptedException {
        begunWith(watch -> {
            if (watch.name().contains("v1alpha3")) {
                watch.tell();
            } else {
                watch.notServed();
            }
        });

        assertThat(next().problems()).isEmpty();
        assertThat(watches.started())
                .contains("VirtualService v1 ", "VirtualService v1beta1 ", "VirtualService v1alpha3 ");
        timing.open();
        watches.of("VirtualService").listener.applied(virtualService("a", "1", 1, "v1"));
        assertThat(names(next())).containsExactly("a");
        eventually(() -> assertThat(watches.open())
                .containsExactlyInAnyOrder("VirtualService v1alpha3 ", "DestinationRule v1alpha3 "));
    }

    @Test
    void missingKindsAreOneNoteAndAreReadOnceTheyAreThere() throws InterruptedException {
        begunWith(FakeWatches.Fake::notServed);

        ConfigUpdate first = next();
        assertThat(first).isInstanceOf(ConfigUpdate.Valid.class);
        assertThat(messages(first))
                .containsExactly("kubernetes rules: note: the API server has no virtualservices.networking.istio.io,"
                        + " destinationrules.networking.istio.io, so no such rules come from it; install Istio's custom"
                        + " resource definitions to write rules there, which is noticed by itself");
        watches.onStart = watch -> {};
        timing.open();

        watches.named("VirtualService v1 ").tell(virtualService("reviews", "a", 1, "v1"));
        watches.named("DestinationRule v1 ").tell();

        ConfigUpdate later = nextWithoutProblems();
        assertThat(names(later)).containsExactly("reviews");
        eventually(() ->
                assertThat(watches.open()).containsExactlyInAnyOrder("VirtualService v1 ", "DestinationRule v1 "));
    }

    @Test
    void anOldVersionThatIsInstalledLaterIsReadToo() throws InterruptedException {
        begunWith(FakeWatches.Fake::notServed);
        next();
        timing.open();
        assertThat(watches.started()).as("asked for once each").hasSize(6).doesNotHaveDuplicates();
        assertThat(watches.open()).as("all go on being asked for").hasSize(6);

        watches.named("VirtualService v1beta1 ").tell(virtualService("reviews", "a", 1, "v1"));
        watches.named("DestinationRule v1beta1 ").tell();

        ConfigUpdate later = nextWithoutProblems();
        assertThat(names(later)).containsExactly("reviews");
        watches.named("VirtualService v1beta1 ").listener.applied(virtualService("ratings", "b", 2, "v1"));
        assertThat(names(next())).containsExactly("ratings", "reviews");
        eventually(() ->
                assertThat(watches.open()).containsExactly("VirtualService v1beta1 ", "DestinationRule v1beta1 "));
    }

    @Test
    void ofVersionsThatAreInstalledTogetherTheNewestIsRead() throws InterruptedException {
        begunWith(FakeWatches.Fake::notServed);
        next();
        watches.onStart = watch -> {};
        timing.open();

        watches.named("VirtualService v1alpha3 ").tell();
        watches.named("DestinationRule v1alpha3 ").tell();
        nextWithoutProblems();
        watches.named("DestinationRule v1 ").tell();
        watches.named("VirtualService v1 ").tell(virtualService("ratings", "b", 2, "v1"));

        assertThat(names(next())).containsExactly("ratings");
        eventually(() -> assertThat(watches.open()).containsExactly("VirtualService v1 ", "DestinationRule v1 "));
    }

    @Test
    void aVersionThatIsNoLongerServedGivesWayAndTheRulesStay() throws InterruptedException {
        begunWith(watch -> {
            if (watch.name().contains("v1beta1")) {
                tellRules(watch, virtualService("reviews", "a", 1, "v1"));
            } else {
                watch.notServed();
            }
        });
        assertThat(names(next())).containsExactly("reviews");
        watches.onStart = watch -> {};
        timing.open();

        watches.named("VirtualService v1beta1 ").notServed();
        watches.named("VirtualService v1 ")
                .tell(virtualService("reviews", "a", 1, "v1"), virtualService("ratings", "b", 2, "v1"));

        assertThat(names(next())).containsExactly("ratings", "reviews");
        eventually(() ->
                assertThat(watches.open()).contains("VirtualService v1 ").doesNotContain("VirtualService v1beta1 "));
    }

    // scopes

    @Test
    void namedNamespacesAreWatchedOneByOne() throws InterruptedException {
        watches.onStart = FakeWatches.Fake::tell;
        begun(PATIENCE, List.of("shop", "tools"), null);

        next();
        eventually(() -> assertThat(watches.open())
                .containsExactly(
                        "VirtualService v1 shop",
                        "VirtualService v1 tools",
                        "DestinationRule v1 shop",
                        "DestinationRule v1 tools"));
    }

    @Test
    void theOwnNamespaceIsReadWhereAllAreForbidden() throws InterruptedException {
        begunWith(watch -> {
            if (watch.selection.namespace().isEmpty()) {
                watch.forbid();
            } else {
                watch.tell();
            }
        });

        ConfigUpdate first = next();
        assertThat(messages(first))
                .containsExactly("kubernetes rules: note: virtualservices.networking.istio.io,"
                        + " destinationrules.networking.istio.io are read of namespace own only, because reading those of"
                        + " all namespaces is forbidden (cannot list virtualservices in \"\"); bind a ClusterRole, or name"
                        + " the namespaces to be read if this is meant");

        watches.onStart = watch -> {};
        timing.open();
        watches.named("VirtualService v1 ").tell(virtualService("reviews", "a", 1, "v1"));
        watches.named("DestinationRule v1 ").tell();

        ConfigUpdate later = nextWithoutProblems();
        assertThat(names(later)).containsExactly("reviews");
        eventually(() -> assertThat(watches.open()).containsExactly("VirtualService v1 ", "DestinationRule v1 "));
    }

    @Test
    void aForbiddenKindIsOneWarningThatNamesWhatIsMissing() throws InterruptedException {
        begunWith(FakeWatches.Fake::forbid);

        assertThat(next().problems())
                .filteredOn(problem -> problem.severity() == ConfigProblem.Severity.WARNING)
                .singleElement()
                .asString()
                .contains(
                        "does not let us list and watch virtualservices.networking.istio.io,"
                                + " destinationrules.networking.istio.io of namespace own",
                        "cannot list virtualservices in \"own\"",
                        "grant the verbs list and watch");
    }

    @Test
    void rightsThatAreLostLaterLeaveTheRules() throws InterruptedException {
        begunWith(watch -> tellRules(watch, virtualService("reviews", "a", 1, "v1")));
        next();
        timing.open();

        watches.of("VirtualService").forbid();
        watches.of("VirtualService").listener.applied(virtualService("ratings", "b", 2, "v1"));

        ConfigUpdate later = next();
        assertThat(names(later)).containsExactly("ratings", "reviews");
        assertThat(later.problems()).isEmpty();
        assertThat(watches.started()).doesNotContain("VirtualService v1 own");
    }
}
