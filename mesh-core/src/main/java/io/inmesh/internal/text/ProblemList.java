package io.inmesh.internal.text;

import io.inmesh.config.ConfigCheck;
import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigProblem.Severity;
import io.inmesh.model.Origin;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Collects the problems of one source, up to a bound: a broken file of 16 MiB must not fill the memory. Errors have room of
 * their own, so that no other problems hide them.
 */
public final class ProblemList {
    /** Most errors that are listed; other problems only while the list is shorter than this. */
    public static final int MOST = 1_000;

    private final List<ConfigProblem> problems = new ArrayList<>();
    private final Set<Spot> errorSpots = new HashSet<>();
    private final List<String> errorPaths = new ArrayList<>();
    private long errors;
    private long refusals;
    private int listedErrors;
    private long leftOut;
    private boolean errorLeftOut;
    private String object = "";
    private boolean harmless;

    private record Spot(String path, Origin origin) {}

    /** Begins an object of which nothing is known yet. */
    public void begin() {
        object = "";
        harmless = false;
        errorPaths.clear();
    }

    /** What is found from now on concerns this object, {@code Kind namespace/name}. */
    public void about(String newObject) {
        object = newObject;
    }

    /** Errors of this object are told as warnings from now on: it has no effect here, and is not missed. */
    public void harmless() {
        harmless = true;
    }

    /** An error for which something is left out. */
    public void error(Place place, String message, String fix) {
        error(ConfigCheck.INVALID, place, message, fix);
    }

    /** The same about something that has a name of its own. */
    public void error(ConfigCheck check, Place place, String message, String fix) {
        errors++;
        refusals += harmless ? 0 : 1;
        if (errorPaths.size() < MOST) {
            errorPaths.add(place.path());
        }
        add(check, harmless ? Severity.WARNING : Severity.ERROR, place, message, fix);
    }

    public void warning(Place place, String message, String fix) {
        add(ConfigCheck.DOUBTFUL, Severity.WARNING, place, message, fix);
    }

    /** A warning about something that has a name of its own. */
    public void warning(ConfigCheck check, Place place, String message, String fix) {
        add(check, Severity.WARNING, place, message, fix);
    }

    /** An error in an object that is used all the same, about something that has a name of its own. */
    public void errorInForce(ConfigCheck check, Place place, String message, String fix) {
        add(check, Severity.ERROR, place, message, fix);
    }

    public void note(Place place, String message, String fix) {
        add(ConfigCheck.INFORMATION, Severity.NOTE, place, message, fix);
    }

    /** Paths of errors of this object for which something is left out; null where there are too many to know. */
    public @Nullable List<String> errorPaths() {
        return isFull() || errorPaths.size() >= MOST ? null : List.copyOf(errorPaths);
    }

    /** Number of errors so far for which something is left out, unlisted ones included; tells whether an object has any. */
    public long errors() {
        return errors;
    }

    /** Whether something is missing for an error. */
    public boolean leavesOut() {
        return refusals > 0;
    }

    /** Whether an error is listed at this place. */
    public boolean hasErrorAt(Place place) {
        if (errors == 0) {
            return false;
        }
        return errorSpots.contains(new Spot(place.path(), place.origin()));
    }

    /** Whether further errors of this object are only counted: no use in making good sentences for them. */
    public boolean isFull() {
        return (harmless ? problems.size() : listedErrors) >= MOST;
    }

    /** Whether so much is left out for errors that there is no use in reading on. */
    public boolean isHopeless() {
        return refusals >= MOST;
    }

    /** An error that is listed however many there are: from a place on nothing is read. */
    public void stopped(Place place, String message, String fix) {
        begin();
        listedErrors = Math.min(listedErrors, MOST - 1);
        error(ConfigCheck.UNREADABLE, place, message, fix);
    }

    /** Problems in the order of finding; the last one tells how many were left out. */
    public List<ConfigProblem> toList(String source) {
        if (leftOut == 0) {
            return List.copyOf(problems);
        }
        List<ConfigProblem> all = new ArrayList<>(problems);
        all.add(new ConfigProblem(
                errorLeftOut ? Severity.ERROR : Severity.NOTE,
                new Origin(source, 0, 0),
                "",
                leftOut + " more problems are not listed",
                "mend the ones above first"));
        return List.copyOf(all);
    }

    private void add(ConfigCheck check, Severity severity, Place place, String message, String fix) {
        boolean isError = severity == Severity.ERROR;
        if ((isError ? listedErrors : problems.size()) >= MOST) {
            leftOut++;
            errorLeftOut |= isError;
            return;
        }
        Origin origin = place.origin();
        problems.add(new ConfigProblem(severity, origin, place.path(), message, fix, object, check));
        if (isError) {
            listedErrors++;
            errorSpots.add(new Spot(place.path(), origin));
        }
    }
}
