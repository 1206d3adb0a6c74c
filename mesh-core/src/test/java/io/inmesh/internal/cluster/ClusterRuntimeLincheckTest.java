package io.inmesh.internal.cluster;

import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import io.inmesh.endpoint.Condition;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.Locality;
import io.inmesh.internal.balance.LoadBalancerContext;
import io.inmesh.internal.host.Host;
import io.inmesh.internal.route.ClusterKey;
import io.inmesh.internal.time.SerialExecutor;
import io.inmesh.model.LoadBalancerSettings.Simple;
import io.inmesh.model.OutlierDetection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Explores interleavings of changes of health, publications and picks. The control thread is whichever thread hands over
 * while nobody runs tasks, so that its tasks meet all of them.
 */
@Tag("lincheck")
public class ClusterRuntimeLincheckTest {
    private static final ClusterKey KEY = new ClusterKey("a.example.com", 80, "");

    /** One error ejects; nobody comes back but by {@link #sweep}. */
    private static final ClusterPolicy RANDOM = new ClusterPolicy(
            ClusterPolicy.balancedBy(Simple.RANDOM).loadBalancer(),
            null,
            OutlierDetection.builder()
                    .consecutive5xxErrors(1)
                    .maxEjectionPercent(100)
                    .build(),
            null,
            null);

    private static final List<Endpoint> WITH_C = endpoints("a", "b", "c");
    private static final List<Endpoint> WITH_D = endpoints("a", "b", "d");

    private final List<Throwable> failures = new ArrayList<>();
    private final SerialExecutor control = new SerialExecutor(Runnable::run, failures::add);
    private final StoppedTime time = new StoppedTime();
    private final HostRegistry registry = new HostRegistry(time);
    private volatile Cluster published = publish(null, WITH_C);
    private volatile @Nullable String wrongPick;

    /** Control thread only. */
    private boolean lastIsC = true;

    private static List<Endpoint> endpoints(String... ids) {
        return Stream.of(ids)
                .map(id -> new Endpoint(id, "127.0.0.1", 80, Locality.UNKNOWN, 1, Map.of(), Condition.READY))
                .toList();
    }

    private Cluster publish(@Nullable Cluster previous, List<Endpoint> endpoints) {
        Cluster cluster = Cluster.build(KEY, Map.of(), RANDOM, endpoints, registry, previous, new SplittableRandom(1));
        // As the registry does, which Lincheck does not look into, and so not at locks that are taken there.
        cluster.runtime().inForce(cluster);
        return cluster;
    }

    @Operation
    public void ejectFirst() {
        fails(0);
    }

    @Operation
    public void ejectSecond() {
        fails(1);
    }

    /** Not by its host: Lincheck fails on identity maps. */
    private void fails(int member) {
        Cluster cluster = published;
        cluster.members()
                .get(member)
                .health()
                .answered(503, Objects.requireNonNull(cluster.outlierPolicy()), cluster.runtime());
    }

    /** At a time at which all ejections are over. */
    @Operation
    public void sweep() {
        time.runLast(Duration.ofHours(1));
    }

    /** The first two members stay, the third is another one. */
    @Operation
    public void publish() {
        control.execute(() -> {
            lastIsC = !lastIsC;
            published = publish(published, lastIsC ? WITH_C : WITH_D);
        });
    }

    @Operation
    public void pick() {
        Cluster cluster = published;
        Host host = cluster.chooseHost(new Picks());
        if (host == null || !has(cluster, host)) {
            wrongPick = host + " of " + cluster.members();
        }
    }

    private static boolean has(Cluster cluster, Host host) {
        for (Cluster.Member member : cluster.members()) {
            if (member.host() == host) {
                return true;
            }
        }
        return false;
    }

    @Validate
    public void theBalancerInForceHasWhoeverIsWellAndNobodyElse() {
        if (!failures.isEmpty() || wrongPick != null) {
            throw new IllegalStateException("picked " + wrongPick + ", failures " + failures);
        }
        Set<Host> well = new HashSet<>();
        for (Cluster.Member member : published.members()) {
            if (published.isPickable(member)) {
                well.add(member.host());
            }
        }
        Set<Host> picked = new Picks().all(published);
        if (!picked.equals(well)) {
            throw new IllegalStateException("well are " + well + ", picked are " + picked);
        }
    }

    /** The attempts of one call, each on another host while there is one. */
    private static final class Picks implements LoadBalancerContext {
        private final RandomGenerator random = new SplittableRandom(7);
        private final Set<Host> tried = new HashSet<>();

        Set<Host> all(Cluster cluster) {
            for (Host host = cluster.chooseHost(this);
                    host != null && tried.add(host);
                    host = cluster.chooseHost(this)) {}
            return tried;
        }

        @Override
        public RandomGenerator random() {
            return random;
        }

        @Override
        public boolean alreadyTried(Host host) {
            return tried.contains(host);
        }

        @Override
        public boolean mayTry(Host resting) {
            return false;
        }
    }

    @Test
    void noChangeOfHealthIsLost() {
        new ModelCheckingOptions()
                // Pure, or of the control thread alone: Lincheck fails on identity maps and takes long over the rest.
                .addGuarantee(
                        forClasses(HostRegistry.class.getName()).allMethods().ignore())
                .addGuarantee(forClasses(Cluster.class.getName())
                        .methods("build", "members")
                        .ignore())
                .addGuarantee(forClasses(OutlierDetector.class.getName())
                        .methods("inForce")
                        .ignore())
                .addGuarantee(forClasses("io.inmesh.internal.balance.LoadBalancer")
                        .allMethods()
                        .ignore())
                .threads(2)
                .actorsPerThread(2)
                .actorsBefore(0)
                .actorsAfter(0)
                .iterations(3)
                .invocationsPerIteration(100)
                .check(ClusterRuntimeLincheckTest.class);
    }
}
