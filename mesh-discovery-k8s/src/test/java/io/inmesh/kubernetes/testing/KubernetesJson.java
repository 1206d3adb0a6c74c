package io.inmesh.kubernetes.testing;

import com.fasterxml.jackson.core.JsonParser;
import io.inmesh.kubernetes.internal.resource.JsonStreams;
import io.inmesh.kubernetes.internal.resource.KubernetesObject;
import io.inmesh.kubernetes.internal.resource.ResourceType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Objects as an API server would send them. Pods of a service NAME carry the label {@code app: NAME}. */
public final class KubernetesJson {
    private KubernetesJson() {}

    /** Reads an object as a watch would. */
    public static <T extends KubernetesObject> T read(ResourceType<T> type, String text) {
        try (JsonParser json = JsonStreams.open(text)) {
            return type.reader().read(json);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** A Service with port 80, named {@code http}, that selects {@code app: NAME}. */
    public static String service(String namespace, String name) {
        return """
                {"apiVersion": "v1", "kind": "Service", "metadata": {"namespace": "%s", "name": "%s", "uid": "service-%s"},
                 "spec": {"selector": {"app": "%s"}, "clusterIP": "10.96.0.1",
                          "ports": [{"name": "http", "port": 80, "targetPort": 8080, "protocol": "TCP"}]}}
                """.formatted(namespace, name, name, name);
    }

    /** A slice of endpoints on port 8080. */
    public static String slice(String namespace, String name, String service, String... endpoints) {
        return """
                {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv4",
                 "metadata": {"namespace": "%s", "name": "%s", "labels": {"kubernetes.io/service-name": "%s"}},
                 "ports": [{"name": "http", "port": 8080, "protocol": "TCP"}],
                 "endpoints": [%s]}
                """.formatted(namespace, name, service, String.join(",", endpoints));
    }

    /** A ready endpoint of the pod {@code POD} with the uid {@code uid-POD}. */
    public static String ready(String address, String pod) {
        return endpoint(address, pod, true, false);
    }

    /** An endpoint of a pod that ends but still serves. */
    public static String terminating(String address, String pod) {
        return endpoint(address, pod, false, true);
    }

    private static String endpoint(String address, String pod, boolean ready, boolean terminating) {
        return """
                {"addresses": ["%s"], "nodeName": "node-1", "zone": "z1",
                 "conditions": {"ready": %s, "serving": true, "terminating": %s},
                 "targetRef": {"kind": "Pod", "namespace": "shop", "name": "%s", "uid": "uid-%s"}}
                """.formatted(address, ready, terminating, pod, pod);
    }

    /** v1 Endpoints on port 8080, all ready. */
    public static String endpoints(String namespace, String service, String... addresses) {
        return """
                {"apiVersion": "v1", "kind": "Endpoints", "metadata": {"namespace": "%s", "name": "%s"},
                 "subsets": [{"addresses": [%s], "ports": [{"name": "http", "port": 8080}]}]}
                """.formatted(
                        namespace,
                        service,
                        Arrays.stream(addresses)
                                .map(address -> "{\"ip\": \"" + address + "\"}")
                                .collect(Collectors.joining(",")));
    }

    /** A ready pod with the uid {@code uid-NAME} and the labels {@code app} and {@code version}. */
    public static String pod(String namespace, String name, String app, String version, String address) {
        return """
                {"apiVersion": "v1", "kind": "Pod",
                 "metadata": {"namespace": "%s", "name": "%s", "uid": "uid-%s", "labels": {"app": "%s", "version": "%s"}},
                 "spec": {"nodeName": "node-1"},
                 "status": {"phase": "Running", "podIP": "%s", "conditions": [{"type": "Ready", "status": "True"}]}}
                """.formatted(namespace, name, name, app, version, address);
    }

    /** A Node with region and zone. */
    public static String node(String name, String region, String zone) {
        return """
                {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "%s", "labels":
                 {"topology.kubernetes.io/region": "%s", "topology.kubernetes.io/zone": "%s"}}}
                """.formatted(name, region, zone);
    }

    /** A WorkloadEntry of a weight. */
    public static String workloadEntry(String namespace, String name, String app, String address, int weight) {
        return """
                {"apiVersion": "networking.istio.io/v1", "kind": "WorkloadEntry",
                 "metadata": {"namespace": "%s", "name": "%s", "uid": "uid-%s"},
                 "spec": {"address": "%s", "labels": {"app": "%s"}, "weight": %d}}
                """.formatted(namespace, name, name, address, app, weight);
    }
}
