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

    private static List<Path> older() throws IOException {
        try (Stream<Path> files = Files.list(OLDER)) {
            List<Path> found = files.sorted().toList();
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
    void theOldestSpringBoot3StartsWithEndpointAndHealth(CapturedOutput output) throws Exception {
        assertThat(start(
                        older(),
                        jar -> !isOfSpring(jar),
                        "--spring.main.web-application-type=none",
                        "--debug=true",
                        "--management.endpoints.web.exposure.include=mesh",
                        "--mesh.services.reviews.timeout=2s"))
                .isNull();

        assertThat(output).contains("(v3.2.12)", "In force in namespace default: 1 VirtualService");
        assertThat(output.toString().lines().filter(line -> line.contains("#mesh") && line.endsWith(" matched:")))
                .anyMatch(line -> line.contains("MeshActuatorAutoConfiguration.Endpoints#meshEndpoint"))
                .anyMatch(line -> line.contains("MeshHealthAutoConfiguration#meshHealthIndicator"))
                .noneMatch(line -> line.contains("meshKubernetesIsMissing"));
    }

    @Test
    void springBoot3StartsWithoutInMesh() throws Exception {
        assertThat(start(
                        older(),
                        jar -> !isOfSpring(jar),
                        "--spring.main.web-application-type=none",
                        "--mesh.enabled=false"))
                .isNull();
    }

    @Test
    void everySupportedLineIsFine() {
        assertThat(Platform.problem()).isEmpty();
        assertThat(Platform.bootProblem("3.2.0")).isEmpty();
        assertThat(Platform.bootProblem("3.5.14")).isEmpty();
        assertThat(Platform.bootProblem("4.0.0")).isEmpty();
        assertThat(Platform.bootProblem("10.1.0")).isEmpty();
        assertThat(Platform.bootProblem(null)).isEmpty();
    }

    @Test
    void everyOlderLineIsRefusedInOneSentence() {
        for (String version : List.of("2.7.18", "3.0.13", "3.1.12")) {
            assertThat(Platform.bootProblem(version)).hasValueSatisfying(problem -> {
                assertThat(problem.text())
                        .isEqualTo(
                                "mesh-spring-boot-starter needs Spring Boot 3.2 or newer, but this application runs on"
                                        + " Spring Boot " + version);
                assertThat(problem.remedy())
                        .startsWith("Move the application to Spring Boot 3.2 or newer, or use io.inmesh:mesh-okhttp");
            });
        }
    }

    @Test
    void aDiscoveryThatIsThereAndCannotBeLoadedIsNotCalledMissing() {
        ClassLoader old = new ClassLoader(null) {
            @Override
            protected Class<?> findClass(String name) {
                throw new UnsupportedClassVersionError(name);
            }
        };

        assertThat(MeshAutoConfiguration.WithoutKubernetes.broken(old))
                .isInstanceOf(UnsupportedClassVersionError.class);
        assertThat(MeshAutoConfiguration.WithoutKubernetes.broken(ClassLoader.getPlatformClassLoader()))
                .isNull();
    }
}
