package io.inmesh.servlet.internal.authorization;

import io.inmesh.servlet.internal.arrival.Arrival;

/** Is told of policies that match and decide nothing: those of action AUDIT, and those on trial. Thread-safe; does not block. */
@FunctionalInterface
public interface PolicyListener {
    /**
     * A policy matches.
     *
     * @param policy {@code namespace/name}
     * @param action what it would have done, such as {@code DENY}
     * @param dryRun whether it is on trial
     */
    void matched(String policy, String action, boolean dryRun, Arrival arrival);
}
