package io.inmesh.kubernetes.internal.map;

import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.kubernetes.internal.resource.EndpointSlice;
import io.inmesh.kubernetes.internal.resource.Metadata;
import io.inmesh.kubernetes.internal.resource.ObjectKey;
import io.inmesh.kubernetes.internal.resource.Pod;
import io.inmesh.kubernetes.internal.resource.Resources;
import io.inmesh.kubernetes.internal.resource.Service;
import io.inmesh.kubernetes.internal.resource.SliceEndpoint;
import io.inmesh.kubernetes.internal.resource.SlicePort;
import io.inmesh.kubernetes.internal.resource.WorkloadEntry;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Kubernetes objects of namespace {@code shop} for tests of the mapper. */
final class Objects {
    static final SlicePort HTTP = new SlicePort("http", 8080);

    static final EndpointContext AROUND = EndpointContext.of(WorkloadIdentity.DEFAULT);

    private Objects() {}

    static Metadata metadata(String namespace, String name, String uid, Map<String, String> labels) {
        return new Metadata(new ObjectKey(namespace, name), uid, "1", labels, Map.of(), null, null);
    }

    /** Service {@code db} with port 80 {@code http}, and whatever else is changed. */
    static Service service() {
        return service(List.of(new Service.Port("http", 80, 8080, "", "TCP", "")), List.of("IPv4"), "");
    }

    static Service service(List<Service.Port> ports, List<String> families, String internalTrafficPolicy) {
        return new Service(
                metadata("shop", "db", "svc", Map.of()),
                "ClusterIP",
                List.of("10.96.0.1"),
                families,
                ports,
                Map.of("app", "db"),
                "",
                internalTrafficPolicy,
                "");
    }

    static EndpointSlice slice(String name, List<SlicePort> ports, SliceEndpoint... endpoints) {
        return slice("shop", name, Map.of(Resources.SERVICE_NAME, "db"), "", "IPv4", ports, List.of(endpoints));
    }

    static EndpointSlice sliceAt(String time, String name, SliceEndpoint... endpoints) {
        return slice(
                "shop", name, Map.of(Resources.SERVICE_NAME, "db"), time, "IPv4", List.of(HTTP), List.of(endpoints));
    }

    static EndpointSlice slice(
            String namespace,
            String name,
            Map<String, String> labels,
            String changed,
            String addressType,
            List<SlicePort> ports,
            List<SliceEndpoint> endpoints) {
        Map<String, String> annotations = changed.isEmpty() ? Map.of() : Map.of(Resources.LAST_CHANGE, changed);
        return new EndpointSlice(
                new Metadata(new ObjectKey(namespace, name), "", "1", labels, annotations, null, null),
                addressType,
                ports,
                endpoints,
                List.of());
    }

    static SliceEndpoint ready(String address) {
        return endpoint(address, null, null, null, "", "", null);
    }

    static SliceEndpoint ready(String address, String uid) {
        return endpoint(address, true, true, false, "", "", uid);
    }

    static SliceEndpoint notReady(String address, String uid) {
        return endpoint(address, false, false, false, "", "", uid);
    }

    static SliceEndpoint terminating(String address, String uid) {
        return endpoint(address, false, true, true, "", "", uid);
    }

    /** One that stands behind pod {@code pod-UID} unless the uid is null. */
    static SliceEndpoint endpoint(
            String address,
            @Nullable Boolean ready,
            @Nullable Boolean serving,
            @Nullable Boolean terminating,
            String node,
            String zone,
            @Nullable String uid) {
        return new SliceEndpoint(address, ready, serving, terminating, node, zone, uid == null ? "" : uid, null);
    }

    static Pod pod(String name, String uid, Map<String, String> labels) {
        return new Pod(metadata("shop", name, uid, labels), "Running", List.of("10.0.0.1"), "n1", true);
    }

    static WorkloadEntry workloadEntry(String address, Map<String, Integer> ports, int weight, boolean healthy) {
        return new WorkloadEntry(
                metadata("shop", "vm", "vm-uid", Map.of()),
                address,
                ports,
                Map.of("app", "db", "version", "v1"),
                "r1/z1/s1",
                weight,
                healthy);
    }

    /** The Service as these slices tell it to a caller of whom nothing is known. */
    static ServiceEndpoints map(Service service, EndpointSlice... slices) {
        return ServiceMapper.map(service, List.of(slices), AROUND);
    }

    /** Endpoints of port 80 of {@link #service()}. */
    static List<Endpoint> at80(EndpointSlice... slices) {
        return map(service(), slices).endpoints().getOrDefault(80, List.of());
    }

    static EndpointSlice typed(String type, String name, SliceEndpoint... endpoints) {
        Map<String, String> labels = Map.of(Resources.SERVICE_NAME, "db");
        return slice("shop", name, labels, "", type, List.of(HTTP), List.of(endpoints));
    }
}
