package io.inmesh.spring.boot;

import io.inmesh.Mesh;
import io.inmesh.console.CallStatistics;
import io.inmesh.console.Console;
import io.inmesh.endpoint.WorkloadIdentity;
import java.util.regex.Pattern;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * What is written under {@code mesh.console.}, checked.
 *
 * @param path below which the console is, with a slash in front and none at its end
 */
public record ConsoleSettings(ConsoleProperties properties, String path) {
    /** Switches the console on. */
    public static final String ENABLED = "mesh.console.enabled";

    private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9._~-]+)+");

    /**
     * Checks.
     *
     * @throws MeshPropertiesException when something would not do what it says
     */
    public static ConsoleSettings of(MeshProperties properties, ConfigurableEnvironment environment) {
        ConsoleProperties console = properties.console();
        PropertyProblems problems = problems(environment);
        if (!PATH.matcher(console.path()).matches()) {
            problems.error(
                    "mesh.console.path",
                    "\"" + console.path() + "\" is no path that the console can be at",
                    "write one such as /mesh: a slash, then letters, digits, and -._~, without a slash at its end");
        }
        throwIfWrong(problems);
        return new ConsoleSettings(console, console.path());
    }

    /**
     * Makes the console.
     *
     * @throws MeshPropertiesException when a peer's address is none
     */
    public Console console(
            Mesh mesh, CallStatistics statistics, WorkloadIdentity self, ConfigurableEnvironment environment) {
        Console.Builder console = Console.builder(mesh, statistics)
                .self(self)
                .name(environment.getProperty("spring.application.name", "this process"));
        try {
            console.peers(properties.peers());
        } catch (IllegalArgumentException e) {
            PropertyProblems problems = problems(environment);
            problems.error("mesh.console.peers", String.valueOf(e.getMessage()), "");
            throwIfWrong(problems);
        }
        return console.build();
    }

    /** Refuses to leave the console away where it is asked for and cannot be. */
    public static void refuse(ConfigurableEnvironment environment, String why, String fix) {
        PropertyProblems problems = problems(environment);
        problems.error(ENABLED, why, fix);
        throwIfWrong(problems);
    }

    private static PropertyProblems problems(ConfigurableEnvironment environment) {
        return new PropertyProblems(
                PropertyCheck.run(environment, MeshProperties.class).places());
    }

    private static void throwIfWrong(PropertyProblems problems) {
        if (!problems.errors().isEmpty()) {
            throw new MeshPropertiesException(problems.errors());
        }
    }
}
