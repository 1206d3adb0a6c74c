package io.inmesh.kubernetes.internal.rules;

import static io.inmesh.kubernetes.internal.rules.RuleResource.DESTINATION_RULE;
import static io.inmesh.kubernetes.internal.rules.RuleResource.VIRTUAL_SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigUpdate;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.kubernetes.internal.file.SnapshotFile;
import io.inmesh.kubernetes.internal.resource.CustomResource;
import io.inmesh.kubernetes.internal.time.StartWait;
import io.inmesh.kubernetes.internal.time.Timing;
import io.inmesh.model.MeshConfig;
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
import org.junit.jupiter.api.Timeout;

/** A watch of rules over watches and waits that a test drives. */
@Timeout(60)
abstract class RuleWatchFixture {
    static final Duration PATIENCE = Duration.ofSeconds(8);
    static final Duration IMPATIENCE = Duration.ofMillis(20);
    static final List<RuleResource> TWO = List.of(VIRTUAL_SERVICE, DESTINATION_RULE);

    final FakeWatches watches = new FakeWatches();
    final GatedTiming timing = new GatedTiming();
    final BlockingQueue<ConfigUpdate> updates = new LinkedBlockingQueue<>();
    final List<AutoCloseable> toClose = new ArrayList<>();

    /** Waits in the watch's own thread end when the test lets them. */
    static final class GatedTiming implements Timing {
        final Semaphore waits = new Semaphore(0);
        final Semaphore permits = new Semaphore(0);

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

    RuleWatch begun(Duration wait, List<String> namespaces, @Nullable SnapshotFile file) {
        return begun(TWO, ConfigReader.strict(), wait, namespaces, file);
    }

    RuleWatch begun(
            List<RuleResource> kinds,
            ConfigReader reader,
            Duration wait,
            List<String> namespaces,
            @Nullable SnapshotFile file) {
        RuleWatch watch = new RuleWatch(
                "kubernetes rules",
                new RuleSelection(kinds, namespaces, "own"),
                reader,
                watches,
                timing,
                new StartWait(wait, timing),
                file,
                updates::add);
        toClose.add(0, watch);
        watch.begin();
        return watch;
    }

    RuleWatch begun(Duration wait) {
        return begun(wait, List.of(), null);
    }

    RuleWatch begunWith(Consumer<FakeWatches.Fake> answer) {
        watches.onStart = answer;
        return begun(PATIENCE);
    }

    RuleWatch begunEmpty() {
        return begunWith(FakeWatches.Fake::tell);
    }

    /** What a server with these VirtualServices and nothing else tells. */
    static void tellRules(FakeWatches.Fake watch, CustomResource... virtualServices) {
        if (watch.name().startsWith("VirtualService")) {
            watch.tell(virtualServices);
        } else {
            watch.tell();
        }
    }

    ConfigUpdate next() throws InterruptedException {
        ConfigUpdate update = updates.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        assertThat(update).as("an update").isNotNull();
        return update;
    }

    /** Updates that come before everything can be read are passed over. */
    ConfigUpdate nextWithoutProblems() throws InterruptedException {
        ConfigUpdate update = next();
        while (!update.problems().isEmpty()) {
            update = next();
        }
        return update;
    }

    static MeshConfig config(ConfigUpdate update) {
        return update instanceof ConfigUpdate.Partial partial
                ? partial.config()
                : ((ConfigUpdate.Valid) update).config();
    }

    static List<String> names(ConfigUpdate update) {
        return config(update).virtualServices().stream()
                .map(rule -> rule.meta().name())
                .toList();
    }

    static List<String> messages(ConfigUpdate update) {
        return update.problems().stream().map(ConfigProblem::toString).toList();
    }
}
