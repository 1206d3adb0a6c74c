package io.inmesh.internal.control;

import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigSource;
import io.inmesh.config.ConfigUpdate;
import io.inmesh.model.MeshConfig;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One configuration source with the last good thing it said. Control thread only, but for the watch. */
final class ConfigSlot {
    private final ConfigSource source;
    private @Nullable MeshConfig good;
    private @Nullable Instant goodSince;
    private @Nullable ConfigUpdate latest;

    /** Written by the thread that starts, read by the one that closes; the caller orders the two. */
    private @Nullable AutoCloseable watch;

    ConfigSlot(ConfigSource source) {
        this.source = source;
    }

    void watch(Mailbox<ConfigUpdate> mailbox) {
        watch = source.watch(mailbox::put);
    }

    /** Takes an update in; true when it differs from the one before. */
    boolean take(ConfigUpdate update, Instant now) {
        boolean news = !update.equals(latest);
        latest = update;
        if (update instanceof ConfigUpdate.Valid valid) {
            good = valid.config();
            goodSince = now;
        }
        return news;
    }

    String name() {
        return source.name();
    }

    /** Whether it has said anything. */
    boolean heard() {
        return latest != null;
    }

    /** The last configuration that was not refused; null when there has been none. */
    @Nullable
    MeshConfig good() {
        return good;
    }

    /** Whether the newest configuration is refused. */
    boolean refused() {
        return latest instanceof ConfigUpdate.Invalid;
    }

    /** Problems of the newest configuration. */
    List<ConfigProblem> problems() {
        return latest == null ? List.of() : latest.problems();
    }

    ControlStatus.Source status() {
        return new ControlStatus.Source(name(), "config", good != null && !refused(), goodSince);
    }

    void close() {
        Closing.quietly(watch, name());
        Closing.quietly(source, name());
    }
}
