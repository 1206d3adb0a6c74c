package io.inmesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.endpoint.Condition;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.Locality;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.ServicePort;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.model.MeshConfig;
import io.inmesh.testing.FakeConfigSource;
import io.inmesh.testing.FakeEndpointSource;
import io.inmesh.testing.LeakCheck;
import io.inmesh.testing.ManualClock;
import io.inmesh.testing.Rules;
import io.inmesh.testing.ScriptedExchange;
import io.inmesh.testing.ScriptedExchange.By;
import io.inmesh.testing.ScriptedExchange.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Services that rules need and calls name, when the rules go and when they come: no call passes by. */
class RulesThatGoTest {
    private static final String REVIEWS = "reviews.default.svc.cluster.local";
    private static final String RATINGS = "ratings.default.svc.cluster.local";
    private static final ServiceName SERVICE = new ServiceName(REVIEWS);
    private static final String URL = "http://reviews:9080/";
    private static final Duration IDLE = Duration.ofMinutes(10);
    private static final MeshConfig RULES = Rules.config(Rules.toSubset(REVIEWS, "v1"), Rules.versions(REVIEWS, "v1"));
    private static final MeshConfig ONLY_SUBSETS =
            new MeshConfig(List.of(), List.of(Rules.versions(REVIEWS, "v1")), List.of());

    @RegisterExtension
    final LeakCheck leaks = new LeakCheck();

    private final ManualClock clock = new ManualClock();
    private final FakeConfigSource rules = new FakeConfigSource("rules", RULES);
    private final FakeEndpointSource registry = new FakeEndpointSource("registry");

    private Mesh mesh() {
        registry.offer(REVIEWS, RATINGS);
        return leaks.watch(MeshTesting.manual(
                        Mesh.builder().config(rules).endpoints(registry).self(WorkloadIdentity.DEFAULT),
                        clock,
                        new SplittableRandom(1))
                .build());
    }

    private static ServiceEndpoints found(String host, String address) {
        return new ServiceEndpoints(
                new ServiceName(host),
                "default",
                ServiceEndpoints.State.ENDPOINTS,
                List.of(),
                List.of(new ServicePort(9080, "http", "HTTP")),
                Map.of(
                        9080,
                        List.of(new Endpoint(
                                address,
                                address,
                                9080,
                                Locality.UNKNOWN,
                                1,
                                Map.of("version", "v1"),
                                Condition.READY))),
                List.of());
    }

    private static String call(Mesh mesh, String url) throws IOException {
        Reply reply = mesh.execute(ScriptedExchange.get(url));
        return reply.by() == By.PASS_THROUGH ? "passed through" : reply.read();
    }

    @Test
    void aServiceThatIsCalledStaysWhenItsRulesGo() throws IOException {
        registry.tell(found(REVIEWS, "10.0.0.1"));
        Mesh mesh = mesh();
        assertThat(call(mesh, URL)).isEqualTo("10.0.0.1:9080");

        rules.tell(ONLY_SUBSETS);
        assertThat(call(mesh, URL)).isEqualTo("10.0.0.1:9080");
        rules.tell(MeshConfig.EMPTY);

        assertThat(call(mesh, URL)).isEqualTo("10.0.0.1:9080");
        assertThat(registry.watchedWithoutLabels()).containsExactly(SERVICE);
        assertThat(registry.watchedWithLabels()).isEmpty();
    }

    /** The source takes its time to answer without labels, and the service is called all the while. */
    @Test
    void theOldWatchSuppliesUntilTheNewOneAnswers() throws IOException {
        registry.tellWithLabels(found(REVIEWS, "10.0.0.1"));
        Mesh mesh = mesh();
        assertThat(call(mesh, URL)).isEqualTo("10.0.0.1:9080");

        rules.tell(MeshConfig.EMPTY);
        for (int i = 0; i < 20; i++) {
            assertThat(call(mesh, URL)).isEqualTo("10.0.0.1:9080");
            clock.advance(Duration.ofSeconds(1));
        }
        registry.tellWithoutLabels(found(REVIEWS, "10.0.0.2"));

        assertThat(call(mesh, URL)).isEqualTo("10.0.0.2:9080");
        assertThat(registry.watchedWithLabels()).isEmpty();
    }

    @Test
    void callsOfLongAgoSnapshotsCountWithinTheIdleTime() throws IOException {
        registry.tell(found(REVIEWS, "10.0.0.1"));
        Mesh mesh = mesh();
        assertThat(call(mesh, URL)).isEqualTo("10.0.0.1:9080");
        for (int i = 2; i < 11; i++) {
            registry.tell(found(REVIEWS, "10.0.0." + i));
            clock.advance(Duration.ofSeconds(59));
        }

        rules.tell(MeshConfig.EMPTY);

        assertThat(call(mesh, URL)).isEqualTo("10.0.0.10:9080");
    }

