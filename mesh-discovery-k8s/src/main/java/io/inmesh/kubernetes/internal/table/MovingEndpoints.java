package io.inmesh.kubernetes.internal.table;

import io.inmesh.endpoint.Condition;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServicePort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Keeps a ready endpoint that has vanished for a moment: the slices of a service are changed one after the other, so one
 * that moves can be in none for a while. An endpoint that ends is first told as terminating or not ready, which is never
 * held back, and one whose address has another owner now is let go at once. Table thread only.
 */
final class MovingEndpoints {
    /** Longest gap between two slices. */
    static final Duration HOLD = Duration.ofSeconds(1);

    private final Map<Place, Long> vanishedAt = new HashMap<>();
    private Map<Integer, List<Endpoint>> before = Map.of();

    private record Place(int port, String id) {}

    /** The state with those endpoints that are still held. */
    ServiceEndpoints settle(ServiceEndpoints now, long nanos) {
        Map<Integer, List<Endpoint>> settled = new HashMap<>(now.endpoints());
        Set<Place> missing = new HashSet<>();
        for (ServicePort port : now.ports()) {
            List<Endpoint> there = now.endpoints().getOrDefault(port.number(), List.of());
            List<Endpoint> held = held(port.number(), there, nanos, missing);
            if (!held.isEmpty()) {
                List<Endpoint> all = new ArrayList<>(there);
                all.addAll(held);
                settled.put(port.number(), all);
            }
        }
        vanishedAt.keySet().retainAll(missing);
        before = settled;
        return vanishedAt.isEmpty() ? now : now.withEndpoints(settled);
    }

    private List<Endpoint> held(int port, List<Endpoint> there, long nanos, Set<Place> missing) {
        List<Endpoint> earlier = before.getOrDefault(port, List.of());
        if (earlier.isEmpty()) {
            return List.of();
        }
        Set<String> ids = new HashSet<>();
        Set<String> addresses = new HashSet<>();
        for (Endpoint endpoint : there) {
            ids.add(endpoint.id());
            addresses.add(endpoint.hostPort());
        }
        List<Endpoint> held = new ArrayList<>();
        for (Endpoint endpoint : earlier) {
            if (endpoint.condition() == Condition.READY
                    && !ids.contains(endpoint.id())
                    && !addresses.contains(endpoint.hostPort())) {
                Place place = new Place(port, endpoint.id());
                if (nanos - vanishedAt.computeIfAbsent(place, any -> nanos) < HOLD.toNanos()) {
                    missing.add(place);
                    held.add(endpoint);
                }
            }
        }
        return held;
    }

    /** Whether something is held that has to be looked at again. */
    boolean holds() {
        return !vanishedAt.isEmpty();
    }
}
