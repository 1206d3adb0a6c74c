package io.inmesh.kubernetes;

import static io.inmesh.kubernetes.EndpointSourceRig.CART;
import static io.inmesh.kubernetes.EndpointSourceRig.SELF;
import static io.inmesh.kubernetes.EndpointSourceRig.addresses;
import static io.inmesh.kubernetes.testing.Eventually.eventually;
import static io.inmesh.kubernetes.testing.Eventually.within;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.Mesh;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.config.source.TextConfigSource;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.ServiceEndpoints.State;
import io.inmesh.kubernetes.EndpointSourceRig.Told;
import io.inmesh.kubernetes.testing.Fault;
import io.inmesh.kubernetes.testing.KubernetesJson;
import io.inmesh.kubernetes.testing.ScriptedApiServer;
import io.inmesh.kubernetes.testing.ScriptedApiServer.Verb;
import io.inmesh.testing.LeakCheck;
import io.inmesh.testing.RecordingObserver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The faults C1 to C15 as somebody sees them who uses the source; each number stands in docs/kubernetes.md. */
class KubernetesEndpointSourceTest {
    private static final Duration AFTER_RETURN = Duration.ofSeconds(5);

    @RegisterExtension
    final LeakCheck leaks = new LeakCheck();

    @TempDir
    Path directory;

