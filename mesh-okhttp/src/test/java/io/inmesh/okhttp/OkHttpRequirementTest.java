package io.inmesh.okhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.inmesh.Mesh;
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
import okhttp3.OkHttp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said where OkHttp is missing or too old, with the real jars on a class path of their own. */
class OkHttpRequirementTest {
    private static Path older(String version) {
        return Path.of("target", "older", "okhttp-" + version + ".jar");
    }

    /** The class path of this test after {@code first}, as far as {@code kept} keeps it. */
    private static URLClassLoader classPath(List<Path> first, Predicate<String> kept) throws IOException {
        List<URL> urls = new ArrayList<>();
        for (Path path : first) {
            assertThat(Files.exists(path)).as(path.toString()).isTrue();
            urls.add(path.toUri().toURL());
        }
        for (String entry : System.getProperty("java.class.path").split(Pattern.quote(File.pathSeparator), -1)) {
            if (kept.test(entry)) {
                urls.add(Path.of(entry).toUri().toURL());
            }
        }
        return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.14.9", "4.9.3"})
    void anOlderOkHttpInFrontIsRefusedWithItsVersionItsJarAndTheWayOut(String version) throws Exception {
        Path jar = older(version);
        try (URLClassLoader loader = classPath(List.of(jar), entry -> true)) {
            Class<?> mesh = loader.loadClass(Mesh.class.getName());
            Object builder = mesh.getMethod("builder").invoke(null);
            Object built = builder.getClass().getMethod("build").invoke(builder);
            try {
                Class<?> interceptor = loader.loadClass(MeshInterceptor.class.getName());

                assertThatExceptionOfType(InvocationTargetException.class)
                        .isThrownBy(() -> interceptor.getConstructor(mesh).newInstance(built))
                        .havingCause()
                        .isInstanceOf(IllegalStateException.class)
                        .withMessageStartingWith("InMesh needs OkHttp 4.12 or newer, but the class path has " + version
                                + " first, from " + jar.toUri().toURL())
                        .withMessageContaining("<artifactId>okhttp-bom</artifactId>")
                        .withMessageContaining("platform(\"com.squareup.okhttp3:okhttp-bom:" + OkHttp.VERSION + "\")");
            } finally {
                mesh.getMethod("close").invoke(built);
            }
        }
    }

    @Test
    void aMissingOkHttpIsNamedWithTheArtifactThatHasClasses() throws Exception {
        try (URLClassLoader loader = classPath(List.of(), entry -> !entry.contains("okhttp-jvm"))) {
            assertThat(OkHttpRequirement.problem(loader)).hasValueSatisfying(problem -> {
                assertThat(problem.text())
                        .isEqualTo("InMesh needs OkHttp 4.12 or newer, and there is none on the class path");
                assertThat(problem.remedy())
                        .contains("<artifactId>okhttp-jvm</artifactId><version>" + OkHttp.VERSION + "</version>")
                        .contains("implementation(\"com.squareup.okhttp3:okhttp-jvm:" + OkHttp.VERSION + "\")");
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"4.12.0", "4.13.1", "5.0.0", "5.3.2", "5.4.0", "6.0.0-alpha.1"})
    void supportedVersionsAreFine(String version) {
        assertThat(OkHttpRequirement.isNewEnough(version)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"4.11.0", "4.9.3", "5.0.0-alpha.14", "3.14.9", "unknown"})
    void olderAndUnfinishedVersionsAreNot(String version) {
        assertThat(OkHttpRequirement.isNewEnough(version)).isFalse();
    }

    @Test
    void theOneThatInMeshBringsIsFine() {
        assertThat(OkHttpRequirement.problem()).isEmpty();
    }
}
