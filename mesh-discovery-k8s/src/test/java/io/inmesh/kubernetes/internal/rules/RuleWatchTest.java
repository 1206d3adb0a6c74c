package io.inmesh.kubernetes.internal.rules;

import static io.inmesh.kubernetes.internal.rules.RuleObjects.badVirtualService;
import static io.inmesh.kubernetes.internal.rules.RuleObjects.destinationRule;
import static io.inmesh.kubernetes.internal.rules.RuleObjects.virtualService;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.config.ConfigUpdate;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.kubernetes.internal.time.StartWait;
import io.inmesh.model.MeshConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RuleWatchTest extends RuleWatchFixture {
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
        watches.failureOfNew = "connection refused";
        RuleWatch watch = begun(IMPATIENCE);

        ConfigUpdate first = next();
        assertThat(first).isInstanceOf(ConfigUpdate.Valid.class);
        assertThat(config(first)).isEqualTo(MeshConfig.EMPTY);
        assertThat(messages(first))
                .containsExactly("kubernetes rules: warning: the API server has not told its"
                        + " virtualservices.networking.istio.io, destinationrules.networking.istio.io yet"
                        + " (connection refused): none are in force; the server's are put in force as soon as it answers;"
                        + " check that it can be reached from here");
        assertThat(watch.knowledge()).isEqualTo(Knowledge.NOTHING);

        timing.open();
        watches.of("VirtualService").tell(virtualService("reviews", "a", 1, "v1"));
        watches.of("DestinationRule").tell();

        ConfigUpdate later = nextWithoutProblems();
        assertThat(names(later)).containsExactly("reviews");
        assertThat(watch.knowledge()).isEqualTo(Knowledge.TOLD);
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
                new StartWait(PATIENCE, timing),
                null,
                update -> {
                    if (!names(update).isEmpty()) {
                        self.forEach(RuleWatch::close);
                    }
                    told.add("told");
                });
        self.add(watch);
        watch.begin();
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
                new StartWait(PATIENCE, timing),
                null,
                update -> {
                    told.add(update);
                    throw new IllegalStateException("a bug");
                });
        toClose.add(watch);
        watch.begin();
        timing.open();
        told.take();

        watches.of("VirtualService").listener.applied(virtualService("a", "1", 1, "v1"));

        assertThat(told.poll(20, TimeUnit.SECONDS)).isNotNull();
    }
}
