package io.inmesh.internal.control;

import io.inmesh.endpoint.ServiceName;
import org.jspecify.annotations.Nullable;

/** What a call to an unknown host has set off. Thread-safe. */
final class Inquiry {
    private final @Nullable ServiceName service;
    private final long askedNanos;
    private volatile boolean settled;

    /**
     * Begins.
     *
     * @param service null for a host that nobody may know
     */
    Inquiry(@Nullable ServiceName service, long askedNanos) {
        this.service = service;
        this.askedNanos = askedNanos;
        this.settled = service == null;
    }

    @Nullable
    ServiceName service() {
        return service;
    }

    /** When the first call asked. */
    long askedNanos() {
        return askedNanos;
    }

    /** Whether waiting is of no use any more: the snapshot in force has the answer, or there will be none. */
    boolean settled() {
        return settled;
    }

    void settle() {
        settled = true;
    }
}
