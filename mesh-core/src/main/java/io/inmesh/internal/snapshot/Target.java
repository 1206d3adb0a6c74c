package io.inmesh.internal.snapshot;

import io.inmesh.internal.cluster.Cluster;
import io.inmesh.internal.route.VirtualHost;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind a destination.
 *
 * @param cluster null when it is unknown or not balanced
 * @param originalDestination whether the address of the request itself is dialled
 * @param originalPort port to dial at that address, 0 for the request's own
 * @param http2 whether HTTP/2 is spoken there also without TLS
 * @param whyUnknown empty when it is known
 * @param rules DestinationRules in force, by qualified name
 * @param refusal why calls to it are not sent, null when they are; it has no cluster then
 * @param byName whether the cluster is the whole service as DNS knows it, because discovery cannot see it
 */
record Target(
        @Nullable Cluster cluster,
        boolean originalDestination,
        int originalPort,
        boolean http2,
        String whyUnknown,
        List<String> rules,
        boolean byName,
        @Nullable String refusal) {
    static Target originalDestination(int port, boolean http2, List<String> rules) {
        return new Target(null, true, port, http2, "", rules, false, null);
    }

    static Target of(Cluster cluster, boolean http2, List<String> rules) {
        return new Target(cluster, false, 0, http2, "", rules, false, null);
    }

    static Target byName(Cluster cluster, List<String> rules) {
        return new Target(cluster, false, 0, false, "", rules, true, null);
    }

    static Target refused(String refusal, List<String> rules) {
        return new Target(null, false, 0, false, "", rules, false, refusal);
    }

    static Target unknown(String why) {
        return new Target(null, false, 0, false, why, List.of(), false, null);
    }

    /** The same as a host sees it: an instance that is called by its own name is called at its own address. */
    Target seenFrom(VirtualHost host) {
        boolean itself =
                cluster != null && host.ofInstances() && cluster.key().host().equals(host.name());
        return itself ? originalDestination(0, http2, rules) : this;
    }

    boolean isUnknown() {
        return cluster == null && !originalDestination && refusal == null;
    }
}
