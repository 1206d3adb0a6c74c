package io.inmesh.kubernetes;

import io.inmesh.config.source.ClusterObjects;
import io.inmesh.kubernetes.internal.api.ApiFailure;
import io.inmesh.kubernetes.internal.api.ApiServer;
import io.inmesh.kubernetes.internal.api.ClusterConfiguration;
import io.inmesh.kubernetes.internal.reflect.ReflectorSettings;
import io.inmesh.kubernetes.internal.reflect.Selection;
import io.inmesh.kubernetes.internal.reflect.SingleLists;
import io.inmesh.kubernetes.internal.resource.CustomResource;
import io.inmesh.kubernetes.internal.resource.ResourceType;
import io.inmesh.kubernetes.internal.resource.Resources;
import io.inmesh.kubernetes.internal.resource.UnreadableObjectException;
import io.inmesh.kubernetes.internal.time.Timing;
import io.kubernetes.client.openapi.ApiClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Lists what the checks of the command line look at: Istio's rules, Services, workloads, Namespaces, Secrets (type and names of
 * entries alone) and objects of the Gateway API. What the reader may not list is told and left out. Thread-safe.
 */
public final class KubernetesObjects implements ClusterObjects {
    private static final String NETWORKING = "networking.istio.io";
    private static final String SECURITY = "security.istio.io";
    private static final String GATEWAY_API = "gateway.networking.k8s.io";

    private static final List<Kind> KINDS = List.of(
            new Kind(NETWORKING, "virtualservices", "VirtualService", true, "v1", "v1beta1", "v1alpha3"),
            new Kind(NETWORKING, "destinationrules", "DestinationRule", true, "v1", "v1beta1", "v1alpha3"),
            new Kind(NETWORKING, "serviceentries", "ServiceEntry", true, "v1", "v1beta1", "v1alpha3"),
            new Kind(NETWORKING, "workloadentries", "WorkloadEntry", true, "v1", "v1beta1", "v1alpha3"),
            new Kind(NETWORKING, "gateways", "Gateway", true, "v1", "v1beta1", "v1alpha3"),
            new Kind(SECURITY, "authorizationpolicies", "AuthorizationPolicy", true, "v1", "v1beta1"),
            new Kind(SECURITY, "requestauthentications", "RequestAuthentication", true, "v1", "v1beta1"),
            new Kind("", "namespaces", "Namespace", true, "v1"),
            new Kind("", "services", "Service", true, "v1"),
            new Kind("", "secrets", "Secret", true, "v1"),
            new Kind("", "pods", "Pod", true, "v1"),
            new Kind("apps", "deployments", "Deployment", true, "v1"),
            new Kind("apps", "statefulsets", "StatefulSet", true, "v1"),
            new Kind("apps", "daemonsets", "DaemonSet", true, "v1"),
            new Kind(GATEWAY_API, "gateways", "Gateway", false, "v1", "v1beta1"),
            new Kind(GATEWAY_API, "httproutes", "HTTPRoute", false, "v1", "v1beta1"),
            new Kind(GATEWAY_API, "grpcroutes", "GRPCRoute", false, "v1"));

    /**
     * What is listed.
     *
     * @param expected whether a cluster that does not serve it is told of
     * @param versions newest first
     */
    private record Kind(String group, String plural, String kind, boolean expected, List<String> versions) {
        Kind(String group, String plural, String kind, boolean expected, String... versions) {
            this(group, plural, kind, expected, List.of(versions));
        }

        List<ResourceType<CustomResource>> types() {
            return versions.stream()
                    .map(version -> Resources.any(group, version, plural, kind))
                    .toList();
        }

        /** Whether every Kubernetes API has it. */
        boolean isBuiltIn() {
            return group.isEmpty() || group.equals("apps");
        }

        /** Pods that have done their work serve nobody any more. */
        String fieldSelector() {
            return kind.equals("Pod") ? "status.phase!=Succeeded,status.phase!=Failed" : "";
        }

        /** {@code secrets}, {@code virtualservices.networking.istio.io}. */
        String qualifiedName() {
            return group.isEmpty() ? plural : plural + "." + group;
        }
    }

    /** For {@link java.util.ServiceLoader}. */
    public KubernetesObjects() {}

