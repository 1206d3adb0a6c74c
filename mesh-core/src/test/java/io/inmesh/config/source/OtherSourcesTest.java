package io.inmesh.config.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigUpdate;
import io.inmesh.model.DestinationRule;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OtherSourcesTest {
    private final List<ConfigUpdate> updates = new ArrayList<>();

    @Test
    void textsAreToldAndUpdated() throws Exception {
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("mesh.resources.a", rule("a", "one"));
        texts.put("mesh.resources.b", rule("b", "two"));
        TextConfigSource source = new TextConfigSource("application.yaml", ConfigReader.strict(), texts);

        AutoCloseable watch = source.watch(updates::add);
        source.update(Map.of("mesh.resources.a", "nonsense"));
        source.update(Map.of("mesh.resources.a", rule("a", "three")));
        watch.close();
        source.update(Map.of());

        assertThat(updates).hasSize(3);
        assertThat(hosts(updates.get(0))).containsExactly("one", "two");
        assertThat(updates.get(1)).isInstanceOf(ConfigUpdate.Invalid.class);
        assertThat(updates.get(1).problems().get(0).origin().source()).isEqualTo("mesh.resources.a");
        assertThat(hosts(updates.get(2))).containsExactly("three");
        assertThat(source.name()).isEqualTo("application.yaml");
    }

    @Test
    void anEmptiedTextIsAnErrorAndOneThatIsLeftOutIsGone() throws Exception {
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("a", rule("a", "one"));
        texts.put("b", rule("b", "two"));
        TextConfigSource source = new TextConfigSource("texts", ConfigReader.strict(), texts);
        source.watch(updates::add);

        texts.put("b", " \n");
        source.update(texts);
        assertThat(updates.get(1)).isInstanceOf(ConfigUpdate.Invalid.class);
        assertThat(updates.get(1).problems().get(0))
                .hasToString("b: error: this is empty now; it held DestinationRule default/b;"
                        + " write the rules back, or leave the text out or a comment in it to remove them");

        texts.put("b", "# nothing today");
        source.update(texts);
        assertThat(hosts(updates.get(2))).containsExactly("one");

        texts.remove("a");
        source.update(texts);
        assertThat(hosts(updates.get(3))).isEmpty();
    }

    @Test
    void aTextThatIsEmptyFromTheStartIsWarnedOf() {
        new TextConfigSource("application.yaml", ConfigReader.strict(), Map.of("mesh.resources.reviews", ""))
                .watch(updates::add);

        assertThat(hosts(updates.get(0))).isEmpty();
        assertThat(updates.get(0).problems())
                .singleElement()
                .hasToString("mesh.resources.reviews: warning: this is empty, so there are no rules in it;"
                        + " write rules there, or take it out");
    }

    @Test
    void ofTwoTextsWithOneObjectTheLaterCounts() {
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("first", rule("a", "one") + "---\n" + rule("b", "two"));
        texts.put("second", rule("a", "three"));

        new TextConfigSource("texts", ConfigReader.strict(), texts).watch(updates::add);

        assertThat(hosts(updates.get(0))).containsExactly("three", "two");
        assertThat(updates.get(0).problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.toString())
                        .isEqualTo(
                                "first:1:1: warning: metadata.name: DestinationRule default/a is written again at second:1:1,"
                                        + " which comes later and replaces it; remove one of the two"));
    }

    @Test
    void errorsComeBeforeWarningsAndNotes() {
        TextConfigSource.of("text", """
                        apiVersion: networking.istio.io/v1
                        kind: Sidecar
                        ---
                        apiVersion: networking.istio.io/v1
                        kind: DestinationRule
                        spec: {host: a, workloadSelector: {}}
                        ---
                        nothing
                        """).watch(updates::add);

        assertThat(updates.get(0).problems())
                .extracting(ConfigProblem::severity)
                .containsExactly(
                        ConfigProblem.Severity.ERROR, ConfigProblem.Severity.WARNING, ConfigProblem.Severity.NOTE);
    }

    @Test
    void readsAFolderOfTheClassPathInDirectoriesAndJars(@TempDir Path dir) throws Exception {
        Path classes = Files.createDirectories(dir.resolve("classes/mesh"));
        Files.writeString(classes.resolve("b.yaml"), rule("b", "two"));
        Files.writeString(classes.resolve(".hidden.yaml"), "nonsense");
        Path jar = dir.resolve("rules.jar");
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out)) {
            for (String name : List.of("mesh/", "mesh/a.yml", "mesh/below/c.yaml", "mesh/readme.txt")) {
                entries.putNextEntry(new JarEntry(name));
                if (name.endsWith("a.yml")) {
                    entries.write(rule("a", "one").getBytes(StandardCharsets.UTF_8));
                }
                entries.closeEntry();
            }
        }
        URL[] urls = {dir.resolve("classes/").toUri().toURL(), jar.toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(urls, null);
                ClasspathConfigSource folder = new ClasspathConfigSource("mesh/", loader, ConfigReader.strict());
                ClasspathConfigSource file = new ClasspathConfigSource("/mesh/a.yml", loader, ConfigReader.strict())) {
            folder.watch(updates::add);
            file.watch(updates::add);

            assertThat(hosts(updates.get(0))).containsExactly("one", "two");
            assertThat(hosts(updates.get(1))).containsExactly("one");
            assertThat(folder.name()).isEqualTo("classpath:mesh/");
        }
    }

    @Test
    void aLocationWithoutRulesIsAnError() {
        ClassLoader loader = OtherSourcesTest.class.getClassLoader();
        try (ClasspathConfigSource source = new ClasspathConfigSource("nowhere/", loader, ConfigReader.strict())) {
            assertThat(source.read()).isInstanceOf(ConfigUpdate.Invalid.class);
        }
    }

    private static List<String> hosts(ConfigUpdate update) {
        assertThat(update).as("%s", update.problems()).isInstanceOf(ConfigUpdate.Valid.class);
        return ((ConfigUpdate.Valid) update)
                .config().destinationRules().stream().map(DestinationRule::host).toList();
    }

    private static String rule(String name, String host) {
        return """
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: %s}
                spec: {host: %s}
                """.formatted(name, host);
    }
}
