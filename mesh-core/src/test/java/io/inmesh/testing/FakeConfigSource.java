package io.inmesh.testing;

import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigSource;
import io.inmesh.config.ConfigUpdate;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.Origin;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Says what a test tells it to say, on the test's thread. */
public final class FakeConfigSource implements ConfigSource {
    private final String name;
    private @Nullable ConfigUpdate latest;
    private @Nullable Consumer<ConfigUpdate> listener;
    private boolean closed;

    /** A source that says nothing until it is told to. */
    public FakeConfigSource(String name) {
        this.name = name;
    }

    /** A source that begins with a configuration. */
    public FakeConfigSource(String name, MeshConfig first) {
        this(name);
        latest = new ConfigUpdate.Valid(first, List.of());
    }

    /** Says that the configuration is now this one. */
    public void tell(MeshConfig config) {
        tell(new ConfigUpdate.Valid(config, List.of()));
    }

    /** Refuses the configuration with one error. */
    public void refuse(String message) {
        tell(new ConfigUpdate.Invalid(List.of(new ConfigProblem(
                ConfigProblem.Severity.ERROR, new Origin(name, 7, 3), "spec.http", message, "mend it"))));
    }

    /** Says anything. */
    public void tell(ConfigUpdate update) {
        Consumer<ConfigUpdate> told;
        synchronized (this) {
            latest = update;
            told = listener;
        }
        if (told != null) {
            told.accept(update);
        }
    }

    @Override
    public AutoCloseable watch(Consumer<ConfigUpdate> onUpdate) {
        ConfigUpdate first;
        synchronized (this) {
            if (listener != null) {
                throw new IllegalStateException(name + " is watched twice");
            }
            listener = onUpdate;
            first = latest;
        }
        if (first != null) {
            onUpdate.accept(first);
        }
        return () -> {
            synchronized (this) {
                listener = null;
            }
        };
    }

    /** Whether somebody listens. */
    public synchronized boolean watched() {
        return listener != null;
    }

    /** Whether it has been closed. */
    public synchronized boolean closed() {
        return closed;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public synchronized void close() {
        closed = true;
    }
}
