package io.inmesh.internal.snapshot;

import io.inmesh.explain.LimitUse;
import io.inmesh.internal.cluster.Cluster;
import io.inmesh.internal.cluster.ClusterPolicy;
import io.inmesh.internal.cluster.ConnectionRules;
import io.inmesh.internal.route.VirtualHost;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind a destination.
 *
 * @param cluster null when it is unknown or not balanced
 * @param originalDestination whether the address of the request itself is dialled, unless that is refused
 * @param originalPort port to dial at that address, 0 for the request's own
 * @param http2 whether HTTP/2 is spoken there also without TLS
 * @param whyUnknown empty when it is known
 * @param asked what DestinationRules say of it
 * @param refusal why calls to it are not sent, null when they are; it has no cluster then
 * @param external whether it is outside of the mesh, so that nothing of a request that came in is handed on to it
 * @param byName whether the cluster is the whole service as DNS knows it, because discovery cannot see it
 */
public record Target(
        @Nullable Cluster cluster,
        boolean originalDestination,
        int originalPort,
        boolean http2,
        String whyUnknown,
        Asked asked,
        boolean byName,
        @Nullable String refusal,
        boolean external) {
    private static final String NOT_DIALLED =
            "the destination is the address that the request names (resolution NONE or"
                    + " balancer PASSTHROUGH), which a gateway does not dial: give its ServiceEntry endpoints or resolution DNS";

    /**
     * What DestinationRules say of a destination.
     *
     * @param rules those that concern it, by qualified name
     * @param policy merged over rule, subset and port
     * @param connections what the policy says of single connections
     * @param breaker asked before each call; null where no rule names one, or the application has none
     */
    public record Asked(
            List<String> rules,
            ClusterPolicy policy,
            ConnectionRules connections,
            @Nullable DestinationBreaker breaker) {
        /** No rule concerns it. */
        public static final Asked NOTHING = new Asked(List.of(), ClusterPolicy.DEFAULT, null);

        public Asked {
            rules = List.copyOf(rules);
        }

        Asked(List<String> rules, ClusterPolicy policy, @Nullable DestinationBreaker breaker) {
            this(rules, policy, ConnectionRules.of(policy), breaker);
        }

        private Asked unguarded() {
            return new Asked(rules, policy, connections, null);
        }
    }

    static Target originalDestination(int port, boolean http2, Asked asked, boolean external) {
        return new Target(null, true, port, http2, "", asked, false, null, external);
    }

    static Target of(Cluster cluster, boolean http2, Asked asked, boolean external) {
        return new Target(cluster, false, 0, http2, "", asked, false, null, external);
    }

    static Target byName(Cluster cluster, Asked asked) {
        return new Target(cluster, false, 0, false, "", asked, true, null, false);
    }

    static Target refused(String refusal, Asked asked) {
        return new Target(null, false, 0, false, "", asked, false, refusal, false);
    }

    /** The same at a gateway, which dials no address that a caller names: it would reach whatever it can. */
    Target atGateway() {
        return originalDestination && refusal == null
                ? new Target(null, true, originalPort, http2, whyUnknown, asked, byName, NOT_DIALLED, external)
                : this;
    }

    /**
     * The same for copies of requests: the address that a request names is that of its own call, which has one already. No
     * circuit breaker is asked, since nobody sees how copies end.
     */
    Target forCopies() {
        if (originalDestination && refusal == null) {
            return refused(
                    "the destination has no addresses of its own (resolution NONE or balancer PASSTHROUGH)", asked);
        }
        return asked.breaker() == null
                ? this
                : new Target(
                        cluster,
                        originalDestination,
                        originalPort,
                        http2,
                        whyUnknown,
                        asked.unguarded(),
                        byName,
                        refusal,
                        external);
    }

    /** Why nothing can be sent there, whatever becomes of endpoints; null when it can. */
    public @Nullable String hindrance() {
        return refusal != null ? refusal : isUnknown() ? whyUnknown : null;
    }

    static Target unknown(String why) {
        return new Target(null, false, 0, false, why, Asked.NOTHING, false, null, false);
    }

    /** The same as a host sees it: an instance that is called by its own name is called at its own address. */
    Target seenFrom(VirtualHost host) {
        boolean itself =
                cluster != null && host.ofInstances() && cluster.key().host().equals(host.name());
        return itself ? originalDestination(0, http2, asked, external) : this;
    }

    /** The balancer in force, null when calls are not sent. */
    @Nullable
    String balancer() {
        return originalDestination ? "PASSTHROUGH" : cluster == null ? null : cluster.policyName();
    }

    /** The limits to what runs there at once, and what is in use of them; none where it is no cluster. */
    List<LimitUse> limits() {
        return cluster == null ? List.of() : cluster.runtime().limits().uses(http2);
    }

    boolean isUnknown() {
        return cluster == null && !originalDestination && refusal == null;
    }
}
