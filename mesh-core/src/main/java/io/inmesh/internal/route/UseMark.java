package io.inmesh.internal.route;

/**
 * Whether something was used since the last look. A plain flag: many set it, one looks now and then, and whoever finds it
 * set already writes nothing. Thread-safe.
 */
public final class UseMark {
    private volatile boolean used;

    /** Sets it. */
    public void set() {
        if (!used) {
            used = true;
        }
    }

    /** Clears it; returns whether it was set. A call at the same moment may be counted to either side. */
    boolean take() {
        boolean before = used;
        if (before) {
            used = false;
        }
        return before;
    }
}
