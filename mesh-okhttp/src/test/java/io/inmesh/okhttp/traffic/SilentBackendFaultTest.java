package io.inmesh.okhttp.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.Mesh;
import io.inmesh.event.Ejection;
import io.inmesh.okhttp.traffic.CallLoad.Call;
import io.inmesh.okhttp.traffic.FaultProxy.Fault;
import io.inmesh.testing.RecordingObserver.AttemptEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Backends of which nothing is heard any more, under load. Dn: that fault of the test plan. */
class SilentBackendFaultTest {
    @RegisterExtension
    final FaultRig rig = new FaultRig();

    /** Where a connection is neither taken nor refused: what listens has as many that wait as it holds. */
    private static final class Blackhole implements AutoCloseable {
        private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        private final List<Socket> waiting = new ArrayList<>();

        Blackhole() throws IOException {
            for (int i = 0; i < 2; i++) {
                waiting.add(new Socket(listener.getInetAddress(), listener.getLocalPort()));
            }
        }

        int port() {
            return listener.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            for (Socket socket : waiting) {
                socket.close();
            }
            listener.close();
        }
    }

    /**
     * D3. After two errors in a row, since an address that could not be connected to rests: with the usual five it would be spared for
     * many seconds before it is ejected.
     */
    @Test
    void threeOfTenThatSwallowConnectionsAreEjectedAndFailNoCall() throws Exception {
        Set<Integer> dead = new HashSet<>();
        List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            dead.add(rig.closing(new Blackhole()).port());
        }
        ports.addAll(dead);
        rig.backends(7).forEach(backend -> ports.add(backend.port()));
        OkHttpClient client = rig.client(rig.meshAt(ports, FaultRig.GETS_AGAIN + """
                ---
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: reviews}
                spec:
                  host: reviews
                  trafficPolicy:
                    connectionPool: {tcp: {connectTimeout: 200ms}}
                    outlierDetection: {consecutive5xxErrors: 2, maxEjectionPercent: 30}
                """));
        List<Call> calls;
        try (CallLoad load = new CallLoad(client, 8)) {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (rig.observer().ejected().size() < 3 && System.nanoTime() < deadline) {
                load.pass(20);
            }
            load.pass(200);
            calls = load.stop();
        }

        assertThat(rig.observer().ejected())
                .extracting(Ejection::endpoint)
                .extracting(endpoint -> endpoint.port())
                .containsExactlyInAnyOrderElementsOf(dead);
        // What could not be connected to has had nothing, so that POSTs are tried elsewhere too.
        assertThat(calls).noneMatch(Call::failed);
        for (int port : dead) {
            List<AttemptEvent> tries = attemptsAt(Set.of(port));
            assertThat(tries)
                    .hasSizeBetween(2, 5)
                    .allSatisfy(attempt -> assertThat(attempt.headers()).isNull());
            assertThat(tries).anySatisfy(attempt -> assertThat(attempt.total()).isLessThan(Duration.ofMillis(500)));
        }
    }

    /** D4: to those who call it, a stopped process is one that takes everything and says nothing. */
    @Test
    void twoOfTenThatStandStillAreStarvedAndFailNoGet() throws Exception {
        int callers = 8;
        List<FaultProxy> still = new ArrayList<>();
        List<Integer> ports = new ArrayList<>();
        for (ScriptedBackend backend : rig.backends(10)) {
            if (still.size() < 2) {
                still.add(rig.closing(new FaultProxy(backend.port())));
                ports.add(still.get(still.size() - 1).port());
            } else {
                ports.add(backend.port());
            }
        }
        Mesh mesh = rig.meshAt(ports, """
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: reviews}
                spec:
                  hosts: [reviews]
                  http:
                  - match: [{method: {exact: GET}}]
                    retries: {attempts: 3, perTryTimeout: 250ms, retryOn: "connect-failure,refused-stream,reset"}
                    route: [{destination: {host: reviews}}]
                  - route: [{destination: {host: reviews}}]
                    timeout: 250ms
                """);
        OkHttpClient client = rig.client(mesh);
        Set<Integer> stillPorts = new HashSet<>();
        still.forEach(way -> stillPorts.add(way.port()));
        List<Call> calls;
        int most = 0;
        int before;
        int all;
        try (CallLoad load = new CallLoad(client, callers)) {
            load.pass(100);
            before = attemptsAt(stillPorts).size();
            all = rig.observer().attempts().size();
            still.forEach(way -> way.fault(Fault.stall(0)));
            for (int i = 0; i < 40; i++) {
                load.pass(10);
                most = Math.max(most, inFlightAt(mesh, stillPorts));
            }
            calls = load.stop();
        }

        assertThat(calls).filteredOn(Call::isGet).isNotEmpty().noneMatch(Call::failed);
        assertThat(most).as("calls in flight at one that stands still").isBetween(1, callers / 2);
        double share = (double) (attemptsAt(stillPorts).size() - before)
                / (rig.observer().attempts().size() - all);
        assertThat(share).as("of two of ten").isLessThan(0.1);
    }

    private List<AttemptEvent> attemptsAt(Set<Integer> ports) {
        return rig.observer().attempts().stream()
                .filter(attempt -> ports.contains(
                        Objects.requireNonNull(attempt.endpoint()).port()))
                .toList();
    }

    private static int inFlightAt(Mesh mesh, Set<Integer> ports) {
        return mesh.clusters().values().stream()
                .flatMap(List::stream)
                .filter(state -> ports.contains(Integer.parseInt(
                        state.hostPort().substring(state.hostPort().lastIndexOf(':') + 1))))
                .mapToInt(state -> state.activeRequests())
                .max()
                .orElse(0);
    }
}
