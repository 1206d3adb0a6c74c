package io.inmesh.okhttp;

import static io.inmesh.okhttp.Backends.endpoint;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import okhttp3.OkHttpClient;
import okhttp3.internal.http2.Settings;
import org.junit.jupiter.api.Test;

/** Servers that allow few streams or end connections, with many calls at once. Dn: that fault of the test plan. */
class Http2FaultTest extends PortProtocolFixture {
    private static final int CALLERS = 8;
    private static final String UPGRADED = """
            ---
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: reviews}
            spec:
              host: reviews
              trafficPolicy:
                connectionPool: {http: {h2UpgradePolicy: UPGRADE}}
                retryBudget: {percent: 100, minRetryConcurrency: 100}
            """ + rule("""
            http: [{retries: {attempts: 20, retryOn: "refused-stream,reset"}, route: [{destination: {host: reviews}}]}]
            """);

    /** What so many callers get at once, each with so many calls. */
    private List<String> burst(OkHttpClient client, int calls) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
        backends.closing(threads::shutdownNow);
        List<Future<List<String>>> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            callers.add(threads.submit(() -> {
                List<String> answers = new ArrayList<>();
                for (int call = 0; call < calls; call++) {
                    answers.add(get(client, URL));
                }
                return answers;
            }));
        }
        List<String> answers = new ArrayList<>();
        for (Future<List<String>> caller : callers) {
            answers.addAll(caller.get(30, TimeUnit.SECONDS));
        }
        return answers;
    }

    /** D17: MAX_CONCURRENT_STREAMS is 1. Eight calls are answered only together, so each needs a connection of its own. */
    @Test
    void callsBeyondTheStreamsOfAConnectionGetConnectionsOfTheirOwn() throws Exception {
        MockWebServer server = http2("x");
        CyclicBarrier together = new CyclicBarrier(CALLERS);
        Settings oneStream = new Settings().set(Settings.MAX_CONCURRENT_STREAMS, 1);
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) throws InterruptedException {
                try {
                    together.await(10, TimeUnit.SECONDS);
                } catch (BrokenBarrierException | TimeoutException alone) {
                    return new MockResponse.Builder().code(500).build();
                }
                return new MockResponse.Builder().settings(oneStream).body("ok").build();
            }
        });
        OkHttpClient client = client(service("HTTP", "STATIC", endpoint(server)), UPGRADED);

        assertThat(burst(client, 10)).hasSize(10 * CALLERS).containsOnly("ok");

        // Once each knows how much it may carry.
        assertThat(Backends.connections(List.of(server))).isGreaterThanOrEqualTo(CALLERS);
        assertThat(observer.calls()).hasSize(10 * CALLERS).allMatch(call -> call.flag() == null);
    }

    /**
     * D17: every ninth answer is followed by GOAWAY, with streams of other calls under way on the connection. MockWebServer resets
     * some of those.
     */
    @Test
    void connectionsThatTheServerEndsInABurstFailNoGet() throws Exception {
        MockWebServer server = http2("x");
        AtomicInteger requests = new AtomicInteger();
        server.setDispatcher(new Dispatcher() {
            /** MockWebServer takes what happens to a connection of HTTP/2 from here. */
            @Override
            public MockResponse peek() {
                MockResponse.Builder answer = new MockResponse.Builder();
                if (requests.incrementAndGet() % 9 == 0) {
                    answer.onResponseEnd(SocketEffect.ShutdownConnection.INSTANCE);
                }
                return answer.build();
            }

            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return new MockResponse.Builder().body("ok").build();
            }
        });
        OkHttpClient client = client(service("HTTP", "STATIC", endpoint(server)), UPGRADED);

        assertThat(burst(client, 50)).hasSize(50 * CALLERS).containsOnly("ok");

        // More than so many callers have without an end.
        assertThat(Backends.connections(List.of(server))).isGreaterThan(CALLERS);
        assertThat(observer.calls()).hasSize(50 * CALLERS).allMatch(call -> call.flag() == null);
    }
}
