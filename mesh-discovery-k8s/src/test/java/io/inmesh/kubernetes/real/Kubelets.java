package io.inmesh.kubernetes.real;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stands in for the scheduler and the kubelets of a namespace: gives each pod a node and an address, runs a server there,
 * reports it ready, and stops it when the pod is deleted. As with real ones, a pod that runs without the API server's
 * knowledge is ended, and one that the API server knows but that does not run is started, with a new address.
 */
final class Kubelets implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final ClusterApi api;
    private final String namespace;
    private final Ledger ledger;
    private final Map<String, Running> running = new ConcurrentHashMap<>();
    private final Map<String, Thread> ending = new ConcurrentHashMap<>();
    private final Set<String> lost = ConcurrentHashMap.newKeySet();
    private final Thread thread;
    private volatile boolean closed;
    private int lastAddress;

    private record Running(String name, String address, Map<String, String> labels, PodServer server) {}

    Kubelets(ClusterApi api, String namespace, Ledger ledger) {
        this.api = api;
        this.namespace = namespace;
        this.ledger = ledger;
        this.thread = new Thread(this::run, "kubelets");
        thread.setDaemon(true);
        thread.start();
    }

    /** The nodes that pods are put on, with the labels that tell their locality. */
    static void createNodes(ClusterApi api) {
        createNode(api, "node-a", Map.of("region", "r1", "zone", "z1"), "s1");
        createNode(api, "node-b", Map.of("region", "r1", "zone", "z2"), "");
        createNode(api, "node-c", Map.of("region", "r2", "zone", "z1"), "");
    }

    private static void createNode(ClusterApi api, String name, Map<String, String> topology, String subzone) {
        Map<String, String> labels = new HashMap<>();
        topology.forEach((key, value) -> labels.put("topology.kubernetes.io/" + key, value));
        if (!subzone.isEmpty()) {
            labels.put("topology.istio.io/subzone", subzone);
        }
        Map<String, Object> node = new LinkedHashMap<>();
        node.put("apiVersion", "v1");
        node.put("kind", "Node");
        node.put("metadata", Map.of("name", name, "labels", labels));
        api.apply(node, "");
        api.patch(
                ClusterApi.path("Node", "", name) + "/status",
                Map.of("status", Map.of("conditions", List.of(Map.of("type", "Ready", "status", "True")))));
    }

    /** Addresses where pods with this value of the label {@code app} run now, in order. */
    List<String> addresses(String app) {
        return running.values().stream()
                .filter(pod -> app.equals(pod.labels().get("app")))
                .map(Running::address)
                .sorted()
                .toList();
    }

    /** Names of the pods that run now and have these labels, in order. */
    List<String> pods(Map<String, String> labels) {
        return running.values().stream()
                .filter(pod -> pod.labels().entrySet().containsAll(labels.entrySet()))
                .map(Running::name)
                .sorted()
                .toList();
    }

    /** Ends pods as when their machine dies: whoever asks the API server still hears that they run. Their addresses. */
    List<String> killWithoutTelling(Map<String, String> labels, int count) {
        return running.entrySet().stream()
                .filter(pod -> pod.getValue().labels().entrySet().containsAll(labels.entrySet()))
                .limit(count)
                .map(pod -> {
                    end(pod.getKey());
                    lost.add(pod.getKey());
                    return pod.getValue().address();
                })
                .toList();
    }

    private void run() {
        while (!closed) {
            try {
                reconcile();
            } catch (RuntimeException unreachable) {
                // The API server is away, or an object has changed meanwhile: the next round sees.
                Eventually.pause(PAUSE);
            }
            Eventually.pause(PAUSE);
        }
    }

    private void reconcile() {
        Map<String, JsonObject> pods = new TreeMap<>();
        for (JsonElement pod : api.list("Pod", namespace)) {
            pods.put(uid(pod.getAsJsonObject()), pod.getAsJsonObject());
        }
        Set<String> forgotten = new HashSet<>(running.keySet());
        forgotten.removeAll(pods.keySet());
        forgotten.forEach(this::end);
        pods.forEach((uid, pod) -> {
            boolean deleted = metadata(pod).has("deletionTimestamp");
            if (lost.remove(uid)) {
                api.delete(ClusterApi.path("Pod", namespace, name(pod)), 0);
            } else if (deleted && !ending.containsKey(uid)) {
                Thread stop = new Thread(
                        () -> {
                            terminate(uid, name(pod));
                            // It may come back: with etcd's data from before.
                            ending.remove(uid);
                        },
                        "end of " + name(pod));
                ending.put(uid, stop);
                stop.start();
            } else if (!deleted && !running.containsKey(uid)) {
                startPod(uid, pod);
            }
        });
    }

    private void startPod(String uid, JsonObject pod) {
        String path = ClusterApi.path("Pod", namespace, name(pod));
        int siblings = addresses(labels(pod).getOrDefault("app", "")).size();
        if (!pod.getAsJsonObject("spec").has("nodeName")) {
            api.post(
                    path + "/binding",
                    Map.of(
                            "apiVersion",
                            "v1",
                            "kind",
                            "Binding",
                            "metadata",
                            Map.of("name", name(pod)),
                            "target",
                            Map.of("kind", "Node", "name", "node-" + "abc".charAt(siblings % 3))));
        }
        lastAddress++;
        String address = "10.244." + (1 + lastAddress / 250) + "." + (1 + lastAddress % 250);
        PodServer server = new PodServer(name(pod), address, ledger);
        running.put(uid, new Running(name(pod), address, labels(pod), server));
        try {
            api.patch(path + "/status", Map.of("status", PodStatus.running(address, true)));
        } catch (RuntimeException e) {
            end(uid);
            throw e;
        }
    }

    private void terminate(String uid, String name) {
        end(uid);
        while (!closed) {
            try {
                api.delete(ClusterApi.path("Pod", namespace, name), 0);
                return;
            } catch (ClusterApi.Refused gone) {
                return;
            } catch (RuntimeException unreachable) {
                Eventually.pause(PAUSE);
            }
        }
    }

    private void end(String uid) {
        Running pod = running.remove(uid);
        if (pod != null) {
            pod.server().close();
        }
    }

    private static JsonObject metadata(JsonObject pod) {
        return pod.getAsJsonObject("metadata");
    }

    private static String uid(JsonObject pod) {
        return metadata(pod).get("uid").getAsString();
    }

    private static String name(JsonObject pod) {
        return metadata(pod).get("name").getAsString();
    }

    private static Map<String, String> labels(JsonObject pod) {
        Map<String, String> labels = new HashMap<>();
        metadata(pod)
                .getAsJsonObject("labels")
                .entrySet()
                .forEach(label -> labels.put(label.getKey(), label.getValue().getAsString()));
        return labels;
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        running.keySet().stream().sorted(Comparator.naturalOrder()).toList().forEach(this::end);
    }
}
