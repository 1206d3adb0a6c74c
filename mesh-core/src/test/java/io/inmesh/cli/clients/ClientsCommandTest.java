package io.inmesh.cli.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.inmesh.cli.MeshCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientsCommandTest {
    private static final String ORDERS = """
            package com.acme;

            class Orders {
                Object template = new org.springframework.web.client.RestTemplate();
                Object client = java.net.http.HttpClient.newHttpClient();
            }
            """;

    /** Classes under the names of the libraries, of which a class that uses them is compiled. */
    @TempDir
    static Path stubs;

    @TempDir
    Path folder;

    private record Run(int code, String out, String err) {}

    @BeforeAll
    static void compileStubs() throws IOException {
        CompiledSources.compile(CompiledSources.sources("stubs.txt"), stubs, stubs);
    }

    private static Run run(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> all = new ArrayList<>(List.of("clients"));
        all.addAll(List.of(args));
        int code = MeshCommand.run(new PrintWriter(out, true), new PrintWriter(err, true), all.toArray(String[]::new));
        return new Run(code, out.toString().replace("\r", ""), err.toString().replace("\r", ""));
    }

    private Path classes(String name, Map<String, String> sources, String... options) throws IOException {
        Path classes = folder.resolve(name);
        CompiledSources.compile(sources, classes, stubs, options);
        return classes;
    }

    private Path orders() throws IOException {
        return classes("orders", Map.of("com.acme.Orders", ORDERS));
    }

    private static List<String> found(String json) {
        List<String> found = new ArrayList<>();
        for (String line : json.lines().toList()) {
            JsonObject place = JsonParser.parseString(line).getAsJsonObject();
            found.add(place.get("class").getAsString()
                    + (place.has("line") ? ":" + place.get("line").getAsInt() : "") + " "
                    + place.get("verdict").getAsString() + " "
                    + place.get("kind").getAsString() + " "
                    + place.get("use").getAsString());
        }
        return found;
    }

    @ParameterizedTest
    @ValueSource(strings = {"spring.txt", "others.txt", "none.txt"})
    void everyFormIsFoundWithClassAndLineAndNothingElse(String resource) throws IOException {
        Path classes = classes("app", CompiledSources.sources(resource));

        Run run = run("--output", "json", classes.toString());

        assertThat(found(run.out())).containsExactlyInAnyOrderElementsOf(CompiledSources.expected(resource));
        assertThat(run.code()).isZero();
    }

    @Test
    void noRuleIsWithoutAnExample() throws IOException {
        Set<String> examples = new TreeSet<>();
        for (String resource : List.of("spring.txt", "others.txt")) {
            for (String expected : CompiledSources.expected(resource)) {
                examples.add(expected.replaceFirst("\\S+ (not carried|carried if|carried) ", ""));
            }
        }

        assertThat(ClientRules.ALL)
                .filteredOn(rule -> rule.use() != Use.BROUGHT)
                .allSatisfy(rule -> assertThat(examples)
                        .contains(rule.kind() + " " + rule.use().text()));
    }

    @Test
    void placesAreLinesInColumnsTheWorstFirstAndThenSums() throws IOException {
        Path classes = orders();

        Run run = run(classes.toString());

        assertThat(run.out()).isEqualTo("""
                not carried  java.net.http  made  com.acme.Orders:5  call with a RestClient or WebClient bean \
                (mesh-spring-boot-starter) or an OkHttpClient with MeshInterceptor (mesh-okhttp)
                carried if   RestTemplate   made  com.acme.Orders:4  started with \
                -javaagent:mesh-spring-boot-starter-<version>-agent.jar, or returned by a @Bean method instead

                not carried: 1 place
                carried if: 1 place
                carried: 0 places
                """);
        assertThat(run.err()).isEqualTo("1 class of 1 archive read\n");
    }

    @Test
    void nothingFoundIsSaid() throws IOException {
        Run run = run(classes("none", CompiledSources.sources("none.txt")).toString());

        assertThat(run.out()).isEqualTo("not carried: 0 places\ncarried if: 0 places\ncarried: 0 places\n");
    }

    @Test
    void strictEndsWithOneOnlyWhereSomethingIsNotCarried() throws IOException {
        String spring = classes("spring", CompiledSources.sources("spring.txt")).toString();
        Files.delete(folder.resolve("spring/com/acme/Beans.class"));
        Files.delete(folder.resolve("spring/com/acme/OwnSenders.class"));

        assertThat(run("--strict", spring).code()).isZero();
        assertThat(run("--strict", orders().toString()).code()).isEqualTo(1);
        assertThat(run(orders().toString()).code()).isZero();
    }

    @Test
    void jsonHasOneObjectAPlaceAndNoSums() throws IOException {
        Run run = run("--output", "json", orders().toString());

        JsonObject first =
                JsonParser.parseString(run.out().lines().toList().get(0)).getAsJsonObject();
        assertThat(run.out().lines()).hasSize(2);
        assertThat(first.keySet())
                .containsExactly("verdict", "kind", "use", "archive", "class", "method", "line", "advice");
        assertThat(first.get("method").getAsString()).isEqualTo("<init>");
    }

    /** Its class is another one, so the comments of the sources cannot tell. */
    @Test
    void whatANamelessClassMakesIsKnownInTheClassAround() throws IOException {
        Path classes = classes("lazily", Map.of("com.acme.Lazily", """
                package com.acme;
                import java.util.function.Supplier;
                import org.springframework.web.client.RestClient;

                class Lazily {
                    private final Supplier<RestClient> client = new Supplier<>() {
                        public RestClient get() {
                            return RestClient.create();
                        }
                    };

                    void ask() {
                        client.get().get();
                    }
                }
                """));

        assertThat(found(run("--output", "json", classes.toString()).out()))
                .containsExactly(
                        "com.acme.Lazily:13 carried if RestClient called",
                        "com.acme.Lazily$1:8 carried if RestClient made");
    }

    /** Kotlin's {@code template.getForObject<String>(url)} in line 27 becomes instructions of line 51. */
    @Test
    void whatKotlinInlinesHasTheLineThatCallsIt() {
        String map = """
                SMAP
                K.kt
                Kotlin
                *S Kotlin
                *F
                + 1 K.kt
                kadv/KUse
                *L
                1#1,50:1
                40#2,3:51
                *S KotlinDebug
                *F
                + 1 K.kt
                kadv/KUse
                *L
                27#1:51,3
                30#1:54
                *E
                """;

        assertThat(List.of(5, 51, 53, 54, 55))
                .extracting(line -> InlinedLines.called(line, map))
                .containsExactly(5, 27, 27, 30, 55);
        assertThat(InlinedLines.called(51, null)).isEqualTo(51);
    }

    private Path bootJar(String version, String... moreLibraries) throws IOException {
        Path lib = classes("lib", Map.of("com.lib.Lib", """
                package com.lib;

                class Lib {
                    Object client = new okhttp3.OkHttpClient();
                }
                """));
        Path inside = classes("inside", Map.of("okhttp3.internal.Engine", """
                package okhttp3.internal;

                class Engine {
                    Object open(java.net.URL url) throws java.io.IOException {
                        return url.openConnection();
                    }
                }
                """));
        Path libraries = Files.createDirectories(folder.resolve("libraries"));
        CompiledSources.jar(libraries.resolve("lib-1.0.jar"), Map.of("", lib));
        CompiledSources.jar(libraries.resolve("okhttp-jvm-5.5.1.jar"), Map.of("", inside));
        for (String more : moreLibraries) {
            CompiledSources.jar(libraries.resolve(more), Map.of("org/", inside));
        }
        CompiledSources.jar(libraries.resolve("spring-boot-" + version + ".jar"), Map.of("org/", inside));
        Path loader = classes("loader", Map.of("org.springframework.boot.loader.Launcher", """
                package org.springframework.boot.loader;

                public class Launcher {
                    Object open(java.net.URL url) throws java.io.IOException {
                        return url.openConnection();
                    }
                }
                """));
        Map<String, Path> entries = new LinkedHashMap<>();
        entries.put("", loader);
        entries.put("BOOT-INF/classes/", orders());
        entries.put("BOOT-INF/lib/", libraries);
        Path jar = folder.resolve("app.jar");
        CompiledSources.jar(jar, entries);
        return jar;
    }

    @Test
    void ofABootJarTheOwnClassesAreReadAndWithLibrariesWhatItCarries() throws IOException {
        String jar = bootJar("4.0.9").toString();

        Run own = run(jar);
        Run all = run("--libraries", jar);

        assertThat(own.out()).contains("com.acme.Orders:4", "com.acme.Orders:5").doesNotContain("Lib", "Launcher");
        assertThat(own.err())
                .isEqualTo("note: app.jar: mesh-spring-boot-starter is not among its libraries;"
                        + " what it carries is carried once it is added\n1 class of 1 archive read\n");
        assertThat(all.out())
                .contains("com.acme.Orders:5 (app.jar)", "com.lib.Lib:4 (lib-1.0.jar)")
                .doesNotContain("Engine", "Launcher");
        assertThat(all.err()).endsWith("4 classes of 4 archives read\n");
        assertThat(all.code()).isZero();
    }

    @Test
    void gatewaysAreSeenByTheirLibraryAndTheStarterSilencesTheNote() throws IOException {
        String jar = bootJar(
                        "4.0.9", "spring-cloud-gateway-server-webflux-5.0.0.jar", "mesh-spring-boot-starter-0.1.0.jar")
                .toString();

        Run run = run(jar);

        assertThat(run.out())
                .containsPattern("carried +Spring Cloud Gateway \\(WebFlux\\) +brought"
                        + " +spring-cloud-gateway-server-webflux-5.0.0.jar +with mesh-spring-boot-starter");
        assertThat(run.err()).isEqualTo("1 class of 1 archive read\n");
    }

    @Test
    void onASpringBootThatIsTooOldTheStarterCarriesNothingYet() throws IOException {
        Run run = run(bootJar("2.7.18").toString());

        assertThat(run.out())
                .contains("carried if   RestTemplate")
                .contains("Spring Boot 2.7.18 is raised to 3.2 or newer, and started with -javaagent:")
                .contains("carried: 0 places");
    }

    @Test
    void ofAWarAndOfAPlainJarTheOwnClassesAreRead() throws IOException {
        Path war = folder.resolve("app.war");
        CompiledSources.jar(war, Map.of("WEB-INF/classes/", orders()));
        Path jar = folder.resolve("plain.jar");
        Map<String, Path> entries = new LinkedHashMap<>();
        entries.put("", orders());
        entries.put("META-INF/versions/21/", orders());
        CompiledSources.jar(jar, entries);

        Run run = run(war.toString(), jar.toString());

        assertThat(run.out().lines().filter(line -> line.contains("com.acme.Orders")))
                .hasSize(4)
                .filteredOn(line -> line.contains("(app.war)"))
                .hasSize(2);
    }

    @Test
    void ofAJarForSeveralVersionsOfJavaTheNewestIsRead() throws IOException {
        Path manifest = folder.resolve("manifest/MANIFEST.MF");
        Files.createDirectories(manifest.getParent());
        Files.writeString(manifest, "Manifest-Version: 1.0\nMulti-Release: true\n");
        Map<String, Path> entries = new LinkedHashMap<>();
        entries.put("META-INF/", manifest.getParent());
        entries.put("", classes("plain", Map.of("com.acme.Orders", "package com.acme; class Orders {}")));
        entries.put(
                "META-INF/versions/9/",
                classes("nine", Map.of("com.acme.Orders", "package com.acme; class Orders {}")));
        entries.put("META-INF/versions/21/", orders());
        Path jar = folder.resolve("several.jar");
        CompiledSources.jar(jar, entries);

        assertThat(run(jar.toString()).out()).contains("com.acme.Orders:4", "com.acme.Orders:5");
        assertThat(run("--libraries", folderOf(jar).toString()).out())
                .contains("com.acme.Orders:4", "com.acme.Orders:5");
    }

    private Path folderOf(Path jar) throws IOException {
        Path lib = Files.createDirectories(folder.resolve("only"));
        Files.copy(jar, lib.resolve(jar.getFileName()));
        return lib;
    }

    @Test
    void linksAreFollowedOnce() throws IOException {
        Path real = orders();
        Files.createSymbolicLink(real.resolve("com/again"), real);
        Path link = Files.createSymbolicLink(folder.resolve("link"), real);

        Run run = run(link.toString());

        assertThat(run.code()).isZero();
        assertThat(run.err()).isEqualTo("1 class of 1 archive read\n");
    }

    @Test
    void aWarWithinAnArchiveIsNamed() throws IOException {
        Path wars = Files.createDirectories(folder.resolve("wars"));
        CompiledSources.jar(wars.resolve("app.war"), Map.of("WEB-INF/classes/", orders()));
        Path ear = folder.resolve("app.ear");
        CompiledSources.jar(ear, Map.of("", wars));

        Run run = run("--libraries", ear.toString());

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err())
                .contains("error: " + ear + "!/app.war: a war within an archive is not read; take it out and name it");
    }

    @Test
    void anEmptyPathIsNotTheFolderThatTheShellIsIn() {
        Run run = run("");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("error: the path is empty; name the application's jar");
    }

    @Test
    void whatIsTooLargeForAClassIsNotHeld() throws IOException {
        Path big = folder.resolve("big.jar");
        try (var out = new java.util.zip.ZipOutputStream(Files.newOutputStream(big))) {
            out.putNextEntry(new java.util.zip.ZipEntry("Big.class"));
            byte[] part = new byte[1 << 20];
            for (int i = 0; i < 65; i++) {
                out.write(part);
            }
        }

        Run run = run(big.toString());

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("error: " + big + "!/Big.class: larger than any class (64 MiB); build it again");
    }

    @Test
    void withoutLineNumbersTheClassIsTold() throws IOException {
        Path classes = classes("bare", Map.of("com.acme.Orders", ORDERS), "-g:none");

        assertThat(run(classes.toString()).out()).contains("  com.acme.Orders  started with");
    }

    @Test
    void whatCannotBeReadIsNamedAndTheRestGoesOn() throws IOException {
        Path good = orders();
        byte[] bytes = Files.readAllBytes(good.resolve("com/acme/Orders.class"));
        Path bad = Files.createDirectories(folder.resolve("bad"));
        Files.write(bad.resolve("Cut.class"), java.util.Arrays.copyOf(bytes, bytes.length / 2));
        Files.writeString(bad.resolve("Text.class"), "no class at all");
        Files.write(bad.resolve("Empty.class"), new byte[0]);
        byte[] newer = bytes.clone();
        newer[7] = 99;
        Files.write(bad.resolve("Newer.class"), newer);
        Path text = Files.writeString(folder.resolve("notes.txt"), "no jar");
        Path empty = Files.createDirectories(folder.resolve("empty"));
        Path missing = folder.resolve("missing.jar");

        Run run = run(missing.toString(), text.toString(), bad.toString(), empty.toString(), good.toString());

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).contains("com.acme.Orders:4");
        assertThat(run.err().lines().toList())
                .anySatisfy(line -> assertThat(line).isEqualTo("error: " + missing + ": no such file or folder"))
                .anySatisfy(line ->
                        assertThat(line).startsWith("error: " + text + ": neither a jar nor a folder of classes ("))
                .anySatisfy(line -> assertThat(line)
                        .startsWith("error: " + bad.resolve("Cut.class") + ": broken class file (")
                        .endsWith("; build it again"))
                .anySatisfy(line -> assertThat(line)
                        .isEqualTo("error: " + bad.resolve("Text.class")
                                + ": broken class file: it does not begin as one; build it again"))
                .anySatisfy(line ->
                        assertThat(line).isEqualTo("error: " + bad.resolve("Empty.class") + ": empty; build it again"))
                .anySatisfy(line -> assertThat(line)
                        .isEqualTo("error: " + bad.resolve("Newer.class")
                                + ": class file of version 99 (Java 55); this command reads up to 71 (Java 27):"
                                + " compile with --release 27 or take a newer InMesh"))
                .anySatisfy(line -> assertThat(line)
                        .isEqualTo("error: " + empty
                                + ": no class file in it; name the application's jar or its folder of classes"))
                .last()
                .isEqualTo("1 class of 3 archives read");
    }

    @Test
    void aBrokenLibraryIsNamedAndTheOthersAreRead() throws IOException {
        Path libraries = Files.createDirectories(folder.resolve("libraries"));
        Files.writeString(libraries.resolve("broken-1.0.jar"), "no jar");

        Run run = run("--libraries", bootJar("4.0.9").toString());

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err())
                .contains("error: " + folder.resolve("app.jar")
                        + "!/BOOT-INF/lib/broken-1.0.jar: no jar, or an empty one");
        assertThat(run.out()).contains("com.lib.Lib:4 (lib-1.0.jar)");
    }

    @Test
    void aFolderOfJarsAloneNeedsLibraries() throws IOException {
        Path lib = Files.createDirectories(folder.resolve("lib"));
        CompiledSources.jar(lib.resolve("orders.jar"), Map.of("", orders()));

        Run without = run(lib.toString());
        Run with = run("--libraries", lib.toString());

        assertThat(without.code()).isEqualTo(1);
        assertThat(without.err()).contains("name one of the jars in it, such as " + lib.resolve("orders.jar"));
        assertThat(with.code()).isZero();
        assertThat(with.out()).contains("com.acme.Orders:4");
    }

    @Test
    void withoutAPathTheUsageIsWrong() {
        assertThat(run().code()).isEqualTo(2);
    }
}
