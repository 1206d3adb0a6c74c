package io.inmesh.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.Mesh;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.kubernetes.testing.ScriptedApiServer;
import io.inmesh.okhttp.MeshInterceptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;

/** The guide's example, as the guide has it. */
class KubernetesGuideTest {
    private static final Path GUIDE = Path.of("..", "docs", "kubernetes.md");
    private static final Path THIS = Path.of("src/test/java/io/inmesh/kubernetes/KubernetesGuideTest.java");

    static String review(KubernetesSettings.Builder builder) throws IOException {
        WorkloadIdentity self = KubernetesIdentity.builder().read().workload();
        KubernetesSettings settings = builder.self(self).build();
        try (KubernetesConnection cluster = KubernetesConnection.of(settings);
                Mesh mesh = Mesh.builder()
                        .self(self)
                        .config(new KubernetesConfigSource(cluster, ConfigReader.sensible()))
                        .endpoints(new KubernetesEndpointSource(cluster))
                        .firstAnswerWait(settings.startWait().plusSeconds(1))
                        .build()) {
            OkHttpClient client = new OkHttpClient.Builder()
                    .addInterceptor(new MeshInterceptor(mesh))
                    .build();
            Request request =
                    new Request.Builder().url("http://reviews:9080/reviews/0").build();
            try (Response response = client.newCall(request).execute()) {
                return response.body().string();
            }
        }
    }

    @Test
    void theGuidesCodeIsThisTests() throws IOException {
        Matcher block = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(GUIDE));
        assertThat(block.find()).as("a block of Java").isTrue();

        assertThat(withoutSpace(Files.readString(THIS)))
                .contains(withoutSpace(block.group(1).replaceAll("(?m)^import .*;\\R", "")));
    }

    @Test
    void theGuidesCodeCallsWhereTheClusterSays() throws IOException {
        try (ScriptedApiServer server = ScriptedApiServer.start();
                MockWebServer backend = new MockWebServer()) {
            backend.enqueue(new MockResponse.Builder().body("five stars").build());
            backend.start();
            server.put("/apis/networking.istio.io/v1/serviceentries", """
                    {"apiVersion": "networking.istio.io/v1", "kind": "ServiceEntry",
                     "metadata": {"namespace": "default", "name": "reviews"},
                     "spec": {"hosts": ["reviews.default.svc.cluster.local"], "resolution": "STATIC",
                              "ports": [{"number": 9080, "name": "http", "protocol": "HTTP"}],
                              "endpoints": [{"address": "127.0.0.1", "ports": {"http": %d}}]}}""".formatted(backend.getPort()));

            assertThat(review(KubernetesSettings.builder().client(server.clients())))
                    .isEqualTo("five stars");
        }
    }

    private static String withoutSpace(String text) {
        return text.replaceAll("\\s+", "");
    }
}
