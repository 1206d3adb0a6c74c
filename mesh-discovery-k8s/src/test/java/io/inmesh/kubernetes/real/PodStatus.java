package io.inmesh.kubernetes.real;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a kubelet writes of a pod. */
final class PodStatus {
    private PodStatus() {}

    /** A pod that runs. */
    static Map<String, Object> running(String address, boolean ready) {
        return of("Running", address, ready);
    }

    /**
     * A pod in any phase.
     *
     * @param address empty for none yet
     */
    static Map<String, Object> of(String phase, String address, boolean ready) {
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("phase", phase);
        if (!address.isEmpty()) {
            status.put("podIP", address);
            status.put("podIPs", List.of(Map.of("ip", address)));
        }
        String readiness = ready ? "True" : "False";
        status.put(
                "conditions",
                List.of(
                        Map.of("type", "Ready", "status", readiness),
                        Map.of("type", "ContainersReady", "status", readiness)));
        return status;
    }
}