    @Override
    public Listing list(Access access) throws IOException {
        return list(ClusterConfiguration.ofProcess(access.kubeconfig(), access.context()), access.namespaces());
    }

    static Listing list(Callable<ApiClient> clients, Set<String> namespaces) throws IOException {
        return list(clients, namespaces, Timing.system());
    }

    static Listing list(Callable<ApiClient> clients, Set<String> namespaces, Timing timing) throws IOException {
        try (ApiServer server = new ApiServer(clients, timing)) {
            Reading reading = new Reading(server, timing, !namespaces.isEmpty());
            for (Kind kind : KINDS) {
                // Namespaces themselves are in none.
                boolean apart = !namespaces.isEmpty() && !kind.kind().equals("Namespace");
                for (String namespace : apart ? new TreeSet<>(namespaces) : Set.of("")) {
                    reading.list(kind, namespace);
                }
            }
            reading.checkAnyListed();
            boolean whole = namespaces.isEmpty() && !reading.missing;
            return new Listing(server.toString(), reading.objects, List.copyOf(reading.gaps), whole);
        }
    }

    private static final class Reading {
        private final ApiServer server;
        private final SingleLists lists;
        private final List<ClusterObject> objects = new ArrayList<>();
        private final Set<String> gaps = new LinkedHashSet<>();
        private final boolean namespacesNamed;
        private boolean listed;
        private boolean missing;
        private @Nullable ApiFailure firstRefusal;

        Reading(ApiServer server, Timing timing, boolean namespacesNamed) {
            this.server = server;
            this.lists = new SingleLists(server, ReflectorSettings.DEFAULT, timing);
            this.namespacesNamed = namespacesNamed;
        }

        /** Whoever may see nothing must not be told that all is well. */
        void checkAnyListed() throws IOException {
            ApiFailure refusal = firstRefusal;
            if (!listed && refusal != null) {
                throw new IOException(
                        "nothing of " + server + " may be listed, so nothing can be said: " + refusal.getMessage()
                                + (namespacesNamed
                                        ? "; ask for the right to list in the namespaces that --namespaces names"
                                        : "; name the namespaces that you may read with --namespaces, or use a context"
                                                + " with more rights (--context)"),
                        refusal);
            }
        }

        void list(Kind kind, String namespace) throws IOException {
            for (ResourceType<CustomResource> type : kind.types()) {
                try {
                    Selection<CustomResource> selection = new Selection<>(type, namespace, "", kind.fieldSelector());
                    for (CustomResource object : lists.list(selection, this::unreadable)) {
                        objects.add(new ClusterObject(
                                kind.group(),
                                kind.kind(),
                                object.key().namespace(),
                                object.key().name(),
                                object.tree() == null ? Map.of() : object.tree()));
                    }
                    listed = true;
                    return;
                } catch (ApiFailure failure) {
                    if (!failure.notServed()) {
                        refused(kind, namespace, failure);
                        return;
                    }
                    if (kind.isBuiltIn()) {
                        throw new IOException(
                                "what answers at " + server + " is no Kubernetes API: it has no "
                                        + kind.qualifiedName() + " (" + failure.getMessage()
                                        + "); correct the server in the kubeconfig, or choose another context with"
                                        + " --context",
                                failure);
                    }
                } catch (IOException failure) {
                    throw new IOException(server.words(failure), failure);
                }
            }
            if (kind.expected()) {
                gaps.add(kind.qualifiedName() + ": the cluster has no such resource; judged as if there were none");
            }
        }

        private void refused(Kind kind, String namespace, ApiFailure failure) throws IOException {
            if (!failure.forbidden()) {
                throw new IOException(server.words(failure), failure);
            }
            missing = true;
            firstRefusal = firstRefusal == null ? failure : firstRefusal;
            String where = namespace.isEmpty() ? "" : " of namespace " + namespace;
            String fix = namespace.isEmpty() && !namespacesNamed
                    ? "; name the namespaces that you may read with --namespaces"
                    : "";
            gaps.add(kind.qualifiedName() + where + " may not be listed, and the rest is judged without: "
                    + failure.getMessage() + fix);
        }

        private void unreadable(UnreadableObjectException object) {
            missing = true;
            gaps.add(object.key() + " is left out: " + object.getMessage());
        }
    }
}
