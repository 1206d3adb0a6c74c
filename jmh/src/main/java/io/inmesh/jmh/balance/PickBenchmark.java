package io.inmesh.jmh.balance;

import io.inmesh.endpoint.Condition;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.Locality;
import io.inmesh.internal.balance.LoadBalancerContext;
import io.inmesh.internal.cluster.Cluster;
import io.inmesh.internal.cluster.ClusterLimits;
import io.inmesh.internal.cluster.ClusterPolicy;
import io.inmesh.internal.cluster.HostRegistry;
import io.inmesh.internal.host.Host;
import io.inmesh.internal.route.ClusterKey;
import io.inmesh.internal.time.PerThreadRandom;
import io.inmesh.jmh.Bar;
import io.inmesh.model.ConnectionPoolSettings;
import io.inmesh.model.ConnectionPoolSettings.Http;
import io.inmesh.model.ConnectionPoolSettings.Tcp;
import io.inmesh.model.LoadBalancerSettings.Simple;
import io.inmesh.model.OutlierDetection;
import io.inmesh.model.TrafficPolicy;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to pick a host, from the read of the published cluster to the host in hand. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 250, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 50, time = 10, timeUnit = TimeUnit.MILLISECONDS)
public class PickBenchmark {
    /** More than are ever counted. */
    private static final int MANY = 1000;

    private static final OutlierDetection OUTLIERS = OutlierDetection.builder()
            .consecutive5xxErrors(5)
            .consecutiveGatewayErrors(3)
            .build();

