package io.inmesh.servlet.internal.authorization;

import io.inmesh.servlet.internal.arrival.Arrival;
import java.util.List;

/** Something that is so of a request, or not. Immutable and thread-safe. */
@FunctionalInterface
interface Condition {
    /** Whether it is so. */
    boolean holds(Arrival arrival);

    /** What is always so, or never. */
    static Condition always(boolean holds) {
        return arrival -> holds;
    }

    /** What is so when all are; so of everything when there are none. */
    static Condition all(List<Condition> conditions) {
        if (conditions.size() == 1) {
            return conditions.get(0);
        }
        Condition[] all = conditions.toArray(new Condition[0]);
        return arrival -> {
            for (Condition condition : all) {
                if (!condition.holds(arrival)) {
                    return false;
                }
            }
            return true;
        };
    }

    /** What is so when one is. */
    static Condition any(List<Condition> conditions) {
        if (conditions.size() == 1) {
            return conditions.get(0);
        }
        Condition[] all = conditions.toArray(new Condition[0]);
        return arrival -> {
            for (Condition condition : all) {
                if (condition.holds(arrival)) {
                    return true;
                }
            }
            return false;
        };
    }
}
