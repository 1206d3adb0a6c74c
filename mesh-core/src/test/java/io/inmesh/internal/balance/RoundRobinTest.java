package io.inmesh.internal.balance;

import static io.inmesh.internal.balance.Hosts.count;
import static io.inmesh.internal.balance.Hosts.equal;
import static io.inmesh.internal.balance.Hosts.pick;
import static io.inmesh.internal.balance.Hosts.picking;
import static io.inmesh.internal.balance.Hosts.weighted;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.internal.host.Host;
import io.inmesh.model.LoadBalancerSettings.Simple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoundRobinTest {
    private final LoadBalancerContext context = picking(1);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 10, 100})
    void equalHostsTakeTurnsInTheOrderOfTheList(int n) {
        List<WeightedHost> hosts = equal(n);
        LoadBalancer balancer = Hosts.balancer(Simple.ROUND_ROBIN, hosts, 42);

        List<Host> picked = pick(balancer, 3 * n, context);

        int first = indexOf(hosts, picked.get(0));
        for (int i = 0; i < picked.size(); i++) {
            assertThat(indexOf(hosts, picked.get(i))).isEqualTo((first + i) % n);
        }
    }

    @Test
    void equalWeightsAboveOneAreJustEqual() {
        List<WeightedHost> hosts = weighted(2_000_000_000, 2_000_000_000, 2_000_000_000);

        List<Host> picked = pick(Hosts.balancer(Simple.ROUND_ROBIN, hosts, 3), 6, context);

        assertThat(picked.subList(0, 3)).doesNotHaveDuplicates();
        assertThat(picked.subList(3, 6)).isEqualTo(picked.subList(0, 3));
    }

    @Test
    void whenAllWeightsAreZeroAllAreEqual() {
        List<Host> picked = pick(Hosts.balancer(Simple.ROUND_ROBIN, weighted(0, 0, 0, 0), 3), 4, context);

        assertThat(picked).doesNotHaveDuplicates();
    }

    @Test
    void newBalancersStartAnywhere() {
        List<WeightedHost> hosts = equal(4);
        List<Host> firsts = new ArrayList<>();
        for (int seed = 0; seed < 4_000; seed++) {
            firsts.add(Hosts.balancer(Simple.ROUND_ROBIN, hosts, seed).chooseHost(context));
        }

        Hosts.assertShares(firsts, Hosts.equalShares(hosts));
    }

    @Test
    void weightsAreExactOverEveryCycle() {
        List<WeightedHost> hosts = weighted(5, 1, 3);
        LoadBalancer balancer = Hosts.balancer(Simple.ROUND_ROBIN, hosts, 7);

        for (int cycle = 0; cycle < 5; cycle++) {
            Map<Host, Integer> counts = count(pick(balancer, 9, context));
            hosts.forEach(host -> assertThat(counts.get(host.host())).isEqualTo(host.weight()));
        }
    }

    @Test
    void aCommonDivisorShortensTheCycle() {
        List<WeightedHost> hosts = weighted(2_000_000_000, 1_000_000_000);
        LoadBalancer balancer = Hosts.balancer(Simple.ROUND_ROBIN, hosts, 7);

        Map<Host, Integer> counts = count(pick(balancer, 300, context));

        assertThat(counts.get(hosts.get(0).host())).isEqualTo(200);
        assertThat(counts.get(hosts.get(1).host())).isEqualTo(100);
    }

    @Test
    void weightsBeyondTheLongestCycleHoldOnAverage() {
        List<WeightedHost> hosts = weighted(1_000_003, 999_983, 500_009, 1);
        LoadBalancer balancer = Hosts.balancer(Simple.ROUND_ROBIN, hosts, 7);

        assertThat(balancer).isInstanceOf(WeightedRandom.class);
        Hosts.assertShares(pick(balancer, 200_000, context), Hosts.sharesByWeight(hosts));
    }

    @Test
    void theLongestCycleIsStillExact() {
        List<WeightedHost> hosts = weighted(EdfSchedule.MAX_LENGTH - 1, 1);
        LoadBalancer balancer = Hosts.balancer(Simple.ROUND_ROBIN, hosts, 7);

        Map<Host, Integer> counts = count(pick(balancer, EdfSchedule.MAX_LENGTH, context));

        assertThat(counts.get(hosts.get(1).host())).isEqualTo(1);
    }

    @Test
    void whenTheListIsRebuiltTheTurnGoesOn() {
        List<WeightedHost> hosts = equal(5);
        LoadBalancer balancer = Hosts.balancer(Simple.ROUND_ROBIN, hosts, 11);
        List<Host> picked = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            picked.add(balancer.chooseHost(context));
            balancer = rebuilt(hosts, balancer, i);
        }

        assertThat(count(picked).values()).containsOnly(10).hasSize(5);
        assertThat(picked.subList(0, 5)).doesNotHaveDuplicates();
        assertThat(picked.subList(5, 50)).isEqualTo(picked.subList(0, 45));
    }

    @Test
    void whenTheNextHostLeavesTheOneAfterItFollows() {
        List<WeightedHost> hosts = equal(5);
        LoadBalancer balancer = Hosts.balancer(Simple.ROUND_ROBIN, hosts, 11);
        int last = indexOf(hosts, balancer.chooseHost(context));
        Host next = hosts.get((last + 1) % 5).host();
        Host afterNext = hosts.get((last + 2) % 5).host();

        List<WeightedHost> fewer =
                hosts.stream().filter(host -> host.host() != next).toList();

        assertThat(rebuilt(fewer, balancer, 99).chooseHost(context)).isSameAs(afterNext);
    }

    @Test
    void whenAnEarlierHostLeavesOrOneComesNobodyIsSkipped() {
        List<WeightedHost> hosts = equal(6);
        LoadBalancer balancer = Hosts.balancer(Simple.ROUND_ROBIN, hosts, 11);
        int last = indexOf(hosts, balancer.chooseHost(context));
        Host next = hosts.get((last + 1) % 6).host();

        List<WeightedHost> changed = new ArrayList<>(hosts);
        changed.remove(last);
        changed.add(0, new WeightedHost(Hosts.host(77), 1));

        assertThat(rebuilt(changed, balancer, 99).chooseHost(context)).isSameAs(next);
    }

    @Test
    void whenEveryHostIsReplacedTheTurnStaysInsideTheList() {
        LoadBalancer balancer = Hosts.balancer(Simple.ROUND_ROBIN, equal(50), 11);
        pick(balancer, 49, context);
        List<WeightedHost> others = List.of(new WeightedHost(Hosts.host(90), 1), new WeightedHost(Hosts.host(91), 1));

        List<Host> picked = pick(rebuilt(others, balancer, 1), 4, context);

        assertThat(count(picked).values()).containsExactly(2, 2);
    }

    @Test
    void whenAWeightedListIsRebuiltAtEveryPickSharesStayExact() {
        List<WeightedHost> hosts = weighted(5, 1, 3);
        LoadBalancer balancer = Hosts.balancer(Simple.ROUND_ROBIN, hosts, 7);
        Map<Host, Integer> counts = new HashMap<>();
        for (int i = 0; i < 90; i++) {
            counts.merge(balancer.chooseHost(context), 1, Integer::sum);
            balancer = rebuilt(hosts, balancer, i);
        }

        hosts.forEach(host -> assertThat(counts.get(host.host())).isEqualTo(10 * host.weight()));
    }

    @Test
    void whenWeightsChangeTheTurnStaysAtTheSamePartOfTheCycle() {
        List<WeightedHost> hosts = weighted(1, 3);
        LoadBalancer balancer = Hosts.balancer(Simple.ROUND_ROBIN, hosts, 7);
        int[] old = EdfSchedule.cycle(new int[] {1, 3}, 4);
        int before = 0;
        while (indexOf(hosts, balancer.chooseHost(context)) != 0) {
            before++;
            assertThat(before).isLessThan(4);
        }
        assertThat(old).containsExactly(1, 1, 0, 1);

        List<WeightedHost> changed = List.of(
                new WeightedHost(hosts.get(0).host(), 1),
                new WeightedHost(hosts.get(1).host(), 7));
        List<Host> picked = pick(rebuilt(changed, balancer, 5), 2, context);

        assertThat(EdfSchedule.cycle(new int[] {1, 7}, 8)).containsExactly(1, 1, 1, 1, 1, 1, 0, 1);
        assertThat(picked).extracting(host -> indexOf(hosts, host)).containsExactly(0, 1);
    }

    @Test
    void whenAnotherPolicyCameBeforeTheStartIsRandom() {
        List<WeightedHost> hosts = equal(4);
        LoadBalancer random = Hosts.balancer(Simple.RANDOM, hosts, 1);
        List<Host> firsts = new ArrayList<>();
        for (int seed = 0; seed < 2_000; seed++) {
            firsts.add(rebuilt(hosts, random, seed).chooseHost(context));
        }

        Hosts.assertShares(firsts, Hosts.equalShares(hosts));
    }

    private static LoadBalancer rebuilt(List<WeightedHost> hosts, LoadBalancer previous, long seed) {
        return LoadBalancer.of(Simple.ROUND_ROBIN, hosts, previous, new SplittableRandom(seed));
    }

    private static int indexOf(List<WeightedHost> hosts, Host host) {
        return hosts.stream().map(WeightedHost::host).toList().indexOf(host);
    }
}
