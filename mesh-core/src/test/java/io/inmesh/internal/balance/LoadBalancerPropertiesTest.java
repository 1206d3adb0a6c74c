package io.inmesh.internal.balance;

import static io.inmesh.internal.balance.Hosts.busy;
import static io.inmesh.internal.balance.Hosts.count;
import static io.inmesh.internal.balance.Hosts.pick;
import static io.inmesh.internal.balance.Hosts.picking;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.internal.host.Host;
import io.inmesh.model.LoadBalancerSettings.Simple;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class LoadBalancerPropertiesTest {
    @Property(tries = 300)
    void aCycleHoldsEveryShareExactlyAndNoPrefixStraysByMoreThanOneTurn(
            @ForAll @Size(min = 1, max = 12) List<@IntRange(min = 1, max = 200) Integer> list) {
        int[] weights = list.stream().mapToInt(Integer::intValue).toArray();
        int total = Arrays.stream(weights).sum();
        int[] turns = new int[weights.length];

        for (int index : EdfSchedule.cycle(weights, total)) {
            turns[index]++;
            for (int other = 0; other < weights.length; other++) {
                // Measured in cycles, nobody leads another by more than one turn of that other.
                double lead = (double) turns[index] / weights[index] - (double) turns[other] / weights[other];
                assertThat(lead).isLessThanOrEqualTo(1.0 / weights[other] + 1e-9);
            }
        }

        assertThat(turns).isEqualTo(weights);
    }

    @Property(tries = 200)
    void roundRobinGivesEachHostItsWeightInEveryCycleWhereverItStarts(
            @ForAll @Size(min = 1, max = 12) List<@IntRange(min = 0, max = 60) Integer> list, @ForAll long seed) {
        List<WeightedHost> hosts = hosts(list);
        HostWeights weights = HostWeights.of(hosts);
        LoadBalancer balancer = Hosts.balancer(Simple.ROUND_ROBIN, hosts, seed);
        int cycle = (int) (weights.equal() ? weights.hosts().length : weights.total());

        Map<Host, Integer> counts = count(pick(balancer, 2 * cycle, picking(seed)));

        assertThat(counts).hasSize(weights.hosts().length);
        for (int i = 0; i < weights.hosts().length; i++) {
            int weight = weights.equal() ? 1 : weights.weights()[i];
            assertThat(counts.get(weights.hosts()[i])).isEqualTo(2 * weight);
        }
    }

    @Property(tries = 200)
    void theBusiestUnderLeastRequestIsNeverChosen(
            @ForAll @IntRange(min = 2, max = 60) int n,
            @ForAll @IntRange(min = 0, max = 59) int place,
            @ForAll long seed) {
        List<WeightedHost> hosts = Hosts.equal(n);
        hosts.forEach(host -> busy(host.host(), 1));
        Host busiest = hosts.get(place % n).host();
        busiest.requestStarted();

        assertThat(pick(Hosts.balancer(Simple.LEAST_REQUEST, hosts, seed), 200, picking(seed)))
                .doesNotContain(busiest);
    }

    @Property(tries = 100)
    void everyHostWithWeightIsReachedAndNoOther(
            @ForAll @Size(min = 1, max = 10) List<@IntRange(min = 0, max = 4) Integer> list, @ForAll long seed) {
        List<WeightedHost> hosts = hosts(list);
        Set<Host> usable = new HashSet<>(Arrays.asList(HostWeights.of(hosts).hosts()));

        for (Simple policy : List.of(Simple.ROUND_ROBIN, Simple.RANDOM, Simple.LEAST_REQUEST)) {
            List<Host> picked = pick(Hosts.balancer(policy, hosts, seed), 2_000, picking(seed));
            assertThat(new HashSet<>(picked)).as("%s", policy).isEqualTo(usable);
        }
    }

    private static List<WeightedHost> hosts(List<Integer> weights) {
        return Hosts.weighted(weights.stream().mapToInt(Integer::intValue).toArray());
    }
}