    private static final VarHandle PUBLISHED;
    private static final VarHandle PUBLISHED_HOSTS;
    private static final VarHandle PLACE = MethodHandles.arrayElementVarHandle(int[].class);

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            PUBLISHED = lookup.findVarHandle(Fleet.class, "cluster", Cluster.class);
            PUBLISHED_HOSTS = lookup.findVarHandle(Fleet.class, "hosts", Host[].class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** An attempt before which nobody was tried. */
    private static final class FirstAttempt implements LoadBalancerContext {
        @Override
        public RandomGenerator random() {
            return PerThreadRandom.INSTANCE;
        }

        @Override
        public boolean alreadyTried(Host host) {
            return false;
        }

        @Override
        public boolean mayTry(Host resting) {
            return false;
        }
    }

    /** One cluster, built as the compiler does it. */
    @State(Scope.Benchmark)
    public abstract static class Fleet {
        /** Endpoints. */
        @Param({"3", "10", "100", "1000"})
        public int n;

        final LoadBalancerContext attempt = new FirstAttempt();
        Cluster cluster = cluster(ClusterPolicy.balancedBy(Simple.RANDOM), List.of());
        Host[] hosts = {};

        final void build(Simple policy, int heaviest) {
            build(ClusterPolicy.balancedBy(policy), heaviest);
        }

        final void build(ClusterPolicy policy, int heaviest) {
            SplittableRandom random = new SplittableRandom(42);
            List<Endpoint> endpoints = new ArrayList<>();
            for (int i = 0; i < n; i++) {
                endpoints.add(new Endpoint(
                        "endpoint-" + i,
                        "10.0." + i / 256 + "." + i % 256,
                        8080,
                        Locality.UNKNOWN,
                        1 + random.nextInt(heaviest),
                        Map.of(),
                        Condition.READY));
            }
            cluster = cluster(policy, endpoints);
            hosts = cluster.members().stream().map(Cluster.Member::host).toArray(Host[]::new);
        }

        private static Cluster cluster(ClusterPolicy policy, List<Endpoint> endpoints) {
            return Cluster.build(
                    new ClusterKey("reviews.default.svc.cluster.local", 9080, ""),
                    Map.of(),
                    policy,
                    endpoints,
                    new HostRegistry(),
                    null,
                    new SplittableRandom(1));
        }

        final Host pick() {
            return Objects.requireNonNull(((Cluster) PUBLISHED.getAcquire(this)).chooseHost(attempt));
        }
    }

    /** The floor's cursor, on lines of its own. */
    @State(Scope.Thread)
    public static class OwnLine {
        private static final int FIRST = 32;
        final int[] places = new int[2 * FIRST];
    }

    /** Equal weights in turn. */
    public static class InTurn extends Fleet {
        /** Sets up. */
        @Setup
        public void setUp() {
            build(Simple.ROUND_ROBIN, 1);
        }
    }

    /** Weights 1 to 10 in turn. */
    public static class InTurnByWeight extends Fleet {
        /** Sets up. */
        @Setup
        public void setUp() {
            build(Simple.ROUND_ROBIN, 10);
        }
    }

    /** Uniform. */
    public static class AtRandom extends Fleet {
        /** Sets up. */
        @Setup
        public void setUp() {
            build(Simple.RANDOM, 1);
        }
    }

    /** Nothing in flight between two picks. */
    public static class Idle extends Fleet {
        /** Sets up. */
        @Setup
        public void setUp() {
            build(Simple.LEAST_REQUEST, 1);
        }
    }

    /** One to four requests in flight on every host, so that no pick ends early at an idle one. */
    public static class Busy extends Fleet {
        /** Sets up. */
        @Setup
        public void setUp() {
            build(Simple.LEAST_REQUEST, 1);
            occupy(this);
        }
    }

    /** The same with weights 1 to 10. */
    public static class BusyByWeight extends Fleet {
        /** Sets up. */
        @Setup
        public void setUp() {
            build(Simple.LEAST_REQUEST, 10);
            occupy(this);
        }
    }

    /** Nothing in flight between two picks, with outlier detection. */
    public static class Judged extends Fleet {
        /** Sets up. */
        @Setup
        public void setUp() {
            build(policy(TrafficPolicy.builder().outlierDetection(OUTLIERS).build()), 1);
        }
    }

    /** The same with limits on requests, connections, those that wait and retries. */
    public static class JudgedAndLimited extends Fleet {
        /** Sets up. */
        @Setup
        public void setUp() {
            build(
                    policy(TrafficPolicy.builder()
                            .outlierDetection(OUTLIERS)
                            .connectionPool(new ConnectionPoolSettings(
                                    new Tcp(MANY, null, null, null),
                                    Http.builder()
                                            .http1MaxPendingRequests(MANY)
                                            .http2MaxRequests(MANY)
                                            .maxRetries(MANY)
                                            .build()))
                            .build()),
                    1);
        }
    }

    private static ClusterPolicy policy(TrafficPolicy rule) {
        return ClusterPolicy.balancedBy(Simple.LEAST_REQUEST).overriddenBy(rule, 9080);
    }

    private static void occupy(Fleet fleet) {
        SplittableRandom random = new SplittableRandom(7);
        for (Host host : fleet.hosts) {
            int requests = 1 + random.nextInt(4);
            for (int i = 0; i < requests; i++) {
                host.requestStarted();
            }
        }
    }

    /** The least that a pick with state can do: acquire the hosts, move an own cursor, divide, load one reference. */
    @Benchmark
    public Host floor(InTurn fleet, OwnLine cursor) {
        Host[] hosts = (Host[]) PUBLISHED_HOSTS.getAcquire(fleet);
        int place = (int) PLACE.getOpaque(cursor.places, OwnLine.FIRST);
        PLACE.setOpaque(cursor.places, OwnLine.FIRST, place + 1);
        return hosts[(place & Integer.MAX_VALUE) % hosts.length];
    }

    /** ROUND_ROBIN. */
    @Benchmark
    @Bar(floor = "floor", times = 2)
    public Host roundRobin(InTurn fleet) {
        return fleet.pick();
    }

    /** ROUND_ROBIN with unequal weights. */
    @Benchmark
    @Bar(floor = "floor", times = 2)
    public Host roundRobinWeighted(InTurnByWeight fleet) {
        return fleet.pick();
    }

    /** RANDOM. */
    @Benchmark
    @Bar(floor = "floor")
    public Host random(AtRandom fleet) {
        return fleet.pick();
    }

    /** LEAST_REQUEST on an idle fleet, with the count up and down. */
    @Benchmark
    @Bar(floor = "floor", times = 5)
    public Host leastRequest(Idle fleet) {
        return accounted(fleet.pick());
    }

    /**
     * LEAST_REQUEST on a busy fleet, with the count up and down: two counters are read and compared. Shown beside the one
     * above, without a bar in time.
     */
    @Benchmark
    @Bar(floor = "floor")
    public Host leastRequestBusy(Busy fleet) {
        return accounted(fleet.pick());
    }

    /** LEAST_REQUEST with unequal weights on a busy fleet, with the count up and down. */
    @Benchmark
    @Bar(floor = "floor")
    public Host leastRequestWeightedBusy(BusyByWeight fleet) {
        return accounted(fleet.pick());
    }

    /** LEAST_REQUEST as above, with outlier detection: the answer is judged. */
    @Benchmark
    @Bar(floor = "leastRequest", times = 1.5)
    public Host leastRequestJudged(Judged fleet) {
        return judged(fleet);
    }

    /** LEAST_REQUEST as above, with outlier detection and all limits. */
    @Benchmark
    @Bar(floor = "leastRequest", times = 1.5)
    public Host leastRequestJudgedAndLimited(JudgedAndLimited fleet) {
        ClusterLimits limits = fleet.cluster.runtime().limits();
        boolean counted = limits.admit(false) == ClusterLimits.Admission.COUNTED;
        Host host = judged(fleet);
        if (counted) {
            limits.release();
        }
        return host;
    }

    private static Host judged(Fleet fleet) {
        Host host = fleet.pick();
        host.requestStarted();
        fleet.cluster.answered(host, 200);
        host.requestEnded();
        return host;
    }

    private static Host accounted(Host host) {
        host.requestStarted();
        host.requestEnded();
        return host;
    }
}
