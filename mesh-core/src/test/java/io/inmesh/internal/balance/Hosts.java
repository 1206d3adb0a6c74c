package io.inmesh.internal.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.endpoint.Condition;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.Locality;
import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
import io.inmesh.internal.host.Host;
import io.inmesh.internal.host.HostTicket;
import io.inmesh.model.LoadBalancerSettings.Simple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.assertj.core.api.SoftAssertions;

/** Hosts, contexts and counts for the tests of this package. */
final class Hosts {
    private Hosts() {}

    /** An attempt; {@code tried} may be changed between picks. */
    record Picking(RandomGenerator random, Collection<Host> tried, long nowNanos) implements LoadBalancerContext {
        Picking(RandomGenerator random, Collection<Host> tried) {
            this(random, tried, 0);
        }

        @Override
        public boolean alreadyTried(Host host) {
            return tried.contains(host);
        }

        @Override
        public boolean mayTry(Host resting) {
            return tried.isEmpty() && resting.mayTry(nowNanos);
        }
    }

    static Picking at(Duration time, long seed) {
        return new Picking(new SplittableRandom(seed), Set.of(), time.toNanos());
    }

    static Picking picking(long seed) {
        return new Picking(new SplittableRandom(seed), Set.of());
    }

    static List<WeightedHost> weighted(int... weights) {
        List<WeightedHost> hosts = new ArrayList<>();
        for (int i = 0; i < weights.length; i++) {
            hosts.add(new WeightedHost(host(i), weights[i]));
        }
        return hosts;
    }

    static List<WeightedHost> equal(int count) {
        int[] weights = new int[count];
        Arrays.fill(weights, 1);
        return weighted(weights);
    }

    static Host host(int number) {
        return new Host(new Endpoint(
                "host-" + number,
                "10.0." + number / 256 + "." + number % 256,
                8080,
                Locality.UNKNOWN,
                1,
                Map.of(),
                Condition.READY,
                "api.example.com"));
    }

    /** An attempt meets nobody there. */
    static void refuse(Host host, Duration time) {
        boolean unused =
                host.begin(time.toNanos()).complete(new Outcome.NeverSent(ResponseFlag.UF, "refused"), time.toNanos());
    }

    static void answer(Host host, Duration time) {
        HostTicket ticket = host.begin(time.toNanos());
        ticket.responseStarted();
        boolean unused = ticket.complete(new Outcome.Responded(200), time.toNanos());
    }

    static LoadBalancer balancer(Simple policy, List<WeightedHost> hosts, long seed) {
        return LoadBalancer.of(policy, hosts, null, new SplittableRandom(seed));
    }

    static List<Host> pick(LoadBalancer balancer, int times, LoadBalancerContext context) {
        List<Host> picked = new ArrayList<>(times);
        for (int i = 0; i < times; i++) {
            picked.add(balancer.chooseHost(context));
        }
        return picked;
    }

    static Map<Host, Integer> count(List<Host> picked) {
        Map<Host, Integer> counts = new IdentityHashMap<>();
        picked.forEach(host -> counts.merge(host, 1, Integer::sum));
        return counts;
    }

    /** Every share within 4.5 standard deviations of the binomial distribution, and nobody else picked. */
    static void assertShares(List<Host> picked, Map<Host, Double> shares) {
        Map<Host, Integer> counts = count(picked);
        assertThat(shares.keySet()).containsAll(counts.keySet());
        int n = picked.size();
        SoftAssertions.assertSoftly(soft ->
                shares.forEach((host, share) -> soft.assertThat((double) counts.getOrDefault(host, 0))
                        .as("picks of %s in %d", host, n)
                        .isBetween(
                                n * share - 4.5 * Math.sqrt(n * share * (1 - share)),
                                n * share + 4.5 * Math.sqrt(n * share * (1 - share)))));
    }

    static Map<Host, Double> sharesByWeight(List<WeightedHost> hosts) {
        double total = hosts.stream().mapToDouble(WeightedHost::weight).sum();
        Map<Host, Double> shares = new HashMap<>();
        hosts.forEach(host -> {
            if (host.weight() > 0) {
                shares.put(host.host(), host.weight() / total);
            }
        });
        return shares;
    }

    static Map<Host, Double> equalShares(List<WeightedHost> hosts) {
        Map<Host, Double> shares = new HashMap<>();
        hosts.forEach(host -> shares.put(host.host(), 1.0 / hosts.size()));
        return shares;
    }

    static void busy(Host host, int requests) {
        for (int i = 0; i < requests; i++) {
            host.requestStarted();
        }
    }
}
