package io.inmesh.okhttp;

import java.net.URL;
import java.security.CodeSource;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The OkHttp that InMesh needs, and whether the class path has it. It is read without loading a class that calls OkHttp,
 * so it can be asked where OkHttp is missing. Stateless; thread-safe.
 */
public final class OkHttpRequirement {
    private static final int MAJOR = 4;
    private static final int MINOR = 12;
    private static final String OLDEST = MAJOR + "." + MINOR;

    /** The alphas of 5.0.0 are neither the one nor the other. */
    private static final String UNFINISHED = "5.0.0-";

    private static final String CLIENT = "okhttp3.OkHttpClient";
    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)");

    /** What is added where OkHttp is missing or too old; the version that InMesh is built and tested with. */
    private static final String TESTED = "5.5.1";

    private static final String ADD_CLIENT = """
            add the library (okhttp-jvm, because the artifact called okhttp holds no classes for Maven users).
            Maven: <dependency><groupId>com.squareup.okhttp3</groupId><artifactId>okhttp-jvm</artifactId>\
            <version>%1$s</version></dependency>
            Gradle: implementation("com.squareup.okhttp3:okhttp-jvm:%1$s")""".formatted(TESTED);

    private static final String RAISE_ALL = """
            raise every artifact of OkHttp to one version by its BOM, or exclude the old jar from the dependency that brings it.
            Maven, under dependencyManagement: <dependency><groupId>com.squareup.okhttp3</groupId>\
            <artifactId>okhttp-bom</artifactId><version>%1$s</version><type>pom</type><scope>import</scope></dependency>
            Gradle: implementation(platform("com.squareup.okhttp3:okhttp-bom:%1$s"))""".formatted(TESTED);

    private OkHttpRequirement() {}

    /**
     * Why InMesh cannot work with what the class path has.
     *
     * @param text what was found, and what is needed
     * @param remedy how to get it, with the lines for Maven and for Gradle
     */
    public record Problem(String text, String remedy) {
        /** Both parts, as the message of an exception. */
        public String message() {
            return text + ": " + remedy;
        }
    }

    /** What is wrong with the OkHttp that InMesh sees, empty if nothing is. */
    public static Optional<Problem> problem() {
        return problem(OkHttpRequirement.class.getClassLoader());
    }

    /** What is wrong with the OkHttp that {@code loader} finds first. */
    static Optional<Problem> problem(@Nullable ClassLoader loader) {
        Class<?> client = load(CLIENT, loader);
        if (client == null) {
            return Optional.of(new Problem(
                    "InMesh needs OkHttp " + OLDEST + " or newer, and there is none on the class path", ADD_CLIENT));
        }
        String version = version(client, loader);
        if (version != null && isNewEnough(version)) {
            return Optional.empty();
        }
        return Optional.of(new Problem(
                "InMesh needs OkHttp " + OLDEST + " or newer, but the class path has "
                        + (version == null ? "a version before 4" : version) + " first, from " + origin(client),
                RAISE_ALL));
    }

    /**
     * Refuses an OkHttp that InMesh cannot work with.
     *
     * @throws IllegalStateException with what was found and how to get what is needed
     */
    static void check() {
        problem().ifPresent(problem -> {
            throw new IllegalStateException(problem.message());
        });
    }

    /** That of the jar which the client is from; jars behind it can have what it lacks. */
    private static @Nullable String version(Class<?> client, @Nullable ClassLoader loader) {
        Class<?> holder = load("okhttp3.OkHttp", loader);
        if (holder != null && isBeside(client, holder)) {
            // By reflection: a constant would be copied into this class when it is compiled.
            return read(() -> holder.getField("VERSION").get(null));
        }
        Class<?> before4 = load("okhttp3.internal.Version", loader);
        if (before4 != null && isBeside(client, before4)) {
            String name = read(() -> before4.getMethod("userAgent").invoke(null));
            return name == null ? null : name.substring(name.indexOf('/') + 1);
        }
        return null;
    }

    /** Reads what one version has and another may not. */
    @FunctionalInterface
    private interface Reading {
        @Nullable
        Object read() throws ReflectiveOperationException;
    }

    private static @Nullable String read(Reading reading) {
        try {
            return reading.read() instanceof String text ? text : null;
        } catch (ReflectiveOperationException | LinkageError unreadable) {
            return null;
        }
    }

    private static boolean isBeside(Class<?> client, Class<?> other) {
        return origin(other).equals(origin(client));
    }

    static boolean isNewEnough(String version) {
        Matcher parts = VERSION.matcher(version);
        if (!parts.lookingAt()) {
            return false;
        }
        int major = Integer.parseInt(parts.group(1));
        return (major > MAJOR || (major == MAJOR && Integer.parseInt(parts.group(2)) >= MINOR))
                && !version.startsWith(UNFINISHED);
    }

    private static @Nullable Class<?> load(String name, @Nullable ClassLoader loader) {
        try {
            return Class.forName(name, false, loader);
        } catch (ClassNotFoundException | LinkageError missing) {
            return null;
        }
    }

    private static String origin(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        URL location = source == null ? null : source.getLocation();
        return location == null ? "an unknown place" : location.toString();
    }
}
