package io.inmesh.kubernetes.internal.reflect;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.kubernetes.testing.Fault;
import io.inmesh.kubernetes.testing.ScriptedApiServer.Request;
import io.inmesh.kubernetes.testing.ScriptedApiServer.Verb;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** C7 at the first list of a reflector that takes another's place: what the other knew is missed. */
class ExpectedObjectsTest {
    private static final ReflectorSettings SETTINGS = ReflectorSettings.DEFAULT;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aFirstListThatLacksThemIsNotBelievedAtOnce(boolean watchLists) {
        try (ReflectorRig rig = ReflectorRig.with(watchLists)) {
            rig.putMany(25);
            rig.server.next(watchLists ? Verb.WATCH_LIST : Verb.LIST, Fault.shortList(0));

            rig.start(SETTINGS, "t1", "t2", "t3");

            rig.seesTruth();
            assertThat(rig.counts().shrinkDoubted()).isEqualTo(1);
            assertThat(rig.view.sizes()).containsExactly(25);
        }
    }

    @Test
    void othersDoNotMakeUpForThem() {
        try (ReflectorRig rig = ReflectorRig.with(false)) {
            rig.putMany(25);
            // Of t0, t1 and t10 to t14.
            rig.server.next(Verb.LIST, Fault.shortList(7));

            rig.start(SETTINGS, "t1", "t20", "t21");

            rig.seesTruth();
            assertThat(rig.counts().shrinkDoubted()).isEqualTo(1);
            assertThat(rig.view.sizes()).containsExactly(25);
        }
    }

    @Test
    void theyAreGoneWhenASecondListSaysSo() {
        try (ReflectorRig rig = ReflectorRig.with(false)) {
            rig.putMany(2);

            rig.start(SETTINGS, "gone", "lost", "t1");

            rig.seesTruth();
            assertThat(rig.counts().shrinkDoubted()).isEqualTo(1);
            assertThat(rig.server.requests(Verb.LIST)).hasSize(2);
        }
    }

    @Test
    void aListThatHasThemIsBelievedAndIsOfTheNewestState() {
        try (ReflectorRig rig = ReflectorRig.with(false)) {
            rig.putMany(3);

            rig.start(SETTINGS, "t1", "t2", "gone");

            rig.seesTruth();
            assertThat(rig.counts().shrinkDoubted()).isZero();
            List<Request> lists = rig.server.requests(Verb.LIST);
            assertThat(lists).extracting(list -> list.query("resourceVersion")).containsExactly("");
        }
    }

    @Test
    void withoutThemAnyStateWillDo() {
        try (ReflectorRig rig = ReflectorRig.with(false)) {
            rig.start(SETTINGS);

            rig.watches();
            assertThat(rig.counts().shrinkDoubted()).isZero();
            assertThat(rig.server.requests(Verb.LIST))
                    .extracting(list -> list.query("resourceVersion"))
                    .containsExactly("0");
        }
    }
}
