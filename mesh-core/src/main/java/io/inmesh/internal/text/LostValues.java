package io.inmesh.internal.text;

import java.util.HashSet;
import java.util.Set;

/**
 * Remembers which values of an object could not be read, so that what a rule finds missing for that reason is not
 * reported as a second problem.
 */
public final class LostValues {
    /** Bounds the memory for a file of nonsense. */
    private static final int MOST = 10_000;

    private final Set<String> lost = new HashSet<>();
    private final Set<String> above = new HashSet<>();

    void add(Place place) {
        if (lost.size() >= MOST) {
            return;
        }
        lost.add(place.path());
        for (Place at = place.parent(); at != null && above.add(at.path()); ) {
            at = at.parent();
        }
    }

    /** Whether a complaint about this place may be a mere consequence. */
    public boolean explain(Place place) {
        if (lost.isEmpty()) {
            return false;
        }
        if (above.contains(place.path())) {
            return true;
        }
        for (Place at = place; at != null; at = at.parent()) {
            if (lost.contains(at.path())) {
                return true;
            }
        }
        Place parent = place.parent();
        return place.isMissing() && parent != null && above.contains(parent.path());
    }
}
