package io.inmesh.kubernetes.internal.map;

import io.inmesh.endpoint.Condition;
import io.inmesh.endpoint.Endpoint;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint as one slice tells it; others may tell it differently.
 *
 * @param endpoint for one port of the Service
 * @param target uid of what stands behind the address, empty when not said
 * @param leaving whether it shuts down, whether or not it is still ready
 * @param changed when the slice's controller last saw a reason to write it, as it says it; null when not said
 */
record Candidate(
        Endpoint endpoint,
        String target,
        boolean leaving,
        @Nullable String changed) {
    /**
     * Of two words on one pod the newer one, where both have a time: the pod is on its way from one slice to the other.
     */
    static Candidate newer(Candidate one, Candidate other) {
        Instant changed = one.changedAt();
        Instant otherChanged = other.changedAt();
        if (changed != null && otherChanged != null && !changed.equals(otherChanged)) {
            return changed.isAfter(otherChanged) ? one : other;
        }
        return better(one, other);
    }

    /** Of two that have one address the one that is more likely to answer there: the other has lost the address. */
    static Candidate better(Candidate one, Candidate other) {
        if (one.rank() != other.rank()) {
            return one.rank() < other.rank() ? one : other;
        }
        Instant changed = one.changedAt();
        Instant otherChanged = other.changedAt();
        boolean otherIsNewer = otherChanged != null && (changed == null || otherChanged.isAfter(changed));
        return otherIsNewer ? other : one;
    }

    private @Nullable Instant changedAt() {
        if (changed == null) {
            return null;
        }
        try {
            return Instant.parse(changed);
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    private int rank() {
        return (endpoint.condition() == Condition.READY ? 0 : endpoint.condition() == Condition.TERMINATING ? 2 : 4)
                + (leaving ? 1 : 0);
    }
}
