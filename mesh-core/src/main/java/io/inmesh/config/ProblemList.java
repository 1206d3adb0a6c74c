package io.inmesh.config;

import io.inmesh.config.ConfigProblem.Severity;
import io.inmesh.model.Origin;
import java.util.ArrayList;
import java.util.List;

/** Collects the problems of one source, up to a bound: a broken file of 16 MiB must not fill the memory. */
final class ProblemList {
    static final int MOST = 1_000;

    private final List<ConfigProblem> problems = new ArrayList<>();
    private long errors;
    private long leftOut;

    void error(Place place, String message, String fix) {
        add(Severity.ERROR, place.origin(), place, message, fix);
    }

    void warning(Place place, String message, String fix) {
        add(Severity.WARNING, place.origin(), place, message, fix);
    }

    void note(Place place, String message, String fix) {
        add(Severity.NOTE, place.origin(), place, message, fix);
    }

    /** Number of errors so far, those left out included; tells whether an object has any. */
    long errors() {
        return errors;
    }

    /** Whether further problems are only counted: no use in making good sentences for them. */
    boolean isFull() {
        return problems.size() >= MOST;
    }

    /** Problems in the order of finding; the last one tells how many were left out. */
    List<ConfigProblem> toList(String source) {
        if (leftOut == 0) {
            return List.copyOf(problems);
        }
        List<ConfigProblem> all = new ArrayList<>(problems);
        all.add(new ConfigProblem(
                errors > 0 ? Severity.ERROR : Severity.NOTE,
                new Origin(source, 0, 0),
                "",
                leftOut + " more problems are not listed",
                "mend the ones above first"));
        return List.copyOf(all);
    }

    private void add(Severity severity, Origin origin, Place place, String message, String fix) {
        if (severity == Severity.ERROR) {
            errors++;
        }
        if (problems.size() < MOST) {
            problems.add(new ConfigProblem(severity, origin, place.path(), message, fix));
        } else {
            leftOut++;
        }
    }
}
