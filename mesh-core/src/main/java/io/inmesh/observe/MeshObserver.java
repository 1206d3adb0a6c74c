package io.inmesh.observe;

import io.inmesh.config.ConfigProblem;
import io.inmesh.event.Ejection;
import java.util.List;

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
     * A cluster gives a host no calls for a while, because calls to it failed. Told on the control thread soon after it is
     * so.
     */
    default void hostEjected(Ejection ejection) {}

    /**
     * An ejection is over: its time has passed, no rule asks for ejections any more, or the host is gone.
     *
     * @param ejection as it was told to {@link #hostEjected}
     */
    default void hostReadmitted(Ejection ejection) {}

    /**
     * It is decided what is done with a call.
     *
     * @return hears of the rest of it; {@link CallObservation#NONE} for nothing
     */
    default CallObservation callStarted(StartedCall call) {
        return CallObservation.NONE;
    }

    /** A copy of a request has ended, or there will be none. Told for each that a rule asks for, mostly after its call. */
    default void copyEnded(EndedCopy copy) {}
}
