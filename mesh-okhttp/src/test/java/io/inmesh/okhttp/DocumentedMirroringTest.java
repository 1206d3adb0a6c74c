package io.inmesh.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.observe.EndedCopy;
import io.inmesh.observe.EndedCopy.Result;
import io.inmesh.okhttp.traffic.TrafficPage;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.OkHttpClient;
import okhttp3.RequestBody;
import org.junit.jupiter.api.Test;

/** That the examples under Mirroring in docs/traffic.md do what is written there. */
class DocumentedMirroringTest extends MeshFixture {
    private final MockWebServer v1 = backends.start("v1");
    private final MockWebServer v2 = backends.start("v2");
    private final MockWebServer details = backends.start("details");

    private OkHttpClient client(String rules) {
        String services = service(Backends.endpoint(v1), Backends.endpoint(v2)) + "---\n"
                + service(Backends.endpoint(details)).replace("reviews", "details") + "---\n";
        return client(services, rules);
    }

    @Test
    void mirror() throws Exception {
        assertThat(get(client(TrafficPage.example("Mirroring", "mirror")), URL + "a"))
                .isEqualTo("v1");

        RecordedRequest copy = Backends.take(v2);
        assertThat(copy.getRequestLine()).isEqualTo("GET /a HTTP/1.1");
        assertThat(copy.getHeaders().get("Host")).isEqualTo("reviews:9080");
        assertThat(copy.getHeaders().get("x-envoy-attempt-count")).isEqualTo("1");
    }

    @Test
    void mirrorPercentage() throws Exception {
        String rules = TrafficPage.example("Mirroring", "mirrorPercentage");
        OkHttpClient tenth = client(rules);
        for (int call = 0; call < 200; call++) {
            assertThat(get(tenth, URL)).isEqualTo("v1");
        }

        // Without any in one of a thousand million runs, and with more than these in fewer.
        assertThat(Backends.take(v2).getRequestLine()).isEqualTo("GET / HTTP/1.1");
        assertThat(v2.getRequestCount()).isLessThanOrEqualTo(60);
    }

    @Test
    void mirrors() throws Exception {
        OkHttpClient client = client(TrafficPage.example("Mirroring", "mirrors"));

        assertThat(get(client, URL)).isEqualTo("v1");
        for (int call = 0; call < 40; call++) {
            assertThat(get(client, request().url(URL + "old/1").post(RequestBody.create("text", null))))
                    .isEqualTo("v1");
        }

        for (int call = 0; call < 40; call++) {
            RecordedRequest copy = Backends.take(v2);
            assertThat(copy.getRequestLine()).isEqualTo("POST /new/1 HTTP/1.1");
            assertThat(copy.getHeaders().get("x-tried")).isEqualTo("yes");
            assertThat(copy.getBody().utf8()).isEqualTo("text");
        }
        assertThat(Backends.take(details).getRequestLine()).isEqualTo("POST /new/1 HTTP/1.1");
        assertThat(observer.copies()).extracting(EndedCopy::result).doesNotContain(Result.NO_DESTINATION);
    }
}
