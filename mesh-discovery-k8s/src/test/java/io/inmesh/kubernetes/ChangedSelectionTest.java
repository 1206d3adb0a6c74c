package io.inmesh.kubernetes;

import static io.inmesh.kubernetes.EndpointSourceRig.CART;
import static io.inmesh.kubernetes.EndpointSourceRig.addresses;
import static io.inmesh.kubernetes.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.kubernetes.EndpointSourceRig.Told;
import io.inmesh.kubernetes.testing.Fault;
import io.inmesh.kubernetes.testing.ScriptedApiServer.Verb;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** C7 when more services are asked for: the first list of the wider selection may be wrong, too. */
class ChangedSelectionTest {
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void c7AFirstListWithoutWhatWasKnownIsNotBelievedAtOnce(boolean watchLists) {
        try (EndpointSourceRig rig = new EndpointSourceRig()) {
            if (!watchLists) {
                rig.server.always(Verb.WATCH_LIST, Fault.status(422, "Invalid", "sendInitialEvents is forbidden"));
            }
            rig.put("cart", 1, 2);
            rig.put("admin", 3);
            Told cart = rig.watch(CART);
            cart.eventuallyHas(addresses(1, 2));
            eventually(() -> assertThat(rig.source.status().watches())
                    .hasSize(3)
                    .allMatch(watch -> watch.state().equals("WATCHING")));
            rig.server.next(watchLists ? Verb.WATCH_LIST : Verb.LIST, Fault.shortList(1));

            Told admin = rig.watch("admin.shop.svc.cluster.local");

            admin.eventuallyHas(addresses(3));
            assertThat(rig.source.status().watches())
                    .as("lists doubted, of which the first had only admin")
                    .extracting(watch -> watch.counts().get("shrinkDoubted"))
                    .contains(1L);
            assertThat(cart.all).extracting(Told::addresses).containsOnly(addresses(1, 2));
        }
    }
}