    @Test
    void aServiceThatNobodyCallsGoesWithItsRules() throws IOException {
        registry.tell(found(REVIEWS, "10.0.0.1"));
        Mesh mesh = mesh();
        assertThat(call(mesh, URL)).isEqualTo("10.0.0.1:9080");
        registry.tell(found(REVIEWS, "10.0.0.2"));
        clock.advance(IDLE);
        registry.tell(found(REVIEWS, "10.0.0.3"));

        rules.tell(MeshConfig.EMPTY);

        assertThat(registry.watched()).isEmpty();
        assertThat(clock.waitingTasks()).isZero();
    }

    @Test
    void whatStaysForItsCallsGoesWhenTheyEnd() throws IOException {
        registry.tell(found(REVIEWS, "10.0.0.1"));
        Mesh mesh = mesh();
        assertThat(call(mesh, URL)).isEqualTo("10.0.0.1:9080");
        rules.tell(MeshConfig.EMPTY);
        for (int i = 0; i < 60; i++) {
            assertThat(call(mesh, URL)).isEqualTo("10.0.0.1:9080");
            clock.advance(Duration.ofMinutes(1));
        }

        clock.advance(IDLE.multipliedBy(2));

        assertThat(registry.watched()).isEmpty();
        assertThat(clock.waitingTasks()).isZero();
    }

    @Test
    void aRuleThatDropsOneOfItsHostsLeavesNoGap() throws IOException {
        registry.tell(found(REVIEWS, "10.0.0.1"));
        registry.tell(found(RATINGS, "10.0.1.1"));
        rules.tell(new MeshConfig(
                List.of(Rules.toSubset(REVIEWS, "v1"), Rules.toSubset(RATINGS, "v1")),
                List.of(Rules.versions(REVIEWS, "v1"), Rules.versions(RATINGS, "v1")),
                List.of()));
        Mesh mesh = mesh();
        assertThat(call(mesh, URL)).isEqualTo("10.0.0.1:9080");
        assertThat(call(mesh, "http://ratings:9080/")).isEqualTo("10.0.1.1:9080");

        rules.tell(RULES);

        assertThat(call(mesh, "http://ratings:9080/")).isEqualTo("10.0.1.1:9080");
        assertThat(call(mesh, URL)).isEqualTo("10.0.0.1:9080");
    }

    /** Called without rules, then with them, then without: the reason to follow it changes, and no call sees it. */
    @Test
    void rulesMayComeAndGoWhileAServiceIsCalled() throws IOException {
        rules.tell(MeshConfig.EMPTY);
        registry.tell(found(REVIEWS, "10.0.0.1"));
        Mesh mesh = mesh();
        assertThat(call(mesh, URL)).as("the first call of all").isEqualTo("passed through");

        for (MeshConfig next : List.of(RULES, ONLY_SUBSETS, MeshConfig.EMPTY, RULES, MeshConfig.EMPTY)) {
            for (int i = 0; i < 40; i++) {
                assertThat(call(mesh, URL)).isEqualTo("10.0.0.1:9080");
                clock.advance(Duration.ofSeconds(30));
            }
            rules.tell(next);
            assertThat(call(mesh, URL)).isEqualTo("10.0.0.1:9080");
        }
    }

    /** A call between the decision to publish and the publication counts too. */
    @Test
    void theFirstCallDuringTheChangeCounts() throws IOException {
        registry.tell(found(REVIEWS, "10.0.0.1"));
        Mesh mesh = mesh();
        rules.tell(Rules.config(Rules.toSubset(RATINGS, "v1"), Rules.versions(RATINGS, "v1")));

        assertThat(call(mesh, URL)).as("the next rules wait for ratings").isEqualTo("10.0.0.1:9080");
        registry.tell(found(RATINGS, "10.0.1.1"));

        assertThat(call(mesh, URL)).isEqualTo("10.0.0.1:9080");
        assertThat(call(mesh, "http://ratings:9080/")).isEqualTo("10.0.1.1:9080");
    }

    @Test
    void whatCallsMayNotAskForGoesWithItsRules() throws IOException {
        registry.tell(found(REVIEWS, "10.0.0.1"));
        Mesh mesh = leaks.watch(MeshTesting.manual(
                        Mesh.builder().config(rules).endpoints(registry).self(WorkloadIdentity.DEFAULT),
                        clock,
                        new SplittableRandom(1))
                .build());
        assertThat(call(mesh, URL)).isEqualTo("10.0.0.1:9080");

        rules.tell(MeshConfig.EMPTY);

        assertThat(registry.watched()).isEmpty();
        assertThat(call(mesh, URL)).isEqualTo("passed through");
    }
}
