package io.inmesh.internal.balance;

import static io.inmesh.internal.balance.Hosts.equal;
import static io.inmesh.internal.balance.Hosts.pick;
import static io.inmesh.internal.balance.Hosts.picking;
import static io.inmesh.internal.balance.Hosts.weighted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.management.ThreadMXBean;
import io.inmesh.internal.balance.Hosts.Picking;
import io.inmesh.internal.host.Host;
import io.inmesh.internal.time.PerThreadRandom;
import io.inmesh.model.LoadBalancerSettings.Simple;
import java.lang.management.ManagementFactory;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every policy. */
class LoadBalancerTest {
    static Stream<Arguments> policiesAndLists() {
        return Stream.of(Simple.ROUND_ROBIN, Simple.RANDOM, Simple.LEAST_REQUEST)
                .flatMap(policy -> Stream.of(
                                equal(1),
                                equal(3),
                                equal(40),
                                weighted(3, 1, 7),
                                weighted(1_000_003, 999_983, 2),
                                weighted(0, 4, 0, 4, 1))
                        .map(hosts -> Arguments.of(policy, hosts)));
    }

    @ParameterizedTest
    @EnumSource(names = "PASSTHROUGH", mode = EnumSource.Mode.EXCLUDE)
    void nobodyIsChosenFromAnEmptyList(Simple policy) {
        assertThat(Hosts.balancer(policy, List.of(), 1).chooseHost(picking(1))).isNull();
    }

    @Test
    void passthroughHasNoBalancer() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Hosts.balancer(Simple.PASSTHROUGH, equal(1), 1))
                .withMessageContaining("PASSTHROUGH");
    }

    @Test
    void negativeWeightsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WeightedHost(Hosts.host(1), -1))
                .withMessageContaining("10.0.0.1:8080");
    }

    @ParameterizedTest
    @EnumSource(names = "PASSTHROUGH", mode = EnumSource.Mode.EXCLUDE)
    void weightZeroGetsNothingWhileAnotherHasWeight(Simple policy) {
        List<WeightedHost> hosts = weighted(0, 3, 0, 1);

        List<Host> picked = pick(Hosts.balancer(policy, hosts, 1), 1_000, picking(2));

        assertThat(picked).containsOnly(hosts.get(1).host(), hosts.get(3).host());
    }

    @ParameterizedTest
    @EnumSource(names = "PASSTHROUGH", mode = EnumSource.Mode.EXCLUDE)
    void allWeightsZeroMeansEqual(Simple policy) {
        List<WeightedHost> hosts = weighted(0, 0, 0);

        Hosts.assertShares(pick(Hosts.balancer(policy, hosts, 1), 30_000, picking(2)), Hosts.equalShares(hosts));
    }

    @Test
    void randomIsUniformWhateverTheWeights() {
        List<WeightedHost> hosts = weighted(1, 50, 1_000);
        LoadBalancer balancer = Hosts.balancer(Simple.RANDOM, hosts, 1);

        Hosts.assertShares(pick(balancer, 60_000, picking(2)), Hosts.equalShares(hosts));
    }

    @ParameterizedTest
    @MethodSource("policiesAndLists")
    void anUntriedHostIsFoundWhereThereIsOne(Simple policy, List<WeightedHost> hosts) {
        LoadBalancer balancer = Hosts.balancer(policy, hosts, 9);
        Set<Host> eligible = new HashSet<>(pick(balancer, 20_000, picking(3)));
        boolean weighs = hosts.stream().anyMatch(host -> host.weight() > 0);
        Set<Host> usable = new HashSet<>();
        hosts.stream().filter(host -> !weighs || host.weight() > 0).forEach(host -> usable.add(host.host()));
        assertThat(usable).containsAll(eligible);

        for (int run = 0; run < 50; run++) {
            Set<Host> tried = new HashSet<>();
            Picking context = new Picking(new SplittableRandom(run), tried);
            for (int attempt = 0; attempt < usable.size(); attempt++) {
                Host host = balancer.chooseHost(context);
                assertThat(tried.add(host)).as("a new host at each attempt").isTrue();
            }
            assertThat(tried).isEqualTo(usable);
            assertThat(usable).as("when all were tried").contains(balancer.chooseHost(context));
        }
    }

    @ParameterizedTest
    @MethodSource("policiesAndLists")
    void aPickAllocatesNothing(Simple policy, List<WeightedHost> hosts) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        LoadBalancer balancer = Hosts.balancer(policy, hosts, 9);
        Picking context = new Picking(PerThreadRandom.INSTANCE, Set.of());
        pickAndAccount(balancer, context, 20_000);

        long self = Thread.currentThread().getId();
        long before = threads.getThreadAllocatedBytes(self);
        pickAndAccount(balancer, context, 100_000);
        long bytes = threads.getThreadAllocatedBytes(self) - before;

        // The measurement itself and a late link of a call site may cost a little; a pick that allocated anything at
        // all would show with 1.6 MB.
        assertThat(bytes).isLessThan(100_000);
    }

    private static void pickAndAccount(LoadBalancer balancer, Picking context, int times) {
        for (int i = 0; i < times; i++) {
            Host host = balancer.chooseHost(context);
            host.requestStarted();
            host.requestEnded();
        }
    }
}
