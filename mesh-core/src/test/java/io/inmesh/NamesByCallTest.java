package io.inmesh;

import static io.inmesh.testing.Rules.endpoint;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inmesh.call.SimpleRequestHead;
import io.inmesh.config.source.TextConfigSource;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.ServicePort;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.explain.Explanation;
import io.inmesh.internal.time.Threads;
import io.inmesh.model.MeshConfig;
import io.inmesh.testing.FakeConfigSource;
import io.inmesh.testing.FakeEndpointSource;
import io.inmesh.testing.LeakCheck;
import io.inmesh.testing.ManualClock;
import io.inmesh.testing.ScriptedExchange;
import io.inmesh.testing.ScriptedExchange.By;
import io.inmesh.testing.ScriptedExchange.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Aliases and instances that no rule names and calls do: what is followed because of them, and for how long. */
class NamesByCallTest {
    private static final String SUFFIX = ".shop.svc.cluster.local";
    private static final ServiceName WEB = new ServiceName("web" + SUFFIX);
    private static final ServiceName ALIAS = new ServiceName("alias" + SUFFIX);
    private static final Duration IDLE = Duration.ofMinutes(10);

    @RegisterExtension
    final LeakCheck leaks = new LeakCheck();

    private final ManualClock clock = new ManualClock();
    private final FakeEndpointSource registry = new FakeEndpointSource("registry");

    private Mesh mesh(OutboundTrafficPolicy policy) {
        return leaks.watch(MeshTesting.manual(
                        Mesh.builder()
                                .config(new FakeConfigSource("rules", MeshConfig.EMPTY))
                                .endpoints(registry)
                                .outboundTrafficPolicy(policy)
                                .self(WorkloadIdentity.DEFAULT.with("shop", Map.of())),
                        clock,
                        new SplittableRandom(1))
                .build());
    }

    private static ServiceEndpoints web(ServiceName name, String address) {
        return new ServiceEndpoints(
                name,
                "shop",
                ServiceEndpoints.State.ENDPOINTS,
                List.of(),
                List.of(new ServicePort(9080, "http", "HTTP")),
                Map.of(9080, List.of(endpoint(address, 9080))),
                List.of());
    }

    private void tellAlias(ServiceName target) {
        registry.tell(ServiceEndpoints.alias(ALIAS, "shop", target, List.of(), List.of()));
    }

    private static String call(Mesh mesh, String url) throws IOException {
        Reply reply = mesh.execute(ScriptedExchange.get(url));
        return reply.by() == By.PASS_THROUGH ? "passed through" : reply.read();
    }

    @Test
    void whatAnAliasLeadsToIsFollowedWithItAndNoLonger() throws IOException {
        ServiceName other = new ServiceName("other" + SUFFIX);
        registry.offer(ALIAS.host());
        tellAlias(WEB);
        registry.tell(web(WEB, "10.0.0.1"));
        registry.tell(web(other, "10.0.0.2"));
        Mesh mesh = mesh(OutboundTrafficPolicy.REGISTRY_ONLY);

        assertThat(call(mesh, "http://alias:9080/")).isEqualTo("10.0.0.1:9080");
        assertThat(registry.watched()).containsExactlyInAnyOrder(ALIAS, WEB);

        tellAlias(other);
        assertThat(call(mesh, "http://alias:9080/")).isEqualTo("10.0.0.2:9080");
        assertThat(registry.watched()).containsExactlyInAnyOrder(ALIAS, other);

        clock.advance(IDLE.multipliedBy(2));
        assertThat(registry.watched()).isEmpty();
    }

