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
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Circuit breakers that {@code resilience4j.circuitbreaker.*} configures, with resilience4j's starter of each line of Spring Boot. */
@Tag("one-jdk")
class GuardedApplicationTest {
    private static final List<String> EXPECTED = List.of(
            "500",
            "500",
            "UO circuit breaker reviews refuses it (OPEN)",
            "reviews: OPEN",
            "problems []",
            "breakers 1",
            "not permitted 1.0");

    @Test
    void onTheLineThatTheStarterIsCompiledWith() throws Exception {
        assertThat(calls(List.of("resilience4j", "resilience4j-boot-4"), ".*")).isEqualTo(EXPECTED);
    }

    @Test
    void onTheOldestSpringBoot() throws Exception {
        assertThat(calls(
                        List.of("older", "resilience4j", "resilience4j-boot-3"),
                        "(?!(spring|feign|logback|tomcat|log4j)-).*"))
                .isEqualTo(EXPECTED);
    }

    /**
     * Runs the application by itself.
     *
     * @param folders with jars, below {@code target}
     * @param kept names of what is taken from the class path of this test
     */
    private static List<?> calls(List<String> folders, String kept) throws Exception {
        List<URL> urls = new ArrayList<>();
        for (String folder : folders) {
            try (Stream<Path> jars = Files.list(Path.of("target", folder))) {
                for (Path jar : jars.toList()) {
                    urls.add(jar.toUri().toURL());
                }
            }
        }
        for (Path entry : classPath()) {
            if (entry.getFileName().toString().matches(kept)) {
                urls.add(entry.toUri().toURL());
            }
        }
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (Backend backend = Backend.named("reviews");
                URLClassLoader loader =
                        new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            backend.handle(exchange -> backend.answer(exchange, 500, "broken"));
            thread.setContextClassLoader(loader);
            return (List<?>) loader.loadClass(GuardedApplication.class.getName())
                    .getMethod("calls", String.class)
                    .invoke(null, backend.address());
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static List<Path> classPath() throws IOException {
        return Arrays.stream(System.getProperty("java.class.path").split(Pattern.quote(File.pathSeparator), -1))
                .map(Path::of)
                .toList();
    }
}
