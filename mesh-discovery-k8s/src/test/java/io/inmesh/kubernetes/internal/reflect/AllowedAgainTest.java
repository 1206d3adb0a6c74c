package io.inmesh.kubernetes.internal.reflect;

import static io.inmesh.kubernetes.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.kubernetes.testing.Fault;
import io.inmesh.kubernetes.testing.ScriptedApiServer.Verb;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A right that is withdrawn and given back: what is known is right again when it is said to be told again. */
class AllowedAgainTest {
    private static final Fault FORBIDDEN = Fault.status(403, "Forbidden", "cannot watch");

    private ReflectorRig rig;

    @AfterEach
    void close() {
        rig.close();
    }

    private void refused(boolean watchLists) {
        rig = ReflectorRig.with(watchLists);
        rig.putMany(10);
        rig.start(ReflectorSettings.DEFAULT);
        rig.seesTruth();
        rig.watches();
        for (Verb verb : Verb.values()) {
            rig.server.always(verb, FORBIDDEN);
        }
        rig.server.resetConnections();
        eventually(() -> assertThat(rig.view.refusals()).hasSize(1));
        rig.server.clearRequests();
        eventually(() -> assertThat(rig.server.requests(Verb.LIST)).isNotEmpty());
    }

    private void allow(Verb... verbs) {
        for (Verb verb : verbs) {
            rig.server.always(verb, Fault.none());
        }
    }

    @Test
    void aStateReadAnewIsToldFirst() {
        refused(true);
        rig.put("t0", "changed meanwhile");

        allow(Verb.WATCH_LIST);

        eventually(() -> assertThat(rig.view.allowances()).hasSize(1));
        assertThat(rig.view.allowances()).containsExactly(rig.truth());
    }

    @Test
    void aStateReadByAListIsToldFirst() {
        refused(false);
        rig.put("t0", "changed meanwhile");

        allow(Verb.LIST, Verb.WATCH);

        eventually(() -> assertThat(rig.view.allowances()).hasSize(1));
        assertThat(rig.view.allowances()).containsExactly(rig.truth());
    }

    @Test
    void aStateThatIsDoubtedIsConfirmedFirst() {
        refused(true);
        for (int i = 0; i < 8; i++) {
            rig.delete("t" + i);
        }

        allow(Verb.WATCH_LIST);
        eventually(() -> assertThat(rig.counts().shrinkDoubted()).isPositive());
        assertThat(rig.view.allowances()).isEmpty();
        allow(Verb.LIST, Verb.WATCH);

        eventually(() -> assertThat(rig.view.allowances()).containsExactly(rig.truth()));
    }

    @Test
    void anUnchangedStateIsEnough() {
        refused(true);

        rig.server.heal();

        eventually(() -> assertThat(rig.view.allowances()).containsExactly(rig.truth()));
        assertThat(rig.view.replacements()).isEqualTo(1);
    }
}