    @Test
    void anAliasKeepsItsTargetUntilSomethingIsKnownOfTheNextOne() throws IOException {
        ServiceName other = new ServiceName("other" + SUFFIX);
        registry.offer(ALIAS.host());
        tellAlias(WEB);
        registry.tell(web(WEB, "10.0.0.1"));
        Mesh mesh = mesh(OutboundTrafficPolicy.REGISTRY_ONLY);
        assertThat(call(mesh, "http://alias:9080/")).isEqualTo("10.0.0.1:9080");

        tellAlias(other);
        assertThat(call(mesh, "http://alias:9080/")).isEqualTo("10.0.0.1:9080");
        assertThat(registry.watched()).containsExactlyInAnyOrder(ALIAS, WEB, other);
        registry.tell(web(WEB, "10.0.0.3"));
        assertThat(call(mesh, "http://alias:9080/")).isEqualTo("10.0.0.3:9080");

        registry.tell(web(other, "10.0.0.2"));
        clock.advance(Duration.ofSeconds(1));
        assertThat(call(mesh, "http://alias:9080/")).isEqualTo("10.0.0.2:9080");
        assertThat(registry.watched()).containsExactlyInAnyOrder(ALIAS, other);
    }

    /** Two aliases that are swapped in two steps would lead to each other with one of them kept. */
    @Test
    void aTargetIsNotKeptWhereItLeadsInACircle() throws IOException {
        ServiceName swapped = new ServiceName("swapped" + SUFFIX);
        ServiceName silent = new ServiceName("silent" + SUFFIX);
        registry.offer(ALIAS.host(), swapped.host());
        registry.tell(ServiceEndpoints.alias(swapped, "shop", WEB, List.of(), List.of()));
        tellAlias(swapped);
        registry.tell(web(WEB, "10.0.0.1"));
        Mesh mesh = mesh(OutboundTrafficPolicy.REGISTRY_ONLY);
        assertThat(call(mesh, "http://alias:9080/")).isEqualTo("10.0.0.1:9080");
        assertThat(call(mesh, "http://swapped:9080/")).isEqualTo("10.0.0.1:9080");

        tellAlias(silent);
        registry.tell(ServiceEndpoints.alias(swapped, "shop", ALIAS, List.of(), List.of()));
        assertThat(mesh.status().problems()).isEmpty();
        registry.tell(web(silent, "10.0.0.2"));
        clock.advance(Duration.ofSeconds(1));

        assertThat(call(mesh, "http://alias:9080/")).isEqualTo("10.0.0.2:9080");
        assertThat(call(mesh, "http://swapped:9080/")).isEqualTo("10.0.0.2:9080");
    }

    @Test
    void anAliasKeepsItsTargetUntilDnsHasAnsweredAboutTheNextOne() throws IOException {
        Queue<Runnable> lookUps = new ArrayDeque<>();
        AtomicBoolean held = new AtomicBoolean();
        registry.offer(ALIAS.host());
        tellAlias(WEB);
        registry.tell(web(WEB, "10.0.0.1"));
        String rules = """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: web, namespace: shop}
                spec:
                  hosts: [front]
                  http:
                  - route:
                    - destination: {host: alias, port: {number: 9080}}
                ---
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: front, namespace: shop}
                spec:
                  hosts: [front.shop.svc.cluster.local]
                  ports: [{number: 80, name: http, protocol: HTTP}]
                  resolution: NONE
                """;
        Mesh mesh = leaks.watch(Mesh.builder()
                .config(TextConfigSource.of("rules", rules))
                .endpoints(registry)
                .firstAnswerWait(Duration.ZERO)
                .dnsResolver(name -> List.of(InetAddress.getByAddress(name, new byte[] {10, 0, 0, 9})))
                .publishInterval(Duration.ZERO)
                .self(WorkloadIdentity.DEFAULT.with("shop", Map.of()))
                .machinery(
                        clock,
                        new SplittableRandom(1),
                        new Threads(
                                Runnable::run,
                                clock,
                                task -> {
                                    if (held.get()) {
                                        lookUps.add(task);
                                    } else {
                                        task.run();
                                    }
                                },
                                Runnable::run,
                                () -> {}))
                .build());
        assertThat(call(mesh, "http://front/")).isEqualTo("10.0.0.1:9080");

        held.set(true);
        tellAlias(new ServiceName("outside.example"));
        assertThat(lookUps).hasSize(1);
        assertThat(call(mesh, "http://front/")).isEqualTo("10.0.0.1:9080");

        lookUps.remove().run();
        assertThat(call(mesh, "http://front/")).isEqualTo("10.0.0.9:9080");
    }

