package io.inmesh.config.source;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a Kubernetes cluster holds, listed once. The command line finds an implementation with {@link
 * java.util.ServiceLoader}: mesh-discovery-k8s brings one.
 */
public interface ClusterObjects {
    /**
     * Lists the objects that checks look at, as far as the reader has the right to.
     *
     * @throws IOException when the cluster cannot be asked at all; says why and what to do
     */
    Listing list(Access access) throws IOException;

    /**
     * Which cluster, and what of it.
     *
     * @param kubeconfig file to use; null to look for one as kubectl does
     * @param context of the kubeconfig; null for its current one
     * @param namespaces to read; empty for all
     */
    record Access(@Nullable Path kubeconfig, @Nullable String context, Set<String> namespaces) {
        public Access {
            namespaces = Set.copyOf(namespaces);
        }
    }

    /**
     * What there is.
     *
     * @param server for people, such as {@code the API server at https://10.0.0.1:6443}
     * @param objects in a fixed order
     * @param gaps what was left out, a sentence each; empty where everything was listed
     * @param whole whether nothing is missing: what is not in the cluster is not among the gaps
     */
    record Listing(String server, List<ClusterObject> objects, List<String> gaps, boolean whole) {
        public Listing {
            objects = List.copyOf(objects);
            gaps = List.copyOf(gaps);
        }
    }

    /**
     * One object.
     *
     * @param group of its API; empty for the core
     * @param namespace empty for objects of the cluster
     * @param tree maps with string keys, lists, strings, numbers, booleans and null; of a Secret no value of its data
     */
    record ClusterObject(String group, String kind, String namespace, String name, Object tree) {
        /** Name of the place, {@code Kind/namespace/name}. */
        public String source() {
            return kind + "/" + (namespace.isEmpty() ? "" : namespace + "/") + name;
        }

        /** Whether it is one of Istio's. */
        public boolean isRule() {
            return group.endsWith(".istio.io");
        }
    }
}
