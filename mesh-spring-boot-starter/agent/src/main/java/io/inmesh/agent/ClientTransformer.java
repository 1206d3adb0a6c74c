package io.inmesh.agent;

import java.io.IOException;
import java.lang.instrument.ClassFileTransformer;
import java.net.URL;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Changes the classes of {@link SpringClass} where the class loader that defines one has the starter too. Whatever goes
 * wrong leaves the class as it is, and is told in one line. Stateless but for its log.
 */
final class ClientTransformer implements ClassFileTransformer {
    private static final String SPRING = "org/springframework/";

    /** Every application of Spring Boot loads it, and early: a missing starter is told then. */
    private static final String APPLICATION = SPRING + "boot/SpringApplication";

    private static final Pattern JAR = Pattern.compile("([^/!]+\\.jar)[!/]*$");

    private final AgentLog log;

    ClientTransformer(AgentLog log) {
        this.log = log;
    }

    @Override
    public byte @Nullable [] transform(
            @Nullable ClassLoader loader,
            @Nullable String path,
            @Nullable Class<?> redefined,
            @Nullable ProtectionDomain domain,
            byte[] original) {
        if (loader == null || path == null || !path.startsWith(SPRING)) {
            return null;
        }
        try {
            SpringClass known = SpringClass.of(path);
            if (known == null && !path.equals(APPLICATION)) {
                return null;
            }
            return hasStarter(loader) && known != null ? known.changed(original) : null;
        } catch (Exception | LinkageError failure) {
            log.once("cannot change " + path.replace('/', '.') + " of " + origin(domain) + ": " + failure.getMessage()
                    + ". Clients made by it reach the mesh as beans only");
            return null;
        }
    }

    private boolean hasStarter(ClassLoader loader) throws IOException {
        return switch (StarterHooks.in(loader)) {
            case FOUND -> true;
            case ABSENT -> {
                log.once("mesh-spring-boot-starter is not on the class path of this application, so nothing is changed."
                        + " Add it, or take -javaagent away");
                yield false;
            }
            case OF_ANOTHER_VERSION -> {
                log.once(
                        "mesh-spring-boot-starter on the class path of this application is of another version, so nothing"
                                + " is changed. Use the agent of the starter's version");
                yield false;
            }
        };
    }

    /** The jar that a class comes from, whose name tells the version. */
    private static String origin(@Nullable ProtectionDomain domain) {
        CodeSource source = domain == null ? null : domain.getCodeSource();
        URL location = source == null ? null : source.getLocation();
        if (location == null) {
            return "an unknown jar";
        }
        Matcher jar = JAR.matcher(location.toString());
        return jar.find() ? jar.group(1) : location.toString();
    }
}
