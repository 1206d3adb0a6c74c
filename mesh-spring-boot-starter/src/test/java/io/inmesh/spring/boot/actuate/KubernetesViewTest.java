package io.inmesh.spring.boot.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.endpoint.ServiceName;
import io.inmesh.kubernetes.KubernetesStatus;
import io.inmesh.kubernetes.KubernetesStatus.ServiceState;
import io.inmesh.kubernetes.KubernetesStatus.State;
import io.inmesh.kubernetes.KubernetesStatus.Watch;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KubernetesViewTest {

    private static final Watch STANDING = new Watch(
            "services of namespace shop",
            "WATCHING",
            Instant.parse("2026-01-02T03:04:05Z"),
            "77",
            3,
            "",
            Map.of("lists", 1L, "events", 12L));

    private static final Watch FALLEN = new Watch(
            "endpointslices.discovery.k8s.io of namespace shop",
            "BACKING_OFF",
            null,
            "",
            0,
            "connection refused",
            Map.of("failures", 4L));

    @ParameterizedTest
    @CsvSource({"STARTING, false", "LIVE, false", "STALE, true", "FROM_SNAPSHOT, true", "BY_NAME, true"})
    void whateverIsOlderThanTheClusterIsDegraded(State state, boolean degraded) {
        assertThat(view(status(state), null).degraded()).isEqualTo(degraded);
        assertThat(view(status(State.LIVE), status(state)).degraded()).isEqualTo(degraded);
    }

    @Test
    void healthNamesTheWatchesThatDoNotStandAndWhy() {
        KubernetesStatus stale = new KubernetesStatus(
                State.STALE,
                Duration.ofSeconds(61),
                List.of(STANDING, FALLEN),
                Map.of(),
                List.of("nodes are forbidden"));

        assertThat(view(stale, status(State.LIVE)).health())
                .isEqualTo(Map.of(
                        "endpoints",
                        Map.of(
                                "state",
                                "stale",
                                "tableAgeMs",
                                61_000L,
                                "problems",
                                List.of("nodes are forbidden"),
                                "notStanding",
                                Map.of(
                                        "endpointslices.discovery.k8s.io of namespace shop",
                                        "backing_off: connection refused")),
                        "rules",
                        Map.of("state", "live")));
    }

    @Test
    void statusHasEveryWatchWithItsCounts() {
        KubernetesStatus live = new KubernetesStatus(State.LIVE, Duration.ZERO, List.of(STANDING), Map.of(), List.of());

        assertThat(view(live, null).status())
                .isEqualTo(Map.of(
                        "endpoints",
                        Map.of(
                                "state",
                                "live",
                                "tableAgeMs",
                                0L,
                                "watches",
                                List.of(Map.of(
                                        "selection",
                                        "services of namespace shop",
                                        "state",
                                        "watching",
                                        "confirmedAt",
                                        "2026-01-02T03:04:05Z",
                                        "resourceVersion",
                                        "77",
                                        "objects",
                                        3,
                                        "counts",
                                        Map.of("lists", 1L, "events", 12L))))));
        assertThat(view(live, null).endpoints())
                .isEqualTo(view(live, null).status().get("endpoints"));
        assertThat(view(null, live).endpoints()).isEmpty();
    }

    @Test
    void aServiceHasItsStateAndTheTablesAge() {
        KubernetesStatus status = new KubernetesStatus(
                State.STALE,
                Duration.ofMillis(1500),
                List.of(),
                Map.of("reviews.shop.svc.cluster.local", ServiceState.FROM_SNAPSHOT),
                List.of());

        assertThat(view(status, null).service(new ServiceName("reviews.shop.svc.cluster.local")))
                .isEqualTo(Map.of("state", "from_snapshot", "tableAgeMs", 1500L));
        assertThat(view(status, null).service(new ServiceName("api.example.com")))
                .isEmpty();
        assertThat(view(null, null).service(new ServiceName("api.example.com"))).isEmpty();
    }

    private static KubernetesStatus status(State state) {
        return new KubernetesStatus(state, null, List.of(), Map.of(), List.of());
    }

    private static KubernetesView view(@Nullable KubernetesStatus endpoints, @Nullable KubernetesStatus rules) {
        return new KubernetesView(() -> endpoints, () -> rules);
    }
}
