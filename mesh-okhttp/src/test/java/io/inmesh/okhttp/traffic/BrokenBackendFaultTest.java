package io.inmesh.okhttp.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.okhttp.traffic.CallLoad.Call;
import java.util.List;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Backends that answer 503 to everything, under load. Dn: that fault of the test plan. */
class BrokenBackendFaultTest {
    @RegisterExtension
    final FaultRig rig = new FaultRig();

    /** All but the interval is as Istio has it where nothing is given: five errors, one of ten, 30 s. */
    @Test
    void oneOfTenThatFailsEverythingIsOutAfterThreeIntervals() throws Exception {
        List<ScriptedBackend> backends = rig.backends(10);
        ScriptedBackend broken = backends.get(3).plan("503");
        OkHttpClient client = rig.client(rig.mesh(backends, """
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: reviews}
                spec:
                  host: reviews
                  trafficPolicy:
                    outlierDetection: {interval: 100ms}
                """));
        List<Call> calls;
        int inThreeIntervals;
        try (CallLoad load = new CallLoad(client, 4)) {
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(300);
            // On a busy machine so few calls pass in that time that its five errors are not among them.
            for (int passed = 0; passed < 200 || System.nanoTime() < end; passed += 20) {
                load.pass(20);
            }
            inThreeIntervals = broken.requests().size();
            load.pass(600);
            calls = load.stop();
        }

        assertThat(broken.requests().size() - inThreeIntervals)
                .as("of 600 calls afterwards")
                .isLessThan(6);
        assertThat(inThreeIntervals).isBetween(5, 5 + 3);
        assertThat(calls)
                .filteredOn(Call::failed)
                .hasSize(broken.requests().size())
                .allMatch(call -> call.status() == 503);
        assertThat(rig.observer().ejected())
                .singleElement()
                .satisfies(ejection -> assertThat(ejection.endpoint().port()).isEqualTo(broken.port()));
    }

    /**
     * D8. The budget is a share of what is under way, retries among it; their waits keep them below the same share of what is sent.
     * Its floor are three at a time.
     */
    @Test
    void whereEverythingFailsRetriesStayWithinTheirBudget() throws Exception {
        List<ScriptedBackend> backends = rig.backends(10);
        backends.forEach(backend -> backend.plan("503"));
        OkHttpClient client = rig.client(rig.mesh(backends, """
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: reviews}
                spec:
                  hosts: [reviews]
                  http:
                  - route: [{destination: {host: reviews}}]
                    retries: {attempts: 3, retryOn: 5xx, backoff: 100ms}
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: reviews}
                spec:
                  host: reviews
                  trafficPolicy:
                    retryBudget: {percent: 20}
                """));
        List<Call> calls;
        try (CallLoad load = new CallLoad(client, 20)) {
            load.pass(1500);
            calls = load.stop();
        }

        int attempts =
                backends.stream().mapToInt(backend -> backend.requests().size()).sum();
        int floor = 3 * 3;
        assertThat(calls).allMatch(call -> call.status() == 503);
        assertThat(attempts).isBetween(calls.size() + 1, (int) (calls.size() * 1.2) + floor);
        assertThat(rig.observer().retries()).hasSize(attempts - calls.size());
    }
}
