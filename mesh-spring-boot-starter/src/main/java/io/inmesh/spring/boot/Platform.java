package io.inmesh.spring.boot;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringBootVersion;

/**
 * What the application's class path has of what InMesh needs. Uses nothing that is not in Spring Boot 2.7 already, so
 * that older lines are told what is wrong. OkHttp is not asked for: the starter's jar holds one of its own.
 */
final class Platform {
    private static final int OLDEST_MAJOR = 3;
    private static final int OLDEST_MINOR = 2;
    private static final String OLDEST = OLDEST_MAJOR + "." + OLDEST_MINOR;
    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)");

    private Platform() {}

    /**
     * Why InMesh cannot work here.
     *
     * @param text what was found, and what is needed
     * @param remedy how to get it
     */
    record Problem(String text, String remedy) {}

    /** The first thing that is missing, empty if nothing is. */
    static Optional<Problem> problem() {
        return bootProblem(SpringBootVersion.getVersion());
    }

    /** What is wrong with a version of Spring Boot, null where it is not known. */
    static Optional<Problem> bootProblem(@Nullable String version) {
        Matcher parts = VERSION.matcher(version == null ? "" : version);
        if (!parts.lookingAt() || isSupported(Integer.parseInt(parts.group(1)), Integer.parseInt(parts.group(2)))) {
            return Optional.empty();
        }
        return Optional.of(new Problem(
                "mesh-spring-boot-starter needs Spring Boot " + OLDEST
                        + " or newer, but this application runs on Spring Boot " + version,
                "Move the application to Spring Boot " + OLDEST + " or newer, or use io.inmesh:mesh-okhttp instead of"
                        + " the starter and add its MeshInterceptor to an OkHttpClient of your own (docs/okhttp.md). To"
                        + " start without InMesh, set mesh.enabled=false."));
    }

    private static boolean isSupported(int major, int minor) {
        return major > OLDEST_MAJOR || (major == OLDEST_MAJOR && minor >= OLDEST_MINOR);
    }
}
