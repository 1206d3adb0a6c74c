package io.inmesh.internal.snapshot;

import java.io.IOException;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Asks sources about hosts that calls name and of which the snapshot knows nothing, or no endpoint. Thread-safe.
 */
public interface UnknownHosts {
    /** A call passes through; neither waits nor throws. */
    void passed(String authority);

    /**
     * A call would be refused; waits, bounded, for what sources say about its host.
     *
     * @param canceled whether the call is over
     * @return the snapshot by which to decide
     * @throws IOException when the thread is interrupted
     */
    MeshSnapshot refused(String authority, BooleanSupplier canceled) throws IOException;

    /**
     * Why endpoints of a service have no address, a sentence each; empty when nothing is known of it.
     *
     * @param service full name
     */
    default Set<String> unreachable(String service) {
        return Set.of();
    }
}
