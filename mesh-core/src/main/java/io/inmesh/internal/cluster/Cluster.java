package io.inmesh.internal.cluster;

import io.inmesh.endpoint.Condition;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.internal.balance.LoadBalancer;
import io.inmesh.internal.balance.LoadBalancerContext;
import io.inmesh.internal.balance.WeightedHost;
import io.inmesh.internal.host.Host;
import io.inmesh.internal.route.ClusterKey;
import io.inmesh.model.LoadBalancerSettings.Simple;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Immutable view of one cluster: hosts, balancer, policy. Thread-safe. */
public final class Cluster {
    private final ClusterKey key;
    private final Map<String, String> subsetLabels;
    private final ClusterPolicy policy;

    /** The very list that it was built from: lists are never written, so the same one needs no second look. */
    private final List<Endpoint> endpoints;

    private final List<Member> members;
    private final LoadBalancer balancer;

    private Cluster(
            ClusterKey key,
            Map<String, String> subsetLabels,
            ClusterPolicy policy,
            List<Endpoint> endpoints,
            List<Member> members,
            LoadBalancer balancer) {
        this.key = key;
        this.subsetLabels = subsetLabels;
        this.policy = policy;
        this.endpoints = endpoints;
        this.members = members;
        this.balancer = balancer;
    }

    /**
     * A host of the cluster, whether it is used or not.
     *
     * @param endpoint as it was when the cluster was built
     * @param state {@code ready}, or why it is used all the same or gets nothing
     * @param eligible whether the balancer may pick it
     */
    public record Member(Host host, Endpoint endpoint, String state, boolean eligible) {}

    /**
     * Builds a cluster. Control thread only.
     *
     * <p>Endpoints that are ready are used, those that terminate only when none is ready, the others never. Of two
     * values of one endpoint the first counts, as in Envoy.
     *
     * @param subsetLabels endpoints that lack one of them are left out; empty for the whole service
     * @param policy balanced, not PASSTHROUGH
     * @param endpoints of the service port; copied unless it is immutable
     * @param previous cluster of the same key in the snapshot before, with hosts of the same registry; null for none. Its
     *     place in the cycle goes on
     * @param random for first places in the cycle
     * @return {@code previous} itself when nothing changed
     */
    public static Cluster build(
            ClusterKey key,
            Map<String, String> subsetLabels,
            ClusterPolicy policy,
            List<Endpoint> endpoints,
            HostRegistry hosts,
            @Nullable Cluster previous,
            RandomGenerator random) {
        if (policy.balancer() == Simple.PASSTHROUGH) {
            throw new IllegalArgumentException("PASSTHROUGH has no hosts to choose from");
        }
        Map<String, String> labels = Map.copyOf(subsetLabels);
        List<Endpoint> source = List.copyOf(endpoints);
        Cluster alike = previous != null && previous.isFor(key, labels, policy) ? previous : null;
        if (alike != null && alike.endpoints == source) {
            return alike;
        }
        List<Member> members = members(labels, source, hosts);
        if (alike != null && alike.members.equals(members)) {
            return alike;
        }
        List<WeightedHost> eligible = members.stream()
                .filter(Member::eligible)
                .map(member -> new WeightedHost(member.host, member.endpoint.weight()))
                .toList();
        LoadBalancer balancer =
                LoadBalancer.of(policy.balancer(), eligible, previous == null ? null : previous.balancer, random);
        return new Cluster(key, labels, policy, source, members, balancer);
    }

    /** Identity. */
    public ClusterKey key() {
        return key;
    }

    /** Labels that select its endpoints, empty for the whole service. */
    public Map<String, String> subsetLabels() {
        return subsetLabels;
    }

    /** What rules ask for of it. */
    public ClusterPolicy policy() {
        return policy;
    }

    /** Name of the balancer in force: {@code LEAST_REQUEST}, {@code ROUND_ROBIN} or {@code RANDOM}. */
    public String policyName() {
        return policy.balancer().name();
    }

    /** All hosts known, in the order of discovery, with their state. */
    public List<Member> members() {
        return members;
    }

    /** Picks a host; null when none can be used (Envoy: no healthy upstream, UH). */
    public @Nullable Host chooseHost(LoadBalancerContext context) {
        return balancer.chooseHost(context);
    }

    @Override
    public String toString() {
        return key + " " + policyName() + " " + members.size() + " hosts";
    }

    private static List<Member> members(Map<String, String> labels, List<Endpoint> endpoints, HostRegistry registry) {
        Set<HostRegistry.HostKey> seen = new HashSet<>();
        List<Endpoint> used = endpoints.stream()
                .filter(endpoint -> endpoint.labels().entrySet().containsAll(labels.entrySet()))
                .filter(endpoint -> seen.add(HostRegistry.HostKey.of(endpoint)))
                .toList();
        boolean anyReady = used.stream().anyMatch(endpoint -> endpoint.condition() == Condition.READY);
        Condition wanted = anyReady ? Condition.READY : Condition.TERMINATING;
        boolean anyWeight = used.stream().anyMatch(endpoint -> endpoint.condition() == wanted && endpoint.weight() > 0);
        List<Member> members = new ArrayList<>();
        for (Endpoint endpoint : used) {
            boolean served = endpoint.condition() == wanted;
            boolean outweighed = served && anyWeight && endpoint.weight() == 0;
            members.add(new Member(
                    registry.hostFor(endpoint),
                    endpoint,
                    state(endpoint.condition(), served, outweighed),
                    served && !outweighed));
        }
        return List.copyOf(members);
    }

    private static String state(Condition condition, boolean served, boolean outweighed) {
        String name = switch (condition) {
            case READY -> "ready";
            case TERMINATING -> served ? "terminating, used because none is ready" : "terminating";
            case NOT_READY -> "not ready";
        };
        return outweighed ? name + ", weight 0 while another has weight" : name;
    }

    private boolean isFor(ClusterKey otherKey, Map<String, String> otherLabels, ClusterPolicy otherPolicy) {
        return policy.equals(otherPolicy) && key.equals(otherKey) && subsetLabels.equals(otherLabels);
    }
}
