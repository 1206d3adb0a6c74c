package io.inmesh.okhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inmesh.call.SimpleRequestHead;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Response;
import okio.BufferedSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who reads the body of an answer is told before the server is waited for. */
class GatewayWaitingTest {
    @RegisterExtension
    final Backends backends = new Backends();

    private GatewayCall call(Protocol protocol) throws IOException {
        MockWebServer server = backends.start("server", "127.0.0.1", protocol);
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return new MockResponse.Builder()
                        .body("a".repeat(20))
                        .throttleBody(10, 1, TimeUnit.HOURS)
                        .build();
            }
        });
        OkHttpClient client = new OkHttpClient();
        backends.closing(() -> {
            client.connectionPool().evictAll();
            client.dispatcher().executorService().shutdown();
        });
        boolean http2 = protocol != Protocol.HTTP_1_1;
        ScriptedMesh mesh = new ScriptedMesh(head -> {
            ScriptedMesh.Plan plan = ScriptedMesh.Plan.to(Backends.endpoint(server));
            return http2 ? plan.http2() : plan;
        });
        SimpleRequestHead head = new SimpleRequestHead("GET", "http", "shop.example:8080", 8080, "/", List.of());
        return GatewayCalls.over(client, 0).newCall(new GatewayRequest(head, null), mesh::execute);
    }

    @Test
    void tellsBeforeItWaitsAndThrowsWhatItIsAnswered() throws IOException {
        GatewayCall call = call(Protocol.HTTP_1_1);
        try (Response response = call.execute()) {
            BufferedSource source = response.body().source();
            assertThat(source.readUtf8(10)).isEqualTo("a".repeat(10));
            IOException clientGone = new IOException("the client is gone");

            assertThat(call.tellBeforeWaiting(() -> {
                        throw clientGone;
                    }))
                    .isTrue();
            assertThatThrownBy(() -> source.readUtf8(1)).isSameAs(clientGone);
            call.cancel();
        }
    }

    @Test
    void saysThatAnotherThreadReadsHttp2() throws IOException {
        GatewayCall call = call(Protocol.H2_PRIOR_KNOWLEDGE);
        try (Response response = call.execute()) {
            assertThat(response.protocol()).isEqualTo(Protocol.H2_PRIOR_KNOWLEDGE);

            assertThat(call.tellBeforeWaiting(() -> {})).isFalse();
            call.cancel();
        }
    }
}
