package io.inmesh.kubernetes.internal.table;

import static io.inmesh.kubernetes.internal.table.TableFixture.WAIT;
import static io.inmesh.kubernetes.internal.table.TableFixture.of;
import static io.inmesh.kubernetes.testing.KubernetesJson.ready;
import static io.inmesh.kubernetes.testing.KubernetesJson.service;
import static io.inmesh.kubernetes.testing.KubernetesJson.slice;
import static io.inmesh.kubernetes.testing.KubernetesJson.workloadEntry;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.endpoint.ServiceEndpoints.State;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.kubernetes.internal.reflect.ReflectorListener.Refusal.Reason;
import io.inmesh.kubernetes.internal.resource.EndpointSlice;
import io.inmesh.kubernetes.internal.resource.Resources;
import io.inmesh.kubernetes.internal.resource.Service;
import io.inmesh.kubernetes.internal.table.FakeReflectors.Fake;
import io.inmesh.kubernetes.internal.table.TableFixture.Told;
import io.inmesh.kubernetes.internal.table.TableSettings.EndpointMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The right to read all namespaces is there at first and is withdrawn while the table is in use. */
class WithdrawnRightsTest {
    private static final String CART = "cart.shop.svc.cluster.local";
    private static final String STOCK = "stock.shop.svc.cluster.local";
    private static final String PAY = "pay.bank.svc.cluster.local";

    private final TableFixture fixture =
            new TableFixture(TableFixture.settings(List.of(), true, EndpointMode.SLICES_OR_ENDPOINTS, false), null);
    private final FakeReflectors reflectors = fixture.reflectors;
    private final List<Set<ServiceName>> names = new ArrayList<>();
    private final Told cart = fixture.watch(CART);
    private final Told pay = fixture.watch(PAY);
    private final Fake<Service> wide = reflectors.only(Resources.SERVICES);
    private final Fake<EndpointSlice> wideSlices;

    WithdrawnRightsTest() {
        AutoCloseable unused = fixture.table.watchNames(names::add);
        wide.sync(service("shop", "cart"), service("bank", "pay"));
        reflectors.only(Resources.WORKLOAD_ENTRIES).sync();
        fixture.run();
        wideSlices = reflectors.only(Resources.ENDPOINT_SLICES);
        wideSlices.sync(
                slice("shop", "cart-1", "cart", ready("10.0.0.1", "a")),
                slice("bank", "pay-1", "pay", ready("10.0.1.1", "p")));
        fixture.run();
        assertThat(cart.addresses()).containsExactly("10.0.0.1");
        assertThat(pay.addresses()).containsExactly("10.0.1.1");
    }

    @Test
    void theOwnNamespaceIsFollowedWhereServicesOfAllAreNotToldAnyMore() {
        wide.refuse(Reason.FORBIDDEN);
        fixture.run();
        assertThat(reflectors.newest(Resources.SERVICES).selection().namespace())
                .isEqualTo("shop");
        assertThat(cart.all).as("before the own namespace is known").hasSize(1);
        assertThat(fixture.watch(CART).addresses())
                .as("whoever comes meanwhile is told what was known")
                .containsExactly("10.0.0.1");
        ownNamespace(of(service("shop", "cart"), service("shop", "stock")), ready("10.0.0.2", "b"));
        fixture.advance(Duration.ofSeconds(2));

        assertThat(cart.addresses()).containsExactly("10.0.0.2");
        assertThat(pay.addresses()).containsExactly("10.0.1.1");
        assertThat(names).last().isEqualTo(Set.of(new ServiceName(CART), new ServiceName(STOCK), new ServiceName(PAY)));
        assertThat(fixture.table.status().problems())
                .contains("only services of namespace shop are followed, those of others stay as they were:"
                        + " services of all namespaces is refused");
    }

    @Test
    void theOwnNamespaceIsFollowedWhereEndpointsOfAllAreNotToldAnyMore() {
        wideSlices.refuse(Reason.FORBIDDEN);
        fixture.run();
        reflectors.only(Resources.ENDPOINTS).refuse(Reason.FORBIDDEN);
        fixture.run();
        assertThat(cart.addresses()).containsExactly("10.0.0.1");
        ownNamespace(of(service("shop", "cart")), ready("10.0.0.2", "b"));
        fixture.advance(Duration.ofSeconds(2));

        assertThat(cart.addresses()).containsExactly("10.0.0.2");
        assertThat(pay.addresses()).containsExactly("10.0.1.1");
    }

