package io.inmesh.internal.balance;

import io.inmesh.internal.host.Host;
import io.inmesh.model.LoadBalancerSettings.Simple;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Picks one host of a fixed list. Reads hosts and changes nothing but its own cursor; takes no lock and allocates
 * nothing. Thread-safe.
 */
public sealed interface LoadBalancer permits HostPicker, NoHosts {
    /**
     * Picks. A host that the call has tried already is avoided, and so is one that rests ({@link Host#rests}): five more
     * draws of the policy first (as Envoy does with Istio's retry policy), then any host that is neither, then any that
     * was not tried; when all were, a tried one.
     *
     * @return null when there is no host
     */
    @Nullable
    Host chooseHost(LoadBalancerContext context);

    /**
     * Makes the balancer of a policy. Hosts of weight 0 get nothing while another has weight; when all are 0 they are
     * equal. Control thread only.
     *
     * @param policy UNSPECIFIED and LEAST_CONN are LEAST_REQUEST
     * @param hosts in the order of discovery, each once
     * @param previous whose place in the cycle is taken over, null for none
     * @param random for first places in the cycle
     * @throws IllegalArgumentException for PASSTHROUGH, which does not balance
     */
    static LoadBalancer of(
            Simple policy, List<WeightedHost> hosts, @Nullable LoadBalancer previous, RandomGenerator random) {
        if (hosts.isEmpty()) {
            return NoHosts.INSTANCE;
        }
        HostWeights weights = HostWeights.of(hosts);
        return switch (policy) {
            case ROUND_ROBIN -> roundRobin(weights, previous, random);
            case RANDOM -> new RandomChoice(weights.hosts());
            case UNSPECIFIED, LEAST_CONN, LEAST_REQUEST ->
                weights.equal() ? new LeastRequest(weights.hosts()) : new WeightedLeastRequest(weights);
            case PASSTHROUGH ->
                throw new IllegalArgumentException("PASSTHROUGH dials the address of the request: it has no balancer");
        };
    }

    private static LoadBalancer roundRobin(
            HostWeights weights, @Nullable LoadBalancer previous, RandomGenerator random) {
        if (weights.total() > EdfSchedule.MAX_LENGTH && !weights.equal()) {
            return new WeightedRandom(weights);
        }
        RoundRobin before = previous instanceof RoundRobin roundRobin ? roundRobin : null;
        return RoundRobin.over(weights, before, random, StripedCursor.defaultStripes());
    }
}
