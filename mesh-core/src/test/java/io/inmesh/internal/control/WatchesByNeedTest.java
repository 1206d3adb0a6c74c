package io.inmesh.internal.control;

import static io.inmesh.testing.Rules.config;
import static io.inmesh.testing.Rules.route;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.endpoint.Condition;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.Locality;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.ServicePort;
import io.inmesh.internal.route.ClusterKey;
import io.inmesh.model.Destination;
import io.inmesh.model.Headers;
import io.inmesh.model.HttpRouteDestination;
import io.inmesh.model.MeshConfig;
import io.inmesh.testing.Rules;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How sources are asked: with labels where subsets need them, and again when they could not be asked. */
class WatchesByNeedTest extends ControlLoopFixture {
    private static final ServiceName SERVICE = new ServiceName(REVIEWS);

    // labels

    @Test
    void labelsAreAskedForWhereSubsetsNeedThem() {
        rules.tell(toVersion(REVIEWS, "v1"));
        registry.tell(versioned("10.0.0.1", "v1"));

        ControlLoop loop = begun(registry);

        assertThat(registry.watchedWithLabels()).containsExactly(SERVICE);
        assertThat(registry.watchedWithoutLabels()).isEmpty();
        assertThat(members(loop, "v1")).containsExactly("10.0.0.1:9080");
    }

    @Test
    void withoutSubsetsNoLabelsAreAskedFor() {
        rules.tell(withoutSubsets());
        registry.tell(versioned("10.0.0.1", "v1"));

        ControlLoop loop = begun(registry);

        assertThat(registry.watchedWithLabels()).isEmpty();
        assertThat(registry.watchedWithoutLabels()).containsExactly(SERVICE);
        assertThat(hosts(loop, REVIEWS)).containsExactly("10.0.0.1:9080");
    }

    @Test
    void rulesThatAddSubsetsWaitForLabelsWhileTheOldWatchGoesOn() {
        rules.tell(withoutSubsets());
        registry.tellWithoutLabels(versioned("10.0.0.1", "v1"));
        ControlLoop loop = begun(registry);

        rules.tell(toVersion(REVIEWS, "v1"));

        assertThat(registry.watchedWithLabels()).containsExactly(SERVICE);
        assertThat(registry.watchedWithoutLabels()).containsExactly(SERVICE);
        registry.tellWithoutLabels(versioned("10.0.0.2", "v1"));
        assertThat(hosts(loop, REVIEWS)).containsExactly("10.0.0.2:9080");

        registry.tell(versioned("10.0.0.3", "v1"));

        assertThat(members(loop, "v1")).containsExactly("10.0.0.3:9080");
        assertThat(registry.watchedWithoutLabels()).isEmpty();
    }

    @Test
    void whenTheWaitForLabelsIsOverTheOldWatchStillSupplies() {
        rules.tell(withoutSubsets());
        registry.tellWithoutLabels(versioned("10.0.0.1", "v1"));
        ControlLoop loop = begun(registry);
        rules.tell(config(route(REVIEWS, to(null)), Rules.versions(REVIEWS, "v1")));

        clock.advance(WAIT);

        assertThat(loop.snapshot().version()).isEqualTo(2);
        assertThat(hosts(loop, REVIEWS)).containsExactly("10.0.0.1:9080");
        registry.tellWithoutLabels(versioned("10.0.0.2", "v1"));
        assertThat(hosts(loop, REVIEWS)).containsExactly("10.0.0.2:9080");

        registry.tell(versioned("10.0.0.3", "v1"));

        assertThat(hosts(loop, REVIEWS)).containsExactly("10.0.0.3:9080");
        assertThat(registry.watchedWithoutLabels()).isEmpty();
    }

    @Test
    void rulesThatDropSubsetsGiveTheLabelsUp() {
        rules.tell(toVersion(REVIEWS, "v1"));
        registry.tell(versioned("10.0.0.1", "v1"));
        ControlLoop loop = begun(registry);

        rules.tell(withoutSubsets());

        assertThat(hosts(loop, REVIEWS)).containsExactly("10.0.0.1:9080");
        assertThat(registry.watchedWithLabels()).isEmpty();
        assertThat(registry.watchedWithoutLabels()).containsExactly(SERVICE);
    }

    // watches that cannot be opened

    @Test
    void aWatchThatFailsIsTriedAgainLaterEachTime() {
        rules.tell(withoutSubsets());
        registry.tell(versioned("10.0.0.1", "v1"));
        registry.refuseWith(new IllegalStateException("no connection"));
        ControlLoop loop = begun(registry);
        assertThat(loop.status().problems())
                .singleElement()
                .satisfies(problem ->
                        assertThat(problem.toString()).contains(REVIEWS + " cannot be watched", "no connection"));
        assertThat(registry.opened()).hasSize(1);

        clock.advance(Duration.ofSeconds(1));
        assertThat(registry.opened()).hasSize(2);
        clock.advance(Duration.ofSeconds(1));
        assertThat(registry.opened()).hasSize(2);
        clock.advance(Duration.ofSeconds(1));
        assertThat(registry.opened()).hasSize(3);
        clock.advance(Duration.ofMinutes(10));
        int tried = registry.opened().size();
        clock.advance(Duration.ofSeconds(64));
        assertThat(registry.opened()).as("every 32 s in the end").hasSize(tried + 2);

        registry.refuseWith(null);
        clock.advance(Duration.ofSeconds(32));

        assertThat(loop.status().problems()).isEmpty();
        assertThat(loop.status().sources().get(1).current()).isTrue();
        assertThat(hosts(loop, REVIEWS)).containsExactly("10.0.0.1:9080");
        assertThat(clock.waitingTasks()).isZero();
    }

    @Test
    void aWatchThatIsNotNeededAnyMoreIsNotTriedAgain() {
        rules.tell(withoutSubsets());
        registry.refuseWith(new IllegalStateException("no connection"));
        ControlLoop loop = begun(registry);

        rules.tell(MeshConfig.EMPTY);

        assertThat(clock.waitingTasks()).isZero();
        assertThat(loop.status().problems()).isEmpty();
    }

    static HttpRouteDestination to(String subset) {
        return new HttpRouteDestination(new Destination(REVIEWS, subset, 0), 0, Headers.NONE);
    }

    private static MeshConfig withoutSubsets() {
        return new MeshConfig(List.of(route(REVIEWS, to(null))), List.of(), List.of());
    }

    private static List<String> members(ControlLoop loop, String subset) {
        return loop.snapshot().clusters().get(new ClusterKey(REVIEWS, 9080, subset)).members().stream()
                .map(member -> member.endpoint().hostPort())
                .toList();
    }

    private static ServiceEndpoints versioned(String address, String version) {
        Endpoint endpoint =
                new Endpoint(address, address, 9080, Locality.UNKNOWN, 1, Map.of("version", version), Condition.READY);
        return new ServiceEndpoints(
                SERVICE,
                "default",
                ServiceEndpoints.State.ENDPOINTS,
                List.of(),
                List.of(new ServicePort(9080, "http", "HTTP")),
                Map.of(9080, List.of(endpoint)),
                List.of());
    }
}
