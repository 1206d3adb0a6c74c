package io.inmesh.okhttp.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The examples of docs/traffic.md. */
public final class TrafficPage {
    private TrafficPage() {}

    /** The YAML below a heading of a chapter. */
    public static String example(String chapter, String heading) throws IOException {
        String page = Files.readString(Path.of("..", "docs", "traffic.md"));
        int begin = page.indexOf("\n## " + chapter + "\n");
        assertThat(begin).as(chapter).isPositive();
        int section = page.indexOf("\n### " + heading + "\n", begin);
        assertThat(section).as(heading).isPositive();
        int yaml = page.indexOf("```yaml\n", section) + "```yaml\n".length();
        return page.substring(yaml, page.indexOf("```", yaml));
    }
}
