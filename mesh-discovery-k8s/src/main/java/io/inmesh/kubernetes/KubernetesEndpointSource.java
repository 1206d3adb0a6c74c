package io.inmesh.kubernetes;

import io.inmesh.endpoint.EndpointSource;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.SourceProblem;
import io.inmesh.endpoint.Workload;
import io.inmesh.endpoint.WorkloadSelector;
import io.inmesh.kubernetes.internal.reflect.ReflectorSettings;
import io.inmesh.kubernetes.internal.reflect.Reflectors;
import io.inmesh.kubernetes.internal.resource.ResourceType;
import io.inmesh.kubernetes.internal.table.EndpointTable;
import io.inmesh.kubernetes.internal.table.TableSettings;
import io.inmesh.kubernetes.internal.table.TableSettings.EndpointMode;
import io.inmesh.kubernetes.internal.time.DaemonThreads;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The cached endpoint table: services, endpoints and workloads of a cluster. Thread-safe; watches nothing before somebody
 * asks, unless all services are wanted.
 *
 * <p>What the API server said last is used for as long as it says nothing else. A service of which it has said nothing
 * since the start is told from the snapshot file, where there is one, and else as one that is called by its name; both
 * only when {@link KubernetesSettings#startWait} is over, and only until the server answers. Until the server has said
 * anything at all, that wait is one for all sources of a connection.
 *
 * <pre>{@code
 * WorkloadIdentity self = new WorkloadIdentity("shop", Map.of(), Locality.UNKNOWN, "", "cluster.local");
 * KubernetesConnection cluster = KubernetesConnection.of(
 *         KubernetesSettings.builder().self(self).build());
 * Mesh mesh = Mesh.builder()
 *         .self(self)
 *         .config(TextConfigSource.of("rules", rules))
 *         .endpoints(new KubernetesEndpointSource(cluster))
 *         .build();
 * }</pre>
 */
public final class KubernetesEndpointSource implements EndpointSource {
    private final EndpointTable table;

    /** Makes a source over a connection that the caller closes. */
    public KubernetesEndpointSource(KubernetesConnection connection) {
        KubernetesSettings settings = connection.settings();
        this.table = new EndpointTable(
                new TableSettings(
                        settings.self(),
                        settings.namespaces(),
                        settings.services() == ServiceScope.ALL,
                        mode(settings.endpoints()),
                        settings.nodes()),
                Reflectors.at(connection.server(), type -> pace(connection, type), KubernetesConnection.timing()),
                connection.snapshotFile(),
                KubernetesConnection.timing(),
                connection.startWait(),
                DaemonThreads.scheduler("inmesh-kubernetes-table"));
    }

    private static ReflectorSettings pace(KubernetesConnection connection, ResourceType<?> type) {
        return type.group().endsWith("istio.io") ? connection.customPace() : connection.pace();
    }

    private static EndpointMode mode(EndpointResource resource) {
        return switch (resource) {
            case AUTO -> EndpointMode.SLICES_OR_ENDPOINTS;
            case ENDPOINT_SLICES -> EndpointMode.SLICES;
            case ENDPOINTS -> EndpointMode.ENDPOINTS;
        };
    }

    @Override
    public AutoCloseable watch(ServiceName service, Consumer<ServiceEndpoints> onUpdate) {
        return table.watch(service, false, onUpdate);
    }

    @Override
    public AutoCloseable watchWithLabels(ServiceName service, Consumer<ServiceEndpoints> onUpdate) {
        return table.watch(service, true, onUpdate);
    }

    /** True for {@code NAME.NAMESPACE.svc.DOMAIN} with a namespace that is read. */
    @Override
    public boolean mayKnow(ServiceName service) {
        return table.mayKnow(service);
    }

    /** All services where {@link ServiceScope#ALL} was asked for, else none. */
    @Override
    public AutoCloseable watchNames(Consumer<Set<ServiceName>> onNames) {
        return table.watchNames(onNames);
    }

    @Override
    public AutoCloseable watchWorkloads(WorkloadSelector selector, Consumer<List<Workload>> onUpdate) {
        return table.watchWorkloads(selector, onUpdate);
    }

    /** How reading goes. */
    public KubernetesStatus status() {
        return StatusReport.of(table.status(), KubernetesConnection.timing().now());
    }

    /** Whether all that is watched stands. */
    @Override
    public boolean current() {
        return status().state() == KubernetesStatus.State.LIVE;
    }

    /** Rights that are missing, a fallback in use, a snapshot file that cannot be used. */
    @Override
    public List<SourceProblem> problems() {
        return status().problems().stream()
                .map(KubernetesEndpointSource::problem)
                .toList();
    }

    private static SourceProblem problem(String words) {
        boolean forbidden = words.contains(" 403 ");
        return new SourceProblem(
                words, forbidden ? "grant the right to list and watch it, which is then used at once" : "");
    }

    @Override
    public String name() {
        return "kubernetes";
    }

    /** Ends all watches and brings the snapshot file up to date; the connection stays open. Idempotent. */
    @Override
    public void close() {
        table.close();
    }
}
