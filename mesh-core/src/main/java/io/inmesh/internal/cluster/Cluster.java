package io.inmesh.internal.cluster;

import io.inmesh.endpoint.Condition;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.event.Ejection;
import io.inmesh.event.Outcome;
import io.inmesh.explain.EndpointState;
import io.inmesh.internal.balance.LoadBalancer;
import io.inmesh.internal.balance.LoadBalancerContext;
import io.inmesh.internal.balance.WeightedHost;
import io.inmesh.internal.host.Host;
import io.inmesh.internal.route.ClusterKey;
import io.inmesh.model.LoadBalancerSettings.Simple;
import io.inmesh.model.OutlierDetection;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One cluster of one snapshot: members as discovery tells them and policy, both immutable, and the balancer, which follows
 * the health of the members. Thread-safe.
 */
public final class Cluster {
    private final ClusterKey key;
    private final Map<String, String> subsetLabels;
    private final ClusterPolicy policy;

    /** The very list that it was built from: lists are never written, so the same one needs no second look. */
    private final List<Endpoint> endpoints;

    private final List<Member> members;
    private final ClusterRuntime runtime;
    private final RandomGenerator random;
    private final @Nullable OutlierPolicy outlierPolicy;
    private final @Nullable RecentLatency recentLatency;

    /** What calls are counted by; empty where nothing is counted. */
    private final Map<Host, MemberHealth> healthOf;

    /** Changes of health that the balancer knows of. Under the lock of the runtime once the cluster is published. */
    private int changesKnown;

    private volatile LoadBalancer balancer;

    /** Whether ejected hosts are in the balancer, because too few others are. */
    private volatile boolean panicking;

    private Cluster(
            ClusterKey key,
            Map<String, String> subsetLabels,
            ClusterPolicy policy,
            List<Endpoint> endpoints,
            List<Member> members,
            ClusterRuntime runtime,
            @Nullable LoadBalancer before,
            RandomGenerator random) {
        this.key = key;
        this.subsetLabels = subsetLabels;
        this.policy = policy;
        this.endpoints = endpoints;
        this.members = members;
        this.runtime = runtime;
        this.random = random;
        this.outlierPolicy = OutlierPolicy.of(policy.outlierDetection());
        this.healthOf = outlierPolicy == null ? Map.of() : new IdentityHashMap<>();
        if (outlierPolicy != null) {
            members.forEach(member -> healthOf.put(member.host, member.health));
        }
        Double percentile = policy.extras().hedgeAfterPercentile();
        this.recentLatency = percentile == null ? null : runtime.recentLatency(percentile);
        // Before the look at the members: a change from here on is found when the cluster is published.
        this.changesKnown = runtime.changes();
        this.balancer = balancer(before);
    }

