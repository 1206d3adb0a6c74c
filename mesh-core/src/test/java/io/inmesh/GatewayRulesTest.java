package io.inmesh;

import static io.inmesh.testing.Rules.gateway;
import static io.inmesh.testing.Rules.server;
import static io.inmesh.testing.Rules.service;
import static io.inmesh.testing.Rules.versions;
import static io.inmesh.testing.Rules.workload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.inmesh.call.MeshException;
import io.inmesh.call.RouteGate;
import io.inmesh.call.SimpleRequestHead;
import io.inmesh.call.SyntheticResponse;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.event.ResponseFlag;
import io.inmesh.explain.Explanation;
import io.inmesh.model.AuthorizationPolicy;
import io.inmesh.model.Destination;
import io.inmesh.model.Headers;
import io.inmesh.model.HttpRoute;
import io.inmesh.model.HttpRouteDestination;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.ObjectMeta;
import io.inmesh.model.VirtualService;
import io.inmesh.model.WorkloadMatch;
import io.inmesh.testing.FakeConfigSource;
import io.inmesh.testing.FakeEndpointSource;
import io.inmesh.testing.LeakCheck;
import io.inmesh.testing.ManualClock;
import io.inmesh.testing.RecordingObserver;
import io.inmesh.testing.Rules;
import io.inmesh.testing.ScriptedExchange;
import io.inmesh.testing.ScriptedExchange.By;
import io.inmesh.testing.ScriptedExchange.Reply;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A mesh that serves gateways. */
class GatewayRulesTest {
    private static final String REVIEWS = "reviews.default.svc.cluster.local";
    private static final AuthorizationPolicy POLICY = new AuthorizationPolicy(
            ObjectMeta.of("default", "p"), WorkloadMatch.ALL, AuthorizationPolicy.Action.DENY, List.of(), false);

    @RegisterExtension
    final LeakCheck leaks = new LeakCheck();

    private final RecordingObserver observer = new RecordingObserver();
    private final FakeConfigSource source = new FakeConfigSource("rules", allTo("v1", 80));
    private final Mesh mesh = leaks.watch(MeshTesting.manual(
                    Mesh.builder().config(source).observer(observer).gateway(),
                    new ManualClock(),
                    new SplittableRandom(1))
            .build());

    private static VirtualService toReviews(String subset) {
        HttpRoute route = HttpRoute.builder()
                .name("all")
                .route(List.of(new HttpRouteDestination(new Destination("reviews", subset, 0), 0, Headers.NONE)))
                .build();
        return new VirtualService(
                ObjectMeta.of("default", "front"), List.of("*"), List.of("gw"), List.of(route), List.of());
    }

    private static MeshConfig allTo(String version, int port) {
        return MeshConfig.builder()
                .virtualServices(List.of(toReviews(version)))
                .destinationRules(List.of(versions(REVIEWS, "v1", "v2")))
                .serviceEntries(
                        List.of(service(REVIEWS, 9080, workload("127.0.0.11", "v1"), workload("127.0.0.12", "v2"))))
                .gateways(List.of(gateway("gw", server(port, "*"))))
                .authorizationPolicies(List.of(POLICY))
                .build();
    }

    private static ScriptedExchange get() {
        return ScriptedExchange.get("http://shop.example.com/x");
    }

    @Test
    void routesARequestThatComesInAndTellsOfIt() throws IOException {
        Reply reply = mesh.gatewayRules().execute(80, get(), RouteGate.OPEN);

        assertThat(reply.by()).isEqualTo(By.SERVER);
        assertThat(reply.read()).isEqualTo("127.0.0.11:9080");
        assertThat(observer.calls()).singleElement().satisfies(call -> {
            assertThat(call.route()).isEqualTo("all");
            assertThat(call.status()).isEqualTo(200);
            assertThat(call.cluster()).isEqualTo("outbound|9080|v1|" + REVIEWS);
        });
    }

    @Test
    void aRequestThatIsJudgedByOneStateOfTheRulesIsRoutedByIt() throws IOException {
        GatewayRules rules = mesh.gatewayRules();
        source.tell(allTo("v2", 8080));

        assertThat(rules.serves(80)).isTrue();
        assertThat(rules.ports()).containsExactly(80);
        assertThat(rules.execute(80, get(), RouteGate.OPEN).read()).isEqualTo("127.0.0.11:9080");
        assertThat(mesh.gatewayRules().serves(80)).isFalse();
        assertThat(mesh.gatewayRules().ports()).containsExactly(8080);
        assertThat(mesh.gatewayRules().execute(8080, get(), RouteGate.OPEN).read())
                .isEqualTo("127.0.0.12:9080");
    }

    @Test
    void thePolicyIsTheSameInstanceUntilItChanges() {
        GatewayRules before = mesh.gatewayRules();
        assertThat(mesh.gatewayRules()).isSameAs(before);
        assertThat(before.policy().authorizations()).containsExactly(POLICY);

        source.tell(allTo("v2", 80));
        assertThat(mesh.gatewayRules()).isNotSameAs(before);
        assertThat(mesh.gatewayRules().policy()).isSameAs(before.policy());
        assertThat(mesh.inboundPolicy()).isSameAs(before.policy());

        source.tell(allTo("v2", 80).toBuilder().authorizationPolicies(List.of()).build());
        assertThat(mesh.inboundPolicy().isEmpty()).isTrue();
        assertThat(before.policy().authorizations()).containsExactly(POLICY);
    }

