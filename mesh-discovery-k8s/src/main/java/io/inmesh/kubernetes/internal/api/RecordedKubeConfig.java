package io.inmesh.kubernetes.internal.api;

import io.kubernetes.client.util.KubeConfig;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A kubeconfig that keeps what its plugin or provider has said, so that it is not run twice. Not thread-safe. */
final class RecordedKubeConfig extends KubeConfig {
    private Map<String, String> credentials = Map.of();

    /** Takes over what was read; no context is chosen. */
    RecordedKubeConfig(KubeConfig read) {
        super(read.getContexts(), read.getClusters(), read.getUsers());
        setPreferences(read.getPreferences());
    }

    @Override
    public @Nullable Map<String, String> getCredentials() {
        Map<String, String> said = super.getCredentials();
        credentials = said == null ? Map.of() : said;
        return said;
    }

    /** What {@link #getCredentials} said last; empty when nobody asked or there are none. */
    Map<String, String> credentials() {
        return credentials;
    }
}
