package io.inmesh.kubernetes.real;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What the servers have done, by request id: the truth that callers' reports are held against. Thread-safe. */
final class Ledger {
    private final Map<String, Integer> executions = new ConcurrentHashMap<>();

    /** Notes one execution, before anything is answered. */
    void executed(String id) {
        executions.merge(id, 1, Integer::sum);
    }

    /** How often a request was executed, wherever. */
    int executions(String id) {
        return executions.getOrDefault(id, 0);
    }
}
