package io.inmesh.internal.cluster;

import io.inmesh.endpoint.Condition;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.Locality;
import io.inmesh.event.Ejection;
import io.inmesh.internal.balance.LoadBalancerContext;
import io.inmesh.internal.host.Host;
import io.inmesh.internal.route.ClusterKey;
import io.inmesh.internal.time.TimeSource;
import io.inmesh.model.LoadBalancerSettings.Simple;
import io.inmesh.model.OutlierDetection;
import io.inmesh.testing.ManualClock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One cluster in force on a clock that a test moves, and what its surroundings were told. */
final class OutlierFixture {
    static final ClusterKey KEY = new ClusterKey("a.example.com", 80, "");

    final ManualClock clock = new ManualClock();
    final List<Ejection> ejected = new CopyOnWriteArrayList<>();
    final List<Ejection> readmitted = new CopyOnWriteArrayList<>();
    private final HostRegistry registry;
    private final RandomGenerator random = new SplittableRandom(1);

    OutlierFixture() {
        this(Duration.ZERO);
    }

    OutlierFixture(Duration merged) {
        registry = new HostRegistry(new ClusterSurroundings() {
            @Override
            public TimeSource time() {
                return clock;
            }

            @Override
            public Future<?> after(long nanos, Runnable task) {
                return clock.schedule(task, nanos, TimeUnit.NANOSECONDS);
            }

            @Override
            public long mergeNanos() {
                return merged.toNanos();
            }

            @Override
            public void ejected(Ejection ejection) {
                ejected.add(ejection);
            }

            @Override
            public void readmitted(Ejection ejection) {
                readmitted.add(ejection);
            }
        });
    }

    /** Three 5xx eject whomever they come from, for 1 s, swept each 500 ms. */
    static OutlierDetection.Builder threeErrors() {
        return OutlierDetection.builder()
                .consecutive5xxErrors(3)
                .interval(Duration.ofMillis(500))
                .baseEjectionTime(Duration.ofSeconds(1))
                .maxEjectionPercent(100);
    }

    /** A first cluster with the hosts a, b and c. */
    Cluster three(OutlierDetection detection) {
        return publish(null, detection, "a", "b", "c");
    }

    void millis(int millis) {
        clock.advance(Duration.ofMillis(millis));
    }

    /** Puts a cluster in force; the endpoints' ids are their addresses. */
    Cluster publish(@Nullable Cluster previous, @Nullable OutlierDetection detection, String... ids) {
        return publish(
                previous,
                detection,
                Simple.ROUND_ROBIN,
                Arrays.stream(ids).map(OutlierFixture::ready).toList());
    }

    Cluster publish(
            @Nullable Cluster previous,
            @Nullable OutlierDetection detection,
            Simple balancer,
            List<Endpoint> endpoints) {
        ClusterPolicy plain = ClusterPolicy.balancedBy(balancer);
        ClusterPolicy policy =
                new ClusterPolicy(plain.loadBalancer(), null, detection, plain.tls(), plain.retryBudget());
        Cluster cluster = Cluster.build(KEY, Map.of(), policy, endpoints, registry, previous, random);
        registry.retire(Map.of(KEY, cluster));
        return cluster;
    }

    /** No cluster of the key any more. */
    void takeAway() {
        registry.retire(Map.of());
    }

    static Endpoint ready(String id) {
        return endpoint(id, Condition.READY);
    }

    static Endpoint endpoint(String id, Condition condition) {
        return new Endpoint(id, "127.0.0.1", 80, Locality.UNKNOWN, 1, Map.of(), condition);
    }

    static Host host(Cluster cluster, String id) {
        return cluster.members().stream()
                .map(Cluster.Member::host)
                .filter(host -> host.endpoint().id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    static void answers(Cluster cluster, String id, int... statuses) {
        for (int status : statuses) {
            cluster.answered(host(cluster, id), status);
        }
    }

    /** Ids of the hosts that 200 picks meet, in one word. */
    static String picked(Cluster cluster) {
        TreeSet<String> ids = new TreeSet<>();
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
        return String.join("", ids);
    }

    static String ejectedOf(Cluster cluster) {
        TreeSet<String> ids = new TreeSet<>();
        cluster.members().stream()
                .filter(member -> member.health().ejected())
                .forEach(member -> ids.add(member.endpoint().id()));
        return String.join("", ids);
    }
}
