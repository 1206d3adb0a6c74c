package io.inmesh.kubernetes.internal.map;

import io.inmesh.endpoint.Condition;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.Locality;
import io.inmesh.kubernetes.internal.resource.KubernetesObject;
import io.inmesh.kubernetes.internal.resource.Node;
import io.inmesh.kubernetes.internal.resource.ObjectKey;
import io.inmesh.kubernetes.internal.resource.Pod;
import io.inmesh.kubernetes.internal.resource.Service;
import io.inmesh.kubernetes.internal.resource.SliceEndpoint;
import io.inmesh.kubernetes.internal.resource.SlicePort;
import io.inmesh.kubernetes.internal.resource.WorkloadEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Collects a Service's endpoints from all its slices and decides where they contradict each other. Used once. */
final class EndpointMerge {
    private static final String HOSTNAME = "kubernetes.io/hostname";

    private final Service service;
    private final EndpointContext around;
    private final Localities localities;
    private final boolean onlyOwnNode;
    private final String idPrefix;
    private final @Nullable Map<String, KubernetesObject> podsByUid;
    private final @Nullable Map<String, Pod> placesByUid;
    private final Map<String, PortMerge> ports = new LinkedHashMap<>();

    EndpointMerge(Service service, EndpointContext around) {
        this.service = service;
        this.around = around;
        this.localities = new Localities(around.nodes());
        this.onlyOwnNode = service.internalTrafficPolicy().equals("Local");
        this.idPrefix = service.key() + "/";
        this.podsByUid = around.pods() == null ? null : byUid(around.pods().values());
        this.placesByUid =
                around.places() == null ? null : byUid(around.places().values());
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
    void add(List<SlicePort> slicePorts, List<SliceEndpoint> endpoints, @Nullable String changed) {
        for (SliceEndpoint endpoint : endpoints) {
            Condition condition = condition(endpoint);
            Pod place = endpoint.nodeName().isEmpty() ? pod(endpoint, around.places(), placesByUid) : null;
            String node = place == null ? endpoint.nodeName() : place.nodeName();
            if (condition == null || onlyOwnNode && !isOnOwnNode(node) || !Addresses.isCallable(endpoint.address())) {
                continue;
            }
            KubernetesObject known = pod(endpoint, around.pods(), podsByUid);
            KubernetesObject pod = known == null ? place : known;
            Map<String, String> podLabels =
                    pod == null ? Map.of() : pod.metadata().labels();
            Locality locality = localities.of(podLabels, node, endpoint.zone());
            Map<String, String> labels = around.pods() == null ? Map.of() : labels(podLabels, locality, node);
            String target = endpoint.uid();
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
    private <T extends KubernetesObject> @Nullable T pod(
            SliceEndpoint endpoint, @Nullable Map<ObjectKey, ? extends T> pods, @Nullable Map<String, T> byUid) {
        if (pods == null || byUid == null) {
            return null;
        }
        ObjectKey name = endpoint.pod();
        if (!endpoint.uid().isEmpty()) {
            return byUid.get(endpoint.uid());
        }
        return name == null
                ? null
                : pods.get(
                        name.namespace().isEmpty() ? new ObjectKey(service.key().namespace(), name.name()) : name);
    }

    private static <T extends KubernetesObject> Map<String, T> byUid(Collection<? extends T> pods) {
        Map<String, T> byUid = new HashMap<>();
        pods.forEach(pod -> byUid.put(pod.metadata().uid(), pod));
        return byUid;
    }

    /** As in Istio subsets can also be told apart by where their endpoints stand. */
    private static Map<String, String> labels(Map<String, String> podLabels, Locality locality, String node) {
        Map<String, String> labels = new HashMap<>(podLabels);
        put(labels, HOSTNAME, node);
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
        return idPrefix + workload;
    }

    /** The endpoints of one port of the Service. */
    private static final class PortMerge {
        private final Service.Port port;
        private final boolean v6First;

        /** By address, as it was told first. */
        private final Map<String, Candidate> told = new LinkedHashMap<>();

        /** All that was told of those few addresses of which more than one thing was told. */
        private final Map<String, List<Candidate>> contested = new HashMap<>();

        PortMerge(Service.Port port, boolean v6First) {
            this.port = port;
            this.v6First = v6First;
        }

        void add(Candidate candidate) {
            String address = candidate.endpoint().address();
            Candidate before = told.putIfAbsent(address, candidate);
            if (before != null) {
                contested
                        .computeIfAbsent(address, any -> new ArrayList<>(List.of(before)))
                        .add(candidate);
            }
        }

        List<Endpoint> endpoints() {
            List<Candidate> candidates = new ArrayList<>(told.size());
            told.forEach((address, candidate) -> {
                List<Candidate> rivals = contested.get(address);
                if (rivals == null) {
                    candidates.add(candidate);
                } else {
                    candidates.addAll(winners(rivals));
                }
            });
            return oneFamily(candidates);
        }

        /** For each port number at an address: of each target the newest word, and of the targets the best. */
        private static Collection<Candidate> winners(List<Candidate> rivals) {
            Map<Said, Candidate> words = new LinkedHashMap<>();
            rivals.forEach(
                    rival -> words.merge(new Said(rival.endpoint().port(), rival.target()), rival, Candidate::newer));
            Map<Integer, Candidate> winners = new LinkedHashMap<>();
            words.forEach((said, word) -> winners.merge(said.port(), word, Candidate::better));
            return winners.values();
        }

        /** A pod with addresses of both families is one endpoint and has one share, at the Service's first family. */
        private List<Endpoint> oneFamily(List<Candidate> candidates) {
            boolean both = candidates.stream().anyMatch(this::isFirstFamily)
                    && !candidates.stream().allMatch(this::isFirstFamily);
            Set<String> inFirst = new HashSet<>();
            if (both) {
                candidates.stream().filter(this::isFirstFamily).forEach(one -> inFirst.add(one.target()));
            }
            List<Endpoint> endpoints = new ArrayList<>(candidates.size());
            for (Candidate candidate : candidates) {
                boolean second =
                        both && !isFirstFamily(candidate) && !candidate.target().isEmpty();
                if (!second || !inFirst.contains(candidate.target())) {
                    endpoints.add(candidate.endpoint());
                }
            }
            return endpoints;
        }

        private boolean isFirstFamily(Candidate candidate) {
            return Addresses.isV6(candidate.endpoint().address()) == v6First;
        }
    }

    /** What is said to stand behind a port. */
    private record Said(int port, String target) {}
}
