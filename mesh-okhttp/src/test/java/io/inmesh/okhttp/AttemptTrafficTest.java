package io.inmesh.okhttp;

import static io.inmesh.okhttp.Backends.endpoint;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.inmesh.call.AttemptTraffic;
import java.io.IOException;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.EventListener;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.Buffer;
import okio.BufferedSink;
import okio.GzipSink;
import okio.Okio;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What observers are told of the bytes and the protocol of an attempt. */
class AttemptTrafficTest extends PortProtocolFixture {
    private static final String LONG = "a".repeat(300_000);

    @Test
    void bodiesOfBothDirectionsAreCounted() throws IOException {
        OkHttpClient client = client(service(endpoint(answering(LONG))), "");

        get(client, request().post(RequestBody.create("hello", null)));

        assertTraffic("HTTP/1.1", 5, LONG.length());
    }

    @Test
    void aBodyOfUnknownLengthIsCountedAsItIsSent() throws IOException {
        OkHttpClient client = client(service(endpoint(answering(LONG))), "");

        get(client, request().post(new RequestBody() {
            @Override
            public @Nullable MediaType contentType() {
                return null;
            }

            @Override
            public void writeTo(BufferedSink sink) throws IOException {
                sink.writeUtf8("one").flush();
                sink.writeUtf8("two");
            }
        }));

        assertTraffic("HTTP/1.1", 6, LONG.length());
    }

    @Test
    void http2IsCountedToo() throws IOException {
        MockWebServer server = http2("x");
        server.setDispatcher(dispatcher(new MockResponse.Builder().body("abc").build()));
        OkHttpClient client = client(service("GRPC", "STATIC", endpoint(server)), "");

        get(client, request().post(RequestBody.create(LONG, null)));

        assertTraffic("HTTP/2", LONG.length(), 3);
    }

    @Test
    void aCompressedBodyIsCountedAsItCame() throws IOException {
        Buffer compressed = new Buffer();
        try (BufferedSink sink = Okio.buffer(new GzipSink(compressed))) {
            sink.writeUtf8(LONG);
        }
        long size = compressed.size();
        MockWebServer server = backends.start("x");
        server.setDispatcher(dispatcher(new MockResponse.Builder()
                .addHeader("Content-Encoding", "gzip")
                .body(compressed)
                .build()));
        OkHttpClient client = client(service(endpoint(server)), "");

        assertThat(get(client, request())).isEqualTo(LONG);

        assertTraffic("HTTP/1.1", 0, size);
    }

    @Test
    void aBodyThatIsClosedEarlyCountsWhatCame() throws IOException {
        OkHttpClient client = client(service(endpoint(answering(LONG))), "");

        try (Response response = client.newCall(request().build()).execute()) {
            response.body().source().readByte();
        }

        assertThat(traffic().responseBytes()).isBetween(1L, (long) LONG.length());
    }

    @Test
    void aClientWithAListenerIsCountedToo() throws IOException {
        OkHttpClient client = client(service(endpoint(answering(LONG))), "")
                .newBuilder()
                .eventListener(new EventListener() {})
                .build();

        get(client, request().post(RequestBody.create("hello", null)));

        assertTraffic("HTTP/1.1", 5, LONG.length());
    }

    @Test
    void anAttemptThatReachesNobodyCarriesNothing() throws IOException {
        OkHttpClient client = client(service(backends.nobody()), "");

        assertThatIOException().isThrownBy(() -> get(client, request()));

        assertTraffic("", 0, 0);
    }

    private AttemptTraffic traffic() {
        return observer.started().get(0).traffic();
    }

    private void assertTraffic(String protocol, long requestBytes, long responseBytes) {
        assertThat(traffic().protocol()).isEqualTo(protocol);
        assertThat(traffic().requestBytes()).isEqualTo(requestBytes);
        assertThat(traffic().responseBytes()).isEqualTo(responseBytes);
    }

    private MockWebServer answering(String body) {
        MockWebServer server = backends.start("x");
        server.setDispatcher(dispatcher(new MockResponse.Builder().body(body).build()));
        return server;
    }

    private static Dispatcher dispatcher(MockResponse response) {
        return new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return response;
            }
        };
    }
}
