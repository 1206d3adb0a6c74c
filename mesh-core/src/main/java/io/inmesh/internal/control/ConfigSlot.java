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
        MeshConfig config = config(update);
        if (config != null) {
            good = config.equals(good) ? good : config;
            goodSince = now;
        }
        return news;
    }

    /** What an update says is to be used, null when it refuses the whole. */
    private static @Nullable MeshConfig config(ConfigUpdate update) {
        if (update instanceof ConfigUpdate.Valid valid) {
            return valid.config();
        }
        return update instanceof ConfigUpdate.Partial partial ? partial.config() : null;
    }

    String name() {
        return source.name();
    }

    /** Whether it has said anything. */
    boolean heard() {
        return latest != null;
    }

    /** The last configuration that was not refused as a whole; null when there has been none. */
    @Nullable
    MeshConfig good() {
        return good;
    }

    /** Whether a mesh may begin with what it said: refused objects are no obstacle where the others stand alone. */
    boolean usable() {
        return latest instanceof ConfigUpdate.Partial || (latest instanceof ConfigUpdate.Valid && errors().isEmpty());
    }

    /** Whether the newest configuration is in force with all its objects. */
    private boolean current() {
        return latest instanceof ConfigUpdate.Valid;
    }

    /** Errors of the newest configuration. */
    List<ConfigProblem> errors() {
        return problems().stream().filter(ConfigProblem::isError).toList();
    }

    /** Problems of the newest configuration. */
    List<ConfigProblem> problems() {
        return latest == null ? List.of() : latest.problems();
    }

    ControlStatus.Source status() {
        return new ControlStatus.Source(name(), "config", current(), goodSince);
    }

    void close() {
        Closing.quietly(watch, name());
        Closing.quietly(source, name());
    }
}
