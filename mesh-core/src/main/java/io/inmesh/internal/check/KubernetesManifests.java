package io.inmesh.internal.check;

import io.inmesh.endpoint.PortProtocol;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.ServicePort;
import io.inmesh.internal.text.ProblemList;
import io.inmesh.internal.text.Tree;
import io.inmesh.internal.text.Tree.Entry;
import io.inmesh.internal.text.Tree.Mapping;
import io.inmesh.internal.text.Tree.Scalar;
import io.inmesh.internal.text.Tree.Sequence;
import io.inmesh.internal.text.YamlDocuments;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What stands beside rules in the same texts: Kubernetes' Services and pods, and Istio's Gateways. Read for
 * {@link ReferenceChecks} alone; nothing is called because of it.
 *
 * <p>Never throws on bad input: what cannot be read is left out.
 */
public final class KubernetesManifests {
    /** No objects at all. */
    public static final KubernetesManifests NONE = new KubernetesManifests("default", "cluster.local");

    private static final Set<String> WORKLOADS =
            Set.of("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "Rollout");

    private final String defaultNamespace;
    private final String clusterDomain;
    private final Map<String, List<ServicePort>> services = new TreeMap<>();
    private final Set<String> gateways = new TreeSet<>();
    private final Map<String, List<Map<String, String>>> workloads = new HashMap<>();

    private KubernetesManifests(String defaultNamespace, String clusterDomain) {
        this.defaultNamespace = defaultNamespace;
        this.clusterDomain = clusterDomain;
    }

    /**
     * Reads texts.
     *
     * @param texts YAML by name
     * @param defaultNamespace of objects that name none
     * @param clusterDomain suffix of the services' full names
     */
    public static KubernetesManifests read(Map<String, String> texts, String defaultNamespace, String clusterDomain) {
        KubernetesManifests manifests = new KubernetesManifests(defaultNamespace, clusterDomain);
        texts.forEach((name, text) -> new YamlDocuments(name, new ProblemList(), manifests::object).read(text));
        return manifests;
    }

    /** Service ports by full host; no port where a service lists none. */
    Map<String, List<ServicePort>> services() {
        return services;
    }

    /** Gateways as {@code namespace/name}. */
    Set<String> gateways() {
        return gateways;
    }

    /** Labels of the pods of a namespace, once for each template. */
    List<Map<String, String>> workloads(String namespace) {
        return workloads.getOrDefault(namespace, List.of());
    }

    private void object(Tree tree) {
        Tree metadata = field(tree, "metadata");
        String name = text(field(metadata, "name"));
        String written = text(field(metadata, "namespace"));
        String namespace = written.isEmpty() ? defaultNamespace : written;
        String apiVersion = text(field(tree, "apiVersion"));
        String kind = text(field(tree, "kind"));
        if (kind.equals("List")) {
            items(field(tree, "items")).forEach(this::object);
        } else if (kind.equals("Service") && apiVersion.equals("v1")) {
            services.put(ServiceName.inCluster(name + "." + namespace, clusterDomain), ports(field(tree, "spec")));
        } else if (kind.equals("Gateway") && apiVersion.startsWith("networking.istio.io/")) {
            gateways.add(namespace + "/" + name);
        } else if (kind.equals("Pod") && apiVersion.equals("v1")) {
            workload(namespace, metadata);
        } else if (WORKLOADS.contains(kind)) {
            workload(namespace, field(field(field(tree, "spec"), "template"), "metadata"));
        }
    }

    private void workload(String namespace, @Nullable Tree metadata) {
        Map<String, String> labels = new HashMap<>();
        if (field(metadata, "labels") instanceof Mapping mapping) {
            mapping.entries().forEach(entry -> labels.put(entry.key(), text(entry.value())));
        }
        workloads.computeIfAbsent(namespace, key -> new ArrayList<>()).add(labels);
    }

    private static List<ServicePort> ports(@Nullable Tree spec) {
        List<ServicePort> ports = new ArrayList<>();
        for (Tree port : items(field(spec, "ports"))) {
            try {
                int number = Integer.parseInt(text(field(port, "port")));
                String name = text(field(port, "name"));
                String transport = text(field(port, "protocol"));
                String appProtocol = text(field(port, "appProtocol"));
                ports.add(new ServicePort(number, name, PortProtocol.of(number, name, transport, appProtocol)));
            } catch (NumberFormatException e) {
                // A template or a slip: then nothing can be said of this service's ports.
                return List.of();
            }
        }
        return ports;
    }

    private static @Nullable Tree field(@Nullable Tree tree, String name) {
        if (tree instanceof Mapping mapping) {
            for (Entry entry : mapping.entries()) {
                if (entry.key().equals(name)) {
                    return entry.value();
                }
            }
        }
        return null;
    }

    private static List<Tree> items(@Nullable Tree tree) {
        return tree instanceof Sequence sequence ? sequence.items() : List.of();
    }

    private static String text(@Nullable Tree tree) {
        return tree instanceof Scalar scalar && !scalar.isNull() ? scalar.text() : "";
    }
}