    @Test
    void whatNobodyTakesIsRefusedAndNeverPassesThrough() {
        assertThatExceptionOfType(MeshException.class)
                .isThrownBy(() -> mesh.gatewayRules().execute(81, get(), RouteGate.OPEN))
                .withMessageContaining("no Gateway has a server for HTTP at port 81")
                .satisfies(refused -> assertThat(refused.flag()).isEqualTo(ResponseFlag.NR));
        source.tell(MeshConfig.builder()
                .gateways(List.of(gateway("gw", server(80, "*"))))
                .build());
        assertThatExceptionOfType(MeshException.class)
                .isThrownBy(() -> mesh.gatewayRules().execute(80, get(), RouteGate.OPEN))
                .withMessageContaining("no rule for the Gateways at port 80 has the host")
                .satisfies(refused -> assertThat(refused.flag()).isEqualTo(ResponseFlag.NR));
        assertThat(observer.calls()).extracting(call -> call.flag()).containsExactly(ResponseFlag.NR, ResponseFlag.NR);
        assertThat(observer.passedThrough()).isEmpty();
    }

    @Test
    void aRefusalOfTheGateIsTheAnswerAndItsFlagIsTold() throws IOException {
        RouteGate closed = (virtualService, route, host) ->
                new RouteGate.Refusal(new SyntheticResponse(429, List.of(), new byte[0]), ResponseFlag.RL);
        ScriptedExchange exchange = get();

        Reply reply = mesh.gatewayRules().execute(80, exchange, closed);

        assertThat(reply.by()).isEqualTo(By.MESH);
        assertThat(reply.status()).isEqualTo(429);
        assertThat(exchange.attempts()).isEmpty();
        assertThat(observer.calls()).singleElement().satisfies(call -> {
            assertThat(call.flag()).isEqualTo(ResponseFlag.RL);
            assertThat(call.status()).isEqualTo(429);
            assertThat(call.route()).isEqualTo("all");
            assertThat(call.cluster()).isNull();
        });
    }

    @Test
    void callsOfThisProcessKnowNothingOfTheGateway() throws IOException {
        assertThat(mesh.knows("http", "shop.example.com")).isFalse();
        assertThat(mesh.execute(get()).by()).isEqualTo(By.PASS_THROUGH);
        assertThat(mesh.routes()).doesNotContainKey("*:80").containsKey(REVIEWS + ":9080");
        assertThat(mesh.gatewayRules().routes()).containsOnlyKeys("*:80");
    }

    @Test
    void aMeshThatServesNoGatewaysCompilesNoneAndSaysSo() {
        Mesh other = leaks.watch(Mesh.builder()
                .config(new FakeConfigSource("rules", allTo("v1", 80)))
                .build());

        assertThatIllegalStateException().isThrownBy(other::gatewayRules).withMessageContaining("gateway()");
        assertThatIllegalStateException()
                .isThrownBy(() -> other.explainAtGateway(80, SimpleRequestHead.of("GET", "http://h/", Map.of())));
        assertThat(other.snapshot().gateway().ports()).isEmpty();
        assertThat(other.inboundPolicy().authorizations()).containsExactly(POLICY);
    }

    @Test
    void requestsAreAnsweredWhileTheProcessEnds() throws IOException {
        mesh.close();

        assertThat(mesh.gatewayRules().execute(80, get(), RouteGate.OPEN).read())
                .isEqualTo("127.0.0.11:9080");
    }

    @Test
    void servicesThatOnlyAGatewaysRouteNamesAreWatched() throws IOException {
        FakeEndpointSource endpoints = new FakeEndpointSource("discovery");
        MeshConfig rules = MeshConfig.builder()
                .virtualServices(List.of(toReviews(null)))
                .gateways(List.of(gateway("gw", server(80, "*"))))
                .build();
        Mesh watching = leaks.watch(MeshTesting.manual(
                        Mesh.builder()
                                .config(new FakeConfigSource("rules", rules))
                                .endpoints(endpoints)
                                .firstAnswerWait(java.time.Duration.ZERO)
                                .gateway(),
                        new ManualClock(),
                        new SplittableRandom(1))
                .build());

        endpoints.tell(ServiceEndpoints.builder(new ServiceName(REVIEWS), "default", ServiceEndpoints.State.ENDPOINTS)
                .ports(List.of(new io.inmesh.endpoint.ServicePort(9080, "http", "HTTP")))
                .endpoints(Map.of(9080, List.of(Rules.endpoint("127.0.0.21", 8080))))
                .build());

        assertThat(watching.gatewayRules().execute(80, get(), RouteGate.OPEN).read())
                .isEqualTo("127.0.0.21:8080");
    }

    @Test
    void explainsWhatWouldHappen() {
        Explanation explanation =
                mesh.explainAtGateway(80, SimpleRequestHead.of("GET", "http://shop.example.com/x", Map.of()));

        assertThat(explanation.decision()).isEqualTo(Explanation.Decision.FORWARD);
        assertThat(explanation.cluster()).isEqualTo("outbound|9080|v1|" + REVIEWS);
        assertThat(explanation.virtualService()).isEqualTo("default/front");
        assertThat(explanation.why())
                .startsWith(
                        "shop.example.com is * at port 80, routed by VirtualService default/front",
                        "server of Gateway default/gw takes *");
    }
}
