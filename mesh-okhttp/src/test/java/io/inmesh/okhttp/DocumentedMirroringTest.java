package io.inmesh.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.observe.EndedCopy;
import io.inmesh.observe.EndedCopy.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    /** The YAML under a heading. */
    private static String example(String heading) throws IOException {
        String page = Files.readString(Path.of("../docs/traffic.md"));
        int section = page.indexOf("\n## Mirroring\n");
        int begin = page.indexOf("```yaml\n", page.indexOf("\n### " + heading + "\n", section)) + "```yaml\n".length();
        return page.substring(begin, page.indexOf("```", begin));
    }

    private OkHttpClient client(String rules) {
        String services = service(Backends.endpoint(v1), Backends.endpoint(v2)) + "---\n"
                + service(Backends.endpoint(details)).replace("reviews", "details") + "---\n";
        return client(services, rules);
    }

    @Test
    void mirror() throws Exception {
        assertThat(get(client(example("mirror")), URL + "a")).isEqualTo("v1");

        RecordedRequest copy = Backends.take(v2);
        assertThat(copy.getRequestLine()).isEqualTo("GET /a HTTP/1.1");
        assertThat(copy.getHeaders().get("Host")).isEqualTo("reviews:9080");
        assertThat(copy.getHeaders().get("x-envoy-attempt-count")).isEqualTo("1");
    }

    @Test
    void mirrorPercentage() throws Exception {
        String rules = example("mirrorPercentage");
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
        OkHttpClient client = client(example("mirrors"));

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
