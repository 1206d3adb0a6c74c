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
import org.jspecify.annotations.Nullable;

/**
 * Keeps a ready endpoint that has vanished for a moment: the slices of a service are changed one after the other, so one
 * that moves can be in none for a while. An endpoint that ends is first told as terminating or not ready, which is never
 * held back, and one whose address has another owner now is let go at once. Table thread only.
 */
final class MovingEndpoints {
    /** Longest gap between two slices. */
    static final Duration HOLD = Duration.ofSeconds(1);

    private final TableThread thread;
    private final Runnable again;
    private final Map<Place, Long> vanishedAt = new HashMap<>();
    private boolean lookingAgain;

    private record Place(int port, String id) {}

    /**
     * Holds nothing yet.
     *
     * @param again asks for the service to be looked at again, when what is held now has to be let go
     */
    MovingEndpoints(TableThread thread, Runnable again) {
        this.thread = thread;
        this.again = again;
    }

    /**
     * The state with those endpoints that are still held.
     *
     * @param before what was answered last, null when the server has told nothing yet or that there is no such service
     */
    ServiceEndpoints settle(@Nullable ServiceEndpoints before, ServiceEndpoints now) {
        long nanos = thread.nanoTime();
        Map<Integer, List<Endpoint>> settled = new HashMap<>(now.endpoints());
        Set<Place> missing = new HashSet<>();
        if (before != null) {
            for (ServicePort port : now.ports()) {
                List<Endpoint> earlier = before.endpoints().getOrDefault(port.number(), List.of());
                List<Endpoint> there = now.endpoints().getOrDefault(port.number(), List.of());
                List<Endpoint> held = held(port.number(), earlier, there, nanos, missing);
                if (!held.isEmpty()) {
                    List<Endpoint> all = new ArrayList<>(there);
                    all.addAll(held);
                    settled.put(port.number(), all);
                }
            }
        }
        vanishedAt.keySet().retainAll(missing);
        if (vanishedAt.isEmpty()) {
            return now;
        }
        lookAgain();
        return now.withEndpoints(settled);
    }

    private List<Endpoint> held(
            int port, List<Endpoint> earlier, List<Endpoint> there, long nanos, Set<Place> missing) {
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

    private void lookAgain() {
        if (!lookingAgain) {
            lookingAgain = true;
            thread.after(HOLD, () -> {
                lookingAgain = false;
                again.run();
            });
        }
    }
}
