package io.inmesh.internal.cluster;

import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import io.inmesh.model.LoadBalancerSettings.Simple;
import io.inmesh.model.OutlierDetection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Answers of two hosts at once, of which the rule lets one be ejected after two errors in a row.
 */
@Tag("lincheck")
public class MemberHealthLincheckTest {
    private static final ClusterPolicy POLICY = new ClusterPolicy(
            ClusterPolicy.balancedBy(Simple.RANDOM).loadBalancer(),
            null,
            OutlierDetection.builder()
                    .consecutive5xxErrors(2)
                    .maxEjectionPercent(50)
                    .build(),
            null,
            null);

    private final HostRegistry registry = new HostRegistry(new StoppedTime());
    private final Cluster cluster = published();
    private final OutlierPolicy policy = Objects.requireNonNull(cluster.outlierPolicy());

    private Cluster published() {
        Cluster built = Cluster.build(
                OutlierFixture.KEY,
                Map.of(),
                POLICY,
                List.of(OutlierFixture.ready("a"), OutlierFixture.ready("b")),
                registry,
                null,
                new SplittableRandom(1));
        registry.retire(Map.of(OutlierFixture.KEY, built));
        return built;
    }

    @Operation
    public void firstFails() {
        answered(0, 503);
    }

    @Operation
    public void firstAnswers() {
        answered(0, 200);
    }

    @Operation
    public void secondFails() {
        answered(1, 503);
    }

    @Operation
    public boolean firstIsEjected() {
        return isEjected(0);
    }

    @Operation
    public boolean secondIsEjected() {
        return isEjected(1);
    }

    private void answered(int member, int status) {
        // Not by its host: Lincheck fails on identity maps.
        cluster.members().get(member).health().answered(status, policy, cluster.runtime());
    }

    private boolean isEjected(int member) {
        return cluster.members().get(member).health().ejected();
    }

    @Validate
    public void oneOfTwoIsEjectedAtMost() {
        if (isEjected(0) && isEjected(1)) {
            throw new IllegalStateException("both are ejected");
        }
    }

    @Test
    void whatThreadsSayOfHostsCountsAsIfOneAfterTheOtherHadSaidIt() {
        new ModelCheckingOptions()
                .addGuarantee(
                        forClasses(HostRegistry.class.getName()).allMethods().ignore())
                .addGuarantee(forClasses(Cluster.class.getName())
                        .methods("build", "members", "rebalance")
                        .ignore())
                .threads(2)
                .actorsPerThread(3)
                .actorsBefore(1)
                .actorsAfter(1)
                .iterations(5)
                .invocationsPerIteration(200)
                .check(MemberHealthLincheckTest.class);
    }
}
