package io.inmesh.telemetry.accesslog;

/** Takes entries of an {@link AccessLog}. Called on the threads of calls: must be quick, must not throw. Thread-safe. */
public interface AccessLogSink {
    /**
     * Whether entries are wanted now; asked as each call begins and as it ends, and may change at any time. Where no sink wants
     * any, none is made.
     */
    boolean wantsEntries();

    /** A call has finished. */
    void accept(AccessLogEntry entry);
}
