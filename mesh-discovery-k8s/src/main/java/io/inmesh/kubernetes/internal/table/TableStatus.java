package io.inmesh.kubernetes.internal.table;

import io.inmesh.kubernetes.internal.reflect.ReflectorStatus;
import java.util.List;
import java.util.Map;

/**
 * How a table is doing. Immutable.
 *
 * @param services where the endpoints of each service come from, by its full name
 * @param problems what somebody should do something about, a sentence each
 */
public record TableStatus(List<Watch> watches, Map<String, Source> services, List<String> problems) {
    public TableStatus {
        watches = List.copyOf(watches);
        services = Map.copyOf(services);
        problems = List.copyOf(problems);
    }

    /**
     * One watch.
     *
     * @param spare whether it does not matter that it may not stand
     */
    public record Watch(ReflectorStatus status, boolean spare) {}

    /** Where endpoints come from. */
    public enum Source {
        /** Nothing is known yet. */
        WAITING,
        /** The API server. */
        LIVE,
        /** The snapshot file. */
        SNAPSHOT,
        /** Nowhere: the service is called by its name. */
        BY_NAME,
        /** The API server has no such service, or it is out of scope. */
        ABSENT
    }
}
