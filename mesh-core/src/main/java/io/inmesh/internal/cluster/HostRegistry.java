package io.inmesh.internal.cluster;

import io.inmesh.endpoint.Endpoint;
import io.inmesh.internal.host.Host;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
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

    /** The host of an endpoint, made when it is new; its endpoint is brought up to date. */
    public Host hostFor(Endpoint endpoint) {
        HostKey key = HostKey.of(endpoint);
        Host host = hosts.get(key);
        if (host == null) {
            host = new Host(endpoint);
            hosts.put(key, host);
        } else if (!host.endpoint().equals(endpoint)) {
            host.update(endpoint);
        }
        return host;
    }

    /**
     * Forgets the hosts that no cluster has any more. Those with requests in flight stay until a later call, so that an
     * endpoint that comes back meanwhile finds its count.
     *
     * @param published clusters of the snapshot in force
     * @return how many were forgotten
     */
    public int retire(Collection<Cluster> published) {
        Set<Host> referenced = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Cluster cluster : published) {
            cluster.members().forEach(member -> referenced.add(member.host()));
        }
        int before = hosts.size();
        hosts.values().removeIf(host -> !referenced.contains(host) && host.activeRequests() == 0);
        return before - hosts.size();
    }

    /** Hosts known. */
    public int size() {
        return hosts.size();
    }
}
