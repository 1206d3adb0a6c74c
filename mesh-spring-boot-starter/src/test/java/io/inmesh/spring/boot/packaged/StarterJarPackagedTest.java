package io.inmesh.spring.boot.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.inmesh.testing.JarContents;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The jar as it is published: what it holds, and that its calls meet none of the application's own versions. */
@Tag("packaged")
class StarterJarPackagedTest {
    private static final Path JAR = Path.of(System.getProperty("packaged.jar"));
    private static final Path CLASHES = Path.of("target", "clashes");
    private static final String SHADED = "io.inmesh.spring.boot.shaded.";
    private static final String BREAKERS = "io.github.resilience4j.circuitbreaker";
    private static final String SHADED_FOLDER = SHADED.replace('.', '/');

    /** What the jar stands for on an application's class path: this module's classes, and what was copied. */
    private static final Pattern REPLACED = Pattern.compile(
            "classes|mesh-okhttp-.*|mesh-servlet-.*|mesh-spring-boot-3-.*|okhttp-.*|mockwebserver3-.*|okio-.*|kotlin-.*"
                    + "|annotations-13.*|nimbus-jose-jwt-.*|resilience4j-.*");

    private final JarContents jar = JarContents.of(JAR);
    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] answer = (exchange.getRequestURI() + " "
                            + exchange.getRequestHeaders().getFirst("User-Agent"))
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void allClassesAreInMeshsOwn() {
        assertThat(jar.classes())
                .contains(
                        "io.inmesh.spring.boot.MeshAutoConfiguration",
                        "io.inmesh.spring.boot.three.MeshHealthAutoConfiguration",
                        SHADED + "okhttp3.OkHttpClient",
                        SHADED + "okio.Buffer",
                        SHADED + "kotlin.Unit",
                        SHADED + "io.inmesh.okhttp.MeshInterceptor",
                        SHADED + "io.inmesh.servlet.GatewayServlet")
                .allMatch(name -> name.startsWith("io.inmesh."))
                .noneMatch(name -> name.contains("io.inmesh.okhttp.spring"));
    }

    @Test
    void nothingSpeaksOfTheOriginals() {
        assertThat(jar.constantsThatName(
                        "okhttp3",
                        "okio",
                        "kotlin",
                        "org.jetbrains",
                        "io.inmesh.okhttp",
                        "io.inmesh.servlet",
                        "com.nimbusds",
                        "io.github.resilience4j"))
                .allMatch(found -> found.contains(BREAKERS.replace('.', '/')) || found.contains(BREAKERS));
        assertThat(jar.constantsThatName(BREAKERS))
                .as("the application's registry")
                .isNotEmpty()
                .allMatch(found -> found.startsWith("io/inmesh/spring/boot/MeshCircuitBreakersAutoConfiguration")
                        || found.startsWith("io/inmesh/spring/boot/BeanCircuitBreakers"));
    }

    @Test
    void everythingThatACopyNeedsIsThere() {
        assertThat(jar.missingBelow(SHADED)).isEmpty();
        assertThat(jar.resources())
                .contains(
                        "META-INF/LICENSE",
                        "META-INF/NOTICE",
                        SHADED_FOLDER + "okhttp3/internal/publicsuffix/PublicSuffixDatabase.list")
                .noneMatch(name -> name.endsWith(".kotlin_module")
                        || name.endsWith(".kotlin_builtins")
                        || name.startsWith("META-INF/versions/")
                        || name.startsWith("META-INF/proguard/")
                        || !name.contains("/")
                        || name.endsWith("module-info.class"));
        assertThat(jar.text("META-INF/NOTICE"))
                .contains("OkHttp", "Okio", "Kotlin", "Mozilla Public License 2.0", "Nimbus", "Resilience4j");
        assertThat(jar.text("META-INF/native-image/io.inmesh/mesh-spring-boot-starter/resource-config.json"))
                .contains(SHADED_FOLDER + "okhttp3/internal/publicsuffix/PublicSuffixDatabase.list");
    }

    @Test
    void publicTypesShowNoCopies() {
        assertThat(jar.publicMembersThatShow(SHADED)).isEmpty();
    }

    @Test
    void conditionsOfBothRoomsAreKnownWithoutLoadingThem() {
        assertThat(jar.text("META-INF/spring-autoconfigure-metadata.properties"))
                .contains(
                        "io.inmesh.spring.boot.actuate.MeshActuatorAutoConfiguration=",
                        "io.inmesh.spring.boot.three.MeshHealthAutoConfiguration.ConditionalOnClass=");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "okhttp-4.12.0.jar before",
                "okhttp-4.12.0.jar after",
                "okio-jvm-3.6.0.jar before",
                "okio-jvm-3.9.0.jar before",
                "okhttp-jvm-5.1.0.jar before",
                "kotlin-stdlib-1.9.25.jar before"
            })
    void callsGoThroughTheMeshBesideAnyVersion(String clash) throws Exception {
        List<URL> urls = new ArrayList<>();
        if (clash.endsWith(" before")) {
            urls.add(clashing(clash));
        }
        urls.add(JAR.toUri().toURL());
        for (String entry : System.getProperty("java.class.path").split(Pattern.quote(File.pathSeparator), -1)) {
            if (!REPLACED.matcher(Path.of(entry).getFileName().toString()).matches()) {
                urls.add(Path.of(entry).toUri().toURL());
            }
        }
        if (clash.endsWith(" after")) {
            urls.add(clashing(clash));
        }
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader loader =
                new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            thread.setContextClassLoader(loader);
            Object answers = loader.loadClass(PackagedCalls.class.getName())
                    .getMethod("answers", int.class)
                    .invoke(null, server.getAddress().getPort());

            assertThat((Stream<?>) ((List<?>) answers).stream())
                    .hasSize(3)
                    .allSatisfy(answer -> assertThat(answer).asString().matches("/rewritten okhttp/5\\.\\d+\\.\\d+"));
            assertThat(topPrivateDomain(loader)).isEqualTo("example.co.uk");
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static URL clashing(String clash) throws IOException {
        Path file = CLASHES.resolve(clash.substring(0, clash.indexOf(' ')));
        assertThat(file).exists();
        return file.toUri().toURL();
    }

    /** Read from the copy's list of public suffixes, which it finds by a path. */
    private static Object topPrivateDomain(ClassLoader loader) throws ReflectiveOperationException {
        Class<?> url = loader.loadClass(SHADED + "okhttp3.HttpUrl");
        Object parsed = url.getMethod("get", String.class).invoke(null, "http://www.example.co.uk/");
        return url.getMethod("topPrivateDomain").invoke(parsed);
    }
}
