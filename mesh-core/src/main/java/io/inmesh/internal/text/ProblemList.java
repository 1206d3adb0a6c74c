package io.inmesh.internal.text;

import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigProblem.Severity;
import io.inmesh.model.Origin;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Collects the problems of one source, up to a bound: a broken file of 16 MiB must not fill the memory. */
public final class ProblemList {
    public static final int MOST = 1_000;

    private final List<ConfigProblem> problems = new ArrayList<>();
    private final Set<Spot> errorSpots = new HashSet<>();
    private long errors;
    private long leftOut;
    private String object = "";

    private record Spot(String path, Origin origin) {}

    /** What is found from now on concerns this object, {@code Kind namespace/name}; empty for none. */
    public void about(String newObject) {
        object = newObject;
    }

    /** An error for which something is left out. */
    public void error(Place place, String message, String fix) {
        errors++;
        add(Severity.ERROR, place.origin(), place, message, fix);
    }

    /** An error in an object that is used all the same. */
    public void errorInForce(Place place, String message, String fix) {
        add(Severity.ERROR, place.origin(), place, message, fix);
    }

    public void warning(Place place, String message, String fix) {
        add(Severity.WARNING, place.origin(), place, message, fix);
    }

    public void note(Place place, String message, String fix) {
        add(Severity.NOTE, place.origin(), place, message, fix);
    }

    /** Number of errors so far for which something is left out, unlisted ones included; tells whether an object has any. */
    public long errors() {
        return errors;
    }

    /** Whether an error is listed at this place. */
    public boolean hasErrorAt(Place place) {
        if (errors == 0) {
            return false;
        }
        return errorSpots.contains(new Spot(place.path(), place.origin()));
    }

    /** Whether further problems are only counted: no use in making good sentences for them. */
    boolean isFull() {
        return problems.size() >= MOST;
    }

    /** Problems in the order of finding; the last one tells how many were left out. */
    public List<ConfigProblem> toList(String source) {
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
        if (problems.size() < MOST) {
            problems.add(new ConfigProblem(severity, origin, place.path(), message, fix, object));
            if (severity == Severity.ERROR) {
                errorSpots.add(new Spot(place.path(), origin));
            }
        } else {
            leftOut++;
        }
    }
}
