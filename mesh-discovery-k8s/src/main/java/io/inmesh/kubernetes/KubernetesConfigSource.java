package io.inmesh.kubernetes;

import io.inmesh.config.ConfigReader;
import io.inmesh.config.ConfigSource;
import io.inmesh.config.ConfigUpdate;
import java.util.function.Consumer;

/** Istio's rules as custom resources of a cluster. Thread-safe. */
public final class KubernetesConfigSource implements ConfigSource {
    /** Makes a source over a connection that the caller closes. */
    public KubernetesConfigSource(KubernetesConnection connection, ConfigReader reader) {}

    @Override
    public AutoCloseable watch(Consumer<ConfigUpdate> onUpdate) {
        throw new UnsupportedOperationException();
    }

    /** How reading goes; {@link KubernetesStatus#services} is empty. */
    public KubernetesStatus status() {
        throw new UnsupportedOperationException();
    }

    @Override
    public String name() {
        return "kubernetes rules";
    }

    @Override
    public void close() {}
}
