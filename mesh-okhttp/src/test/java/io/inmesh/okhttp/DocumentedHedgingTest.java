package io.inmesh.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.observe.HedgeResult;
import io.inmesh.okhttp.traffic.TrafficPage;
import io.inmesh.testing.RecordingObserver.CallEvent;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The example of docs/traffic.md, "Hedging", over real sockets. */
class DocumentedHedgingTest extends MeshFixture {
    private final CountDownLatch testIsOver = new CountDownLatch(1);
    private volatile boolean slow;

    @AfterEach
    void endSlowAnswers() {
        testIsOver.countDown();
    }

    private MockWebServer slowLater() {
        MockWebServer server = backends.start("slow");
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) throws InterruptedException {
                if (slow) {
                    testIsOver.await(20, TimeUnit.SECONDS);
                }
                return new MockResponse.Builder().body("slow").build();
            }
        });
        return server;
    }

    @Test
    void noCallWaitsForTheHostThatGetsSlow() throws IOException {
        OkHttpClient client = client(
                service(
                        Backends.endpoint(slowLater()),
                        Backends.endpoint(backends.start("b")),
                        Backends.endpoint(backends.start("c"))),
                "---\n" + TrafficPage.example("Hedging", "hedge-after-percentile"));
        learn(client);
        slow = true;

        for (int call = 0; call < 20; call++) {
            assertThat(get(client, request())).isIn("b", "c");
        }

        assertThat(observer.calls()).extracting(CallEvent::flag).containsOnlyNulls();
        assertThat(observer.hedges()).contains(HedgeResult.WON);
    }
}
