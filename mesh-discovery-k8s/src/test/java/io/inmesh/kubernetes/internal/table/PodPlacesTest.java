package io.inmesh.kubernetes.internal.table;

import static io.inmesh.kubernetes.internal.table.TableFixture.of;
import static io.inmesh.kubernetes.testing.KubernetesJson.pod;
import static io.inmesh.kubernetes.testing.KubernetesJson.ready;
import static io.inmesh.kubernetes.testing.KubernetesJson.service;
import static io.inmesh.kubernetes.testing.KubernetesJson.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.Locality;
import io.inmesh.kubernetes.internal.reflect.ReflectorListener.Refusal.Reason;
import io.inmesh.kubernetes.internal.resource.Pod;
import io.inmesh.kubernetes.internal.resource.Resources;
import io.inmesh.kubernetes.internal.table.FakeReflectors.Fake;
import io.inmesh.kubernetes.internal.table.TableFixture.Told;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Slices that name pods and not their nodes, as those written by hand do. */
class PodPlacesTest {
    private static final String CART = "cart.shop.svc.cluster.local";
    private static final String NODE_AND_ZONE = "\"nodeName\": \"node-1\", \"zone\": \"z1\",";

    /** A slice that names pods and no nodes is written by hand; one of the controller's names both. */
    @Test
    void watchesPodsWhereASliceNamesNoNode() {
        TableFixture fixture = new TableFixture();
        Told cart = fixture.watch(CART);
        String handMade =
                slice("shop", "cart-1", "cart", ready("10.0.0.1", "a")).replace(NODE_AND_ZONE, "");
        assertThat(handMade).doesNotContain("nodeName");
        fixture.answer(of(service("shop", "cart")), of(handMade));
        Fake<Pod> pods = fixture.reflectors.only(Resources.PODS);
        assertThat(pods.selection().labelSelector()).isEqualTo("app=cart");
        assertThat(cart.addresses()).as("told at once").containsExactly("10.0.0.1");
        assertThat(localities(cart)).containsExactly(Locality.UNKNOWN);
        pods.sync(pod("shop", "a", "cart", "v1", "10.0.0.1")
                .replace("\"app\":", "\"topology.kubernetes.io/region\": \"r1\", \"app\":"));
        fixture.run();
        assertThat(localities(cart)).containsExactly(new Locality("r1", "", ""));

        fixture.reflectors
                .only(Resources.ENDPOINT_SLICES)
                .apply(slice("shop", "cart-1", "cart", ready("10.0.0.1", "a")));
        fixture.run();

        assertThat(fixture.reflectors.open(Resources.PODS)).isEmpty();
        assertThat(localities(cart)).containsExactly(new Locality("", "z1", ""));
    }

    @Test
    void doesWithoutPlacesThatAreForbiddenAndSaysSo() {
        TableFixture fixture = new TableFixture();
        Told cart = fixture.watch(CART);
        String handMade =
                slice("shop", "cart-1", "cart", ready("10.0.0.1", "a")).replace(NODE_AND_ZONE, "");
        fixture.answer(of(service("shop", "cart")), of(handMade));
        fixture.reflectors.only(Resources.PODS).refuse(Reason.FORBIDDEN);
        fixture.run();

        assertThat(cart.addresses()).containsExactly("10.0.0.1");
        assertThat(fixture.table.status().problems())
                .singleElement()
                .asString()
                .contains("node, region and zone of endpoints of " + CART + " are not known");
    }

    /** Nothing selects the pods of a service without a selector; its slice names one of the namespace's. */
    @Test
    void looksForThePodsOfAServiceWithoutASelectorInItsNamespace() {
        TableFixture fixture = new TableFixture();
        Told cart = fixture.watch(CART);
        String unselecting = service("shop", "cart").replaceFirst("\"selector\": \\{[^}]*},?", "");
        assertThat(unselecting).doesNotContain("selector");
        fixture.answer(
                of(unselecting),
                of(slice("shop", "cart-1", "cart", ready("10.0.0.1", "a")).replace(NODE_AND_ZONE, "")));
        Fake<Pod> pods = fixture.reflectors.only(Resources.PODS);

        pods.sync(pod("shop", "a", "cart", "v1", "10.0.0.1")
                .replace("\"app\":", "\"topology.kubernetes.io/region\": \"r1\", \"app\":"));
        fixture.run();

        assertThat(pods.selection().labelSelector()).isEmpty();
        assertThat(pods.selection().namespace()).isEqualTo("shop");
        assertThat(localities(cart)).containsExactly(new Locality("r1", "", ""));
    }

    private static List<Locality> localities(Told told) {
        return told.endpoints().stream().map(Endpoint::locality).toList();
    }
}
