package io.inmesh.okhttp.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.call.MeshException;
import io.inmesh.okhttp.traffic.CallLoad.Call;
import java.util.ArrayList;
import java.util.List;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Backends that go and come back under load, with a ledger of what they executed. Dn: that fault of the test plan. */
class RestartFaultTest {
    @RegisterExtension
    final FaultRig rig = new FaultRig();

    /** D1, with a discovery that is late by that many calls. */
    @ParameterizedTest
    @ValueSource(ints = {0, 50, 200})
    void aRollingRestartOfHalfOfThemFailsNoGetAndRepeatsNoPost(int late) throws Exception {
        List<ScriptedBackend> backends = new ArrayList<>(rig.backends(10));
        OkHttpClient client = rig.client(rig.mesh(backends, FaultRig.GETS_AGAIN));
        List<Call> calls;
        try (CallLoad load = new CallLoad(client, 4)) {
            load.pass(50);
            for (int i = 0; i < 5; i++) {
                backends.get(i).drain();
                load.pass(late);
                backends.set(i, rig.backend("new-" + i));
                rig.discover(backends);
                load.pass(50);
            }
            List<ScriptedBackend> restarted = backends.subList(0, 5);
            for (int i = 0; i < 200 && !allCalled(restarted); i++) {
                load.pass(20);
            }
            assertThat(allCalled(restarted)).as("new ones are called").isTrue();
            calls = load.stop();
        }

        assertNoGetFailsAndNoPostIsRepeated(calls);
    }

    private static boolean allCalled(List<ScriptedBackend> backends) {
        return backends.stream().noneMatch(backend -> backend.requests().isEmpty());
    }

    /** D2. */
    @Test
    void threeOfTenThatDieInTheMiddleOfTheirWorkFailNoGet() throws Exception {
        List<ScriptedBackend> backends = rig.backends(10);
        backends.forEach(backend -> backend.plan("200,delay=1"));
        OkHttpClient client = rig.client(rig.mesh(backends, FaultRig.GETS_AGAIN));
        List<Call> calls;
        try (CallLoad load = new CallLoad(client, 8)) {
            load.pass(200);
            for (ScriptedBackend backend : backends.subList(0, 3)) {
                backend.kill();
            }
            load.pass(600);
            calls = load.stop();
        }

        assertNoGetFailsAndNoPostIsRepeated(calls);
    }

    private void assertNoGetFailsAndNoPostIsRepeated(List<Call> calls) {
        assertThat(calls).filteredOn(Call::isGet).isNotEmpty().noneMatch(Call::failed);
        assertThat(calls).filteredOn(call -> !call.isGet()).isNotEmpty().allSatisfy(post -> {
            // One that met dead addresses alone was never sent; of all others nobody knows.
            int most = post.failure() instanceof MeshException ? 0 : 1;
            assertThat(rig.executions(post.id())).isBetween(post.failed() ? 0 : 1, most);
        });
    }
}
