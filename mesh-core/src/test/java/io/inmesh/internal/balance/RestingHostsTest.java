package io.inmesh.internal.balance;

import static io.inmesh.internal.balance.Hosts.at;
import static io.inmesh.internal.balance.Hosts.equal;
import static io.inmesh.internal.balance.Hosts.pick;
import static io.inmesh.internal.balance.Hosts.weighted;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.internal.balance.Hosts.Picking;
import io.inmesh.internal.host.Host;
import io.inmesh.model.LoadBalancerSettings.Simple;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Addresses of a name that could not be connected to. */
class RestingHostsTest {
    private static final Duration START = Duration.ofSeconds(100);

    private static List<Host> hosts(List<WeightedHost> weighted) {
        return weighted.stream().map(WeightedHost::host).toList();
    }

    @ParameterizedTest
    @EnumSource(names = {"ROUND_ROBIN", "RANDOM", "LEAST_REQUEST"})
    void othersArePreferredInEvenShares(Simple policy) {
        List<WeightedHost> weighted = equal(10);
        List<Host> hosts = hosts(weighted);
        hosts.subList(2, 10).forEach(host -> Hosts.refuse(host, START));
        LoadBalancer balancer = Hosts.balancer(policy, weighted, 1);

        List<Host> picked = pick(balancer, 20_000, at(START.plusMillis(999), 2));

        Hosts.assertShares(picked, Map.of(hosts.get(0), 0.5, hosts.get(1), 0.5));
    }

    @ParameterizedTest
    @EnumSource(names = {"ROUND_ROBIN", "LEAST_REQUEST"})
    void weightsHoldAmongTheOthers(Simple policy) {
        List<WeightedHost> weighted = weighted(3, 1, 4);
        List<Host> hosts = hosts(weighted);
        Hosts.refuse(hosts.get(2), START);

        List<Host> picked = pick(Hosts.balancer(policy, weighted, 1), 40_000, at(START, 2));

        Map<Host, Integer> counts = Hosts.count(picked);
        assertThat(counts).doesNotContainKey(hosts.get(2));
        assertThat(1.0 * counts.get(hosts.get(0)) / picked.size()).isBetween(0.7, 0.8);
    }

    @ParameterizedTest
    @EnumSource(names = {"ROUND_ROBIN", "RANDOM", "LEAST_REQUEST"})
    void theChoiceIsNeverEmpty(Simple policy) {
        List<WeightedHost> weighted = equal(3);
        hosts(weighted).forEach(host -> Hosts.refuse(host, START));
        LoadBalancer balancer = Hosts.balancer(policy, weighted, 1);

        assertThat(pick(balancer, 1_000, at(START, 2))).hasSameElementsAs(hosts(weighted));
        Set<Host> tried = new HashSet<>();
        Picking call = new Picking(new SplittableRandom(3), tried, START.toNanos());
        for (int i = 0; i < 3; i++) {
            assertThat(tried.add(balancer.chooseHost(call))).isTrue();
        }
        assertThat(balancer.chooseHost(call)).isIn(tried);

        List<WeightedHost> alone = equal(1);
        Hosts.refuse(alone.get(0).host(), START);
        assertThat(pick(Hosts.balancer(policy, alone, 1), 10, at(START, 2)))
                .containsOnly(alone.get(0).host());
    }

    @ParameterizedTest
    @EnumSource(names = {"ROUND_ROBIN", "RANDOM", "LEAST_REQUEST"})
    void aRetryGoesToARestingHostRatherThanToOneThatWasTried(Simple policy) {
        List<WeightedHost> weighted = equal(2);
        List<Host> hosts = hosts(weighted);
        Hosts.refuse(hosts.get(1), START);
        Picking retry = new Picking(new SplittableRandom(3), Set.of(hosts.get(0)), START.toNanos());

        assertThat(pick(Hosts.balancer(policy, weighted, 1), 100, retry)).containsOnly(hosts.get(1));
    }

    @ParameterizedTest
    @EnumSource(names = {"ROUND_ROBIN", "RANDOM", "LEAST_REQUEST"})
    void oneCallTriesItAgainAfterOneTwoFourSecondsAndUpToThirty(Simple policy) {
        List<WeightedHost> weighted = equal(2);
        Host dead = weighted.get(0).host();
        LoadBalancer balancer = Hosts.balancer(policy, weighted, 1);
        Duration now = START;
        Hosts.refuse(dead, now);

        for (int rest : new int[] {1, 2, 4, 8, 16, 30, 30}) {
            now = now.plusSeconds(rest);
            assertThat(pick(balancer, 500, at(now.minusNanos(1), 2)))
                    .as("%d s", rest)
                    .doesNotContain(dead);
            List<Host> picked = pick(balancer, 500, at(now, 3));
            assertThat(picked.stream().filter(host -> host == dead).count())
                    .as("%d s", rest)
                    .isEqualTo(1);
            Hosts.refuse(dead, now);
        }

        now = now.plusSeconds(30);
        assertThat(pick(balancer, 500, at(now, 4))).contains(dead);
        Hosts.answer(dead, now);
        assertThat(pick(balancer, 500, at(now, 5)).stream().collect(Collectors.groupingBy(host -> host)))
                .hasEntrySatisfying(dead, picks -> assertThat(picks).hasSizeGreaterThan(180));
    }

    @ParameterizedTest
    @EnumSource(names = {"ROUND_ROBIN", "RANDOM", "LEAST_REQUEST"})
    void aTryThatComesToNoEndHoldsOthersOffForThirtySeconds(Simple policy) {
        List<WeightedHost> weighted = equal(2);
        Host dead = weighted.get(0).host();
        LoadBalancer balancer = Hosts.balancer(policy, weighted, 1);
        Hosts.refuse(dead, START);
        Duration tried = START.plusSeconds(1);
        assertThat(pick(balancer, 500, at(tried, 2))).contains(dead);

        assertThat(pick(balancer, 500, at(tried.plusSeconds(30).minusNanos(1), 3)))
                .doesNotContain(dead);
        assertThat(pick(balancer, 500, at(tried.plusSeconds(30), 4))).contains(dead);
    }
}