    /**
     * A host of the cluster, whether it is used or not.
     *
     * @param endpoint as it was when the cluster was built
     * @param state {@code ready}, or why it is used all the same or gets nothing
     * @param eligible whether discovery lets the balancer pick it
     * @param health whether this cluster does
     */
    public record Member(Host host, Endpoint endpoint, String state, boolean eligible, MemberHealth health) {
        /** Whether it is in the balancer, but for panic. */
        boolean isWell() {
            return eligible && !health.ejected();
        }
    }

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
        List<Member> members = members(labels, source, hosts, previous);
        if (alike != null && alike.members.equals(members)) {
            return alike;
        }
        ClusterRuntime runtime = previous == null ? hosts.newRuntime(policy) : previous.runtime;
        return new Cluster(
                key, labels, policy, source, members, runtime, previous == null ? null : previous.balancer, random);
    }

    private LoadBalancer balancer(@Nullable LoadBalancer before) {
        List<Member> hosts = new ArrayList<>(members.size());
        List<Member> well = new ArrayList<>(members.size());
        for (Member member : members) {
            if (member.eligible) {
                hosts.add(member);
                if (member.isWell()) {
                    well.add(member);
                }
            }
        }
        panicking = outlierPolicy != null && outlierPolicy.panics(well.size(), hosts.size());
        List<WeightedHost> picked = (panicking ? hosts : well)
                .stream()
                        .map(member -> new WeightedHost(member.host, member.endpoint.weight()))
                        .toList();
        return LoadBalancer.of(policy.balancer(), picked, before, random);
    }

    /** Makes the balancer anew of the members that it may pick now. Under the lock of the runtime. */
    void rebalance() {
        changesKnown = runtime.changes();
        balancer = balancer(balancer);
    }

    /** Whether the balancer does not know all changes of health. Under the lock of the runtime. */
    boolean isBehind(int changes) {
        return changesKnown != changes;
    }

    /** Null where nobody is ejected. */
    @Nullable
    OutlierPolicy outlierPolicy() {
        return outlierPolicy;
    }

    /**
     * A host has answered an attempt: response headers are there. On any thread. Allocates nothing, and does nothing where
     * no rule asks for outlier detection.
     *
     * @param status of the answer
     */
    public void answered(Host host, int status) {
        if (outlierPolicy != null) {
            MemberHealth health = healthOf.get(host);
            if (health != null) {
                health.answered(status, outlierPolicy, runtime);
            }
        }
    }

    /**
     * An attempt has ended without an answer of its host, or with one that broke off. On any thread.
     *
     * @param outcome {@link Outcome.NeverSent}, {@link Outcome.Failed} or {@link Outcome.TimedOut}; what the caller gave up
     *     counts for nothing
     */
    public void failed(Host host, Outcome outcome) {
        if (outlierPolicy != null) {
            MemberHealth health = healthOf.get(host);
            if (health != null) {
                health.failed(outcome, outlierPolicy, runtime);
            }
        }
    }

    /** The outlier detection that can eject nobody, because one of so few hosts is too large a share; null for none. */
    public @Nullable OutlierDetection withoutEffect() {
        OutlierDetection asked = policy.outlierDetection();
        long hosts =
                asked == null ? 0 : members.stream().filter(Member::eligible).count();
        return asked != null && !asked.countsNothing() && hosts > 0 && hosts < asked.leastHosts() ? asked : null;
    }

    /** Identity. */
    public ClusterKey key() {
        return key;
    }

    /** Labels that select its endpoints, empty for the whole service. */
    public Map<String, String> subsetLabels() {
        return subsetLabels;
    }

    /** What outlives this snapshot. */
    public ClusterRuntime runtime() {
        return runtime;
    }

    /** How long its answers take; null where no rule asks for a second attempt after a percentile of that. */
    public @Nullable RecentLatency recentLatency() {
        return recentLatency;
    }

    /** Balancer, labels and hedging, as explain has them, in this order. */
    public Map<String, String> policyWords() {
        Map<String, String> words = new LinkedHashMap<>();
        words.put("loadBalancer", policyName());
        if (!subsetLabels.isEmpty()) {
            words.put("subsetLabels", subsetLabels.toString());
        }
        if (recentLatency != null) {
            words.put(
                    "hedging",
                    "a second attempt of idempotent calls without a body, to another host, after "
                            + recentLatency.words(runtime.nanoTime()));
        }
        return words;
    }

    /** What the rules ask for. */
    ClusterPolicy policy() {
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

    /** Whether the balancer may pick a member. */
    public boolean isPickable(Member member) {
        return member.eligible && (panicking || !member.health.ejected());
    }

    /** The state of a member for people, an ejection included. */
    public String stateText(Member member) {
        Ejection ejection = member.health.ejection();
        if (ejection == null) {
            return member.state + (member.host.rests() ? ", spared because it could not be connected to" : "");
        }
        return member.state + ", ejected since " + ejection.since().truncatedTo(ChronoUnit.SECONDS) + " because of "
                + ejection.because() + (panicking ? ", used all the same because too few are well" : "");
    }

    /** The same for people. */
    public List<EndpointState> endpointStates() {
        return members.stream()
                .map(member -> EndpointState.builder(member.endpoint.hostPort(), stateText(member), isPickable(member))
                        .weight(member.endpoint.weight())
                        .activeRequests(member.host.activeRequests())
                        .labels(member.endpoint.labels())
                        .ejection(member.health.ejection())
                        .build())
                .toList();
    }

    /** What is to be said of outlier detection here, for people: who is ejected, or why nobody ever is. */
    public List<String> ejectionRemarks() {
        List<String> remarks = new ArrayList<>();
        OutlierDetection few = withoutEffect();
        if (few != null) {
            remarks.add("outlierDetection ejects none of so few endpoints: maxEjectionPercent " + few.ejectionPercent()
                    + " takes at least " + few.leastHosts());
        }
        members.stream()
                .filter(member -> member.health.ejected())
                .forEach(member -> remarks.add(member.endpoint.hostPort() + " is " + stateText(member)));
        return remarks;
    }

    /** Picks a host; null when none can be used (Envoy: no healthy upstream, UH). */
    public @Nullable Host chooseHost(LoadBalancerContext context) {
        return balancer.chooseHost(context);
    }

    @Override
    public String toString() {
        return key + " " + policyName() + " " + members.size() + " hosts";
    }

    private static List<Member> members(
            Map<String, String> labels, List<Endpoint> endpoints, HostRegistry registry, @Nullable Cluster previous) {
        Set<HostRegistry.HostKey> seen = new HashSet<>();
        List<Endpoint> used = endpoints.stream()
                .filter(endpoint -> endpoint.labels().entrySet().containsAll(labels.entrySet()))
                .filter(endpoint -> seen.add(HostRegistry.HostKey.of(endpoint)))
                .toList();
        boolean anyReady = used.stream().anyMatch(endpoint -> endpoint.condition() == Condition.READY);
        Condition wanted = anyReady ? Condition.READY : Condition.TERMINATING;
        boolean anyWeight = used.stream().anyMatch(endpoint -> endpoint.condition() == wanted && endpoint.weight() > 0);
        Map<Host, MemberHealth> known = new IdentityHashMap<>();
        if (previous != null) {
            previous.members.forEach(member -> known.put(member.host, member.health));
        }
        List<Member> members = new ArrayList<>();
        for (Endpoint endpoint : used) {
            Host host = registry.hostFor(endpoint);
            MemberHealth health = known.get(host);
            boolean served = endpoint.condition() == wanted;
            boolean outweighed = served && anyWeight && endpoint.weight() == 0;
            members.add(new Member(
                    host,
                    endpoint,
                    state(endpoint.condition(), served, outweighed),
                    served && !outweighed,
                    health == null ? new MemberHealth() : health));
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
