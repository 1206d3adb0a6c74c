package io.inmesh.kubernetes;

import io.inmesh.kubernetes.internal.api.ApiServer;
import io.inmesh.kubernetes.internal.api.ClusterConfiguration;
import io.inmesh.kubernetes.internal.file.SnapshotFile;
import io.inmesh.kubernetes.internal.reflect.ReflectorSettings;
import io.inmesh.kubernetes.internal.time.DaemonThreads;
import io.inmesh.kubernetes.internal.time.StartWait;
import io.inmesh.kubernetes.internal.time.Timing;
import io.kubernetes.client.openapi.ApiClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The connection to one cluster that its sources share. Thread-safe; opened with the first request.
 *
 * <pre>{@code
 * KubernetesSettings settings = KubernetesSettings.builder().self(self).build();
 * try (KubernetesConnection cluster = KubernetesConnection.of(settings);
 *         Mesh mesh = Mesh.builder()
 *                 .self(self)
 *                 .config(new KubernetesConfigSource(cluster, reader))
 *                 .endpoints(new KubernetesEndpointSource(cluster))
 *                 .build()) {
 *     OkHttpClient client = new OkHttpClient.Builder().addInterceptor(new MeshInterceptor(mesh)).build();
 *     ...
 * }
 * }</pre>
 *
 * <p>The mesh closes its sources, and only then the connection may be closed: the order in which the example ends.
 */
public final class KubernetesConnection implements AutoCloseable {
    private static final Duration CUSTOM_REFUSED_PAUSE = Duration.ofMinutes(5);

    private final KubernetesSettings settings;
    private final ApiServer server;
    private final StartWait startWait;
    private final @Nullable SnapshotFile snapshotFile;

    private KubernetesConnection(KubernetesSettings settings) {
        this.settings = settings;
        Callable<ApiClient> given = settings.client();
        Callable<ApiClient> clients =
                given == null ? ClusterConfiguration.ofProcess(settings.kubeconfig(), settings.context()) : given;
        Path file = settings.snapshotFile();
        this.server = new ApiServer(clients);
        this.startWait = new StartWait(settings.startWait(), timing());
        this.snapshotFile = file == null
                ? null
                : SnapshotFile.open(
                        file,
                        settings.snapshotMaxAge(),
                        () -> clients.call().getBasePath(),
                        timing(),
                        DaemonThreads.scheduler("inmesh-kubernetes-file"));
    }

    /**
     * Makes a connection; says nothing to the server yet. A configuration that cannot be used (no kubeconfig, an unknown
     * context) counts as a server that is away: it is read again with each attempt, and {@code status()} of the sources
     * says what is wrong.
     */
    public static KubernetesConnection of(KubernetesSettings settings) {
        return new KubernetesConnection(settings);
    }

    /** What it was made from. */
    public KubernetesSettings settings() {
        return settings;
    }

    ApiServer server() {
        return server;
    }

    /** What all sources wait for the server's first word, together. */
    StartWait startWait() {
        return startWait;
    }

    /** What is kept for a start without the server; null when nothing is. */
    @Nullable
    SnapshotFile snapshotFile() {
        return snapshotFile;
    }

    static Timing timing() {
        return Timing.system();
    }

    ReflectorSettings pace() {
        return paces().build();
    }

    /** Of resources and versions that many clusters do not have, so that asking for them does not become a load. */
    ReflectorSettings customPace() {
        return paces().refusedPause(CUSTOM_REFUSED_PAUSE).build();
    }

    private ReflectorSettings.Builder paces() {
        return ReflectorSettings.builder()
                .watchTimeout(settings.watchTimeout())
                .silence(settings.silence())
                .backoff(settings.minBackoff(), settings.maxBackoff())
                .safetyRelist(settings.safetyRelist());
    }

    /** Brings the snapshot file up to date and ends all requests. Sources that use it must be closed before. */
    @Override
    public void close() {
        if (snapshotFile != null) {
            snapshotFile.close();
        }
        server.close();
    }
}
