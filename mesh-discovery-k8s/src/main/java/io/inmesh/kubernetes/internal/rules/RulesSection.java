package io.inmesh.kubernetes.internal.rules;

import com.google.gson.JsonElement;
import io.inmesh.kubernetes.internal.file.SnapshotFile;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The part of the snapshot file that holds rules. Thread-safe. */
final class RulesSection {
    private static final Logger LOG = LoggerFactory.getLogger(RulesSection.class);
    private static final String NAME = "rules";

    private final @Nullable SnapshotFile file;

    /** @param file null means that rules are kept nowhere */
    RulesSection(@Nullable SnapshotFile file) {
        this.file = file;
    }

    /** Keeps this content from now on, and returns what a process before this one has kept. */
    List<SavedRules.SavedRule> begin(SnapshotFile.Content content, Duration longestWait) {
        if (file == null) {
            return List.of();
        }
        file.keep(NAME, content);
        try {
            JsonElement section = file.previous(NAME).get(longestWait.toNanos(), TimeUnit.NANOSECONDS);
            return section == null ? List.of() : SavedRules.read(section);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException unusable) {
            LOG.warn("The rules of the snapshot file are not used", unusable);
        }
        return List.of();
    }

    /** The content is another than before. */
    void changed() {
        if (file != null) {
            file.changed(NAME);
        }
    }
}
