package io.inmesh.okhttp;

import static io.inmesh.okhttp.Backends.endpoint;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;

/** What observers are told of the bytes of a body that breaks off. */
class BrokenBodyTrafficTest extends MeshFixture {
    private static final int LENGTH = 300_000;

    @Test
    void itCountsWhatCame() {
        MockWebServer server = backends.start("x");
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return new MockResponse.Builder()
                        .body("a".repeat(LENGTH))
                        .onResponseBody(SocketEffect.ShutdownConnection.INSTANCE)
                        .build();
            }
        });
        OkHttpClient client = client(service(endpoint(server)), "");

        assertThatIOException().isThrownBy(() -> get(client, request()));

        assertThat(observer.started().get(0).traffic().responseBytes()).isBetween(1L, LENGTH - 1L);
    }
}
