package io.inmesh.cli;

import io.inmesh.config.ConfigSource;
import io.inmesh.config.ConfigUpdate;
import java.util.function.Consumer;

/** Rules that were read already and do not change. */
record FixedConfig(ConfigUpdate update) implements ConfigSource {
    @Override
    public AutoCloseable watch(Consumer<ConfigUpdate> onUpdate) {
        onUpdate.accept(update);
        return () -> {};
    }

    @Override
    public String name() {
        return "command line";
    }

    @Override
    public void close() {}
}