    @Test
    void aCircleOfAliasesThatOnlyCallsNameIsToldInStatusAndExplain() throws IOException {
        registry.offer(ALIAS.host());
        tellAlias(WEB);
        registry.tell(ServiceEndpoints.alias(WEB, "shop", ALIAS, List.of(), List.of()));
        Mesh mesh = mesh(OutboundTrafficPolicy.REGISTRY_ONLY);
        assertThatThrownBy(() -> call(mesh, "http://alias:9080/")).hasMessageContaining("BLOCKED");

        assertThat(mesh.status().problems())
                .extracting(Object::toString)
                .anySatisfy(problem ->
                        assertThat(problem).contains("the alias leads back into itself: " + ALIAS + " -> " + WEB));
        assertThat(mesh.explain(SimpleRequestHead.of("GET", "http://alias:9080/", Map.of()))
                        .why())
                .anySatisfy(why -> assertThat(why).contains(ALIAS + " is an alias of " + WEB + " (ExternalName)"))
                .noneSatisfy(why -> assertThat(why).contains("left to DNS"));
    }

    @Test
    void callsKeepAnAliasAndItsTarget() throws IOException {
        registry.offer(ALIAS.host(), WEB.host());
        tellAlias(WEB);
        registry.tell(web(WEB, "10.0.0.1"));
        Mesh mesh = mesh(OutboundTrafficPolicy.REGISTRY_ONLY);

        for (int i = 0; i < 10; i++) {
            assertThat(call(mesh, "http://alias:9080/")).isEqualTo("10.0.0.1:9080");
            clock.advance(IDLE.dividedBy(2));
        }

        assertThat(registry.opened()).containsExactlyInAnyOrder(ALIAS, WEB);
    }

    @Test
    void callsOfInstancesKeepTheirService() throws IOException {
        registry.offer(WEB.host());
        registry.tell(web(WEB, "10.0.0.1").withNamedInstances());
        Mesh mesh = mesh(OutboundTrafficPolicy.REGISTRY_ONLY);

        for (int i = 0; i < 10; i++) {
            assertThat(call(mesh, "http://web-0.web:9080/"))
                    .as("no endpoint is chosen")
                    .isEmpty();
            clock.advance(IDLE.dividedBy(2));
        }

        assertThat(registry.opened()).containsExactly(WEB);
    }

    @Test
    void whereUnknownHostsPassAnInstancesServiceIsNotAskedFor() throws IOException {
        registry.offer(WEB.host());
        Mesh mesh = mesh(OutboundTrafficPolicy.ALLOW_ANY);

        assertThat(call(mesh, "http://web-0.web:9080/")).isEqualTo("passed through");

        assertThat(registry.opened()).isEmpty();
    }

    @Test
    void instancesBelowAnAliasAreInstancesOfItsTarget() {
        registry.tellNames(ALIAS.host());
        tellAlias(WEB);
        registry.tell(web(WEB, "10.0.0.1").withNamedInstances());
        Mesh mesh = mesh(OutboundTrafficPolicy.REGISTRY_ONLY);

        Explanation explanation = mesh.explain(SimpleRequestHead.of("GET", "http://web-0.alias.shop:9080/", Map.of()));

        assertThat(explanation.decision()).isEqualTo(Explanation.Decision.FORWARD);
        assertThat(explanation.policies()).containsEntry("loadBalancer", "PASSTHROUGH");
        assertThat(explanation.why())
                .contains(ALIAS + " is an alias of " + WEB)
                .anySatisfy(why -> assertThat(why).contains("web-0.alias.shop:9080 is an instance of " + ALIAS));
    }
}
