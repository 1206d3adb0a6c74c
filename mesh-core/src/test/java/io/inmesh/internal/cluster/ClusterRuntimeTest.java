package io.inmesh.internal.cluster;

import static io.inmesh.internal.cluster.OutlierFixture.answers;
import static io.inmesh.internal.cluster.OutlierFixture.picked;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.model.LoadBalancerSettings.Simple;
import io.inmesh.model.OutlierDetection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ClusterRuntimeTest {
    private final OutlierFixture mesh = new OutlierFixture();

    /** One error ejects, for 1 s. */
    private static final OutlierDetection AT_ONCE = OutlierFixture.threeErrors()
            .consecutive5xxErrors(1)
            .interval(Duration.ofSeconds(1))
            .build();

    private Cluster cluster(@Nullable Cluster previous, String... ids) {
        return mesh.publish(previous, AT_ONCE, ids);
    }

    private void readmitAll() {
        mesh.clock.advance(Duration.ofSeconds(1));
    }

    private static void eject(Cluster cluster, String... ids) {
        for (String id : ids) {
            answers(cluster, id, 503);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Simple.class,
            names = {"ROUND_ROBIN", "LEAST_REQUEST", "RANDOM"})
    void anEjectionAndItsEndReachTheBalancerOfTheClusterInForceAtOnce(Simple policy) {
        Cluster cluster = mesh.publish(
                null,
                AT_ONCE,
                policy,
                Stream.of("a", "b", "c").map(OutlierFixture::ready).toList());

        eject(cluster, "b");
        assertThat(picked(cluster)).isEqualTo("ac");

        readmitAll();
        assertThat(picked(cluster)).isEqualTo("abc");
    }

    @Test
    void aClusterWithoutAMemberLeftHasNoHostToPick() {
        Cluster cluster = cluster(null, "a");

        eject(cluster, "a");

        assertThat(picked(cluster)).isEmpty();
    }

    @Test
    void whatIsSaidOfAMemberAndOfTheClusterSurvivesSnapshots() {
        Cluster before = cluster(null, "a", "b");
        eject(before, "a");

        Cluster after = cluster(before, "a", "b", "c");

        assertThat(after).isNotSameAs(before);
        assertThat(after.runtime()).isSameAs(before.runtime());
        assertThat(picked(after)).isEqualTo("bc");

        // Said of the old one, by a call that is still under way.
        eject(before, "b");
        assertThat(picked(after)).isEqualTo("c");
        readmitAll();
        assertThat(picked(after)).isEqualTo("abc");
    }

    @Test
    void aMemberThatHasGoneComesBackAsANewOne() {
        Cluster first = cluster(null, "a", "b");
        eject(first, "a");
        Cluster without = cluster(first, "b");
        Cluster again = cluster(without, "a", "b");

        assertThat(picked(again)).isEqualTo("ab");
    }

    /** The balancer of a new cluster is made before the cluster is in force. */
    @Test
    void whatHappensBetweenTheMakingOfAClusterAndItsPublicationIsNotLost() {
        HostRegistry hosts = new HostRegistry();
        Cluster before = build(hosts, null, "a", "b");
        hosts.retire(Map.of(OutlierFixture.KEY, before));
        Cluster after = build(hosts, before, "a", "b", "c");
        eject(before, "a");
        assertThat(picked(before)).isEqualTo("b");

        hosts.retire(Map.of(OutlierFixture.KEY, after));

        assertThat(picked(after)).isEqualTo("bc");
        hosts.close();
    }

    private static Cluster build(HostRegistry hosts, @Nullable Cluster previous, String... ids) {
        ClusterPolicy policy = new ClusterPolicy(
                ClusterPolicy.balancedBy(Simple.ROUND_ROBIN).loadBalancer(), null, AT_ONCE, null, null);
        return Cluster.build(
                OutlierFixture.KEY,
                Map.of(),
                policy,
                Stream.of(ids).map(OutlierFixture::ready).toList(),
                hosts,
                previous,
                new SplittableRandom(1));
    }

    @Test
    void theLastOfManyChangesByManyThreadsIsSeen() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            Cluster cluster = cluster(null, "a", "b", "c", "d");
            for (int round = 0; round < 200; round++) {
                List<Future<?>> changes = new ArrayList<>();
                for (String id : List.of("a", "b", "c")) {
                    changes.add(threads.submit(() -> eject(cluster, id, id)));
                    changes.add(threads.submit(() -> eject(cluster, id)));
                }
                for (Future<?> change : changes) {
                    change.get();
                }
                assertThat(picked(cluster)).isEqualTo("d");
                mesh.clock.advance(Duration.ofMinutes(6));
                assertThat(picked(cluster)).isEqualTo("abcd");
            }
            assertThat(mesh.ejected).hasSize(3 * 200);
        } finally {
            threads.shutdownNow();
        }
    }
}
