package io.inmesh.kubernetes.internal.table;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.stream.JsonWriter;
import io.inmesh.kubernetes.internal.file.SnapshotFile;
import io.inmesh.kubernetes.testing.ManualTiming;
import io.inmesh.testing.ManualClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SavedPartTest {
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    Path directory;

    private final ManualClock clock = new ManualClock();

    @Test
    void letsGoOfWhatTheServerHasSpokenOf() {
        before("a", "b", "c");
        SavedPart<String, String> part = begun();
        assertThat(part.left()).containsExactlyInAnyOrder("a", "b", "c");

        part.put("a", "new");
        part.gone("b");
        part.forget("c");

        assertThat(part.left()).containsExactly("c");
        assertThat(part.get("a")).isEqualTo("new");
        assertThat(part.get("b")).isNull();
        assertThat(part.get("c")).isEqualTo("c's");
        part.forget("a");
        assertThat(part.get("a")).as("an older state of it").isNull();
    }

    @Test
    void letsGoOnlyOfWhatNobodyHasAskedForOnceItIsTooOld() {
        before("a", "b");
        SavedPart<String, String> part = begun();
        assertThat(part.get("a")).isEqualTo("a's");

        clock.advance(DAY.plusMinutes(1));

        assertThat(part.get("a")).as("told already").isEqualTo("a's");
        assertThat(part.get("b")).as("new to whoever asks").isNull();
        assertThat(part.ready()).isTrue();
        part.gone("a");
        assertThat(part.get("a")).isNull();
    }

    @Test
    void believesTheServerThatSpokeBeforeTheFileWasRead() {
        before("a", "b", "c");
        SnapshotFile file = open();
        SavedPart<String, String> part = new SavedPart<>(file, "texts", new Texts(), clock::now);
        part.begin(() -> {});
        part.put("a", "new");
        part.gone("b");
        assertThat(part.ready()).isFalse();
        clock.runDueTasks();

        assertThat(part.left()).containsExactly("c");
        assertThat(part.get("b")).isNull();
        part.forget("a");
        assertThat(part.get("a")).as("an older state of it").isNull();
    }

    private void before(String... keys) {
        SavedPart<String, String> part = begun();
        for (String key : keys) {
            part.put(key, key + "'s");
        }
        clock.advance(Duration.ofSeconds(30));
    }

    private SavedPart<String, String> begun() {
        SnapshotFile file = open();
        clock.runDueTasks();
        SavedPart<String, String> part = new SavedPart<>(file, "texts", new Texts(), clock::now);
        part.begin(() -> {});
        return part;
    }

    private SnapshotFile open() {
        return SnapshotFile.open(directory.resolve("table"), DAY, () -> "c", new ManualTiming(clock), clock);
    }

    private static final class Texts implements SavedPart.Form<String, String> {
        @Override
        public Map<String, String> read(JsonElement content) {
            Map<String, String> texts = new HashMap<>();
            content.getAsJsonObject().asMap().forEach((key, value) -> texts.put(key, value.getAsString()));
            return texts;
        }

        @Override
        public void write(Map<String, String> all, JsonWriter json) throws IOException {
            json.beginObject();
            for (Map.Entry<String, String> text : all.entrySet()) {
                json.name(text.getKey()).value(text.getValue());
            }
            json.endObject();
        }
    }
}
