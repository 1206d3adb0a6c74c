package io.inmesh.kubernetes.internal.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.google.gson.JsonElement;
import com.google.gson.stream.JsonWriter;
import io.inmesh.kubernetes.testing.ManualTiming;
import io.inmesh.testing.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotFileTest {
    private static final Duration DAY = Duration.ofHours(24);

    @TempDir
    Path directory;

    private final ManualClock clock = new ManualClock();

    @Test
    void givesBackWhatAProcessBeforeItKept() {
        write("rules", "first");

        assertThat(previous("https://cluster", "rules")).hasToString("\"first\"");
        assertThat(previous("https://cluster", "endpoints")).isNull();
    }

    @Test
    void writesAtMostEveryHalfMinuteAndOnlyWhatChanged() throws IOException {
        SnapshotFile file = open("https://cluster");
        Text text = new Text("first", clock.now());
        file.keep("rules", text);
        clock.advance(Duration.ofSeconds(30));
        String first = Files.readString(path());
        text.content = "second";
        clock.advance(Duration.ofMinutes(5));
        assertThat(Files.readString(path())).isEqualTo(first);
        file.changed("rules");
        file.changed("rules");
        clock.advance(Duration.ofSeconds(29));
        assertThat(Files.readString(path())).isEqualTo(first);
        clock.advance(Duration.ofSeconds(1));

        assertThat(Files.readString(path())).contains("second");
        assertThat(text.writes).isEqualTo(2);
    }

    @Test
    void keepsTheDateOfAnUnchangedTableYoung() {
        SnapshotFile file = open("https://cluster");
        Text text = new Text("quiet", clock.now());
        file.keep("rules", text);
        for (int hour = 0; hour < 30; hour++) {
            text.confirmedAt = clock.now();
            clock.advance(Duration.ofHours(1));
        }

        assertThat(previous("https://cluster", "rules")).hasToString("\"quiet\"");
    }

    @Test
    void doesNotTouchTheFileWhileTheServerHasConfirmedNothing() throws IOException {
        write("rules", "first");
        String before = Files.readString(path());
        SnapshotFile file = open("https://cluster");
        file.keep("rules", new Text("not heard yet", null));
        file.changed("rules");
        clock.advance(Duration.ofMinutes(5));

        assertThat(Files.readString(path())).isEqualTo(before);
    }

    @Test
    void doesNotWriteOnBehalfOfASectionThatHasNothingToKeep() {
        SnapshotFile file = open("https://cluster");
        Text rules = new Text("first", clock.now());
        Text endpoints = new Text("table", null);
        file.keep("rules", rules);
        file.keep("endpoints", endpoints);
        clock.advance(Duration.ofMinutes(10));
        assertThat(rules.writes).as("never anything to keep").isEqualTo(1);
        file.changed("endpoints");
        clock.advance(Duration.ofMinutes(10));
        assertThat(rules.writes).as("changed, and emptied since").isEqualTo(1);
        endpoints.confirmedAt = clock.now();
        clock.advance(Duration.ofMinutes(10));

        assertThat(path()).content().contains("first", "table");
        assertThat(endpoints.writes).isEqualTo(1);
    }

    @Test
    void keepsOneSectionWhenTheOtherIsWritten() {
        write("rules", "first");
        write("endpoints", "table");

        assertThat(previous("https://cluster", "rules")).hasToString("\"first\"");
        assertThat(previous("https://cluster", "endpoints")).hasToString("\"table\"");
    }

    @Test
    void letsGoOfASectionOnceAnotherHasTakenItsPlace() throws IOException {
        write("rules", "first");
        write("endpoints", "table");
        SnapshotFile file = open("https://cluster");
        Text rules = new Text("second", null);
        file.keep("rules", rules);
        clock.advance(Duration.ofSeconds(30));
        assertThat(file.previous("rules").join()).as("not confirmed yet").hasToString("\"first\"");
        rules.confirmedAt = clock.now();
        Path away = directory.resolveSibling("away");
        Files.move(directory, away);
        clock.advance(Duration.ofSeconds(30));
        assertThat(file.previous("rules").join()).as("not written yet").hasToString("\"first\"");
        Files.move(away, directory);
        clock.advance(Duration.ofSeconds(30));

        assertThat(file.previous("rules").join()).isNull();
        assertThat(file.previous("endpoints").join()).hasToString("\"table\"");
        assertThat(path()).content().contains("second", "table").doesNotContain("first");
    }

    @Test
    void letsGoOfWhatGrowsTooOld() {
        write("rules", "first");
        SnapshotFile file = open("https://cluster");
        Text rules = new Text("not heard yet", null);
        file.keep("rules", rules);
        clock.advance(DAY.minusMinutes(1));
        assertThat(file.previous("rules").join()).isNotNull();
        assertThat(rules.tooOld).isFalse();
        clock.advance(Duration.ofMinutes(2));

        assertThat(file.previous("rules").join()).isNull();
        assertThat(rules.tooOld).isTrue();
    }

    @Test
    void belongsToItsOwnerAlone() throws IOException {
        write("rules", "first");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path())))
                .isEqualTo("rw-------");
        try (var files = Files.list(directory)) {
            assertThat(files).containsExactly(path());
        }
    }

    @Test
    void refusesAFileThatOthersCanWrite() throws IOException {
        write("rules", "first");
        Files.setPosixFilePermissions(path(), PosixFilePermissions.fromString("rw-rw----"));

        assertRefused("https://cluster", "others than its owner can write it");
    }

    /** Only root can give a file away. */
    @Test
    @EnabledIf("rootRuns")
    void refusesTheFileOfAnotherUserThatOnlyThatUserCanWrite() throws IOException {
        write("rules", "first");
        Files.setAttribute(path(), "unix:uid", 65_534);
        String owner = Files.getOwner(path()).getName();

        assertRefused(
                "https://cluster",
                "the snapshot file " + path() + " is not used: it belongs to user " + owner
                        + ", and this process runs as user root; delete it, or give it to root");
        try (var files = Files.list(directory)) {
            assertThat(files).as("what was made to find out").containsExactly(path());
        }
    }

    static boolean rootRuns() {
        return System.getProperty("user.name").equals("root");
    }

    @Test
    void trustsFilesOfOurselvesAndOfRootOnly() throws IOException {
        UserPrincipal self = () -> "shop";
        UserPrincipal other = () -> "mallory";
        UserPrincipal root = () -> "root";
        UserPrincipal rootWithoutName = () -> "0";

        FileTrust.checkOwner(self, () -> self);
        FileTrust.checkOwner(root, () -> self);
        FileTrust.checkOwner(rootWithoutName, () -> self);
        assertThatIOException()
                .isThrownBy(() -> FileTrust.checkOwner(other, () -> self))
                .withMessage("it belongs to user mallory, and this process runs as user shop;"
                        + " delete it, or give it to shop");
        assertThatIOException()
                .isThrownBy(() -> FileTrust.checkOwner(self, () -> root))
                .withMessageContaining("belongs to user shop");
    }

    @Test
    void refusesTheFileOfAnotherCluster() {
        write("rules", "first");

        assertRefused("https://other", "of the cluster at https://cluster, not of https://other");
    }

    @Test
    void refusesAFileThatIsTooOld() {
        write("rules", "first");
        clock.advance(DAY.plusSeconds(1));

        assertRefused("https://cluster", "older than PT24H");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "\n", "{}\n{}\n", "not json at all, and longer than a checksum would be, by far, really"})
    void refusesWhatItDidNotWrite(String content) throws IOException {
        Files.writeString(path(), content);

        assertRefused("https://cluster", "checksum");
    }

    @Test
    void refusesAFileOfWhichAnyByteWasChanged() throws IOException {
        write("rules", "first");
        byte[] whole = Files.readAllBytes(path());
        for (int i = 0; i < whole.length; i++) {
            byte[] changed = whole.clone();
            changed[i] ^= 1;
            Files.write(path(), changed);

            SnapshotFile file = open("https://cluster");
            assertThat(file.previous("rules").join()).as("byte %d", i).isNull();
        }
    }

    @Test
    void refusesAFileThatWasCutAnywhere() throws IOException {
        write("rules", "first");
        byte[] whole = Files.readAllBytes(path());
        for (int length = 0; length < whole.length; length++) {
            Files.write(path(), Arrays.copyOf(whole, length));

            SnapshotFile file = open("https://cluster");
            assertThat(file.previous("rules").join()).as("%d bytes", length).isNull();
        }
    }

    @Test
    void goesOnAfterAWriteThatFailed() throws IOException {
        Path gone = directory.resolve("not-yet");
        SnapshotFile file = SnapshotFile.open(gone.resolve("table"), DAY, () -> "c", new ManualTiming(clock), clock);
        clock.runDueTasks();
        file.keep("rules", new Text("first", clock.now()));
        clock.advance(Duration.ofSeconds(30));
        assertThat(file.problem()).contains("cannot be written");
        Files.createDirectory(gone);
        clock.advance(Duration.ofSeconds(30));

        assertThat(file.problem()).isEmpty();
        assertThat(gone.resolve("table")).content().contains("first");
    }

    private void assertRefused(String cluster, String reason) {
        SnapshotFile file = open(cluster);
        assertThat(List.of(file.previous("rules").join() == null, file.problem().contains(reason)))
                .as(file.problem())
                .containsOnly(true);
    }

    private void write(String section, String text) {
        SnapshotFile file = open("https://cluster");
        file.keep(section, new Text(text, clock.now()));
        clock.advance(Duration.ofSeconds(30));
    }

    private @Nullable JsonElement previous(String cluster, String section) {
        SnapshotFile file = open(cluster);
        return file.previous(section).join();
    }

    private SnapshotFile open(String cluster) {
        SnapshotFile file = SnapshotFile.open(path(), DAY, () -> cluster, new ManualTiming(clock), clock);
        clock.runDueTasks();
        return file;
    }

    private Path path() {
        return directory.resolve("table");
    }

    private static final class Text implements SnapshotFile.Content {
        private String content;
        private @Nullable Instant confirmedAt;
        private int writes;
        private boolean tooOld;

        Text(String content, @Nullable Instant confirmedAt) {
            this.content = content;
            this.confirmedAt = confirmedAt;
        }

        @Override
        public @Nullable Instant confirmedAt() {
            return confirmedAt;
        }

        @Override
        public void write(JsonWriter json) throws IOException {
            writes++;
            json.value(content);
        }

        @Override
        public void tooOld() {
            tooOld = true;
        }
    }
}
