package io.inmesh.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The starter starts, and calls go by the mesh, on class paths from which the jars of optional libraries are really gone, so
 * that an adapter that loads a class of its library fails. On the line of Spring Boot that it is compiled with, and on the oldest.
 */
@Tag("one-jdk")
class AbsentLibrariesTest {
    private static final Pattern OPTIONAL = Pattern.compile(
            "<dependency>\\s*<groupId>[^<]*</groupId>\\s*<artifactId>([^<]*)</artifactId>"
                    + "(?:(?!</dependency>).)*?<optional>true</optional>",
            Pattern.DOTALL);

    /** What applications always bring, and what is never on their class path. */
    private static final Set<String> NEVER_ABSENT = Set.of("spring-boot-starter", "mesh-spring-boot-agent");

    private static final Map<String, List<String>> NEEDED_BY = Map.of(
            "spring-boot-http-client", List.of("spring-boot-restclient", "spring-boot-webclient"),
            "spring-cloud-commons", List.of("spring-cloud-loadbalancer", "spring-cloud-openfeign-core"));

    /** Absent here; the tests with them are in cloud-gateway-tests, and in a run of their own. */
    private static final Set<String> ALWAYS_ABSENT =
            Set.of("spring-cloud-gateway-server-webflux", "spring-cloud-gateway-server-webmvc", "spring-boot-jetty");

    private static Set<String> optionalLibraries() throws IOException {
        Set<String> found = new TreeSet<>();
        Matcher dependency = OPTIONAL.matcher(Files.readString(Path.of("pom.xml")));
        while (dependency.find()) {
            found.add(dependency.group(1));
        }
        found.removeAll(NEVER_ABSENT);
        return found;
    }

    /** Each optional dependency alone, some in twos, and all. */
    static List<List<String>> absences() throws IOException {
        List<String> all = optionalLibraries().stream()
                .filter(library -> !ALWAYS_ABSENT.contains(library))
                .toList();
        List<List<String>> absences = new ArrayList<>();
        all.forEach(library -> absences.add(List.of(library)));
        absences.add(List.of("spring-boot-actuator-autoconfigure", "spring-boot-health"));
        absences.add(List.of("spring-cloud-commons", "feign-core"));
        absences.add(List.of("mesh-discovery-k8s", "spring-boot-restclient"));
        absences.add(List.of("spring-webflux", "reactor-core"));
        absences.add(all);
        return absences;
    }

    @Test
    void theOptionalLibrariesAreThoseOfThePom() throws IOException {
        assertThat(optionalLibraries())
                .contains("mesh-discovery-k8s", "spring-boot-restclient", "spring-cloud-commons", "feign-core")
                .doesNotContain("mesh-core", "mesh-okhttp")
                .hasSizeGreaterThan(10)
                .allSatisfy(library -> assertThat(classPath().stream().anyMatch(entry -> isOf(entry, library)))
                        .as(library)
                        .isNotEqualTo(ALWAYS_ABSENT.contains(library)));
    }

    @ParameterizedTest
    @MethodSource("absences")
    void callsGoByTheMeshWithout(List<String> libraries) throws Exception {
        List<Path> entries = new ArrayList<>(classPath());
        entries.removeIf(entry -> libraries.stream().anyMatch(library -> goesWith(entry, library)));
        assertThat(entries).hasSizeLessThan(classPath().size());

        assertThat(answer(entries)).isEqualTo("orders");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "none",
                "spring-boot-actuator-autoconfigure",
                "spring-boot-actuator-autoconfigure spring-boot-actuator",
                "spring-webflux",
                "reactor-core",
                "spring-webflux reactor-core mesh-discovery-k8s"
            })
    void onTheOldestSpringBootToo(String absent) throws Exception {
        List<String> libraries = List.of(absent.split(" ", -1));
        List<Path> entries = new ArrayList<>();
        try (Stream<Path> older = Files.list(Path.of("target", "older"))) {
            older.forEach(entries::add);
        }
        classPath().stream().filter(entry -> !isOfNewerLine(entry)).forEach(entries::add);
        entries.removeIf(entry -> libraries.stream().anyMatch(library -> isOf(entry, library)));

        assertThat(answer(entries)).isEqualTo("orders");
    }

    private static List<Path> classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(Pattern.quote(File.pathSeparator), -1))
                .map(Path::of)
                .toList();
    }

    /** Whether an entry is the library's jar, or its folder of classes in this build. */
    private static boolean isOf(Path entry, String library) {
        return entry.getFileName().toString().matches(Pattern.quote(library) + "-\\d.*")
                || entry.endsWith(Path.of(library, "target", "classes"));
    }

    /** What cannot do without a library is gone with it, as in any application. */
    private static boolean goesWith(Path entry, String library) {
        return isOf(entry, library)
                || NEEDED_BY.getOrDefault(library, List.of()).stream().anyMatch(other -> isOf(entry, other));
    }

    private static boolean isOfNewerLine(Path entry) {
        String name = entry.getFileName().toString();
        return name.matches("(spring|feign|logback|tomcat|log4j)-.*");
    }

    private static String answer(List<Path> entries) throws Exception {
        List<URL> urls = new ArrayList<>();
        for (Path entry : entries) {
            urls.add(entry.toUri().toURL());
        }
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (Backend backend = Backend.named("orders");
                URLClassLoader loader =
                        new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            thread.setContextClassLoader(loader);
            return (String) loader.loadClass(AbsentLibraries.class.getName())
                    .getMethod("answer", String.class)
                    .invoke(null, backend.address());
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
