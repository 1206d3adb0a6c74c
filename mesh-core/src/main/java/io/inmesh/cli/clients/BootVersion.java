package io.inmesh.cli.clients;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The Spring Boot that an archive brings, by the name of its jar. */
record BootVersion(String text, int major, int minor) {
    private static final Pattern JAR = Pattern.compile("spring-boot-((\\d{1,4})\\.(\\d{1,4})\\.[^/]*)\\.jar");

    /** Null where there is no such jar, as in a folder of classes. */
    static @Nullable BootVersion among(List<String> jarNames) {
        for (String name : jarNames) {
            Matcher jar = JAR.matcher(name);
            if (jar.matches()) {
                return new BootVersion(jar.group(1), Integer.parseInt(jar.group(2)), Integer.parseInt(jar.group(3)));
            }
        }
        return null;
    }

    boolean isTooOld() {
        return major < ClientRules.BOOT_MAJOR || (major == ClientRules.BOOT_MAJOR && minor < ClientRules.BOOT_MINOR);
    }

    /** What the starter carries, on this Spring Boot. */
    Answer answer(Answer answer) {
        if (!answer.byStarter() || !isTooOld()) {
            return answer;
        }
        String move = "Spring Boot " + text + " is raised to " + ClientRules.BOOT_MAJOR + "." + ClientRules.BOOT_MINOR
                + " or newer";
        return Answer.byStarter(
                Verdict.CARRIED_IF,
                answer.verdict() == Verdict.CARRIED
                        ? move + "; then " + answer.advice()
                        : move + ", and " + answer.advice());
    }
}
