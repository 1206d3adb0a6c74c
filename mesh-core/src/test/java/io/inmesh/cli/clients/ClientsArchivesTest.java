package io.inmesh.cli.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What {@code clients} reads of jars, wars and folders, and what it says of those it cannot read. */
@Tag("one-jdk")
class ClientsArchivesTest extends ClientsFixture {
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
}
