package io.inmesh.internal.cluster;

import static io.inmesh.internal.cluster.OutlierFixture.answers;
import static io.inmesh.internal.cluster.OutlierFixture.ejectedOf;
import static io.inmesh.internal.cluster.OutlierFixture.endpoint;
import static io.inmesh.internal.cluster.OutlierFixture.host;
import static io.inmesh.internal.cluster.OutlierFixture.picked;
import static io.inmesh.internal.cluster.OutlierFixture.ready;
import static io.inmesh.internal.cluster.OutlierFixture.threeErrors;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.endpoint.Condition;
import io.inmesh.internal.route.ClusterKey;
import io.inmesh.model.LoadBalancerSettings.Simple;
import io.inmesh.model.OutlierDetection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** How long hosts stay ejected, and through what. */
class EjectionsOverTimeTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final OutlierFixture mesh = new OutlierFixture();

    @Test
    void anEjectionEndsWithTheFirstSweepAfterItsTime() {
        mesh.millis(300);
        Cluster cluster = mesh.three(threeErrors().build());
        mesh.millis(100);
        answers(cluster, "a", 503, 503, 503);

        assertThat(mesh.ejected).singleElement().satisfies(ejection -> {
            assertThat(ejection.cluster()).isEqualTo("outbound|80||a.example.com");
            assertThat(ejection.endpoint()).isEqualTo(ready("a"));
            assertThat(ejection.since()).isEqualTo(START.plusMillis(400));
            // Sweeps come at 800, 1300 and 1800.
            assertThat(ejection.until()).isEqualTo(START.plusMillis(1800));
            assertThat(ejection.count()).isEqualTo(1);
        });
        mesh.millis(1399);
        assertThat(ejectedOf(cluster)).isEqualTo("a");
        assertThat(mesh.readmitted).isEmpty();

        mesh.millis(1);
        assertThat(picked(cluster)).isEqualTo("abc");
        assertThat(mesh.readmitted).isEqualTo(mesh.ejected);
    }

    @Test
    void eachEjectionIsLongerAndEachIntervalWithoutOneMakesTheNextShorter() {
        Cluster cluster = mesh.three(threeErrors().build());
        for (int count = 1; count <= 3; count++) {
            answers(cluster, "a", 503, 503, 503);
            assertThat(mesh.ejected.get(count - 1).count()).isEqualTo(count);
            mesh.millis(1000 * count);
            assertThat(ejectedOf(cluster)).isEmpty();
        }

        // Back at a sweep; of the next two each takes one away.
        mesh.millis(1000);
        answers(cluster, "a", 503, 503, 503);

        assertThat(mesh.ejected.get(3).count()).isEqualTo(2);
        assertThat(Duration.between(
                        mesh.ejected.get(3).since(), mesh.ejected.get(3).until()))
                .isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void sweepsCostNothingWhileThereIsNothingToEnd() {
        Cluster cluster = mesh.three(threeErrors().build());
        answers(cluster, "a", 503, 503);
        assertThat(mesh.clock.waitingTasks()).isZero();

        answers(cluster, "a", 503);
        assertThat(mesh.clock.waitingTasks()).isEqualTo(1);

        mesh.millis(1500);
        assertThat(mesh.clock.waitingTasks()).isZero();
    }

    @Test
    void errorsOfBeforeDoNotCountAfterAnEjection() {
        Cluster cluster = mesh.three(threeErrors().build());
        answers(cluster, "a", 503, 503, 503);
        // Calls that were under way.
        answers(cluster, "a", 503, 503);
        mesh.millis(1000);

        answers(cluster, "a", 503);
        assertThat(ejectedOf(cluster)).isEmpty();
        answers(cluster, "a", 503, 503);
        assertThat(ejectedOf(cluster)).isEqualTo("a");
    }

    @Test
    void whereTheShareIsTooLargeTheNextRowMayEject() {
        Cluster cluster =
                mesh.publish(null, threeErrors().maxEjectionPercent(50).build(), "a", "b");
        answers(cluster, "a", 503, 503, 503);
        answers(cluster, "b", 503, 503, 503);
        assertThat(ejectedOf(cluster)).isEqualTo("a");

        mesh.millis(1000);
        answers(cluster, "b", 503, 503);
        assertThat(ejectedOf(cluster)).isEmpty();
        answers(cluster, "b", 503);
        assertThat(ejectedOf(cluster)).isEqualTo("b");
    }

    @Test
    void allHostsMayBeEjected() {
        Cluster cluster = mesh.three(threeErrors().build());
        for (String id : List.of("a", "b", "c")) {
            answers(cluster, id, 503, 503, 503);
        }

        assertThat(picked(cluster)).isEmpty();
        assertThat(cluster.endpointStates())
                .allSatisfy(state -> assertThat(state.used()).isFalse());
    }

    @Test
    void belowTheLeastHealthTheEjectedServeAgain() {
        Cluster cluster = mesh.three(threeErrors().minHealthPercent(50).build());
        answers(cluster, "a", 503, 503, 503);
        assertThat(picked(cluster)).isEqualTo("bc");

        answers(cluster, "b", 503, 503, 503);
        assertThat(picked(cluster)).isEqualTo("abc");
        assertThat(ejectedOf(cluster)).isEqualTo("ab");
        assertThat(cluster.endpointStates().get(0)).satisfies(state -> {
            assertThat(state.used()).isTrue();
            assertThat(state.state())
                    .isEqualTo("ready, ejected since 2026-01-01T00:00:00Z because of 3 consecutive 5xx errors, used all"
                            + " the same because too few are well");
        });

        mesh.millis(1000);
        assertThat(picked(cluster)).isEqualTo("abc");
        assertThat(ejectedOf(cluster)).isEmpty();
    }

    @Test
    void clustersOfOneHostEachHaveTheirOwnAccountOfIt() {
        HostRegistry registry = new HostRegistry();
        ClusterPolicy policy = new ClusterPolicy(
                ClusterPolicy.DEFAULT.loadBalancer(), null, threeErrors().build(), null, null);
        ClusterKey key = new ClusterKey("a.example.com", 80, "");
        ClusterKey subset = new ClusterKey("a.example.com", 80, "v1");
        Cluster all = build(key, policy, registry);
        Cluster v1 = build(subset, policy, registry);
        registry.retire(Map.of(key, all, subset, v1));

        answers(all, "a", 503, 503);
        answers(v1, "a", 503);
        assertThat(picked(all)).isEqualTo("ab");
        answers(all, "a", 503);

        assertThat(host(v1, "a")).isSameAs(host(all, "a"));
        assertThat(picked(all)).isEqualTo("b");
        assertThat(picked(v1)).isEqualTo("ab");
        registry.close();
    }

    private static Cluster build(ClusterKey key, ClusterPolicy policy, HostRegistry registry) {
        return Cluster.build(
                key, Map.of(), policy, List.of(ready("a"), ready("b")), registry, null, new SplittableRandom(1));
    }

    @Test
    void ejectionsSurviveSnapshotsAndGoWithTheHost() {
        Cluster cluster = mesh.three(threeErrors().build());
        answers(cluster, "a", 503, 503, 503);

        Cluster more = mesh.publish(cluster, threeErrors().build(), "a", "b", "c", "d");
        assertThat(picked(more)).isEqualTo("bcd");
        // Counted by a call that began before.
        answers(cluster, "b", 503, 503, 503);
        assertThat(picked(more)).isEqualTo("cd");

        Cluster without = mesh.publish(more, threeErrors().build(), "b", "c");
        assertThat(mesh.readmitted)
                .extracting(ejection -> ejection.endpoint().id())
                .containsExactly("a");
        Cluster again = mesh.publish(without, threeErrors().build(), "a", "b", "c");
        assertThat(picked(again)).isEqualTo("ac");
        // Of an attempt at the one that has gone.
        answers(cluster, "a", 503, 503, 503);
        assertThat(ejectedOf(again)).isEqualTo("b");
    }

    @Test
    void aPodThatIsNotReadyStaysEjectedAndCountsForNoShare() {
        Cluster cluster =
                mesh.publish(null, threeErrors().maxEjectionPercent(34).build(), "a", "b", "c");
        answers(cluster, "a", 503, 503, 503);

        Cluster after = mesh.publish(
                cluster,
                threeErrors().maxEjectionPercent(34).build(),
                Simple.ROUND_ROBIN,
                List.of(endpoint("a", Condition.NOT_READY), ready("b"), ready("c"), ready("d")));
        assertThat(after.endpointStates().get(0).state()).startsWith("not ready, ejected since");
        answers(after, "b", 503, 503, 503);
        assertThat(ejectedOf(after)).isEqualTo("ab");
    }

    @Test
    void withTheRuleGoesTheEjection() {
        Cluster cluster = mesh.three(threeErrors().build());
        answers(cluster, "a", 503, 503, 503);

        Cluster without = mesh.publish(cluster, null, "a", "b", "c");

        assertThat(picked(without)).isEqualTo("abc");
        assertThat(mesh.readmitted).isEqualTo(mesh.ejected);
        assertThat(mesh.clock.waitingTasks()).isZero();
    }

    @Test
    void aChangedRuleHoldsForWhoIsEjectedAlready() {
        Cluster cluster =
                mesh.three(threeErrors().baseEjectionTime(Duration.ofHours(1)).build());
        answers(cluster, "a", 503, 503, 503);

        Cluster after = mesh.publish(cluster, threeErrors().build(), "a", "b", "c");
        assertThat(picked(after)).isEqualTo("bc");

        mesh.millis(1000);
        assertThat(picked(after)).isEqualTo("abc");
    }

    @Test
    void aClusterThatGoesTakesItsTimersAlong() {
        Cluster cluster = mesh.three(threeErrors().build());
        answers(cluster, "a", 503, 503, 503);

        mesh.takeAway();

        assertThat(mesh.clock.waitingTasks()).isZero();
        assertThat(mesh.readmitted).isEqualTo(mesh.ejected);
        answers(cluster, "b", 503, 503, 503);
        assertThat(mesh.ejected).hasSize(1);
    }

    @Test
    void withAWindowTheFirstChangeIsFollowedAtOnceAndThoseAfterItTogether() {
        OutlierFixture merging = new OutlierFixture(Duration.ofSeconds(1));
        OutlierDetection detection =
                threeErrors().baseEjectionTime(Duration.ofHours(1)).build();
        Cluster cluster = merging.publish(null, detection, "a", "b", "c", "d");

        answers(cluster, "a", 503, 503, 503);
        assertThat(picked(cluster)).isEqualTo("bcd");
        merging.clock.advance(Duration.ofMillis(300));
        answers(cluster, "b", 503, 503, 503);
        answers(cluster, "c", 503, 503, 503);
        assertThat(picked(cluster)).isEqualTo("bcd");
        assertThat(ejectedOf(cluster)).isEqualTo("abc");

        merging.clock.advance(Duration.ofMillis(999));
        assertThat(picked(cluster)).isEqualTo("bcd");
        merging.clock.advance(Duration.ofMillis(1));
        assertThat(picked(cluster)).isEqualTo("d");
    }

    @Test
    void tellsWhereTheShareOfOneHostIsTooLarge() {
        OutlierDetection tenPercent = threeErrors().maxEjectionPercent(10).build();
        assertThat(mesh.three(tenPercent).withoutEffect()).isSameAs(tenPercent);
        assertThat(mesh.three(tenPercent).ejectionRemarks())
                .containsExactly(
                        "outlierDetection ejects none of so few endpoints: maxEjectionPercent 10 takes at least 10");
        assertThat(mesh.three(threeErrors().build()).withoutEffect()).isNull();
        assertThat(mesh.three(null).withoutEffect()).isNull();
        assertThat(mesh.publish(null, tenPercent).withoutEffect()).isNull();
    }
}
