package io.inmesh.spring.boot.client;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Who chose the instances that services were called at, where the application has a load balancer of its own: the mesh, or
 * that load balancer. Of clients without one nothing is counted. Thread-safe.
 */
public final class BalancerDecisions {
    /** Names may come from outside, as those of a proxy do; of more nothing is counted. */
    private static final int MOST_SERVICES = 1000;

    private final Map<String, Counts> services = new ConcurrentHashMap<>();

    BalancerDecisions() {}

    private record Counts(LongAdder mesh, LongAdder application) {}

    /**
     * Calls of one service since the start.
     *
     * @param service as the URLs of the calls name it, lower case
     * @param byMesh calls that the mesh decided, by its rules
     * @param byApplication calls that were left to the application's own load balancer or client
     */
    public record Decisions(String service, long byMesh, long byApplication) {}

    /**
     * Counts one call.
     *
     * @param mesh whether the mesh decided it
     */
    public void add(URI uri, boolean mesh) {
        String host = uri.getHost() == null ? uri.getRawAuthority() : uri.getHost();
        if (host == null) {
            return;
        }
        Counts counts = counts(host.toLowerCase(Locale.ROOT));
        if (counts != null) {
            (mesh ? counts.mesh() : counts.application()).increment();
        }
    }

    private @Nullable Counts counts(String host) {
        Counts known = services.get(host);
        return known != null || services.size() >= MOST_SERVICES
                ? known
                : services.computeIfAbsent(host, name -> new Counts(new LongAdder(), new LongAdder()));
    }

    /** All services that were called, by name. */
    public List<Decisions> list() {
        return services.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> new Decisions(
                        entry.getKey(),
                        entry.getValue().mesh().sum(),
                        entry.getValue().application().sum()))
                .toList();
    }
}
