package io.inmesh.internal.balance;

import static io.inmesh.internal.balance.Hosts.busy;
import static io.inmesh.internal.balance.Hosts.equal;
import static io.inmesh.internal.balance.Hosts.pick;
import static io.inmesh.internal.balance.Hosts.picking;
import static io.inmesh.internal.balance.Hosts.weighted;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.event.Outcome;
import io.inmesh.internal.host.Host;
import io.inmesh.internal.host.HostTicket;
import io.inmesh.model.LoadBalancerSettings.Simple;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LeastRequestTest {
    private final LoadBalancerContext context = picking(5);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 16, 17, 100})
    void anIdleFleetIsUsedEvenly(int n) {
        List<WeightedHost> hosts = equal(n);

        List<Host> picked = pick(leastRequest(hosts), 100_000, context);

        Hosts.assertShares(picked, Hosts.equalShares(hosts));
    }

    @ParameterizedTest
    @EnumSource(names = {"UNSPECIFIED", "LEAST_CONN", "LEAST_REQUEST"})
    void istiosThreeNamesMeanTheSame(Simple policy) {
        assertThat(Hosts.balancer(policy, equal(3), 1)).isInstanceOf(LeastRequest.class);
        assertThat(Hosts.balancer(policy, weighted(1, 2), 1)).isInstanceOf(WeightedLeastRequest.class);
    }

    @Test
    void ofTwoHostsTheLessBusyIsAlwaysTaken() {
        List<WeightedHost> hosts = equal(2);
        busy(hosts.get(0).host(), 2);
        busy(hosts.get(1).host(), 1);

        assertThat(pick(leastRequest(hosts), 1_000, context))
                .containsOnly(hosts.get(1).host());
    }

    @Test
    void aSingleBusyHostIsTaken() {
        List<WeightedHost> hosts = equal(1);
        busy(hosts.get(0).host(), 7);

        assertThat(pick(leastRequest(hosts), 100, context))
                .containsOnly(hosts.get(0).host());
    }

    @Test
    void tiesAmongBusyHostsAreBrokenEvenly() {
        List<WeightedHost> hosts = equal(10);
        Map<Host, Double> shares = new HashMap<>();
        for (int i = 0; i < 10; i++) {
            boolean less = i < 4;
            busy(hosts.get(i).host(), less ? 2 : 5);
            // Drawn first, unless the other is less busy; or drawn second beside a busier one.
            shares.put(hosts.get(i).host(), less ? 0.1 + 0.6 / 9 : 0.1 * 5 / 9);
        }

        Hosts.assertShares(pick(leastRequest(hosts), 100_000, context), shares);
    }

    @Test
    void idleHostsBesideABusyOneAreUsedEvenlyToo() {
        List<WeightedHost> hosts = equal(5);
        busy(hosts.get(2).host(), 1);

        List<Host> picked = pick(leastRequest(hosts), 40_000, context);

        Map<Host, Double> shares = new HashMap<>();
        hosts.forEach(host -> shares.put(host.host(), 0.25));
        shares.put(hosts.get(2).host(), 0.0);
        Hosts.assertShares(picked, shares);
    }

    @Test
    void ofManyHostsTheLessBusyOfTwoIsTaken() {
        int n = 50;
        List<WeightedHost> hosts = equal(n);
        // By rank r (0 is the least busy): the pair holds r and somebody busier.
        Map<Host, Double> shares = new HashMap<>();
        for (int rank = 0; rank < n; rank++) {
            busy(hosts.get(rank).host(), rank + 1);
            shares.put(hosts.get(rank).host(), 2.0 * (n - 1 - rank) / (n * (n - 1)));
        }

        Hosts.assertShares(pick(leastRequest(hosts), 200_000, context), shares);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 40})
    void aFrozenHostGetsNothingOnceItIsTheBusiest(int n) {
        List<WeightedHost> hosts = equal(n);
        busy(hosts.get(0).host(), 5);
        hosts.stream().skip(1).forEach(host -> busy(host.host(), 1));

        assertThat(pick(leastRequest(hosts), 10_000, context))
                .doesNotContain(hosts.get(0).host());
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 10})
    void aHostWithNothingButOpenStreamsKeepsAShare(int n) {
        List<WeightedHost> hosts = equal(n);
        Host streaming = hosts.get(0).host();
        for (int i = 0; i < 50; i++) {
            streaming.begin(0).responseStarted();
        }

        Map<Host, Double> shares = new HashMap<>();
        double share = 1.0 / (n * n);
        hosts.forEach(host -> shares.put(host.host(), (1 - share) / (n - 1)));
        shares.put(streaming, share);
        Hosts.assertShares(pick(leastRequest(hosts), 100_000, context), shares);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 10})
    void aHostThatOwesAnAnswerBesideItsStreamsGetsNothingAsTheBusiest(int n) {
        List<WeightedHost> hosts = equal(n);
        Host streaming = hosts.get(0).host();
        for (int i = 0; i < 50; i++) {
            streaming.begin(0).responseStarted();
        }
        HostTicket owed = streaming.begin(0);

        assertThat(pick(leastRequest(hosts), 10_000, context)).doesNotContain(streaming);

        owed.complete(new Outcome.TimedOut(), 1);
        assertThat(pick(leastRequest(hosts), 10_000, context)).contains(streaming);
    }

    @Test
    void anIdleWeightedFleetIsUsedByWeight() {
        List<WeightedHost> hosts = weighted(1, 2, 0, 7, 90, 1_000_000);

        List<Host> picked = pick(leastRequest(hosts), 400_000, context);

        Hosts.assertShares(picked, Hosts.sharesByWeight(hosts));
    }

    @Test
    void requestsInFlightAreWeighedAgainstTheWeight() {
        List<WeightedHost> hosts = weighted(1, 3);
        busy(hosts.get(0).host(), 1);
        busy(hosts.get(1).host(), 2);

        // 1/1 against 2/3: the heavy host wins unless both draws are the light one.
        Map<Host, Double> shares =
                Map.of(hosts.get(0).host(), 1.0 / 16, hosts.get(1).host(), 15.0 / 16);
        Hosts.assertShares(pick(leastRequest(hosts), 40_000, context), shares);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 20})
    void weightedSharesHoldRoughlyUnderLoad(int inFlight) {
        List<WeightedHost> hosts = weighted(1, 2, 4, 8);
        LoadBalancer balancer = leastRequest(hosts);
        Deque<Host> open = new ArrayDeque<>();
        Map<Host, Integer> counts = new HashMap<>();
        int picks = 60_000;
        for (int i = 0; i < picks; i++) {
            Host host = balancer.chooseHost(context);
            counts.merge(host, 1, Integer::sum);
            host.requestStarted();
            open.add(host);
            if (open.size() > inFlight) {
                open.remove().requestEnded();
            }
        }

        hosts.forEach(host -> assertThat(counts.get(host.host()) * 15.0 / (picks * host.weight()))
                .as("part of its share that weight %d gets", host.weight())
                .isBetween(0.5, 2.0));
    }

    @Test
    void underSteadyLoadEqualHostsStayLevel() {
        List<WeightedHost> hosts = equal(8);
        LoadBalancer balancer = leastRequest(hosts);
        for (int i = 0; i < 80; i++) {
            balancer.chooseHost(context).requestStarted();
        }

        assertThat(hosts)
                .allSatisfy(host -> assertThat(host.host().activeRequests()).isBetween(8, 12));
    }

    private static LoadBalancer leastRequest(List<WeightedHost> hosts) {
        return Hosts.balancer(Simple.LEAST_REQUEST, hosts, 1);
    }
}
