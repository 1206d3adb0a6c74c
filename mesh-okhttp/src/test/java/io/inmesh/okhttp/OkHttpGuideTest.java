package io.inmesh.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.Mesh;
import io.inmesh.config.source.FileConfigSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The guide's example, as the guide has it. */
class OkHttpGuideTest {
    private static final Path GUIDE = Path.of("..", "docs", "okhttp.md");
    private static final Path THIS = Path.of("src/test/java/io/inmesh/okhttp/OkHttpGuideTest.java");

    @RegisterExtension
    final Backends backends = new Backends();

    static String reviewFor(String user, Path rules) throws IOException {
        try (Mesh mesh =
                Mesh.builder().config(FileConfigSource.builder(rules).build()).build()) {
            OkHttpClient client = MeshOkHttp.builder(mesh).build();
            Request request = new Request.Builder()
                    .url("http://reviews:9080/reviews/0")
                    .header("end-user", user)
                    .build();
            try (Response response = client.newCall(request).execute()) {
                return response.body().string();
            }
        }
    }

    @Test
    void theGuidesCodeIsThisTests() throws IOException {
        assertThat(withoutSpace(Files.readString(THIS))).contains(withoutSpace(withoutImports(block("java"))));
    }

    @Test
    void theGuidesRulesAndCodeDoWhatItSays(@TempDir Path rules) throws IOException {
        String yaml = block("yaml")
                .replace("http: 9082", "http: " + backends.start("v1").getPort())
                .replace("http: 9083", "http: " + backends.start("v2").getPort());
        Files.writeString(rules.resolve("reviews.yaml"), yaml);

        assertThat(reviewFor("jason", rules)).isEqualTo("v2");
        assertThat(reviewFor("somebody", rules)).isEqualTo("v1");
    }

    private static String withoutImports(String java) {
        return java.replaceAll("(?m)^import .*;\\R", "");
    }

    private static String block(String language) throws IOException {
        Matcher block = Pattern.compile("```" + language + "\\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(GUIDE));
        assertThat(block.find()).as("a block of " + language).isTrue();
        return block.group(1);
    }

    private static String withoutSpace(String text) {
        return text.replaceAll("\\s+", "");
    }
}
