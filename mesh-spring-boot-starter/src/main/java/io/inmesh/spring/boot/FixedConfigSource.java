package io.inmesh.spring.boot;

import io.inmesh.config.ConfigSource;
import io.inmesh.config.ConfigUpdate;
import java.util.function.Consumer;

/** Rules that were read once. */
record FixedConfigSource(String name, ConfigUpdate update, String whyEmpty) implements ConfigSource {
    @Override
    public AutoCloseable watch(Consumer<ConfigUpdate> onUpdate) {
        onUpdate.accept(update);
        return () -> {};
    }

    @Override
    public void close() {}
}
