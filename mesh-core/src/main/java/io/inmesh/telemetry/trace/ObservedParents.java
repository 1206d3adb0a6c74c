package io.inmesh.telemetry.trace;

import org.jspecify.annotations.Nullable;

/**
 * What is known of spans behind observations. Micrometer's observations alone know nothing of spans, and so nothing of
 * parents that headers name. Thread-safe.
 */
public interface ObservedParents {
    /** Knows nothing: spans have parents where an observation is current only. */
    ObservedParents NONE = new ObservedParents() {
        @Override
        public @Nullable Current current() {
            return null;
        }

        @Override
        public Scope open(SpanReference parent) {
            return () -> {};
        }

        @Override
        public void event(String name) {
            // Nobody to tell.
        }
    };

    /**
     * A span that is current on a thread.
     *
     * @param parentId null when it has no parent, or none is known
     */
    record Current(String traceId, String spanId, @Nullable String parentId) {}

    /** The span that is current on this thread; null for none. */
    @Nullable
    Current current();

    /** Makes a span that headers name the parent of those that are started on this thread until the scope is closed. */
    Scope open(SpanReference parent);

    /**
     * Tells the span that is current on this thread of an event. An event of an observation would be counted by the meters of
     * that observation, which may be another's.
     */
    void event(String name);

    /** To be closed on the thread that opened it. */
    interface Scope extends AutoCloseable {
        @Override
        void close();
    }
}