    @Test
    void c1GoesOnThroughAnOutageAndIsRightSoonAfterIt() {
        try (EndpointSourceRig rig = new EndpointSourceRig()) {
            rig.put("cart", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
            Told cart = rig.watch(CART);
            cart.eventuallyHas(addresses(1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
            eventually(() -> assertThat(rig.source.status().state()).isEqualTo(KubernetesStatus.State.LIVE));
            int told = cart.all.size();
            rig.server.stop();
            rig.putSlice("cart-1", "cart", 1, 2, 3, 4, 5, 6, 7, 11, 12, 13);
            eventually(() -> assertThat(rig.source.status().state()).isEqualTo(KubernetesStatus.State.STALE));
            eventually(() -> assertThat(rig.source.status().tableAge()).isGreaterThan(Duration.ofSeconds(1)));
            assertThat(cart.all).hasSize(told);
            rig.server.clearRequests();
            rig.server.startAgain();

            within(
                    AFTER_RETURN,
                    () -> assertThat(cart.addresses()).isEqualTo(addresses(1, 2, 3, 4, 5, 6, 7, 11, 12, 13)));
            assertThat(lists(rig, ScriptedApiServer.SLICES)).isLessThanOrEqualTo(1);
            eventually(() -> assertThat(rig.source.status().state()).isEqualTo(KubernetesStatus.State.LIVE));
        }
    }

    @Test
    void c5OneObjectThatCannotBeReadDisturbsNoOther() {
        try (EndpointSourceRig rig = new EndpointSourceRig()) {
            List<Told> services = new ArrayList<>();
            for (int i = 1; i <= 100; i++) {
                rig.put("s" + i, i);
                services.add(rig.watch("s" + i + ".shop.svc.cluster.local"));
            }
            for (int i = 1; i <= 100; i++) {
                services.get(i - 1).eventuallyHas(addresses(i));
            }
            rig.server.put(ScriptedApiServer.SLICES, """
                {"metadata": {"namespace": "shop", "name": "s1-1", "labels": {"kubernetes.io/service-name": "s1"}},
                 "addressType": "IPv4", "endpoints": "none", "ports": 7, "new": {"in": ["v2"]}}
                """);
            for (int i = 2; i <= 100; i++) {
                rig.putSlice("s" + i + "-1", "s" + i, i, i + 100);
            }

            for (int i = 2; i <= 100; i++) {
                services.get(i - 1).eventuallyHas(addresses(i, i + 100));
            }
            assertThat(services.get(0).addresses()).isEqualTo(addresses(1));
            assertThat(rig.source.status().watches())
                    .anySatisfy(watch ->
                            assertThat(watch.counts().get("unreadable")).isPositive());
        }
    }

    @Test
    void c6ForgetsWhatWasDeletedWhileItCouldNotSee() {
        try (EndpointSourceRig rig = new EndpointSourceRig()) {
            rig.put("cart", 1);
            rig.putSlice("cart-2", "cart", 2);
            Told cart = rig.watch(CART);
            cart.eventuallyHas(addresses(1, 2));
            rig.server.stop();
            rig.server.deleteSilently(ScriptedApiServer.SLICES, "shop", "cart-2");
            rig.server.compact();
            rig.server.startAgain();

            cart.eventuallyHas(addresses(1));
        }
    }

    @Test
    void c7BelievesNoListThatIsSuddenlyEmptyButARealScaleToZero() {
        try (EndpointSourceRig rig = new EndpointSourceRig()) {
            rig.put("cart", 1, 2, 3);
            Told cart = rig.watch(CART);
            cart.eventuallyHas(addresses(1, 2, 3));
            for (int i = 0; i < 3; i++) {
                rig.server.next(Verb.WATCH_LIST, Fault.shortList(0));
            }
            rig.server.skipVersions(10);
            rig.server.compact();
            rig.server.resetConnections();
            eventually(() -> assertThat(count(rig, "shrinkDoubted")).isEqualTo(2));
            eventually(() -> assertThat(rig.source.status().state()).isEqualTo(KubernetesStatus.State.LIVE));
            assertThat(cart.all).noneMatch(state -> Told.endpoints(state).isEmpty());
            rig.putSlice("cart-1", "cart");

            within(Duration.ofSeconds(10), () -> assertThat(cart.addresses()).isEmpty());
            assertThat(cart.last().state()).isEqualTo(State.ENDPOINTS);
        }
    }

    @Test
    void c11IsNeverEmptyWhileEverythingIsForbidden() {
        try (EndpointSourceRig rig = new EndpointSourceRig()) {
            rig.put("cart", 1, 2);
            Told cart = rig.watch(CART);
            cart.eventuallyHas(addresses(1, 2));
            Fault forbidden = Fault.status(403, "Forbidden", "endpointslices is forbidden: User \"x\" cannot list");
            for (Verb verb : Verb.values()) {
                rig.server.always(verb, forbidden);
            }
            rig.server.endWatches();
            rig.server.resetConnections();
            eventually(() -> assertThat(rig.source.status().problems())
                    .anyMatch(problem -> problem.contains("services of namespace shop cannot be read")
                            && problem.contains("is forbidden")));
            assertThat(cart.all).hasSize(1);
            rig.server.heal();
            rig.putSlice("cart-1", "cart", 1, 2, 3);

            within(Duration.ofSeconds(60), () -> assertThat(cart.addresses()).isEqualTo(addresses(1, 2, 3)));
            eventually(() -> assertThat(rig.source.status().problems()).isEmpty());
        }
    }

    @Test
    void c12AStormOfEventsIsAFewSnapshots() {
        RecordingObserver observer = new RecordingObserver();
        try (EndpointSourceRig rig = new EndpointSourceRig()) {
            rig.put("cart", 1);
            Mesh mesh = leaks.watch(Mesh.builder()
                    .self(SELF)
                    .config(TextConfigSource.of("rules", rule("")))
                    .endpoints(rig.source)
                    .observer(observer)
                    .build());
            eventually(() -> assertThat(addressesIn(mesh)).isEqualTo(addresses(1)));
            long begin = System.nanoTime();
            int before = observer.snapshots().size();
            for (int i = 0; i < 3000; i++) {
                rig.putSlice("cart-1", "cart", 1, 2 + i % 200);
            }
            rig.putSlice("cart-1", "cart", 1, 250);
            eventually(() -> assertThat(addressesIn(mesh)).isEqualTo(addresses(1, 250)));
            long tenths = Duration.ofNanos(System.nanoTime() - begin).toMillis() / 100;

            assertThat(observer.snapshots().size() - before).isLessThanOrEqualTo((int) tenths + 2);
        }
    }

    @Test
    void c13AnEndpointThatMovesIsNeverGoneAndAGhostIsNeverThere() {
        try (EndpointSourceRig rig = new EndpointSourceRig()) {
            rig.put("cart", 1, 2);
            Told cart = rig.watch(CART);
            cart.eventuallyHas(addresses(1, 2));
            rig.putSlice("cart-1", "cart", 1);
            rig.putSlice("cart-2", "cart", 2);
            rig.putSlice("cart-1", "cart", 1, 2);
            rig.putSlice("cart-2", "cart");
            rig.putSlice("cart-1", "cart", 1, 2, 3);
            cart.eventuallyHas(addresses(1, 2, 3));
            assertThat(cart.all).allMatch(state -> Told.addresses(state).containsAll(addresses(1, 2)));
            rig.server.put(
                    ScriptedApiServer.SLICES,
                    KubernetesJson.slice(
                            "shop",
                            "cart-2",
                            "cart",
                            KubernetesJson.terminating("10.0.0.9", "ghost"),
                            KubernetesJson.ready("10.0.0.9", "owner")));
            cart.eventuallyHas(addresses(1, 2, 3, 9));

            assertThat(cart.all)
                    .flatExtracting(Told::endpoints)
                    .filteredOn(endpoint -> endpoint.address().equals("10.0.0.9"))
                    .isNotEmpty()
                    .extracting(Endpoint::id)
                    .allMatch(id -> id.contains("uid-owner"));
        }
    }

    @Test
    void c15StartsWithoutServerFromTheFileAndGoesLive() {
        Path file = directory.resolve("table");
        ScriptedApiServer server = ScriptedApiServer.start();
        EndpointSourceRig first =
                new EndpointSourceRig(server, EndpointSourceRig.settings().snapshotFile(file));
        first.put("cart", 1, 2);
        first.watch(CART).eventuallyHas(addresses(1, 2));
        first.source.close();
        first.connection.close();
        server.stop();
        try (EndpointSourceRig rig =
                new EndpointSourceRig(server, EndpointSourceRig.settings().snapshotFile(file))) {
            Told cart = rig.watch(CART);
            within(Duration.ofSeconds(10), () -> assertThat(cart.addresses()).isEqualTo(addresses(1, 2)));
            assertThat(rig.source.status().state()).isEqualTo(KubernetesStatus.State.FROM_SNAPSHOT);
            rig.putSlice("cart-1", "cart", 3);
            server.startAgain();

            within(AFTER_RETURN, () -> assertThat(cart.addresses()).isEqualTo(addresses(3)));
            eventually(() ->
                    assertThat(rig.source.status().services()).containsEntry(CART, KubernetesStatus.ServiceState.LIVE));
        }
    }

    @Test
    void c15StartsWithoutServerByNameAndGoesLive() {
        ScriptedApiServer server = ScriptedApiServer.start();
        server.stop();
        try (EndpointSourceRig rig = new EndpointSourceRig(server, EndpointSourceRig.settings())) {
            Told cart = rig.watch(CART);
            within(Duration.ofSeconds(10), () -> assertThat(cart.last().state()).isEqualTo(State.BY_NAME));
            assertThat(rig.source.status().state()).isEqualTo(KubernetesStatus.State.BY_NAME);
            rig.put("cart", 1);
            server.startAgain();

            within(AFTER_RETURN, () -> assertThat(cart.addresses()).isEqualTo(addresses(1)));
        }
    }

    @Test
    void c15WaitsForRulesAndEndpointsTogether() throws Exception {
        Duration startWait = Duration.ofSeconds(3);
        ScriptedApiServer server = ScriptedApiServer.start();
        server.stop();
        try (EndpointSourceRig rig =
                new EndpointSourceRig(server, EndpointSourceRig.settings().startWait(startWait))) {
            KubernetesConfigSource rules = new KubernetesConfigSource(rig.connection, ConfigReader.strict());
            AutoCloseable watch = rules.watch(update -> {});
            Told cart = rig.watch(CART);

            within(startWait.dividedBy(2), () -> assertThat(cart.last().state()).isEqualTo(State.BY_NAME));
            watch.close();
        }
    }

    @Test
    void labelsOfPodsAreThereWithTheFirstEndpointsOfSubsets() {
        try (EndpointSourceRig rig = new EndpointSourceRig()) {
            rig.put("cart", 1, 2);
            rig.server.put(ScriptedApiServer.PODS, KubernetesJson.pod("shop", "p1", "cart", "v1", "10.0.0.1"));
            rig.server.put(ScriptedApiServer.PODS, KubernetesJson.pod("shop", "p2", "cart", "v2", "10.0.0.2"));
            Mesh mesh = leaks.watch(Mesh.builder()
                    .self(SELF)
                    .config(TextConfigSource.of("rules", rule("subset: v2")))
                    .endpoints(rig.source)
                    .build());

            eventually(() -> assertThat(mesh.services())
                    .flatExtracting(Told::endpoints)
                    .extracting(endpoint -> endpoint.labels().get("version"))
                    .containsExactlyInAnyOrder("v1", "v2"));
        }
    }

    @Test
    void allServicesAreThereWithoutAnyRule() {
        try (EndpointSourceRig rig = new EndpointSourceRig(
                ScriptedApiServer.start(), EndpointSourceRig.settings().services(ServiceScope.ALL))) {
            IntStream.rangeClosed(1, 20).forEach(i -> rig.put("s" + i, i));
            Mesh mesh =
                    leaks.watch(Mesh.builder().self(SELF).endpoints(rig.source).build());

            eventually(() -> assertThat(mesh.services())
                    .filteredOn(service -> !service.endpoints().isEmpty())
                    .hasSize(20));
            assertThat(rig.server.requests())
                    .extracting(ScriptedApiServer.Request::namespace)
                    .containsOnly("");
        }
    }

    private static long count(EndpointSourceRig rig, String name) {
        return rig.source.status().watches().stream()
                .mapToLong(watch -> watch.counts().getOrDefault(name, 0L))
                .sum();
    }

    private static List<String> addressesIn(Mesh mesh) {
        return mesh.services().stream()
                .filter(service -> service.service().host().equals(CART))
                .map(Told::addresses)
                .findFirst()
                .orElse(List.of());
    }

    private static long lists(EndpointSourceRig rig, String collection) {
        return rig.server.requests().stream()
                .filter(request -> request.collection().equals(collection) && request.verb() != Verb.WATCH)
                .count();
    }

    private static String rule(String subset) {
        return """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: cart, namespace: shop}
            spec:
              hosts: [cart]
              http:
              - route:
                - destination: {host: cart, %s}
            ---
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: cart, namespace: shop}
            spec:
              host: cart
              %s
            """.formatted(
                        subset,
                        subset.isEmpty()
                                ? "trafficPolicy: {loadBalancer: {simple: RANDOM}}"
                                : "subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]");
    }
}
