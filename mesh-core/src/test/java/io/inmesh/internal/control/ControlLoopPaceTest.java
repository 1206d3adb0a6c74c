package io.inmesh.internal.control;

import static io.inmesh.testing.Rules.config;
import static io.inmesh.testing.Rules.service;
import static io.inmesh.testing.Rules.workload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.model.MeshConfig;
import io.inmesh.observe.MeshObserver;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How often snapshots are built when changes come in a hurry. */
class ControlLoopPaceTest extends ControlLoopFixture {
    private static final Duration INTERVAL = Duration.ofMillis(100);

    @BeforeEach
    void pace() {
        publishInterval = INTERVAL;
    }

    @Test
    void theFirstChangeIsPublishedAtOnceAndTheNextAfterTheInterval() {
        ControlLoop loop = quiet();

        registry.tell(found(REVIEWS, "10.0.0.2"));
        assertThat(hosts(loop)).containsExactly("10.0.0.2");
        clock.advance(Duration.ofMillis(1));
        registry.tell(found(REVIEWS, "10.0.0.3"));
        clock.advance(INTERVAL.minusMillis(1).minusNanos(1));
        assertThat(hosts(loop)).containsExactly("10.0.0.2");
        clock.advance(Duration.ofNanos(1));

        assertThat(hosts(loop)).containsExactly("10.0.0.3");
        clock.advance(INTERVAL);
        registry.tell(found(REVIEWS, "10.0.0.4"));
        assertThat(hosts(loop)).containsExactly("10.0.0.4");
        assertThat(clock.waitingTasks()).isZero();
    }

    @Test
    void aThousandChangesInASecondAreTenBuildsAndTheLastIsInForce() {
        ControlLoop loop = quiet();
        int before = compiled.size();

        for (int change = 1; change <= 1_000; change++) {
            registry.tell(found(REVIEWS, "10.0." + change / 250 + "." + change % 250));
            clock.advance(Duration.ofMillis(1));
        }

        assertThat(compiled.size() - before).isEqualTo(10);
        clock.advance(INTERVAL);
        assertThat(hosts(loop)).containsExactly("10.0.4.0");
        assertThat(compiled.size() - before).isEqualTo(11);
        clock.advance(Duration.ofSeconds(10));
        assertThat(compiled.size() - before).isEqualTo(11);
    }

    @Test
    void rulesKeepThePaceToo() {
        ControlLoop loop = quiet();

        rules.tell(withEntry("127.0.0.1"));
        rules.tell(withEntry("127.0.0.2"));
        rules.tell(withEntry("127.0.0.3"));

        assertThat(hosts(loop, RATINGS)).containsExactly("127.0.0.1:9080");
        clock.advance(INTERVAL);
        assertThat(hosts(loop, RATINGS)).containsExactly("127.0.0.3:9080");
        assertThat(observer.snapshots()).hasSize(3);
    }

    @Test
    void buildsThatFailKeepThePaceToo() {
        ControlLoop loop = quiet();
        int before = compiled.size();
        beforeCompile = config -> {
            throw new IllegalStateException("cannot do this");
        };

        for (int change = 2; change < 100; change++) {
            registry.tell(found(REVIEWS, "10.0.0." + change));
        }

        assertThat(compiled.size() - before).isEqualTo(1);
        beforeCompile = config -> {};
        clock.advance(INTERVAL);
        assertThat(hosts(loop)).containsExactly("10.0.0.99");
    }

    @Test
    void closingEndsTheWaitForTheNextBuild() {
        ControlLoop loop = quiet();
        registry.tell(found(REVIEWS, "10.0.0.2"));
        registry.tell(found(REVIEWS, "10.0.0.3"));
        assertThat(clock.waitingTasks()).isEqualTo(1);

        loop.close();

        assertThat(clock.waitingTasks()).isZero();
    }

    /** What comes while an observer is slow waits in no queue: of 10 000 tables only the newest is kept. */
    @Test
    void aSlowObserverHoldsUpNothingButTheControlThread() {
        List<WeakReference<ServiceEndpoints>> told = new ArrayList<>();
        alsoTell = new MeshObserver() {
            @Override
            public void snapshotPublished(long version) {
                if (version == 2) {
                    for (int change = 0; change < 10_000; change++) {
                        ServiceEndpoints update = found(REVIEWS, "10.0." + change / 250 + "." + change % 250);
                        told.add(new WeakReference<>(update));
                        registry.tell(update);
                    }
                    assertThat(reachable(told)).isEqualTo(1);
                    clock.advance(Duration.ofSeconds(1));
                }
            }
        };
        ControlLoop loop = quiet();

        registry.tell(found(REVIEWS, "10.0.0.2"));

        assertThat(told).hasSize(10_000);
        assertThat(hosts(loop)).containsExactly("10.0.39.249");
        assertThat(compiled).hasSize(3);
    }

    @Test
    void aNegativeIntervalIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings(Duration.ofMillis(-1)))
                .withMessageContaining("interval between snapshots");
    }

    private static long reachable(List<WeakReference<ServiceEndpoints>> references) {
        long reachable = references.size();
        for (int round = 0; round < 20 && reachable > 1; round++) {
            System.gc();
            reachable = references.stream().filter(it -> it.get() != null).count();
        }
        return reachable;
    }

    /** A loop that has published a first snapshot and has rested since. */
    private ControlLoop quiet() {
        rules.tell(toVersion(REVIEWS, "v1"));
        registry.tell(found(REVIEWS, "10.0.0.1"));
        ControlLoop loop = begun(registry);
        clock.advance(INTERVAL);
        return loop;
    }

    private static MeshConfig withEntry(String address) {
        return config(service(RATINGS, 9080, workload(address, "v1")));
    }

    private static List<String> hosts(ControlLoop loop) {
        return loop.services().get(0).endpoints().get(9080).stream()
                .map(endpoint -> endpoint.address())
                .toList();
    }
}
