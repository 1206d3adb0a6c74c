package io.inmesh.spring.boot.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpResponse;

/** What Spring promises of a request, over a real socket. */
class MeshClientHttpRequestTest {
    private final MockWebServer server = new MockWebServer();

    @BeforeEach
    void start() throws IOException {
        server.start();
        server.enqueue(new MockResponse.Builder().body("fine").build());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void whatIsWrittenToTheBodyIsSentWithItsLength() throws Exception {
        MeshClientHttpRequest request = request(HttpMethod.POST);
        request.getBody().write("one ".getBytes(StandardCharsets.UTF_8));
        request.getBody().write("two".getBytes(StandardCharsets.UTF_8));

        try (ClientHttpResponse response = request.execute()) {
            assertThat(response.getStatusCode().value()).isEqualTo(200);
        }

        RecordedRequest seen = server.takeRequest();
        assertThat(seen.getBody()).isNotNull();
        assertThat(seen.getBody().utf8()).isEqualTo("one two");
        assertThat(seen.getHeaders().get("Content-Length")).isEqualTo("7");
    }

    @Test
    void aStreamedBodyIsSentInChunks() throws Exception {
        MeshClientHttpRequest request = request(HttpMethod.PUT);
        request.setBody(out -> out.write("streamed".getBytes(StandardCharsets.UTF_8)));

        request.execute().close();

        RecordedRequest seen = server.takeRequest();
        assertThat(seen.getBody()).isNotNull();
        assertThat(seen.getBody().utf8()).isEqualTo("streamed");
        assertThat(seen.getHeaders().get("Transfer-Encoding")).isEqualTo("chunked");
    }

    @Test
    void aRequestIsSentOnceAndDoesNotChangeAfterwards() throws Exception {
        MeshClientHttpRequest request = request(HttpMethod.GET);
        request.getHeaders().set("x-early", "yes");
        request.getAttributes().put("note", "kept");

        request.execute().close();

        assertThat(server.takeRequest().getHeaders().get("x-early")).isEqualTo("yes");
        assertThat(request.getHeaders().getFirst("x-early")).isEqualTo("yes");
        assertThat(request.getAttributes()).containsEntry("note", "kept");
        assertThatThrownBy(() -> request.getHeaders().set("x-late", "no"))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatIllegalStateException().isThrownBy(request::execute).withMessageContaining("already");
        assertThatIllegalStateException().isThrownBy(request::getBody);
        assertThatIllegalStateException().isThrownBy(() -> request.setBody(out -> {}));
        assertThat(server.getRequestCount()).isEqualTo(1);
    }

    @Test
    void aBodyIsEitherWrittenOrStreamed() throws Exception {
        MeshClientHttpRequest written = request(HttpMethod.POST);
        written.getBody().write(1);
        assertThatIllegalStateException().isThrownBy(() -> written.setBody(out -> {}));

        MeshClientHttpRequest streamed = request(HttpMethod.POST);
        streamed.setBody(out -> {});
        assertThatIllegalStateException().isThrownBy(streamed::getBody);
    }

    private MeshClientHttpRequest request(HttpMethod method) {
        OkHttpClient client = new OkHttpClient();
        return new MeshClientHttpRequest(
                host -> client,
                (uri, any) -> {
                    throw new IOException("not for the delegate: " + uri);
                },
                URI.create(server.url("/").toString()),
                method);
    }
}
