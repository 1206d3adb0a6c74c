package io.inmesh.event;

import io.inmesh.config.ConfigProblem;
import io.inmesh.endpoint.Endpoint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Hears what the mesh does. Methods are called on the thread that does it, must be quick, must not throw (what they
 * throw is logged once and dropped), and may be called concurrently.
 */
public interface MeshObserver {
    /** Observer that does nothing. */
    MeshObserver NONE = new MeshObserver() {};

    /** A snapshot was published; {@code version} grows by one each time. */
    default void snapshotPublished(long version) {}

    /**
     * A configuration was refused and the last good one stays, or, from a source whose objects stand alone, some objects
     * were: then the last good version of each stays where there was one, and the others are used. Told too of objects that
     * are in force without a field that matters.
     *
     * @param problems errors first; of single objects only what is newly wrong
     */
    default void configRejected(String source, List<ConfigProblem> problems) {}

    /**
     * What is known to be wrong has changed: something came, or is over. Warnings and notes are told here alone.
     *
     * @param problems all there are now, errors first
     */
    default void problemsChanged(List<ConfigProblem> problems) {}

    /**
     * An attempt ended; called exactly once an attempt, at the end of the response body.
     *
     * @param cluster {@code outbound|port|subset|fqdn}
     * @param endpoint null when the address that the request names was called
     * @param number 1 for the first
     * @param headersNanos from sending to response headers, -1 when none came
     * @param totalNanos from sending to the end
     */
    default void attemptEnded(
            String cluster,
            @Nullable Endpoint endpoint,
            int number,
            Outcome outcome,
            long headersNanos,
            long totalNanos) {}

    /**
     * A call ended; called exactly once a call that InMesh handled.
     *
     * @param cluster null when none was chosen
     * @param route name of the route, empty when it has none
     * @param status of the answer, 0 when there was none
     * @param flag null when the server's answer stands
     */
    default void callEnded(
            @Nullable String cluster,
            String route,
            int status,
            @Nullable ResponseFlag flag,
            int attempts,
            long totalNanos) {}
}
