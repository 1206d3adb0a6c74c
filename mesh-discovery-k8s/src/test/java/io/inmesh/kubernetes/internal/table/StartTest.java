package io.inmesh.kubernetes.internal.table;

import static io.inmesh.kubernetes.internal.table.TableFixture.WAIT;
import static io.inmesh.kubernetes.internal.table.TableFixture.of;
import static io.inmesh.kubernetes.testing.KubernetesJson.ready;
import static io.inmesh.kubernetes.testing.KubernetesJson.service;
import static io.inmesh.kubernetes.testing.KubernetesJson.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.endpoint.ServiceEndpoints.State;
import io.inmesh.kubernetes.internal.resource.Resources;
import io.inmesh.kubernetes.internal.table.TableFixture.Told;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Whoever waits for a server that has said nothing yet waits together with all others who do. */
class StartTest {
    private static final String CART = "cart.shop.svc.cluster.local";
    private static final String PAY = "pay.bank.svc.cluster.local";

    private final TableFixture fixture = new TableFixture();

    @Test
    void endpointsAreNotWaitedForAfterRulesHaveBeenWaitedForInVain() {
        assertThat(fixture.startWait.left()).as("the wait for rules").isEqualTo(WAIT);
        fixture.advance(WAIT);

        Told cart = fixture.watch(CART);

        assertThat(cart.last().state()).isEqualTo(State.BY_NAME);
        fixture.answer(of(service("shop", "cart")), of(slice("shop", "cart-1", "cart", ready("10.0.0.1", "a"))));
        assertThat(cart.addresses()).containsExactly("10.0.0.1");
    }

    @Test
    void whatIsLeftOfTheWaitForRulesIsWaitedForEndpoints() {
        Duration unused = fixture.startWait.left();
        fixture.advance(WAIT.minusSeconds(2));
        Told cart = fixture.watch(CART);
        fixture.advance(Duration.ofSeconds(2).minusMillis(1));
        assertThat(cart.all).isEmpty();
        fixture.advance(Duration.ofMillis(1));

        assertThat(cart.last().state()).isEqualTo(State.BY_NAME);
    }

    @Test
    void aServerThatHasToldItsRulesIsWaitedForAgain() {
        Duration unused = fixture.startWait.left();
        fixture.startWait.heard();
        fixture.advance(WAIT);
        Told cart = fixture.watch(CART);
        fixture.advance(WAIT.minusMillis(1));
        assertThat(cart.all).isEmpty();
        fixture.advance(Duration.ofMillis(1));

        assertThat(cart.last().state()).isEqualTo(State.BY_NAME);
    }

    @Test
    void aServerThatHasToldServicesIsWaitedForAgain() {
        Told cart = fixture.watch(CART);
        fixture.answer(of(service("shop", "cart")), of(slice("shop", "cart-1", "cart", ready("10.0.0.1", "a"))));
        fixture.advance(Duration.ofHours(1));
        Told pay = fixture.watch(PAY);
        fixture.advance(WAIT.minusMillis(1));
        assertThat(pay.all).isEmpty();
        fixture.reflectors.newest(Resources.SERVICES).sync();
        fixture.run();

        assertThat(pay.last().state()).isEqualTo(State.ABSENT);
        assertThat(cart.addresses()).containsExactly("10.0.0.1");
    }
}
