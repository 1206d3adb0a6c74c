package io.inmesh.kubernetes.internal.rules;

import static io.inmesh.kubernetes.internal.rules.RuleObjects.badVirtualService;
import static io.inmesh.kubernetes.internal.rules.RuleObjects.destinationRule;
import static io.inmesh.kubernetes.internal.rules.RuleObjects.virtualService;
import static io.inmesh.kubernetes.internal.rules.RuleResource.DESTINATION_RULE;
import static io.inmesh.kubernetes.internal.rules.RuleResource.VIRTUAL_SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigReader;
import io.inmesh.config.ConfigUpdate;
import io.inmesh.kubernetes.internal.file.SnapshotFile;
import io.inmesh.kubernetes.internal.resource.CustomResource;
import io.inmesh.kubernetes.internal.time.DaemonThreads;
import io.inmesh.kubernetes.internal.time.Timing;
import io.inmesh.model.MeshConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RuleWatchTest {
    private static final Duration PATIENCE = Duration.ofSeconds(8);
    private static final Duration IMPATIENCE = Duration.ofMillis(20);
    private static final List<RuleResource> TWO = List.of(VIRTUAL_SERVICE, DESTINATION_RULE);

    private final FakeWatches watches = new FakeWatches();
    private final GatedTiming timing = new GatedTiming();
    private final BlockingQueue<ConfigUpdate> updates = new LinkedBlockingQueue<>();
    private final List<AutoCloseable> toClose = new ArrayList<>();

    /** Waits in the watch's own thread end when the test lets them. */
    private static final class GatedTiming implements Timing {
        private final Semaphore waits = new Semaphore(0);
        private final Semaphore permits = new Semaphore(0);

        /** Lets the thread that tells wait without limit, in no time. */
        void open() {
            permits.release(1_000_000);
        }

        @Override
        public long nanoTime() {
            return 0;
        }

        @Override
        public Instant now() {
            return Instant.parse("2026-01-01T00:00:10Z");
        }

        @Override
        public void sleep(Duration time) throws InterruptedException {
            waits.release();
            permits.acquire();
        }

        @Override
        public double random() {
            return 0;
        }
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : toClose) {
            each.close();
        }
        watches.end();
        assertThat(watches.open()).isEmpty();
    }

    private RuleWatch begun(Duration wait, List<String> namespaces, @Nullable SnapshotFile file) {
        RuleWatch watch = new RuleWatch(
                "kubernetes rules",
                new RuleSelection(TWO, namespaces, "own"),
                ConfigReader.strict(),
                watches,
                timing,
                file,
                updates::add);
        toClose.add(0, watch);
        watch.begin(wait);
        return watch;
    }

    private RuleWatch begun(Duration wait) {
        return begun(wait, List.of(), null);
    }

    private RuleWatch begunWith(Consumer<FakeWatches.Fake> answer) {
        watches.onStart = answer;
        return begun(PATIENCE);
    }

    private RuleWatch begunEmpty() {
        return begunWith(FakeWatches.Fake::tell);
    }

    /** What a server with these VirtualServices and nothing else tells. */
    private static void tellRules(FakeWatches.Fake watch, CustomResource... virtualServices) {
        if (watch.name().startsWith("VirtualService")) {
            watch.tell(virtualServices);
        } else {
            watch.tell();
        }
    }

    private ConfigUpdate next() throws InterruptedException {
        ConfigUpdate update = updates.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        assertThat(update).as("an update").isNotNull();
        return update;
    }

    private static MeshConfig config(ConfigUpdate update) {
        return update instanceof ConfigUpdate.Partial partial
                ? partial.config()
                : ((ConfigUpdate.Valid) update).config();
    }

    private static List<String> names(ConfigUpdate update) {
        return config(update).virtualServices().stream()
                .map(rule -> rule.meta().name())
                .toList();
    }

    private static List<String> messages(ConfigUpdate update) {
        return update.problems().stream().map(ConfigProblem::toString).toList();
    }

    // the first update

    @Test
    void theFirstUpdateHasWhatTheServerToldOfAllKinds() throws InterruptedException {
        begunWith(watch -> {
            if (watch.name().startsWith("VirtualService")) {
                watch.tell(virtualService("reviews", "a", 1, "v1"));
            } else {
                watch.tell(destinationRule("reviews", "b", 2, "2026-01-01T00:00:00Z"));
            }
        });

        ConfigUpdate first = next();
        assertThat(names(first)).containsExactly("reviews");
        assertThat(config(first).destinationRules()).hasSize(1);
        assertThat(first.problems()).isEmpty();
        assertThat(watches.started()).containsExactly("VirtualService v1 ", "DestinationRule v1 ");
    }

    @Test
    void aServerThatSaysNothingIsWaitedForNoLongerThanAllowed() throws InterruptedException {
        watches.onStart = watch -> watch.lastFailure = "connection refused";
        RuleWatch watch = begun(IMPATIENCE);

        ConfigUpdate first = next();
        assertThat(first).isInstanceOf(ConfigUpdate.Valid.class);
        assertThat(config(first)).isEqualTo(MeshConfig.EMPTY);
        assertThat(messages(first))
                .containsExactly("kubernetes rules: warning: the API server has not told its"
                        + " virtualservices.networking.istio.io, destinationrules.networking.istio.io yet"
                        + " (connection refused): none are in force; the server's are put in force as soon as it answers;"
                        + " check that it can be reached from here");
        assertThat(watch.knowledge()).isEqualTo(RuleWatch.Knowledge.NOTHING);

        timing.open();
        watches.of("VirtualService").tell(virtualService("reviews", "a", 1, "v1"));
        watches.of("DestinationRule").tell();

        ConfigUpdate later = next();
        while (!later.problems().isEmpty()) {
            later = next();
        }
        assertThat(names(later)).containsExactly("reviews");
        assertThat(watch.knowledge()).isEqualTo(RuleWatch.Knowledge.TOLD);
    }

    // changes

    @Test
    void changesThatComeTogetherAreToldTogether() throws InterruptedException {
        begunEmpty();
        next();

        watches.of("VirtualService").listener.applied(virtualService("a", "1", 1, "v1"));
        timing.waits.acquire();
        watches.of("VirtualService").listener.applied(virtualService("b", "2", 2, "v1"));
        timing.permits.release();
        timing.waits.acquire();
        watches.of("VirtualService").listener.applied(virtualService("c", "3", 3, "v1"));
        timing.permits.release();
        timing.waits.acquire();
        assertThat(updates).isEmpty();
        timing.permits.release();

        assertThat(names(next())).containsExactly("a", "b", "c");
        assertThat(updates).isEmpty();
    }

    @Test
    void changesWithoutEndAreToldAllTheSame() throws InterruptedException {
        begunEmpty();
        next();

        watches.of("VirtualService").listener.applied(virtualService("a", "1", 1, "v1"));
        for (int i = 2; i <= 11; i++) {
            timing.waits.acquire();
            watches.of("VirtualService").listener.applied(virtualService("a", "1", i, "v1"));
            timing.permits.release();
        }

        assertThat(names(next())).containsExactly("a");
        timing.open();
    }

    @Test
    void whatChangesNothingIsNotTold() throws InterruptedException {
        begunWith(watch -> tellRules(watch, virtualService("reviews", "a", 1, "v1")));
        next();
        timing.open();

        watches.of("VirtualService").tell(virtualService("reviews", "a", 1, "v1"));
        watches.of("VirtualService").listener.applied(virtualService("ratings", "b", 2, "v1"));

        assertThat(names(next())).containsExactly("ratings", "reviews");
        assertThat(updates).isEmpty();
    }

    @Test
    void aBadObjectIsToldBesideTheOthers() throws InterruptedException {
        begunWith(watch -> tellRules(watch, badVirtualService("bad", "a", 1), virtualService("good", "b", 2, "v1")));

        ConfigUpdate first = next();
        assertThat(first).isInstanceOf(ConfigUpdate.Partial.class);
        assertThat(names(first)).containsExactly("good");
    }

    @Test
    void nothingIsToldAfterClosing() throws InterruptedException {
        RuleWatch watch = begunEmpty();
        next();
        FakeWatches.Fake rules = watches.of("VirtualService");
        rules.listener.applied(virtualService("a", "1", 1, "v1"));
        timing.waits.acquire();

        watch.close();
        timing.open();
        rules.listener.applied(virtualService("b", "2", 2, "v1"));
        watch.close();

        assertThat(watches.open()).isEmpty();
        assertThat(updates).isEmpty();
    }

    @Test
    void aListenerMayClose() throws InterruptedException {
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        watches.onStart = FakeWatches.Fake::tell;
        List<RuleWatch> self = new ArrayList<>();
        RuleWatch watch = new RuleWatch(
                "rules",
                new RuleSelection(TWO, List.of(), "own"),
                ConfigReader.strict(),
                watches,
                timing,
                null,
                update -> {
                    if (!names(update).isEmpty()) {
                        self.forEach(RuleWatch::close);
                    }
                    told.add("told");
                });
        self.add(watch);
        watch.begin(PATIENCE);
        timing.open();

        watches.of("VirtualService").listener.applied(virtualService("a", "1", 1, "v1"));

        assertThat(told.poll(20, TimeUnit.SECONDS)).isNotNull();
        assertThat(told.poll(20, TimeUnit.SECONDS)).isNotNull();
        assertThat(watches.open()).isEmpty();
    }

    @Test
    void aListenerThatThrowsIsToldTheNextChange() throws InterruptedException {
        BlockingQueue<ConfigUpdate> told = new LinkedBlockingQueue<>();
        watches.onStart = FakeWatches.Fake::tell;
        RuleWatch watch = new RuleWatch(
                "rules",
                new RuleSelection(TWO, List.of(), "own"),
                ConfigReader.strict(),
                watches,
                timing,
                null,
                update -> {
                    told.add(update);
                    throw new IllegalStateException("a bug");
                });
        toClose.add(watch);
        watch.begin(PATIENCE);
        timing.open();
        told.take();

        watches.of("VirtualService").listener.applied(virtualService("a", "1", 1, "v1"));

        assertThat(told.poll(20, TimeUnit.SECONDS)).isNotNull();
    }

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
        assertThat(watches.open()).containsExactlyInAnyOrder("VirtualService v1alpha3 ", "DestinationRule v1alpha3 ");
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

        ConfigUpdate later = next();
        while (!later.problems().isEmpty()) {
            later = next();
        }
        assertThat(names(later)).containsExactly("reviews");
        assertThat(watches.open()).containsExactlyInAnyOrder("VirtualService v1 ", "DestinationRule v1 ");
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
        assertThat(watches.open()).contains("VirtualService v1 ").doesNotContain("VirtualService v1beta1 ");
    }

    // scopes

    @Test
    void namedNamespacesAreWatchedOneByOne() throws InterruptedException {
        watches.onStart = FakeWatches.Fake::tell;
        begun(PATIENCE, List.of("shop", "tools"), null);

        next();
        assertThat(watches.open())
                .containsExactly(
                        "VirtualService v1 shop",
                        "VirtualService v1 tools",
                        "DestinationRule v1 shop",
                        "DestinationRule v1 tools");
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

        ConfigUpdate later = next();
        while (!later.problems().isEmpty()) {
            later = next();
        }
        assertThat(names(later)).containsExactly("reviews");
        assertThat(watches.open()).containsExactly("VirtualService v1 ", "DestinationRule v1 ");
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

    // the snapshot file

    @Test
    void aStartWithoutTheServerGoesOnFromTheFile(@TempDir Path folder) throws Exception {
        Path path = folder.resolve("mesh.snapshot");
        watches.onStart =
                watch -> tellRules(watch, virtualService("reviews", "a", 1, "v1"), badVirtualService("bad", "b", 2));
        try (SnapshotFile file = file(path)) {
            RuleWatch before = begun(PATIENCE, List.of(), file);
            next();
            before.close();
        }

        watches.onStart = watch -> {};
        SnapshotFile file = file(path);
        toClose.add(file);
        RuleWatch after = begun(IMPATIENCE, List.of(), file);

        ConfigUpdate first = next();
        assertThat(names(first)).containsExactly("reviews");
        assertThat(messages(first))
                .singleElement()
                .asString()
                .contains("warning: the API server has not told", "those of the snapshot file (1) are in force");
        assertThat(after.knowledge()).isEqualTo(RuleWatch.Knowledge.REMEMBERED);

        timing.open();
        watches.of("VirtualService").tell(badVirtualService("reviews", "a", 7));
        watches.of("DestinationRule").tell();
        ConfigUpdate later = next();
        while (!(later instanceof ConfigUpdate.Partial) || later.problems().size() > 1) {
            later = next();
        }
        assertThat(names(later)).as("the last good version of the very object").containsExactly("reviews");
        assertThat(messages(later)).singleElement().asString().endsWith("until then its version 1 stays in force");
    }

    @Test
    void aServerWithoutTheKindsMakesWhatWasRememberedObsolete(@TempDir Path folder) throws Exception {
        Path path = folder.resolve("mesh.snapshot");
        watches.onStart = watch -> tellRules(watch, virtualService("reviews", "a", 1, "v1"));
        try (SnapshotFile file = file(path)) {
            begun(PATIENCE, List.of(), file).close();
        }
        next();

        watches.onStart = FakeWatches.Fake::notServed;
        SnapshotFile file = file(path);
        toClose.add(file);
        begun(PATIENCE, List.of(), file);

        assertThat(names(next())).isEmpty();
    }

    @Test
    void namespacesThatAreNoLongerReadAreForgotten(@TempDir Path folder) throws Exception {
        Path path = folder.resolve("mesh.snapshot");
        watches.onStart = watch -> tellRules(watch, virtualService("reviews", "a", 1, "v1"));
        try (SnapshotFile file = file(path)) {
            begun(PATIENCE, List.of(), file).close();
        }
        next();

        watches.onStart = watch -> {};
        SnapshotFile file = file(path);
        toClose.add(file);
        begun(IMPATIENCE, List.of("tools"), file);

        assertThat(names(next())).isEmpty();
    }

    private SnapshotFile file(Path path) {
        return SnapshotFile.open(
                path, Duration.ofDays(365), () -> "https://cluster", timing, DaemonThreads.scheduler("test-file"));
    }
}
