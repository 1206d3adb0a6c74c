package io.inmesh.kubernetes;

import static io.inmesh.kubernetes.EndpointSourceRig.CART;
import static io.inmesh.kubernetes.EndpointSourceRig.SELF;
import static io.inmesh.kubernetes.EndpointSourceRig.address;
import static io.inmesh.kubernetes.EndpointSourceRig.addresses;
import static io.inmesh.kubernetes.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.Mesh;
import io.inmesh.config.source.TextConfigSource;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.explain.EndpointState;
import io.inmesh.kubernetes.EndpointSourceRig.Told;
import io.inmesh.kubernetes.testing.KubernetesJson;
import io.inmesh.kubernetes.testing.ScriptedApiServer;
import io.inmesh.testing.LeakCheck;
import io.inmesh.testing.ScriptedExchange;
import io.inmesh.testing.ScriptedExchange.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** C12 and C13 through a mesh that makes calls: whose state an endpoint's is, and what waits for a slow listener. */
class EndpointStateTest {
    private static final String URL = "http://cart:80/";
    private static final int CALLS = 400;
    private static final String LEAST_REQUEST = """
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: cart, namespace: shop}
        spec:
          host: cart
          trafficPolicy: {loadBalancer: {simple: LEAST_REQUEST}}
        """;

    @RegisterExtension
    final LeakCheck leaks = new LeakCheck();

    private Mesh mesh(EndpointSourceRig rig) {
        return leaks.watch(Mesh.builder()
                .self(SELF)
                .config(TextConfigSource.of("rules", LEAST_REQUEST))
                .endpoints(rig.source)
                .build());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void c13APodThatInheritsAnAddressInheritsNothingElse(boolean ghostComesFirst) throws IOException {
        try (EndpointSourceRig rig = new EndpointSourceRig()) {
            rig.put("cart", 1, 2);
            Mesh mesh = mesh(rig);
            eventually(() -> assertThat(ids(mesh)).hasSize(2));
            List<Reply> open = callsInFlightAt(mesh, address(1));
            assertThat(inFlight(mesh, address(1))).isEqualTo(open.size()).isGreaterThan(10);
            assertThat(inFlight(mesh, address(2))).isZero();
            // Its calls have been answered and only their bodies are open, which leaves it about half of its fair
            // share.
            assertThat(picks(mesh).stream().filter("uid-p1"::equals))
                    .as("of the pod that is busy")
                    .hasSizeLessThan(150);

            String ghost = KubernetesJson.terminating(address(1), "p1");
            String heir = KubernetesJson.ready(address(1), "heir");
            String other = KubernetesJson.ready(address(2), "p2");
            rig.server.put(
                    ScriptedApiServer.SLICES,
                    KubernetesJson.slice("shop", "cart-1", "cart", other, ghostComesFirst ? ghost : heir));
            rig.server.put(
                    ScriptedApiServer.SLICES,
                    KubernetesJson.slice("shop", "cart-2", "cart", ghostComesFirst ? heir : ghost));
            eventually(() -> assertThat(ids(mesh))
                    .anyMatch(id -> id.contains("uid-heir"))
                    .noneMatch(id -> id.contains("uid-p1")));

            assertThat(inFlight(mesh, address(1))).as("of the heir").isZero();
            List<String> picked = picks(mesh);
            assertThat(picked).doesNotContain("uid-p1");
            // Ten standard deviations around the half.
            assertThat(picked.stream().filter("uid-heir"::equals)).hasSizeBetween(100, 300);
            open.forEach(Reply::close);
            assertThat(inFlight(mesh, address(1)))
                    .as("of the heir, once the ghost's calls have ended")
                    .isZero();
            assertThat(picks(mesh).stream().filter("uid-heir"::equals)).hasSizeBetween(100, 300);
        }
    }

    @Test
    void c13AnEndpointThatMovesKeepsItsState() throws IOException {
        try (EndpointSourceRig rig = new EndpointSourceRig()) {
            rig.put("cart", 1, 2);
            Mesh mesh = mesh(rig);
            eventually(() -> assertThat(ids(mesh)).hasSize(2));
            List<Reply> open = callsInFlightAt(mesh, address(1));

            rig.putSlice("cart-1", "cart", 2);
            rig.putSlice("cart-2", "cart", 1, 3);
            eventually(() -> assertThat(ids(mesh)).hasSize(3));

            assertThat(inFlight(mesh, address(1))).isEqualTo(open.size());
            open.forEach(Reply::close);
        }
    }

    @Test
    void c12WhatASlowListenerMissesIsNotKeptForIt() throws InterruptedException {
        CountDownLatch told = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicReference<ServiceEndpoints> last = new AtomicReference<>(ServiceEndpoints.absent(new ServiceName(CART)));
        List<Integer> sizes = new CopyOnWriteArrayList<>();
        try (EndpointSourceRig rig = new EndpointSourceRig()) {
            rig.put("cart", 1);
            AutoCloseable unused = rig.source.watch(new ServiceName(CART), state -> {
                sizes.add(Told.endpoints(state).size());
                told.countDown();
                await(goOn);
                last.set(state);
            });
            await(told);
            for (int i = 0; i < 1000; i++) {
                rig.putSlice("cart-1", "cart", 1, 2 + i % 200);
            }
            rig.putSlice("cart-1", "cart", 1, 2, 3, 4);
            eventually(() -> assertThat(events(rig)).as("heard meanwhile").isGreaterThan(1000));
            goOn.countDown();

            eventually(() -> assertThat(Told.addresses(last.get())).isEqualTo(addresses(1, 2, 3, 4)));
            assertThat(sizes).as("told of").containsExactly(1, 4);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static long events(EndpointSourceRig rig) {
        return rig.source.status().watches().stream()
                .mapToLong(watch -> watch.counts().getOrDefault("events", 0L))
                .sum();
    }

    /** Calls that stay unanswered at this address; those elsewhere have ended. */
    private static List<Reply> callsInFlightAt(Mesh mesh, String address) throws IOException {
        List<Reply> there = new ArrayList<>();
        List<Reply> elsewhere = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            ScriptedExchange call = ScriptedExchange.get(URL);
            Reply reply = mesh.execute(call);
            boolean wanted = call.attempts().get(0).endpoint().address().equals(address);
            (wanted ? there : elsewhere).add(reply);
        }
        elsewhere.forEach(Reply::close);
        return there;
    }

    /** For each of many calls that follow each other, the pod that it went to. */
    private static List<String> picks(Mesh mesh) throws IOException {
        List<String> pods = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            ScriptedExchange call = ScriptedExchange.get(URL);
            mesh.execute(call).close();
            String id = call.attempts().get(0).endpoint().id();
            pods.add(id.replaceFirst(".*(uid-[a-z0-9]+).*", "$1"));
        }
        return pods;
    }

    private static int inFlight(Mesh mesh, String address) {
        return mesh.explain("GET", URL, Map.of()).endpoints().stream()
                .filter(endpoint -> endpoint.hostPort().startsWith(address + ":"))
                .mapToInt(EndpointState::activeRequests)
                .sum();
    }

    private static List<String> ids(Mesh mesh) {
        return mesh.services().stream()
                .filter(service -> service.service().host().equals(CART))
                .flatMap(service -> Told.endpoints(service).stream())
                .map(Endpoint::id)
                .toList();
    }
}
