package io.inmesh.spring.boot;

import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigProblem.Severity;
import io.inmesh.model.Origin;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects what is wrong with properties, with their places. Not thread-safe. */
final class PropertyProblems {
    private final PropertyPlaces places;
    private final List<ConfigProblem> problems = new ArrayList<>();

    PropertyProblems(PropertyPlaces places) {
        this.places = places;
    }

    Origin place(String path) {
        return places.of(path);
    }

    void error(String path, String message, String fix) {
        problems.add(new ConfigProblem(Severity.ERROR, place(path), path, message, fix));
    }

    void warning(String path, String message, String fix) {
        problems.add(new ConfigProblem(Severity.WARNING, place(path), path, message, fix));
    }

    /** The text, or an empty one and a problem when there is none. */
    String required(@Nullable String text, String path) {
        if (text == null || text.isEmpty()) {
            error(path, "missing", "");
            return "";
        }
        return text;
    }

    void portInRange(int port, String path) {
        if (port < 1 || port > 65_535) {
            error(path, port + " is not a port", "write a number from 1 to 65535");
        }
    }

    List<ConfigProblem> warnings() {
        return problems.stream().filter(problem -> !problem.isError()).toList();
    }

    List<ConfigProblem> errors() {
        return problems.stream().filter(ConfigProblem::isError).toList();
    }
}
