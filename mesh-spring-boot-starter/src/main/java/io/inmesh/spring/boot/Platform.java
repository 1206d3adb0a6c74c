package io.inmesh.spring.boot;

import io.inmesh.okhttp.OkHttpRequirement;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringBootVersion;

/**
 * What the application's class path has of what InMesh needs. Uses nothing that is not in Spring Boot 3.2 already, so
 * that older lines are told what is wrong.
 */
final class Platform {
    private static final int OLDEST_BOOT = 4;
    private static final Pattern MAJOR = Pattern.compile("(\\d+)\\.");

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
        return bootProblem(SpringBootVersion.getVersion())
                .or(() -> OkHttpRequirement.problem()
                        .map(okHttp -> new Problem(okHttp.text(), sentence(okHttp.remedy()))));
    }

    /** What is wrong with a version of Spring Boot, null where it is not known. */
    static Optional<Problem> bootProblem(@Nullable String version) {
        Matcher major = MAJOR.matcher(version == null ? "" : version);
        if (!major.lookingAt() || Integer.parseInt(major.group(1)) >= OLDEST_BOOT) {
            return Optional.empty();
        }
        return Optional.of(new Problem(
                "mesh-spring-boot-starter needs Spring Boot 4.0 or newer, but this application runs on Spring Boot "
                        + version,
                "Move the application to Spring Boot 4, or use io.inmesh:mesh-okhttp instead of the starter and add its"
                        + " MeshInterceptor to an OkHttpClient of your own (docs/okhttp.md). To start without InMesh,"
                        + " set mesh.enabled=false."));
    }

    private static String sentence(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }
}
