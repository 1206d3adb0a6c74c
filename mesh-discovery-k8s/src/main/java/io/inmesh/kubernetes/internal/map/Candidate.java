package io.inmesh.kubernetes.internal.map;

import io.inmesh.endpoint.Condition;
import io.inmesh.endpoint.Endpoint;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint as one slice tells it; others may tell it differently.
 *
 * @param endpoint for one port of the Service
 * @param target uid of what stands behind the address, empty when not said
 * @param leaving whether it shuts down, whether or not it is still ready
 * @param changed when the slice's controller last saw a reason to write it, null when not said
 */
record Candidate(
        Endpoint endpoint,
        String target,
        boolean leaving,
        @Nullable Instant changed) {
    /**
     * Of two words on one pod the newer one, where both have a time: the pod is on its way from one slice to the other.
     */
    static Candidate newer(Candidate one, Candidate other) {
        if (one.changed != null && other.changed != null && !one.changed.equals(other.changed)) {
            return one.changed.isAfter(other.changed) ? one : other;
        }
        return better(one, other);
    }

    /** Of two that have one address the one that is more likely to answer there: the other has lost the address. */
    static Candidate better(Candidate one, Candidate other) {
        if (one.rank() != other.rank()) {
            return one.rank() < other.rank() ? one : other;
        }
        boolean otherIsNewer = other.changed != null && (one.changed == null || other.changed.isAfter(one.changed));
        return otherIsNewer ? other : one;
    }

    private int rank() {
        return (endpoint.condition() == Condition.READY ? 0 : endpoint.condition() == Condition.TERMINATING ? 2 : 4)
                + (leaving ? 1 : 0);
    }
}
