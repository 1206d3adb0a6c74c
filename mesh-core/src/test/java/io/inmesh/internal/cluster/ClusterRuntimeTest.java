package io.inmesh.internal.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.endpoint.Condition;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.Locality;
import io.inmesh.internal.balance.LoadBalancerContext;
import io.inmesh.internal.host.Host;
import io.inmesh.internal.route.ClusterKey;
import io.inmesh.internal.time.SerialExecutor;
import io.inmesh.model.LoadBalancerSettings.Simple;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ClusterRuntimeTest {
    private static final ClusterKey KEY = new ClusterKey("a.example.com", 80, "");

    private final Queue<Runnable> control = new ArrayDeque<>();
    private final HostRegistry hosts = new HostRegistry(control::add);

    private static Endpoint endpoint(String id) {
        return new Endpoint(id, "127.0.0.1", 80, Locality.UNKNOWN, 1, Map.of(), Condition.READY);
    }

    private static Cluster cluster(HostRegistry registry, Simple policy, Cluster previous, String... ids) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (String id : ids) {
            endpoints.add(endpoint(id));
        }
        return Cluster.build(
                KEY,
                Map.of(),
                ClusterPolicy.balancedBy(policy),
                endpoints,
                registry,
                previous,
                new SplittableRandom(1));
    }

    private Cluster cluster(Cluster previous, String... ids) {
        return cluster(hosts, Simple.ROUND_ROBIN, previous, ids);
    }

    private static MemberHealth health(Cluster cluster, int index) {
        return cluster.members().get(index).health();
    }

    private void runControl() {
        for (Runnable task = control.poll(); task != null; task = control.poll()) {
            task.run();
        }
    }

    private static Set<String> picked(Cluster cluster) {
        Set<String> ids = new HashSet<>();
        RandomGenerator random = new SplittableRandom(7);
        for (int i = 0; i < 200; i++) {
            Host host = cluster.chooseHost(new LoadBalancerContext() {
                @Override
                public RandomGenerator random() {
                    return random;
                }

                @Override
                public boolean alreadyTried(Host tried) {
                    return false;
                }

                @Override
                public boolean mayTry(Host resting) {
                    return false;
                }
            });
            if (host != null) {
                ids.add(host.endpoint().id());
            }
        }
        return ids;
    }

    @ParameterizedTest
    @EnumSource(
            value = Simple.class,
            names = {"ROUND_ROBIN", "LEAST_REQUEST", "RANDOM"})
    void anEjectionAndItsEndReachTheBalancerOfTheClusterInForce(Simple policy) {
        Cluster cluster = cluster(hosts, policy, null, "a", "b", "c");
        hosts.retire(Map.of(KEY, cluster));

        cluster.runtime().eject(health(cluster, 1));
        assertThat(picked(cluster)).containsExactlyInAnyOrder("a", "b", "c");
        runControl();
        assertThat(picked(cluster)).containsExactlyInAnyOrder("a", "c");

        cluster.runtime().readmit(health(cluster, 1));
        runControl();
        assertThat(picked(cluster)).containsExactlyInAnyOrder("a", "b", "c");
    }

    @Test
    void aClusterWithoutAMemberLeftHasNoHostToPick() {
        Cluster cluster = cluster(null, "a");
        hosts.retire(Map.of(KEY, cluster));

        cluster.runtime().eject(health(cluster, 0));
        runControl();

        assertThat(picked(cluster)).isEmpty();
    }

    @Test
    void manyChangesAtOnceMakeOneNewBalancer() {
        Cluster cluster = cluster(null, "a", "b", "c");
        hosts.retire(Map.of(KEY, cluster));

        cluster.runtime().eject(health(cluster, 0));
        cluster.runtime().eject(health(cluster, 1));
        cluster.runtime().eject(health(cluster, 1));
        cluster.runtime().readmit(health(cluster, 0));

        assertThat(control).hasSize(1);
        runControl();
        assertThat(picked(cluster)).containsExactlyInAnyOrder("a", "c");
    }

    @Test
    void whatIsSaidOfAMemberAndOfTheClusterSurvivesSnapshots() {
        Cluster before = cluster(null, "a", "b");
        hosts.retire(Map.of(KEY, before));
        before.runtime().eject(health(before, 0));
        runControl();

        Cluster after = cluster(before, "a", "b", "c");
        hosts.retire(Map.of(KEY, after));

        assertThat(after).isNotSameAs(before);
        assertThat(after.runtime()).isSameAs(before.runtime());
        assertThat(picked(after)).containsExactlyInAnyOrder("b", "c");

        // Said of the old one, by a call that is still under way.
        before.runtime().readmit(health(before, 0));
        runControl();
        assertThat(picked(after)).containsExactlyInAnyOrder("a", "b", "c");
    }

    @Test
    void aMemberThatHasGoneComesBackAsANewOne() {
        Cluster first = cluster(null, "a", "b");
        first.runtime().eject(health(first, 0));
        Cluster without = cluster(first, "b");
        Cluster again = cluster(without, "a", "b");

        assertThat(picked(again)).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void clustersOfOneHostEachHaveTheirOwnHealthOfIt() {
        Cluster one = cluster(null, "a", "b");
        Cluster other = Cluster.build(
                new ClusterKey("a.example.com", 80, "v1"),
                Map.of(),
                ClusterPolicy.DEFAULT,
                List.of(endpoint("a")),
                hosts,
                null,
                new SplittableRandom(1));
        hosts.retire(Map.of(KEY, one, other.key(), other));

        one.runtime().eject(health(one, 0));
        runControl();

        assertThat(other.members().get(0).host()).isSameAs(one.members().get(0).host());
        assertThat(picked(one)).containsExactly("b");
        assertThat(picked(other)).containsExactly("a");
    }

    @Test
    void theLastOfManyChangesByManyThreadsIsSeen() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        ExecutorService one = Executors.newSingleThreadExecutor();
        try {
            HostRegistry registry = new HostRegistry(new SerialExecutor(one, failure -> {}));
            Cluster cluster = cluster(registry, Simple.ROUND_ROBIN, null, "a", "b", "c", "d");
            registry.retire(Map.of(KEY, cluster));
            for (int round = 0; round < 200; round++) {
                boolean last = round % 2 == 0;
                List<Future<?>> changes = new ArrayList<>();
                for (int member = 0; member < 3; member++) {
                    MemberHealth health = health(cluster, member);
                    changes.add(threads.submit(() -> {
                        for (int i = 0; i < 20; i++) {
                            cluster.runtime().eject(health);
                            cluster.runtime().readmit(health);
                        }
                        if (last) {
                            cluster.runtime().eject(health);
                        }
                    }));
                }
                for (Future<?> change : changes) {
                    change.get();
                }
                one.submit(() -> {}).get();
                assertThat(picked(cluster))
                        .containsExactlyInAnyOrderElementsOf(last ? List.of("d") : List.of("a", "b", "c", "d"));
                for (int member = 0; member < 3; member++) {
                    cluster.runtime().readmit(health(cluster, member));
                }
            }
        } finally {
            threads.shutdownNow();
            one.shutdownNow();
        }
    }
}
