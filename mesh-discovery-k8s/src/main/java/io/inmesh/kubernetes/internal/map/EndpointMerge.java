package io.inmesh.kubernetes.internal.map;

import io.inmesh.endpoint.Condition;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.Locality;
import io.inmesh.kubernetes.internal.resource.KubernetesObject;
import io.inmesh.kubernetes.internal.resource.Node;
import io.inmesh.kubernetes.internal.resource.ObjectKey;
import io.inmesh.kubernetes.internal.resource.Service;
import io.inmesh.kubernetes.internal.resource.SliceEndpoint;
import io.inmesh.kubernetes.internal.resource.SliceEndpoint.TargetRef;
import io.inmesh.kubernetes.internal.resource.SlicePort;
import io.inmesh.kubernetes.internal.resource.WorkloadEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Collects a Service's endpoints from all its slices and decides where they contradict each other. Used once. */
final class EndpointMerge {
    private static final String HOSTNAME = "kubernetes.io/hostname";

    private final Service service;
    private final Surroundings around;
    private final Localities localities;
    private final boolean onlyOwnNode;
    private final Map<String, PortMerge> ports = new LinkedHashMap<>();

    EndpointMerge(Service service, Surroundings around) {
        this.service = service;
        this.around = around;
        this.localities = new Localities(around.nodes());
        this.onlyOwnNode = service.internalTrafficPolicy().equals("Local");
        boolean v6First =
                !service.ipFamilies().isEmpty() && service.ipFamilies().get(0).equals("IPv6");
        for (Service.Port port : usedPorts(service)) {
            ports.put(port.name(), new PortMerge(port, v6First));
        }
    }

    /** Those that can be called with TCP. */
    static List<Service.Port> usedPorts(Service service) {
        return service.ports().stream()
                .filter(port -> port.port() > 0 && !port.protocol().equals("UDP"))
                .toList();
    }

    /** Adds the endpoints of one slice, for each of its ports that is one of the Service's by name. */
    void add(List<SlicePort> slicePorts, List<SliceEndpoint> endpoints, @Nullable Instant changed) {
        for (SliceEndpoint endpoint : endpoints) {
            Condition condition = condition(endpoint);
            if (condition == null
                    || onlyOwnNode && !isOnOwnNode(endpoint.nodeName())
                    || !Addresses.isCallable(endpoint.address())) {
                continue;
            }
            Map<String, String> podLabels = podLabels(endpoint.target());
            Locality locality = localities.of(podLabels, endpoint.nodeName(), endpoint.zone());
            Map<String, String> labels = around.pods() == null ? Map.of() : labels(podLabels, locality, endpoint);
            String target = endpoint.target() == null ? "" : endpoint.target().uid();
            String id = id(target.isEmpty() ? endpoint.address() : target);
            boolean leaving = Boolean.TRUE.equals(endpoint.terminating());
            for (SlicePort slicePort : slicePorts) {
                PortMerge port = ports.get(slicePort.name());
                if (port != null && slicePort.port() > 0) {
                    Endpoint mapped =
                            new Endpoint(id, endpoint.address(), slicePort.port(), locality, 1, labels, condition);
                    port.add(new Candidate(mapped, target, leaving, changed));
                }
            }
        }
    }

    /** Adds the WorkloadEntries that the Service's selector takes. */
    void addWorkloadEntries() {
        if (service.selector().isEmpty() || onlyOwnNode) {
            return;
        }
        for (WorkloadEntry entry : around.workloadEntries()) {
            if (entry.healthy()
                    && entry.key().namespace().equals(service.key().namespace())
                    && entry.labels().entrySet().containsAll(service.selector().entrySet())
                    && Addresses.isCallable(entry.address())) {
                ports.values().forEach(port -> add(entry, port));
            }
        }
    }

    /** By number of the Service's port. */
    Map<Integer, List<Endpoint>> endpoints() {
        Map<Integer, List<Endpoint>> endpoints = new TreeMap<>();
        ports.values().forEach(port -> endpoints.put(port.port.port(), port.endpoints()));
        return endpoints;
    }

    private void add(WorkloadEntry entry, PortMerge port) {
        int number = targetPort(entry, port.port);
        if (number > 0) {
            Endpoint mapped = new Endpoint(
                    id(WorkloadMapper.id(entry)),
                    entry.address(),
                    number,
                    WorkloadMapper.locality(entry, localities),
                    Math.max(1, entry.weight()),
                    entry.labels(),
                    Condition.READY);
            port.add(new Candidate(mapped, entry.metadata().uid(), false, null));
        }
    }

