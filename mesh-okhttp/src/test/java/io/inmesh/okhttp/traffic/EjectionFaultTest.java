package io.inmesh.okhttp.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.Mesh;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Most of the backends fail at once, and are ejected. Dn: that fault of the test plan. */
class EjectionFaultTest {
    private static final int BACKENDS = 10;
    private static final int FAILING = 8;

    @RegisterExtension
    final FaultRig rig = new FaultRig();

    private final List<ScriptedBackend> backends = new ArrayList<>();

    private Mesh mesh(String detection) throws Exception {
        backends.addAll(rig.backends(BACKENDS));
        return rig.mesh(backends, """
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: reviews}
                spec:
                  hosts: [reviews]
                  http: [{retries: {attempts: 0}, route: [{destination: {host: reviews}}]}]
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: reviews}
                spec:
                  host: reviews
                  trafficPolicy:
                    loadBalancer: {simple: ROUND_ROBIN}
                    outlierDetection: {consecutive5xxErrors: 1, baseEjectionTime: 300s, %s}
                """.formatted(detection));
    }

    private static long ejected(Mesh mesh) {
        return mesh.clusters().values().stream()
                .flatMap(List::stream)
                .filter(endpoint -> endpoint.ejection() != null)
                .count();
    }

    /** Who is called by so many calls, one after the other. */
    private List<Integer> called(OkHttpClient client, int calls) {
        List<Integer> before =
                backends.stream().map(backend -> backend.requests().size()).toList();
        for (int i = 0; i < calls; i++) {
            assertThat(CallLoad.call(client, "c" + i, "GET").failure()).isNull();
        }
        return IntStream.range(0, BACKENDS)
                .filter(i -> backends.get(i).requests().size() > before.get(i))
                .boxed()
                .toList();
    }

    /** D9. The good ones are two, as with 0 nobody else is called. */
    @ParameterizedTest
    @ValueSource(ints = {0, 50})
    void withFewerThanMinHealthPercentAllAreCalled(int minHealthPercent) throws Exception {
        Mesh mesh = mesh("maxEjectionPercent: 100, minHealthPercent: " + minHealthPercent);
        OkHttpClient client = rig.client(mesh);
        backends.subList(0, FAILING).forEach(backend -> backend.plan("503"));

        called(client, 4 * BACKENDS);
        assertThat(ejected(mesh)).isEqualTo(FAILING);

        assertThat(called(client, 4 * BACKENDS)).hasSize(minHealthPercent == 0 ? BACKENDS - FAILING : BACKENDS);
        assertThat(rig.observer().ejected()).hasSize(FAILING);
    }

    /** D9, with calls that fail at the same time. */
    @Test
    void noMoreThanMaxEjectionPercentAreEverEjected() throws Exception {
        Mesh mesh = mesh("maxEjectionPercent: 80");
        backends.forEach(backend -> backend.plan("503"));

        try (CallLoad load = new CallLoad(rig.client(mesh), 8)) {
            load.pass(400);
        }

        // Nobody comes back within the test, so that what was ejected at any time still is.
        assertThat(rig.observer().readmitted()).isEmpty();
        assertThat(rig.observer().ejected()).hasSize(FAILING);
        assertThat(ejected(mesh)).isEqualTo(FAILING);
        assertThat(called(rig.client(mesh), 2 * BACKENDS)).hasSize(BACKENDS - FAILING);
    }
}
