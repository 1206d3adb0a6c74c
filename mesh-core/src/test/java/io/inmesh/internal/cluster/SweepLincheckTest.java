package io.inmesh.internal.cluster;

import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import io.inmesh.internal.time.TimeSource;
import io.inmesh.model.LoadBalancerSettings.Simple;
import io.inmesh.model.OutlierDetection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Errors of hosts while sweeps come, late ones among them, and the interval changes. There is one sweep to come at most, and one
 * whenever somebody is ejected.
 */
@Tag("lincheck")
public class SweepLincheckTest {
    private static final String CONTROL = "control";

    /** A task that is planned, runs later than its time, and cannot be cancelled any more once its time has come. */
    private record Planned(Runnable task, CompletableFuture<?> future) {}

    private static final class Plans implements ClusterSurroundings {
        private final StoppedTime time = new StoppedTime();
        private final List<Planned> toCome = new ArrayList<>();
        private final List<Planned> late = new ArrayList<>();

        @Override
        public TimeSource time() {
            return time;
        }

        @Override
        public synchronized Future<?> after(long nanos, Runnable task) {
            Planned planned = new Planned(task, new CompletableFuture<>());
            toCome.add(planned);
            return planned.future();
        }

        synchronized int toCome() {
            toCome.removeIf(planned -> planned.future().isCancelled());
            return toCome.size();
        }

        /** The time of all that is planned comes. */
        synchronized void fire() {
            toCome();
            late.addAll(toCome);
            toCome.clear();
        }

        synchronized Runnable takeLate() {
            return late.isEmpty() ? () -> {} : late.remove(0).task();
        }
    }

    private final Plans plans = new Plans();
    private final HostRegistry registry = new HostRegistry(plans);
    private volatile Cluster inForce = publish(null, 1);

    /** Control thread only. */
    private int seconds = 1;

    private Cluster publish(Cluster before, int intervalSeconds) {
        ClusterPolicy policy = new ClusterPolicy(
                ClusterPolicy.balancedBy(Simple.RANDOM).loadBalancer(),
                null,
                OutlierDetection.builder()
                        .consecutive5xxErrors(1)
                        .interval(Duration.ofSeconds(intervalSeconds))
                        .baseEjectionTime(Duration.ofNanos(1))
                        .maxEjectionPercent(100)
                        .build(),
                null,
                null);
        Cluster cluster = Cluster.build(
                OutlierFixture.KEY,
                Map.of(),
                policy,
                List.of(OutlierFixture.ready("a"), OutlierFixture.ready("b")),
                registry,
                before,
                new SplittableRandom(1));
        cluster.runtime().inForce(cluster);
        return cluster;
    }

    @Operation
    public void firstFails() {
        fails(0);
    }

    @Operation
    public void secondFails() {
        fails(1);
    }

    private void fails(int member) {
        Cluster cluster = inForce;
        cluster.members()
                .get(member)
                .health()
                .answered(503, Objects.requireNonNull(cluster.outlierPolicy()), cluster.runtime());
    }

    @Operation(nonParallelGroup = CONTROL)
    public void anotherInterval() {
        seconds = 3 - seconds;
        inForce = publish(inForce, seconds);
    }

    @Operation(nonParallelGroup = CONTROL)
    public void theTimeOfTheSweepComes() {
        plans.fire();
    }

    @Operation(nonParallelGroup = CONTROL)
    public void theSweepThatWasToComeFirstRuns() {
        plans.takeLate().run();
    }

    @Validate
    public void whoIsEjectedComesBackByOneSweep() {
        for (int i = 0; i < 10; i++) {
            plans.takeLate().run();
        }
        boolean ejected = isEjected(0) || isEjected(1);
        if (plans.toCome() > 1 || (ejected && plans.toCome() == 0)) {
            throw new IllegalStateException(plans.toCome() + " sweeps to come, ejected: " + ejected);
        }
    }

    private boolean isEjected(int member) {
        return inForce.members().get(member).health().ejected();
    }

    @Test
    void sweepsComeOneAfterTheOther() {
        new ModelCheckingOptions()
                .addGuarantee(
                        forClasses(HostRegistry.class.getName()).allMethods().ignore())
                .addGuarantee(forClasses(Cluster.class.getName())
                        .methods("build", "members", "rebalance")
                        .ignore())
                .addGuarantee(forClasses(OutlierDetector.class.getName())
                        .methods("inForce")
                        .ignore())
                .threads(2)
                .actorsPerThread(3)
                .actorsBefore(1)
                .actorsAfter(0)
                .iterations(5)
                .invocationsPerIteration(100)
                .check(SweepLincheckTest.class);
    }
}
