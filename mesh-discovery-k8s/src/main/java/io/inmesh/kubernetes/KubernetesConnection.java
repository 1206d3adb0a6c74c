package io.inmesh.kubernetes;

import io.inmesh.kubernetes.internal.api.ApiServer;

/** The connection to one cluster that its sources share. Thread-safe; opened with the first request. */
public final class KubernetesConnection implements AutoCloseable {
    private final KubernetesSettings settings;

    private KubernetesConnection(KubernetesSettings settings) {
        this.settings = settings;
    }

    /** Makes a connection; says nothing to the server yet. */
    public static KubernetesConnection of(KubernetesSettings settings) {
        return new KubernetesConnection(settings);
    }

    /** What it was made from. */
    public KubernetesSettings settings() {
        return settings;
    }

    ApiServer server() {
        throw new UnsupportedOperationException();
    }

    /** Ends all requests. Sources that use it must be closed before. */
    @Override
    public void close() {}
}
