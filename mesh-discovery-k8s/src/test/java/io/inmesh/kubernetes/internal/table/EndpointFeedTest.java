package io.inmesh.kubernetes.internal.table;

import static io.inmesh.kubernetes.internal.table.TableFixture.WAIT;
import static io.inmesh.kubernetes.internal.table.TableFixture.of;
import static io.inmesh.kubernetes.testing.KubernetesJson.endpoints;
import static io.inmesh.kubernetes.testing.KubernetesJson.ready;
import static io.inmesh.kubernetes.testing.KubernetesJson.service;
import static io.inmesh.kubernetes.testing.KubernetesJson.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.endpoint.ServiceEndpoints.State;
import io.inmesh.kubernetes.internal.reflect.ReflectorListener.Refusal.Reason;
import io.inmesh.kubernetes.internal.resource.Resources;
import io.inmesh.kubernetes.internal.table.TableFixture.Told;
import io.inmesh.kubernetes.internal.table.TableSettings.EndpointMode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** EndpointSlices, and v1 Endpoints where those are refused or not wanted. */
class EndpointFeedTest {
    private static final String CART = "cart.shop.svc.cluster.local";

    private final TableFixture fixture = new TableFixture();
    private final FakeReflectors reflectors = fixture.reflectors;

    @Test
    void readsEndpointsWhereSlicesAreRefusedAndGoesBack() {
        Told cart = fixture.watch(CART);
        fixture.answer(of(service("shop", "cart")), of(slice("shop", "cart-1", "cart", ready("10.0.0.1", "a"))));
        reflectors.only(Resources.ENDPOINT_SLICES).refuse(Reason.FORBIDDEN);
        fixture.run();
        assertThat(cart.addresses()).containsExactly("10.0.0.1");
        reflectors.only(Resources.ENDPOINTS).sync(endpoints("shop", "cart", "10.0.0.1", "10.0.0.2"));
        fixture.advance(Duration.ofSeconds(2));
        assertThat(cart.addresses()).containsExactly("10.0.0.1", "10.0.0.2");
        assertThat(fixture.table.status().problems())
                .singleElement()
                .asString()
                .startsWith("v1 Endpoints of namespace shop are read instead of EndpointSlices: ");
        reflectors.only(Resources.ENDPOINT_SLICES).allow();
        fixture.advance(Duration.ofSeconds(2));

        assertThat(cart.addresses()).containsExactly("10.0.0.1");
        assertThat(reflectors.open(Resources.ENDPOINTS)).isEmpty();
        assertThat(fixture.table.status().problems()).isEmpty();
    }

    @Test
    void startsWithEndpointsWhereSlicesAreNotServed() {
        Told cart = fixture.watch(CART);
        fixture.settle();
        reflectors.only(Resources.SERVICES).sync(service("shop", "cart"));
        reflectors.only(Resources.WORKLOAD_ENTRIES).sync();
        reflectors.only(Resources.ENDPOINT_SLICES).refuse(Reason.NOT_SERVED);
        fixture.run();
        reflectors.only(Resources.ENDPOINTS).sync(endpoints("shop", "cart", "10.0.0.3"));
        fixture.run();

        assertThat(cart.addresses()).containsExactly("10.0.0.3");
    }

    @Test
    void readsOnlyEndpointsWhereThatIsWanted() {
        TableFixture old =
                new TableFixture(TableFixture.settings(List.of(), false, EndpointMode.ENDPOINTS, false), null);
        Told cart = old.watch(CART);
        old.settle();
        old.reflectors.only(Resources.SERVICES).sync(service("shop", "cart"));
        old.reflectors.only(Resources.WORKLOAD_ENTRIES).sync();
        old.reflectors.only(Resources.ENDPOINTS).sync(endpoints("shop", "cart", "10.0.0.3"));
        old.run();

        assertThat(cart.addresses()).containsExactly("10.0.0.3");
        assertThat(old.reflectors.open(Resources.ENDPOINT_SLICES)).isEmpty();
    }

    @Test
    void neverFallsBackWhereOnlySlicesAreWanted() {
        TableFixture strict =
                new TableFixture(TableFixture.settings(List.of(), false, EndpointMode.SLICES, false), null);
        Told cart = strict.watch(CART);
        strict.settle();
        strict.reflectors.only(Resources.SERVICES).sync(service("shop", "cart"));
        strict.reflectors.only(Resources.ENDPOINT_SLICES).refuse(Reason.FORBIDDEN);
        strict.advance(WAIT);

        assertThat(strict.reflectors.open(Resources.ENDPOINTS)).isEmpty();
        assertThat(cart.last().state()).isEqualTo(State.BY_NAME);
    }

    @Test
    void staysWithEndpointsWhileSlicesAreRefusedThoughMoreIsAskedFor() {
        fixture.watch(CART);
        fixture.answer(of(service("shop", "cart")), of(slice("shop", "cart-1", "cart", ready("10.0.0.1", "a"))));
        reflectors.only(Resources.ENDPOINT_SLICES).refuse(Reason.FORBIDDEN);
        fixture.run();
        reflectors.only(Resources.ENDPOINTS).sync();
        fixture.run();

        fixture.watch("pay.shop.svc.cluster.local");
        fixture.settle();

        assertThat(reflectors.open(Resources.ENDPOINTS)).hasSize(1);
    }
}
