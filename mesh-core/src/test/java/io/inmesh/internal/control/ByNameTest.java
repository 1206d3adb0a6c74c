package io.inmesh.internal.control;

import static io.inmesh.testing.Rules.config;
import static io.inmesh.testing.Rules.route;
import static io.inmesh.testing.Rules.service;
import static io.inmesh.testing.Rules.workload;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.call.SimpleRequestHead;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.ServicePort;
import io.inmesh.explain.Explanation;
import io.inmesh.internal.cluster.Cluster;
import io.inmesh.internal.route.ClusterKey;
import io.inmesh.internal.snapshot.Decision;
import io.inmesh.internal.time.TimeSource;
import io.inmesh.model.Destination;
import io.inmesh.model.Headers;
import io.inmesh.model.HttpRouteDestination;
import io.inmesh.model.MeshConfig;
import io.inmesh.testing.Rules;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Services that discovery cannot see: they are called by their own names. */
class ByNameTest extends ControlLoopFixture {
    private static final String SHOP = "shop.example.com";

    private static ServiceEndpoints byName(ServicePort... ports) {
        return new ServiceEndpoints(
                new ServiceName(REVIEWS),
                "default",
                ServiceEndpoints.State.BY_NAME,
                List.of(),
                List.of(ports),
                Map.of(),
                List.of());
    }

    private static Decision decide(ControlLoop loop, String url) {
        return loop.snapshot().decide(SimpleRequestHead.of("GET", url, Map.of()), () -> 0L, TimeSource.system());
    }

    private static Explanation explain(ControlLoop loop, String url) {
        return loop.snapshot().explain(SimpleRequestHead.of("GET", url, Map.of()), () -> 0L);
    }

    @Test
    void letsNoHostOutsidePassOnTheGuessThatItIsAService() {
        registryOnly = true;
        String guessed = "example.com.svc.cluster.local";
        rules.tell(toVersion(guessed, "v1"));
        registry.tell(new ServiceEndpoints(
                new ServiceName(guessed),
                "com",
                ServiceEndpoints.State.BY_NAME,
                List.of(),
                List.of(),
                Map.of(),
                List.of()));

        ControlLoop loop = begun(registry);

        assertThat(decide(loop, "http://example.com/")).isInstanceOf(Decision.Blocked.class);
        assertThat(decide(loop, "http://example.com.svc/")).isInstanceOf(Decision.PassThrough.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://reviews/",
                "http://reviews:9080/",
                "http://Reviews.default:9080/",
                "http://reviews.default.svc/",
                "http://reviews.default.svc.cluster.local:9080/",
                "http://reviews.default.svc.cluster.local./"
            })
    void callsPassThroughWhateverTheRulesSay(String url) {
        registryOnly = true;
        rules.tell(toVersion(REVIEWS, "v1"));
        registry.tell(byName(new ServicePort(9080, "http", "HTTP")));

        ControlLoop loop = begun(registry);

        assertThat(decide(loop, url)).isInstanceOf(Decision.PassThrough.class);
        Explanation explanation = explain(loop, url);
        assertThat(explanation.decision()).isEqualTo(Explanation.Decision.PASSTHROUGH);
        assertThat(explanation.why())
                .singleElement()
                .asString()
                .contains("discovery cannot see", "as if there were no mesh");
        assertThat(decide(loop, "http://elsewhere/")).isInstanceOf(Decision.Blocked.class);
    }

    @Test
    void aWildcardRuleDoesNotCatchIt() {
        rules.tell(new MeshConfig(
                List.of(
                        Rules.toSubset("*.default.svc.cluster.local", "v1"),
                        route(RATINGS, new HttpRouteDestination(new Destination(REVIEWS, null, 0), 0, Headers.NONE))),
                List.of(),
                List.of()));
        registry.tell(byName());
        registry.tell(ServiceEndpoints.absent(new ServiceName(RATINGS)));

        ControlLoop loop = begun(registry);
        clock.advance(WAIT);

        assertThat(decide(loop, "http://" + REVIEWS + "/")).isInstanceOf(Decision.PassThrough.class);
        assertThat(decide(loop, "http://other.default.svc.cluster.local/")).isInstanceOf(Decision.Forward.class);
    }

    @Test
    void whatIsSeenReplacesTheName() {
        rules.tell(toVersion(REVIEWS, "v1"));
        registry.tell(byName());
        ControlLoop loop = begun(registry);
        assertThat(decide(loop, "http://reviews:9080/")).isInstanceOf(Decision.PassThrough.class);

        registry.tell(found(REVIEWS, "10.0.0.1"));

        assertThat(decide(loop, "http://reviews:9080/")).isInstanceOf(Decision.Forward.class);
        assertThat(clock.waitingTasks()).as("look-ups").isZero();
    }

    @Test
    void whatAnotherSourceSeesCounts() {
        rules.tell(config(service(REVIEWS, 9080, workload("10.0.0.9", "v1"))));
        registry.tell(byName());
        registry.tellNames(REVIEWS);

        ControlLoop loop = begun(registry);

        assertThat(hosts(loop, REVIEWS)).containsExactly("10.0.0.9:9080");
    }

    // rules of other hosts

    @Test
    void aRuleOfAnotherHostSendsToTheAddressesOfTheName() throws UnknownHostException {
        dnsAnswer.add(InetAddress.getByName("10.96.0.7"));
        rules.tell(shopToReviews());
        registry.tell(byName());
        registry.tell(ServiceEndpoints.absent(new ServiceName(SHOP)));

        ControlLoop loop = begun(registry);

        assertThat(members(loop)).containsExactly("10.96.0.7:9080");
        Explanation explanation = explain(loop, "http://" + SHOP + "/");
        assertThat(explanation.decision()).isEqualTo(Explanation.Decision.FORWARD);
        assertThat(explanation.why()).anySatisfy(why -> assertThat(why).contains(REVIEWS, "addresses of its DNS name"));
        dnsAnswer.set(0, InetAddress.getByName("10.96.0.8"));
        clock.advance(Duration.ofSeconds(30));
        assertThat(members(loop)).containsExactly("10.96.0.8:9080");
    }

    @Test
    void withoutAnAddressTheCallFailsAndSaysSo() {
        rules.tell(shopToReviews());
        registry.tell(byName());
        registry.tell(ServiceEndpoints.absent(new ServiceName(SHOP)));

        ControlLoop loop = begun(registry);

        assertThat(members(loop)).isEmpty();
        Explanation explanation = explain(loop, "http://" + SHOP + "/");
        assertThat(explanation.decision()).isEqualTo(Explanation.Decision.NO_ENDPOINTS);
        assertThat(explanation.why()).anySatisfy(why -> assertThat(why).contains(REVIEWS, "addresses of its DNS name"));
    }

    private static MeshConfig shopToReviews() {
        return new MeshConfig(
                List.of(route(SHOP, new HttpRouteDestination(new Destination(REVIEWS, "v1", 9080), 0, Headers.NONE))),
                List.of(Rules.versions(REVIEWS, "v1")),
                List.of());
    }

    private static List<String> members(ControlLoop loop) {
        Cluster cluster = loop.snapshot().clusters().get(new ClusterKey(REVIEWS, 9080, "v1"));
        return cluster.members().stream()
                .map(member -> member.endpoint().hostPort())
                .toList();
    }
}
