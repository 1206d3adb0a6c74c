package io.inmesh.okhttp.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.inmesh.Mesh;
import io.inmesh.call.MeshException;
import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
import io.inmesh.okhttp.traffic.CallLoad.Call;
import io.inmesh.okhttp.traffic.FaultProxy.Fault;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens to backends, over real sockets, with a ledger of what they executed. Dn: that fault of the test plan. */
class BackendFaultTest {
    @RegisterExtension
    final FaultRig rig = new FaultRig();

    /** D5. */
    @Test
    void aServerThatClosesWhatIsIdleFailsNoGetAndRepeatsNoPost() throws Exception {
        int idle = 50;
        ScriptedBackend backend = rig.backend("reviews-1").idleTimeout(idle);
        OkHttpClient client = rig.client(rig.mesh(List.of(backend), ""));
        List<Call> calls = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            calls.add(CallLoad.call(client, "c" + i, i % 4 == 3 ? "POST" : "GET"));
            // Around the moment in which the server closes.
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(idle * 1000L - 1500 + i * 200L));
        }

        assertThat(calls).filteredOn(Call::isGet).noneMatch(Call::failed);
        assertThat(calls)
                .filteredOn(call -> !call.isGet())
                .allSatisfy(post -> assertThat(rig.executions(post.id())).isLessThanOrEqualTo(1));
        assertThat(backend.connections()).isGreaterThan(1);
    }

    /** D6. */
    @ParameterizedTest
    @CsvSource({"close,1,true", "close,2,true", "reset,1,true", "reset,2,true", "close,1,false", "reset,2,false"})
    void aPostThatWasReadIsExecutedOnceAndItsFailureTold(String end, int addresses, boolean pooled) throws Exception {
        List<ScriptedBackend> backends = rig.backends(addresses);
        OkHttpClient client = rig.client(rig.mesh(backends, ""));
        if (pooled) {
            for (int i = 0; i < 2 * addresses; i++) {
                assertThat(CallLoad.call(client, "warm" + i, "GET").status()).isEqualTo(200);
            }
        }
        backends.forEach(backend -> backend.plan(end));

        Call post = CallLoad.call(client, "p", "POST");

        assertThat(post.failure()).isInstanceOf(IOException.class);
        assertThat(rig.executions("p")).isEqualTo(1);
        assertThat(rig.observer().calls())
                .last()
                .satisfies(call -> assertThat(call.flag()).isEqualTo(ResponseFlag.UC));
    }

    /** D7. */
    @ParameterizedTest
    @CsvSource({
        "'408', GET",
        "'408', POST",
        "'421', GET",
        "'421', POST",
        "'503,h:Retry-After=0', GET",
        "'503,h:Retry-After=0', POST",
        "'503,h:Retry-After=0|503,h:Retry-After=0', GET",
        "'300', GET",
        "'304', GET"
    })
    void nothingIsSentAgainThatNoRuleSaysToSendAgain(String plan, String method) throws Exception {
        List<ScriptedBackend> backends = rig.backends(2);
        backends.forEach(backend -> backend.plan(plan));
        OkHttpClient client = rig.client(rig.mesh(backends, ""));

        Call call = CallLoad.call(client, "c", method);

        assertThat(call.failure()).isNull();
        assertThat(String.valueOf(call.status())).isEqualTo(plan.substring(0, 3));
        assertThat(rig.executions("c")).isEqualTo(1);
    }

    /** D7: a redirect is a request of its own, which the mesh routes. */
    @Test
    void aRedirectIsFollowedOnceAndItsPostNotRepeated() throws Exception {
        ScriptedBackend backend = rig.backend("reviews-1").plan("303,h:Location=/there,h:Connection=close");
        OkHttpClient client = rig.client(rig.mesh(List.of(backend), ""));

        OkHttpClient patient = client.newBuilder().followRedirects(false).build();
        assertThat(CallLoad.call(patient, "p", "POST").status()).isEqualTo(303);

        assertThat(rig.executions("p")).isEqualTo(1);
    }

    /** D10. */
    @Test
    void withoutEndpointsTheCallFailsAtOnceWithItsReason() {
        OkHttpClient client = rig.client(rig.mesh(List.of(), ""));
        long[] nanos = new long[50];
        for (int i = 0; i < nanos.length; i++) {
            long start = System.nanoTime();
            MeshException failure = catchThrowableOfType(
                    MeshException.class,
                    () -> client.newCall(new Request.Builder().url(FaultRig.URL).build())
                            .execute());
            nanos[i] = System.nanoTime() - start;
            assertThat(failure.flag()).isEqualTo(ResponseFlag.UH);
        }
        Arrays.sort(nanos);
        assertThat(nanos[nanos.length / 2]).as("median").isLessThan(TimeUnit.MILLISECONDS.toNanos(5));
    }

    /** What has begun is not sent again, whichever way it ends. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anAnswerThatIsCutShortIsToldAndNotAskedForAgain(boolean reset) throws Exception {
        ScriptedBackend backend = rig.backend("reviews-1");
        FaultProxy way = rig.closing(new FaultProxy(backend.port()));
        Mesh mesh = rig.meshAt(List.of(way.port()), FaultRig.GETS_AGAIN);
        OkHttpClient client = rig.client(mesh);
        int head = "HTTP/1.1 200 Scripted\r\nx-backend: reviews-1\r\ncontent-length: 9\r\n\r\n".length();
        way.fault(reset ? Fault.reset(head + 4) : Fault.truncate(head + 4));

        Call call = CallLoad.call(client, "c", "GET");

        assertThat(call.status()).isEqualTo(200);
        assertThat(call.failure()).isNotNull();
        assertThat(rig.executions("c")).isEqualTo(1);
        assertThat(rig.observer().attempts())
                .singleElement()
                .satisfies(attempt -> assertThat(attempt.outcome()).isInstanceOf(Outcome.Failed.class));
    }

    /** The client's own timeout is its own: no other backend is tried. */
    @Test
    void anAnswerThatStopsIsEndedByTheClientsTimeout() throws Exception {
        ScriptedBackend backend = rig.backend("reviews-1");
        FaultProxy way = rig.closing(new FaultProxy(backend.port()));
        OkHttpClient client = rig.client(rig.meshAt(List.of(way.port()), FaultRig.GETS_AGAIN))
                .newBuilder()
                .readTimeout(100, TimeUnit.MILLISECONDS)
                .build();
        way.fault(Fault.delay(5));
        try (Response late =
                client.newCall(new Request.Builder().url(FaultRig.URL).build()).execute()) {
            assertThat(late.code()).isEqualTo(200);
        }
        way.fault(Fault.stall(0));

        Call call = CallLoad.call(client, "c", "GET");

        assertThat(call.failure()).isInstanceOf(SocketTimeoutException.class);
        assertThat(rig.executions("c")).isEqualTo(1);
    }
}
