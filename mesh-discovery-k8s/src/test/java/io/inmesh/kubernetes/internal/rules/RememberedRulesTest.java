package io.inmesh.kubernetes.internal.rules;

import static io.inmesh.kubernetes.internal.rules.RuleObjects.badVirtualService;
import static io.inmesh.kubernetes.internal.rules.RuleObjects.virtualService;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.config.ConfigUpdate;
import io.inmesh.kubernetes.internal.file.SnapshotFile;
import io.inmesh.kubernetes.internal.time.DaemonThreads;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts from the snapshot file. */
class RememberedRulesTest extends RuleWatchFixture {
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
        assertThat(after.knowledge()).isEqualTo(Knowledge.REMEMBERED);

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

    /** A file that has been read: who is impatient waits for that no longer than for the server. */
    private SnapshotFile file(Path path) {
        SnapshotFile file = SnapshotFile.open(
                path, Duration.ofDays(365), () -> "https://cluster", timing, DaemonThreads.scheduler("test-file"));
        file.previous("rules").join();
        return file;
    }
}