    @Test
    void allIsUsedAgainOnceItIsAllowedAndHasToldWhatWasMissed() {
        wide.refuse(Reason.FORBIDDEN);
        fixture.run();
        ownNamespace(of(service("shop", "cart")), ready("10.0.0.2", "b"));
        fixture.advance(Duration.ofSeconds(2));

        wide.allow();
        fixture.run();
        assertThat(cart.addresses()).as("before the missed events").containsExactly("10.0.0.2");
        wideSlices.apply(slice("shop", "cart-1", "cart", ready("10.0.0.2", "b")));
        fixture.advance(Duration.ofSeconds(2));
        assertThat(reflectors.openSelections())
                .containsExactly(
                        "endpointslices.discovery.k8s.io of all namespaces",
                        "services of all namespaces",
                        "workloadentries.networking.istio.io of all namespaces");
        assertThat(fixture.table.status().problems()).isEmpty();
        wideSlices.apply(slice("shop", "cart-1", "cart", ready("10.0.0.3", "c")));
        wideSlices.apply(slice("bank", "pay-1", "pay", ready("10.0.1.2", "q")));
        fixture.advance(Duration.ofSeconds(2));

        assertThat(cart.addresses()).containsExactly("10.0.0.3");
        assertThat(pay.addresses()).containsExactly("10.0.1.2");
    }

    @Test
    void theOwnNamespaceStaysWhereTheRightIsWithdrawnAgainAtOnce() {
        wide.refuse(Reason.FORBIDDEN);
        fixture.run();
        ownNamespace(of(service("shop", "cart")), ready("10.0.0.2", "b"));
        fixture.advance(Duration.ofSeconds(2));

        wide.allow();
        fixture.advance(Duration.ofMillis(500));
        wide.refuse(Reason.FORBIDDEN);
        fixture.advance(Duration.ofMinutes(1));

        assertThat(reflectors.open(Resources.SERVICES)).hasSize(2);
        assertThat(cart.addresses()).containsExactly("10.0.0.2");
    }

    @Test
    void workloadEntriesOfAllCountUntilThoseOfTheOwnNamespaceAreKnown() {
        reflectors.only(Resources.WORKLOAD_ENTRIES).sync(workloadEntry("shop", "vm", "cart", "10.9.0.1", 1));
        wide.refuse(Reason.FORBIDDEN);
        fixture.run();
        reflectors.newest(Resources.SERVICES).sync(service("shop", "cart"), service("shop", "stock"));
        reflectors.newest(Resources.ENDPOINT_SLICES).sync(slice("shop", "cart-1", "cart", ready("10.0.0.2", "b")));
        fixture.advance(Duration.ofSeconds(2));
        assertThat(cart.addresses()).as("unanswered").containsExactly("10.0.0.2", "10.9.0.1");

        reflectors.newest(Resources.WORKLOAD_ENTRIES).refuse(Reason.FORBIDDEN);
        fixture.advance(Duration.ofSeconds(2));
        assertThat(cart.addresses()).as("refused").containsExactly("10.0.0.2", "10.9.0.1");

        reflectors.newest(Resources.WORKLOAD_ENTRIES).sync(workloadEntry("shop", "vm", "cart", "10.9.0.2", 1));
        fixture.advance(Duration.ofSeconds(2));
        assertThat(cart.addresses()).as("known").containsExactly("10.0.0.2", "10.9.0.2");
    }

    @Test
    void whatWasKnownStaysWhereTheOwnNamespaceIsRefusedToo() {
        wide.refuse(Reason.FORBIDDEN);
        fixture.run();
        reflectors.newest(Resources.SERVICES).refuse(Reason.FORBIDDEN);
        reflectors.newest(Resources.ENDPOINT_SLICES).refuse(Reason.FORBIDDEN);
        fixture.advance(Duration.ofMinutes(5));

        assertThat(cart.all).hasSize(1);
        assertThat(fixture.watch(CART).addresses()).containsExactly("10.0.0.1");
        assertThat(names).last().isEqualTo(Set.of(new ServiceName(CART), new ServiceName(PAY)));
    }

    @Test
    void aServiceThatWasNotKnownBeforeIsCalledByItsName() {
        wide.refuse(Reason.FORBIDDEN);
        fixture.run();
        ownNamespace(of(service("shop", "cart")), ready("10.0.0.2", "b"));
        Told other = fixture.watch("books.library.svc.cluster.local");
        fixture.advance(WAIT);

        assertThat(other.last().state()).isEqualTo(State.BY_NAME);
        assertThat(fixture.watch(STOCK).last().state()).isEqualTo(State.ABSENT);
    }

    private void ownNamespace(String[] services, String endpoint) {
        reflectors.newest(Resources.SERVICES).sync(services);
        reflectors.newest(Resources.ENDPOINT_SLICES).sync(slice("shop", "cart-1", "cart", endpoint));
        reflectors.newest(Resources.WORKLOAD_ENTRIES).sync();
        fixture.run();
    }
}
