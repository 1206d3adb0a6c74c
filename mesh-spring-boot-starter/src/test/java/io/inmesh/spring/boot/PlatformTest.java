package io.inmesh.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What a user reads whose class path lacks something, with the real jars of older lines on a class path of their own. */
@ExtendWith(OutputCaptureExtension.class)
class PlatformTest {
    private static final Path OLDER = Path.of("target", "older");

    private static List<Path> older(Predicate<String> name) throws IOException {
        try (Stream<Path> files = Files.list(OLDER)) {
            List<Path> found = files.filter(file -> name.test(file.getFileName().toString()))
                    .toList();
            assertThat(found).isNotEmpty();
            return found;
        }
    }

    /** Starts {@link TestApplication} on the class path of this test after {@code first}, as far as it is kept. */
    private static Throwable start(List<Path> first, Predicate<String> kept, String... arguments) throws Exception {
        List<URL> urls = new ArrayList<>();
        for (Path path : first) {
            urls.add(path.toUri().toURL());
        }
        for (String entry : System.getProperty("java.class.path").split(Pattern.quote(File.pathSeparator), -1)) {
            if (kept.test(Path.of(entry).getFileName().toString())) {
                urls.add(Path.of(entry).toUri().toURL());
            }
        }
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader loader =
                new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            thread.setContextClassLoader(loader);
            Class<?> application = loader.loadClass("org.springframework.boot.SpringApplication");
            Class<?> own = loader.loadClass(TestApplication.class.getName());
            Object context =
                    application.getMethod("run", Class.class, String[].class).invoke(null, own, (Object) arguments);
            ((AutoCloseable) context).close();
            return null;
        } catch (InvocationTargetException failed) {
            return failed.getCause();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static boolean isOfSpring(String jar) {
        return jar.startsWith("spring-") || jar.startsWith("logback-");
    }

    @Test
    void springBoot3IsRefusedInOneSentence(CapturedOutput output) throws Exception {
        Throwable failure = start(
                older(PlatformTest::isOfSpring), jar -> !isOfSpring(jar), "--spring.main.web-application-type=none");

        assertThat(failure).isNotNull();
        assertThat(output.toString().replace(System.lineSeparator(), "\n"))
                .contains("APPLICATION FAILED TO START")
                .contains(
                        "Description:\n\nmesh-spring-boot-starter needs Spring Boot 4.0 or newer, but this application"
                                + " runs on Spring Boot 3.2.12.\n")
                .contains("Action:\n\nMove the application to Spring Boot 4, or use io.inmesh:mesh-okhttp")
                .doesNotContain("mesh-discovery-k8s")
                .doesNotContain("NoClassDefFoundError");
    }

    @Test
    void springBoot3StartsWithoutInMesh() throws Exception {
        assertThat(start(
                        older(PlatformTest::isOfSpring),
                        jar -> !isOfSpring(jar),
                        "--spring.main.web-application-type=none",
                        "--mesh.enabled=false"))
                .isNull();
    }

    @Test
    void aMissingOkHttpIsNamedInOneSentence(CapturedOutput output) throws Exception {
        Throwable failure =
                start(List.of(), jar -> !jar.startsWith("okhttp-jvm"), "--spring.main.web-application-type=none");

        assertThat(failure).hasMessageContaining("none on the class path");
        assertThat(output.toString().replace(System.lineSeparator(), "\n"))
                .contains("APPLICATION FAILED TO START")
                .contains("Description:\n\nInMesh needs OkHttp 5.5 or newer, and there is none on the class path.\n")
                .contains("Action:\n\nAdd the library (okhttp-jvm,")
                .doesNotContain("NoClassDefFoundError");
    }

    @Test
    void anOlderOkHttpInFrontIsNamedInOneSentence(CapturedOutput output) throws Exception {
        Throwable failure =
                start(older(jar -> jar.startsWith("okhttp-")), jar -> true, "--spring.main.web-application-type=none");

        assertThat(failure).hasMessageContaining("4.12.0 first");
        assertThat(output.toString().replace(System.lineSeparator(), "\n"))
                .contains("APPLICATION FAILED TO START")
                .containsPattern(
                        "Description:\n\nInMesh needs OkHttp 5.5 or newer, but the class path has 4.12.0 first,"
                                + " from file:\\S*okhttp-4.12.0.jar\\.\n")
                .contains("Action:\n\nRaise every artifact of OkHttp to one version by its BOM")
                .doesNotContain("NoSuchMethodError");
    }

    @Test
    void everySupportedLineIsFine() {
        assertThat(Platform.problem()).isEmpty();
        assertThat(Platform.bootProblem("4.0.0")).isEmpty();
        assertThat(Platform.bootProblem("10.1.0")).isEmpty();
        assertThat(Platform.bootProblem(null)).isEmpty();
        assertThat(Platform.bootProblem("3.5.14")).isPresent();
    }
}
