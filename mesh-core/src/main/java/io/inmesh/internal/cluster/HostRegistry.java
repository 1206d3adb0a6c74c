package io.inmesh.internal.cluster;

import io.inmesh.endpoint.Endpoint;
import io.inmesh.internal.host.Host;
import io.inmesh.internal.route.ClusterKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Hosts by endpoint, over all snapshots. Used by the control thread only.
 *
 * <p>The key is id, address and port: one workload may serve two ports under one id, and each has its own state.
 */
public final class HostRegistry {
    /** What makes an endpoint the same one over time. */
    record HostKey(String id, String address, int port) {
        static HostKey of(Endpoint endpoint) {
            return new HostKey(endpoint.id(), endpoint.address(), endpoint.port());
        }
    }

    private final Map<HostKey, Host> hosts = new HashMap<>();

    /** How many clusters in force have a host; without those that none has. */
    private final Map<Host, Integer> uses = new IdentityHashMap<>();

    /** Hosts that no cluster in force has, so that a publication need not look at all hosts to find them. */
    private final Set<Host> unused = Collections.newSetFromMap(new IdentityHashMap<>());

    private Map<ClusterKey, Cluster> inForce = Map.of();
    private final ClusterSurroundings surroundings;

    /** Makes one whose clusters are observed by nobody. */
    public HostRegistry() {
        this(ClusterSurroundings.ALONE);
    }

    /** Makes an empty one. */
    public HostRegistry(ClusterSurroundings surroundings) {
        this.surroundings = surroundings;
    }

    ClusterRuntime newRuntime(ClusterPolicy policy) {
        return new ClusterRuntime(surroundings, policy);
    }

    /** The host of an endpoint, made when it is new; its endpoint is brought up to date. */
    public Host hostFor(Endpoint endpoint) {
        HostKey key = HostKey.of(endpoint);
        Host host = hosts.get(key);
        if (host == null) {
            host = new Host(endpoint);
            hosts.put(key, host);
            unused.add(host);
        } else if (!host.endpoint().equals(endpoint)) {
            host.update(endpoint);
        }
        return host;
    }

    /**
     * Forgets the hosts that no cluster has any more. Those with requests in flight stay until a later call, so that an
     * endpoint that comes back meanwhile finds its count. Looks only into clusters that came or went since the call
     * before.
     *
     * @param published clusters of the snapshot in force; never written
     * @return how many were forgotten
     */
    public int retire(Map<ClusterKey, Cluster> published) {
        Map<ClusterKey, Cluster> before = inForce;
        inForce = published;
        List<Cluster> gone = new ArrayList<>();
        published.forEach((key, cluster) -> {
            Cluster old = before.get(key);
            if (cluster != old) {
                cluster.runtime().inForce(cluster);
                cluster.members().forEach(member -> use(member.host()));
                if (old != null) {
                    gone.add(old);
                }
            }
        });
        before.forEach((key, cluster) -> {
            if (!published.containsKey(key)) {
                cluster.runtime().end();
                gone.add(cluster);
            }
        });
        gone.forEach(cluster -> cluster.members().forEach(member -> release(member.host())));
        int known = hosts.size();
        unused.removeIf(host -> host.activeRequests() == 0 && hosts.remove(HostKey.of(host.endpoint()), host));
        return known - hosts.size();
    }

    private void use(Host host) {
        uses.merge(host, 1, Integer::sum);
        unused.remove(host);
    }

    private void release(Host host) {
        if (uses.computeIfPresent(host, (same, count) -> count == 1 ? null : count - 1) == null) {
            unused.add(host);
        }
    }

    /** Nothing happens by itself any more in clusters. */
    public void close() {
        inForce.values().forEach(cluster -> cluster.runtime().stop());
    }

    /** Whether some host at an address rests; looks at all hosts. */
    public boolean rests(String address) {
        return hosts.values().stream()
                .anyMatch(host -> host.rests() && host.endpoint().address().equals(address));
    }

    /** Hosts known. */
    public int size() {
        return hosts.size();
    }
}