    /** The entry's own port of that name comes first; a target port that only has a name must be among them. */
    private static int targetPort(WorkloadEntry entry, Service.Port port) {
        if (!port.targetName().isEmpty()) {
            return entry.ports().getOrDefault(port.targetName(), 0);
        }
        return entry.ports().getOrDefault(port.name(), port.targetPort() > 0 ? port.targetPort() : port.port());
    }

    /**
     * Null for an endpoint that takes nothing and is about to go. As in Istio that is also one that is not ready and does
     * not say whether it terminates.
     */
    private static @Nullable Condition condition(SliceEndpoint endpoint) {
        if (!Boolean.FALSE.equals(endpoint.ready())) {
            return Condition.READY;
        }
        if (Boolean.FALSE.equals(endpoint.terminating())) {
            return Condition.NOT_READY;
        }
        boolean serves = Boolean.TRUE.equals(endpoint.terminating()) && !Boolean.FALSE.equals(endpoint.serving());
        return serves ? Condition.TERMINATING : null;
    }

    private boolean isOnOwnNode(String nodeName) {
        return !nodeName.isEmpty() && nodeName.equals(around.self().node());
    }

    /** A pod of the same name with another uid is another pod. */
    private Map<String, String> podLabels(@Nullable TargetRef target) {
        Map<ObjectKey, ? extends KubernetesObject> pods = around.pods();
        if (pods == null || target == null || !target.kind().equals("Pod")) {
            return Map.of();
        }
        String namespace = target.namespace().isEmpty() ? service.key().namespace() : target.namespace();
        KubernetesObject pod = pods.get(new ObjectKey(namespace, target.name()));
        if (pod == null
                || !target.uid().isEmpty()
                        && !target.uid().equals(pod.metadata().uid())) {
            return Map.of();
        }
        return pod.metadata().labels();
    }

    /** As in Istio subsets can also be told apart by where their endpoints stand. */
    private static Map<String, String> labels(
            Map<String, String> podLabels, Locality locality, SliceEndpoint endpoint) {
        Map<String, String> labels = new HashMap<>(podLabels);
        put(labels, HOSTNAME, endpoint.nodeName());
        put(labels, Node.REGION, locality.region());
        put(labels, Node.ZONE, locality.zone());
        put(labels, Node.SUBZONE, locality.subzone());
        return labels;
    }

    private static void put(Map<String, String> labels, String name, String value) {
        if (!value.isEmpty()) {
            labels.put(name, value);
        }
    }

    /** Live state belongs to one pod in one service; address and port are part of a host's key anyway. */
    private String id(String workload) {
        return service.key() + "/" + workload;
    }

    /** The endpoints of one port of the Service. */
    private static final class PortMerge {
        private final Service.Port port;
        private final boolean v6First;
        private final Map<Said, Candidate> said = new LinkedHashMap<>();

        PortMerge(Service.Port port, boolean v6First) {
            this.port = port;
            this.v6First = v6First;
        }

        void add(Candidate candidate) {
            Endpoint endpoint = candidate.endpoint();
            said.merge(new Said(endpoint.address(), endpoint.port(), candidate.target()), candidate, Candidate::newer);
        }

        List<Endpoint> endpoints() {
            Map<Said, Candidate> atAddress = new LinkedHashMap<>();
            for (Candidate candidate : said.values()) {
                Endpoint endpoint = candidate.endpoint();
                atAddress.merge(new Said(endpoint.address(), endpoint.port(), ""), candidate, Candidate::better);
            }
            return oneFamily(List.copyOf(atAddress.values()));
        }

        /** A pod with addresses of both families is one endpoint and has one share, at the Service's first family. */
        private List<Endpoint> oneFamily(List<Candidate> candidates) {
            Map<String, Boolean> hasFirst = new HashMap<>();
            for (Candidate candidate : candidates) {
                hasFirst.merge(candidate.target(), isFirstFamily(candidate), Boolean::logicalOr);
            }
            List<Endpoint> endpoints = new ArrayList<>(candidates.size());
            for (Candidate candidate : candidates) {
                boolean second = !candidate.target().isEmpty()
                        && !isFirstFamily(candidate)
                        && hasFirst.getOrDefault(candidate.target(), false);
                if (!second) {
                    endpoints.add(candidate.endpoint());
                }
            }
            return endpoints;
        }

        private boolean isFirstFamily(Candidate candidate) {
            return Addresses.isV6(candidate.endpoint().address()) == v6First;
        }
    }

    /** An address at a port, with what is said to stand behind it. */
    private record Said(String address, int port, String target) {}
}
