package io.inmesh.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.Mesh;
import io.inmesh.config.ConfigProblem;
import io.inmesh.observe.SourceStatus;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class RuleLocationsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    private final ApplicationContextRunner runner =
            new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(MeshAutoConfiguration.class));

    private static String rule(String name, String timeout) {
        return """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: %1$s}
                spec:
                  hosts: [%1$s.default.svc.cluster.local]
                  resolution: STATIC
                  ports: [{number: 80, name: http, protocol: HTTP}]
                  endpoints: [{address: 127.0.0.1}]
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: %1$s}
                spec:
                  hosts: [%1$s]
                  http:
                  - timeout: %2$s
                    route: [{destination: {host: %1$s}}]
                """.formatted(name, timeout);
    }

    private static void write(Path file, String text) throws IOException {
        Path fresh = Files.writeString(file.resolveSibling("." + file.getFileName() + ".tmp"), text);
        Files.move(fresh, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }

    private ClassLoader classPath(Path... roots) throws IOException {
        URL[] urls = new URL[roots.length];
        for (int i = 0; i < roots.length; i++) {
            urls[i] = roots[i].toUri().toURL();
        }
        return new URLClassLoader(urls, getClass().getClassLoader());
    }

    private static Path classes(Path root, String file, String text) throws IOException {
        Path target = root.resolve(file);
        Files.createDirectories(target.getParent());
        Files.writeString(target, text);
        return root;
    }

    private static Path jar(Path file, String name, String text) throws IOException {
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out)) {
            jar.putNextEntry(new JarEntry(name.substring(0, name.lastIndexOf('/') + 1)));
            jar.closeEntry();
            jar.putNextEntry(new JarEntry(name));
            jar.write(text.getBytes(StandardCharsets.UTF_8));
            jar.closeEntry();
        }
        return file;
    }

    private static Duration timeout(Mesh mesh, String host) {
        return mesh.explain("GET", "http://" + host + "/", Map.of()).timeout();
    }

    @Test
    void theFolderMeshOfTheClassPathIsReadWithoutBeingAsked() throws IOException {
        classes(folder, "mesh/reviews.yaml", rule("reviews", "2s"));
        classes(folder, "mesh/ratings.yml", rule("ratings", "3s"));
        classes(folder, "mesh/readme.txt", "none of its business");
        runner.withClassLoader(classPath(folder)).run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(timeout(context.getBean(Mesh.class), "reviews")).hasSeconds(2);
            assertThat(timeout(context.getBean(Mesh.class), "ratings")).hasSeconds(3);
            assertThat(context.getBean(Mesh.class).status().sources())
                    .extracting(SourceStatus::name)
                    .contains("classpath:mesh/");
        });
    }

    @Test
    void jarsAreReadToo() throws IOException {
        Path a = jar(folder.resolve("a.jar"), "mesh/reviews.yaml", rule("reviews", "2s"));
        Path b = jar(folder.resolve("b.jar"), "mesh/reviews.yaml", rule("ratings", "3s"));
        runner.withClassLoader(classPath(a, b))
                .withPropertyValues("mesh.config.locations=classpath*:mesh/*.yaml")
                .run(context -> {
                    assertThat(timeout(context.getBean(Mesh.class), "reviews")).hasSeconds(2);
                    assertThat(timeout(context.getBean(Mesh.class), "ratings")).hasSeconds(3);
                });
    }

    @Test
    void whatOtherToolsKeepInAFolderOfTheClassPathIsSkippedAsInAnyFolder() throws IOException {
        classes(folder, "mesh/reviews.yaml", rule("reviews", "2s"));
        classes(folder, "mesh/values.yaml", "replicas: 2\n");
        classes(folder, "mesh/.hidden.yaml", "nonsense");
        runner.withClassLoader(classPath(folder)).run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(timeout(context.getBean(Mesh.class), "reviews")).hasSeconds(2);
        });
        runner.withClassLoader(classPath(folder))
                .withPropertyValues("mesh.config.locations=classpath:mesh/values.yaml")
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .hasMessageContaining("the document has no apiVersion and kind"));
    }

    @Test
    void oneFileOfTheClassPathMayBeNamed() throws IOException {
        classes(folder, "rules/reviews.yaml", rule("reviews", "2s"));
        runner.withClassLoader(classPath(folder))
                .withPropertyValues("mesh.config.locations=classpath:rules/reviews.yaml")
                .run(context -> assertThat(timeout(context.getBean(Mesh.class), "reviews"))
                        .hasSeconds(2));
    }

    @Test
    void aMistakeOnTheClassPathIsNamedWithItsFile() throws IOException {
        classes(folder, "mesh/reviews.yaml", rule("reviews", "soon"));
        runner.withClassLoader(classPath(folder))
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .hasMessageContaining("classpath:mesh/reviews.yaml:16:14: error: spec.http[0].timeout"));
    }

    @Test
    void rulesWithoutNamespaceBelongToThatOfTheApplication() throws IOException {
        write(folder.resolve("reviews.yaml"), rule("reviews", "2s").replace(".default.", ".shop."));
        runner.withPropertyValues("mesh.namespace=shop", "mesh.config.locations=file:" + folder)
                .run(context -> assertThat(context.getBean(Mesh.class)
                                .explain("GET", "http://reviews/", Map.of())
                                .virtualService())
                        .isEqualTo("shop/reviews"));
    }

    @Test
    void aFolderIsWatchedAndBadRulesChangeNothing() throws IOException {
        Path file = folder.resolve("reviews.yaml");
        write(file, rule("reviews", "2s"));
        runner.withPropertyValues("mesh.config.locations=file:" + folder + "/").run(context -> {
            Mesh mesh = context.getBean(Mesh.class);
            assertThat(timeout(mesh, "reviews")).hasSeconds(2);

            long before = mesh.status().generation();
            write(file, rule("reviews", "3s"));
            // Calls see new rules some moments before the status tells of them.
            Awaitility.await().atMost(PATIENCE).until(() -> mesh.status().generation() > before);
            assertThat(timeout(mesh, "reviews")).hasSeconds(3);
            long generation = mesh.status().generation();

            write(file, rule("reviews", "soon"));
            Awaitility.await().atMost(PATIENCE).until(() -> mesh.status().hasErrors());
            assertThat(timeout(mesh, "reviews")).hasSeconds(3);
            assertThat(mesh.status().generation()).isEqualTo(generation);
            assertThat(mesh.status().problems())
                    .filteredOn(ConfigProblem::isError)
                    .singleElement()
                    .satisfies(problem -> assertThat(problem.origin().source()).isEqualTo(file.toString()));

            write(file, rule("reviews", "4s"));
            Awaitility.await().atMost(PATIENCE).until(() -> !mesh.status().hasErrors());
            assertThat(timeout(mesh, "reviews")).hasSeconds(4);
        });
    }

    @Test
    void anOptionalFolderMayComeLater() {
        Path later = folder.resolve("later");
        runner.withPropertyValues("mesh.config.locations=optional:file:" + later + "/")
                .run(context -> {
                    Mesh mesh = context.getBean(Mesh.class);
                    assertThat(mesh.knows("http", "reviews")).isFalse();

                    Files.createDirectory(later);
                    write(later.resolve("reviews.yaml"), rule("reviews", "2s"));

                    Awaitility.await().atMost(PATIENCE).until(() -> mesh.knows("http", "reviews"));
                });
    }

    @Test
    void whatIsNotWatchedIsReadOnce() throws IOException {
        write(folder.resolve("reviews.yaml"), rule("reviews", "2s"));
        runner.withPropertyValues("mesh.config.watch=false", "mesh.config.locations=" + folder)
                .run(context -> {
                    assertThat(timeout(context.getBean(Mesh.class), "reviews")).hasSeconds(2);
                    assertThat(Thread.getAllStackTraces().keySet())
                            .extracting(Thread::getName)
                            .doesNotContain("inmesh-config-files");
                });
    }

    @Test
    void aFileMayBeNamedByUrl() throws IOException {
        Path file = folder.resolve("with space.yaml");
        write(file, rule("reviews", "2s"));
        runner.withPropertyValues("mesh.config.locations=" + file.toUri())
                .run(context -> assertThat(timeout(context.getBean(Mesh.class), "reviews"))
                        .hasSeconds(2));
    }

    @Test
    void placesThatAreNoneAreListed() {
        runner.withPropertyValues(
                        "mesh.config.locations=classpath:nowhere/,http://example.com/rules,file:/a/*.yaml,optional:")
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .isInstanceOfSatisfying(
                                MeshPropertiesException.class,
                                failure -> assertThat(failure.problems())
                                        .extracting(ConfigProblem::path)
                                        .containsExactly(
                                                "mesh.config.locations[0]",
                                                "mesh.config.locations[1]",
                                                "mesh.config.locations[2]",
                                                "mesh.config.locations[3]")));
    }

    @Test
    void aMissingFolderIsAFailureUnlessItIsOptional() {
        runner.withPropertyValues("mesh.config.locations=file:" + folder.resolve("nowhere"))
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .hasMessageContaining("the path does not exist"));
    }

    @Test
    void aFailedStartLeavesNobodyWatching() throws IOException {
        write(folder.resolve("reviews.yaml"), rule("reviews", "soon"));
        runner.withPropertyValues("mesh.config.locations=file:" + folder).run(context -> {
            assertThat(context).hasFailed();
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> Thread.getAllStackTraces().keySet().stream()
                            .noneMatch(thread -> thread.getName().equals("inmesh-config-files")));
        });
    }

    @Test
    void olderSourcesWin() throws IOException {
        write(folder.resolve("reviews.yaml"), rule("reviews", "2s"));
        runner.withPropertyValues(
                        "mesh.config.locations=file:" + folder,
                        "mesh.resources.reviews="
                                + rule("reviews", "3s")
                                        .substring(rule("reviews", "3s").indexOf("---")),
                        "mesh.services.reviews.timeout=4s")
                .run(context -> {
                    assertThat(timeout(context.getBean(Mesh.class), "reviews")).hasSeconds(2);
                    assertThat(context.getBean(Mesh.class).status().problems()).isNotEmpty();
                });
    }
}
