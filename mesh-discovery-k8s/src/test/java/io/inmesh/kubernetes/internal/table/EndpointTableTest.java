package io.inmesh.kubernetes.internal.table;

import static io.inmesh.kubernetes.internal.table.TableFixture.WAIT;
import static io.inmesh.kubernetes.internal.table.TableFixture.of;
import static io.inmesh.kubernetes.testing.KubernetesJson.endpoints;
import static io.inmesh.kubernetes.testing.KubernetesJson.node;
import static io.inmesh.kubernetes.testing.KubernetesJson.ready;
import static io.inmesh.kubernetes.testing.KubernetesJson.service;
import static io.inmesh.kubernetes.testing.KubernetesJson.slice;
import static io.inmesh.kubernetes.testing.KubernetesJson.terminating;
import static io.inmesh.kubernetes.testing.KubernetesJson.workloadEntry;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.endpoint.Condition;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.ServiceEndpoints.State;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.kubernetes.internal.reflect.ReflectorListener.Refusal.Reason;
import io.inmesh.kubernetes.internal.resource.EndpointSlice;
import io.inmesh.kubernetes.internal.resource.Resources;
import io.inmesh.kubernetes.internal.table.FakeReflectors.Fake;
import io.inmesh.kubernetes.internal.table.TableFixture.Told;
import io.inmesh.kubernetes.internal.table.TableSettings.EndpointMode;
import io.inmesh.kubernetes.internal.table.TableStatus.Source;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EndpointTableTest {
    private static final String CART = "cart.shop.svc.cluster.local";
    private static final String STOCK = "stock.shop.svc.cluster.local";

    private final TableFixture fixture = new TableFixture();
    private final FakeReflectors reflectors = fixture.reflectors;

    // By need

    @Test
    void watchesNothingBeforeSomebodyAsks() {
        assertThat(reflectors.openSelections()).isEmpty();
    }

    @Test
    void watchesTheNamespaceAndTheSlicesOfTheServicesThatAreNeeded() {
        fixture.watch(CART);
        fixture.watch(STOCK);
        fixture.settle();

        assertThat(reflectors.openSelections())
                .containsExactly(
                        "endpointslices.discovery.k8s.io of namespace shop with kubernetes.io/service-name in (cart,stock)",
                        "services of namespace shop",
                        "workloadentries.networking.istio.io of namespace shop");
    }

    @Test
    void tellsAServiceOnceAllIsKnown() {
        Told cart = fixture.watch(CART);
        fixture.settle();
        reflectors.only(Resources.SERVICES).sync(service("shop", "cart"));
        fixture.run();
        assertThat(cart.all).isEmpty();
        reflectors.only(Resources.WORKLOAD_ENTRIES).refuse(Reason.NOT_SERVED);
        reflectors.only(Resources.ENDPOINT_SLICES).sync(slice("shop", "cart-1", "cart", ready("10.0.0.1", "a")));
        fixture.run();

        assertThat(cart.all).hasSize(1);
        assertThat(cart.addresses()).containsExactly("10.0.0.1");
        assertThat(source(CART)).isEqualTo(Source.LIVE);
    }

    @Test
    void tellsWhatAServiceAsksForInVain() {
        Told cart = fixture.watch(CART);
        Told stock = fixture.watch(STOCK);
        String near = service("shop", "cart")
                .replace("\"spec\": {", "\"spec\": {\"trafficDistribution\": \"PreferSameZone\", ");
        String annotated = service("shop", "stock")
                .replace(
                        "\"uid\"",
                        "\"annotations\": {\"networking.istio.io/traffic-distribution\": \"PreferClose\"}, \"uid\"");
        fixture.answer(of(near, annotated), of(slice("shop", "cart-1", "cart", ready("10.0.0.1", "a"))));

        assertThat(cart.addresses()).containsExactly("10.0.0.1");
        assertThat(stock.all).isNotEmpty();
        assertThat(fixture.table.status().problems())
                .hasSize(2)
                .anySatisfy(
                        problem -> assertThat(problem).startsWith("Service shop/cart: spec.trafficDistribution is not"))
                .anySatisfy(problem -> assertThat(problem)
                        .startsWith(
                                "Service shop/stock: the annotation networking.istio.io/traffic-distribution is not"));

        reflectors.newest(Resources.SERVICES).sync(service("shop", "cart"), service("shop", "stock"));
        fixture.run();
        assertThat(fixture.table.status().problems()).isEmpty();
    }

    @Test
    void keepsTheOldTableWhileTheWatchOfMoreServicesIsNotThere() {
        Told cart = watchCart(ready("10.0.0.1", "a"));
        Fake<EndpointSlice> old = reflectors.only(Resources.ENDPOINT_SLICES);
        reflectors.only(Resources.SERVICES).apply(service("shop", "stock"));
        fixture.run();
        Told stock = fixture.watch(STOCK);
        fixture.settle();
        Fake<EndpointSlice> next = reflectors.newest(Resources.ENDPOINT_SLICES);
        assertThat(old.closed()).isFalse();
        old.apply(slice("shop", "cart-1", "cart", ready("10.0.0.1", "a"), ready("10.0.0.2", "b")));
        fixture.run();
        assertThat(cart.addresses()).containsExactly("10.0.0.1", "10.0.0.2");
        assertThat(stock.all).isEmpty();
        next.sync(
                slice("shop", "cart-1", "cart", ready("10.0.0.1", "a"), ready("10.0.0.2", "b")),
                slice("shop", "stock-1", "stock", ready("10.0.0.9", "s")));
        fixture.run();

        assertThat(old.closed()).isTrue();
        assertThat(stock.addresses()).containsExactly("10.0.0.9");
        assertThat(cart.all).hasSize(2);
    }

    @Test
    void collectsServicesThatComeTogetherIntoOneWatch() {
        IntStream.range(0, 20).forEach(i -> fixture.watch("s" + i + ".shop.svc.cluster.local"));
        fixture.settle();

        assertThat(reflectors.only(Resources.ENDPOINT_SLICES).selection().labelSelector())
                .contains("s0,")
                .contains("s19");
    }

    @Test
    void watchesAllSlicesWhereNamesWouldBeTooMany() {
        IntStream.range(0, 101).forEach(i -> fixture.watch("s" + i + ".shop.svc.cluster.local"));
        fixture.settle();

        assertThat(reflectors.only(Resources.ENDPOINT_SLICES).selection().labelSelector())
                .isEmpty();
    }

    @Test
    void endsTheWatchesOfANamespaceThatNobodyNeeds() throws Exception {
        Told cart = watchCart(ready("10.0.0.1", "a"));
        cart.handle.close();
        fixture.settle();

        assertThat(reflectors.openSelections()).isEmpty();
        assertThat(fixture.table.status().services()).isEmpty();
    }

    @Test
    void tellsNobodyWhoHasLeft() throws Exception {
        Told cart = watchCart(ready("10.0.0.1", "a"));
        Told other = fixture.watch(CART);
        cart.handle.close();
        applyCart(ready("10.0.0.2", "b"));

        assertThat(cart.all).hasSize(1);
        assertThat(other.addresses()).contains("10.0.0.2");
    }

    @Test
    void tellsOnlyWhatIsNew() {
        Told cart = watchCart(ready("10.0.0.1", "a"));
        applyCart(ready("10.0.0.1", "a"));
        reflectors.only(Resources.ENDPOINT_SLICES).apply(slice("shop", "other-1", "other", ready("10.0.0.7", "o")));
        fixture.run();

        assertThat(cart.all).hasSize(1);
    }

    @Test
    void tellsManyChangesAtOnce() {
        Told cart = watchCart(ready("10.0.0.1", "a"));
        for (int i = 2; i < 50; i++) {
            reflectors
                    .only(Resources.ENDPOINT_SLICES)
                    .apply(slice("shop", "cart-1", "cart", ready("10.0.0.1", "a"), ready("10.0.0." + i, "p" + i)));
        }
        fixture.run();

        assertThat(cart.all).hasSize(2);
        assertThat(cart.addresses()).containsExactly("10.0.0.1", "10.0.0.49");
    }

    // What is not there

    @Test
    void saysOfNamesThatAreNoneOfTheClusterThatTheyAreAbsent() {
        for (String host :
                List.of("api.example.com", "a.b.c.svc.cluster.local", "cart.shop.svc.cluster.other", "cart")) {
            assertThat(fixture.watch(host).last().state()).as(host).isEqualTo(State.ABSENT);
            assertThat(fixture.table.mayKnow(new ServiceName(host))).as(host).isFalse();
        }
        assertThat(fixture.table.mayKnow(new ServiceName(CART))).isTrue();
        assertThat(reflectors.openSelections()).isEmpty();
    }

    @Test
    void saysThatAServiceIsAbsentOnceTheServicesAreKnown() {
        Told stock = fixture.watch(STOCK);
        fixture.answer(of(service("shop", "cart")), of());

        assertThat(stock.last().state()).isEqualTo(State.ABSENT);
        reflectors.only(Resources.SERVICES).apply(service("shop", "stock"));
        fixture.run();
        assertThat(stock.last().state()).isEqualTo(State.ENDPOINTS);
    }

    @Test
    void waitsForAServiceThatIsDeletedToBeMadeAnew() {
        Told cart = watchCart(ready("10.0.0.1", "a"));
        reflectors.only(Resources.SERVICES).delete("shop", "cart");
        fixture.run();
        assertThat(cart.addresses()).containsExactly("10.0.0.1");
        reflectors.only(Resources.SERVICES).apply(service("shop", "cart"));
        fixture.advance(Duration.ofSeconds(5));
        assertThat(cart.all).hasSize(1);
        reflectors.only(Resources.SERVICES).delete("shop", "cart");
        fixture.advance(MovingEndpoints.HOLD);

        assertThat(cart.last().state()).isEqualTo(State.ABSENT);
    }

    @Test
    void saysOfNamespacesOutOfScopeThatTheirServicesAreAbsent() {
        TableFixture narrow =
                new TableFixture(TableFixture.settings(List.of("shop"), false, EndpointMode.SLICES, false), null);

        assertThat(narrow.watch("cart.other.svc.cluster.local").last().state()).isEqualTo(State.ABSENT);
        assertThat(narrow.table.mayKnow(new ServiceName("cart.other.svc.cluster.local")))
                .isFalse();
        assertThat(narrow.reflectors.openSelections()).isEmpty();
    }

    @Test
    void calledByNameWhenTheServerIsAwayAndLiveOnceItAnswers() {
        Told cart = fixture.watch(CART);
        fixture.advance(WAIT.minusMillis(1));
        assertThat(cart.all).isEmpty();
        fixture.advance(Duration.ofMillis(1));
        assertThat(cart.last().state()).isEqualTo(State.BY_NAME);
        assertThat(source(CART)).isEqualTo(Source.BY_NAME);
        fixture.answer(of(service("shop", "cart")), of(slice("shop", "cart-1", "cart", ready("10.0.0.1", "a"))));

        assertThat(cart.addresses()).containsExactly("10.0.0.1");
        assertThat(source(CART)).isEqualTo(Source.LIVE);
    }

    @Test
    void doesWithoutWorkloadEntriesThatDoNotCome() {
        Told cart = fixture.watch(CART);
        fixture.settle();
        fixture.advance(Duration.ofSeconds(1));
        reflectors.only(Resources.SERVICES).sync(service("shop", "cart"));
        reflectors.only(Resources.ENDPOINT_SLICES).sync(slice("shop", "cart-1", "cart", ready("10.0.0.1", "a")));
        fixture.run();
        assertThat(cart.all).isEmpty();
        fixture.advance(WAIT);

        assertThat(cart.addresses()).containsExactly("10.0.0.1");
    }

    @Test
    void goesOnFromTheLastStateWhenServicesAreRefused() {
        Told cart = watchCart(ready("10.0.0.1", "a"));
        reflectors.only(Resources.SERVICES).refuse(Reason.FORBIDDEN);
        reflectors.only(Resources.ENDPOINT_SLICES).refuse(Reason.FORBIDDEN);
        fixture.advance(Duration.ofMinutes(5));

        assertThat(cart.all).hasSize(1);
        assertThat(fixture.table.status().problems())
                .anySatisfy(
                        problem -> assertThat(problem)
                                .isEqualTo(
                                        "the services of namespace shop cannot be read: services of namespace shop is refused"));
    }

    // Moves

    @Test
    void holdsAnEndpointThatIsBetweenTwoSlices() {
        Told cart = watchCart(ready("10.0.0.1", "a"), ready("10.0.0.2", "b"));
        applyCart(ready("10.0.0.1", "a"));
        fixture.advance(Duration.ofMillis(900));
        reflectors.only(Resources.ENDPOINT_SLICES).apply(slice("shop", "cart-2", "cart", ready("10.0.0.2", "b")));
        fixture.advance(Duration.ofSeconds(5));

        assertThat(cart.all).hasSize(1);
    }

    @Test
    void seesAnEndpointOnceThatIsInTwoSlicesWhileItMoves() {
        Told cart = watchCart(ready("10.0.0.1", "a"), ready("10.0.0.2", "b"));
        reflectors.only(Resources.ENDPOINT_SLICES).apply(slice("shop", "cart-2", "cart", ready("10.0.0.2", "b")));
        fixture.run();
        applyCart(ready("10.0.0.1", "a"));
        fixture.advance(Duration.ofSeconds(5));

        assertThat(cart.all).hasSize(1);
    }

    @Test
    void letsAnEndpointGoThatIsInNoSliceAnyMore() {
        Told cart = watchCart(ready("10.0.0.1", "a"), ready("10.0.0.2", "b"));
        applyCart(ready("10.0.0.1", "a"));
        assertThat(cart.addresses()).containsExactly("10.0.0.1", "10.0.0.2");
        fixture.advance(MovingEndpoints.HOLD);

        assertThat(cart.addresses()).containsExactly("10.0.0.1");
    }

    @Test
    void honoursScalingToZero() {
        Told cart = watchCart(ready("10.0.0.1", "a"), ready("10.0.0.2", "b"));
        reflectors.only(Resources.ENDPOINT_SLICES).sync(slice("shop", "cart-1", "cart"));
        fixture.advance(MovingEndpoints.HOLD);

        assertThat(cart.last().state()).isEqualTo(State.ENDPOINTS);
        assertThat(cart.addresses()).isEmpty();
    }

    @Test
    void tellsAtOnceThatAnEndpointEnds() {
        Told cart = watchCart(ready("10.0.0.1", "a"), ready("10.0.0.2", "b"));
        applyCart(ready("10.0.0.1", "a"), terminating("10.0.0.2", "b"));

        assertThat(conditions(cart, "10.0.0.2")).containsExactly(Condition.TERMINATING);
        applyCart(ready("10.0.0.1", "a"));
        assertThat(cart.addresses()).containsExactly("10.0.0.1");
    }

    @Test
    void neverHoldsTheGhostOfAnAddressThatHasANewOwner() {
        Told cart = watchCart(ready("10.0.0.1", "a"), ready("10.0.0.2", "old"));
        applyCart(ready("10.0.0.1", "a"), ready("10.0.0.2", "new"));

        assertThat(cart.endpoints()).extracting(Endpoint::address).containsExactlyInAnyOrder("10.0.0.1", "10.0.0.2");
        assertThat(cart.endpoints()).extracting(Endpoint::id).anyMatch(id -> id.contains("uid-new"));
        assertThat(cart.endpoints()).extracting(Endpoint::id).noneMatch(id -> id.contains("uid-old"));
    }

    // Nodes and WorkloadEntries

    @Test
    void knowsRegionsWhereNodesAreRead() {
        TableFixture wide = new TableFixture(TableFixture.settings(List.of(), false, EndpointMode.SLICES, true), null);
        Told cart = wide.watch(CART);
        wide.reflectors.only(Resources.NODES).sync(node("node-1", "r1", "z1"));
        wide.answer(of(service("shop", "cart")), of(slice("shop", "cart-1", "cart", ready("10.0.0.1", "a"))));
        assertThat(cart.endpoints()).extracting(e -> e.locality().toString()).containsExactly("r1/z1");
        wide.reflectors.only(Resources.NODES).apply(node("node-1", "r2", "z1"));
        wide.run();

        assertThat(cart.endpoints()).extracting(e -> e.locality().toString()).containsExactly("r2/z1");
    }

    @Test
    void takesWorkloadEntriesThatTheServiceSelects() {
        Told cart = fixture.watch(CART);
        fixture.settle();
        reflectors.only(Resources.SERVICES).sync(service("shop", "cart"));
        reflectors.only(Resources.ENDPOINT_SLICES).sync(slice("shop", "cart-1", "cart", ready("10.0.0.1", "a")));
        reflectors.only(Resources.WORKLOAD_ENTRIES).sync(workloadEntry("shop", "vm", "cart", "10.9.0.1", 4));
        fixture.run();
        assertThat(cart.addresses()).containsExactly("10.0.0.1", "10.9.0.1");
        reflectors.only(Resources.WORKLOAD_ENTRIES).delete("shop", "vm");
        fixture.advance(MovingEndpoints.HOLD);

        assertThat(cart.addresses()).containsExactly("10.0.0.1");
    }

    private Told watchCart(String... endpoints) {
        Told cart = fixture.watch(CART);
        fixture.answer(of(service("shop", "cart")), of(slice("shop", "cart-1", "cart", endpoints)));
        return cart;
    }

    private void applyCart(String... endpoints) {
        reflectors.only(Resources.ENDPOINT_SLICES).apply(slice("shop", "cart-1", "cart", endpoints));
        fixture.run();
    }

    private Source source(String host) {
        return fixture.table.status().services().get(host);
    }

    private static List<Condition> conditions(Told told, String address) {
        return told.endpoints().stream()
                .filter(endpoint -> endpoint.address().equals(address))
                .map(Endpoint::condition)
                .toList();
    }
}
