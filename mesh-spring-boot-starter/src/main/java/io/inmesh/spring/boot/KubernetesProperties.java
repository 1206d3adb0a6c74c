package io.inmesh.spring.boot;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Everything under {@code mesh.kubernetes.}. Binding only; has no type of mesh-discovery-k8s, which may be absent.
 *
 * @param enabled Whether services, endpoints and rules are read from a Kubernetes API server. Defaults to yes inside a
 *     pod that has a service account, and to no elsewhere.
 * @param kubeconfig File that tells how to reach the API server. Defaults to the pod's service account, then to the
 *     environment variable KUBECONFIG, then to '~/.kube/config'.
 * @param context Context of the kubeconfig. Defaults to its current one.
 * @param namespaces Namespaces whose services and rules are read. Defaults to all, or to the own one where reading all
 *     is forbidden.
 * @param services Which services are watched.
 * @param source Which resource endpoints are read from.
 * @param nodes Whether Nodes are read for the region and subzone of endpoints; needs the right to list and watch nodes.
 * @param rules Whether Istio's rules are read from the cluster.
 * @param policies Whether AuthorizationPolicies and RequestAuthentications are read beside the rules, for the filter before
 *     an application, see 'mesh.inbound.policies'; a gateway reads them anyway. Needs the right to list and watch them.
 * @param podInfo Directory in which the file 'labels' of a downwardAPI volume is mounted.
 * @param snapshotFile File in which the last table is kept for a start without the API server. Defaults to none.
 * @param snapshotMaxAge Age from which the file is not used.
 * @param startWait Longest wait for the API server at start.
 * @param watchTimeout Shortest life of a watch; each takes a random one up to twice as long.
 * @param silence Longest time without a sign of life on a watch.
 * @param minBackoff First pause after a failure; doubled each time.
 * @param maxBackoff Longest pause after a failure.
 * @param safetyRelist Time between two lists that only compare; zero for never.
 */
public record KubernetesProperties(
        @Nullable Boolean enabled,
        @Nullable String kubeconfig,
        @Nullable String context,
        @DefaultValue List<String> namespaces,
        @DefaultValue("needed") Services services,
        @DefaultValue("auto") Source source,
        @DefaultValue("false") boolean nodes,
        @DefaultValue("true") boolean rules,
        @DefaultValue("false") boolean policies,
        @DefaultValue("/etc/podinfo") String podInfo,
        @Nullable String snapshotFile,
        @DefaultValue("24h") Duration snapshotMaxAge,
        @DefaultValue("5s") Duration startWait,
        @DefaultValue("5m") Duration watchTimeout,
        @DefaultValue("45s") Duration silence,
        @DefaultValue("800ms") Duration minBackoff,
        @DefaultValue("30s") Duration maxBackoff,
        @DefaultValue("30m") Duration safetyRelist) {

    /** Which services are watched. */
    public enum Services {
        /** Those that a rule or a call names, for as long as they are used. */
        NEEDED,
        /** All in the namespaces read; for small clusters. */
        ALL
    }

    /** Which resource endpoints are read from. */
    public enum Source {
        /** EndpointSlices, or v1 Endpoints where slices are not served or not allowed. */
        AUTO,
        /** EndpointSlices only. */
        SLICES,
        /** The v1 Endpoints only. */
        ENDPOINTS
    }
}
