package io.inmesh.call;

import java.io.IOException;

/**
 * Decides before each call to a destination whether it is sent, from how the calls before it have ended. The mesh asks once a
 * call, however often the call is tried, so that what counts is what the caller sees. Thread-safe; must neither block nor throw
 * (what it throws is logged once, and the call goes on unguarded).
 *
 * <p>Where {@link #tryAcquire} has said yes, exactly one of {@link #answered}, {@link #failed} and {@link #released} follows,
 * on whichever thread the call ends.
 */
public interface CircuitBreaker {
    /** In what state it is, for people, such as {@code OPEN}. */
    String state();

    /**
     * Asks for the permission to make a call.
     *
     * @return false has the call refused at once, with nothing sent
     */
    boolean tryAcquire();

    /**
     * A server has answered, and the body of its answer was read to its end or closed.
     *
     * @param status of the answer, also a 5xx; 0 where the transport has none
     * @param nanos from the permission to the end of the body
     */
    void answered(int status, long nanos);

    /**
     * There is no answer, or none in full: servers could not be reached or broke off, there is none, or the time was over.
     *
     * @param failure what the caller sees, or alike
     * @param nanos from the permission to the end of the call
     */
    void failed(IOException failure, long nanos);

    /**
     * The call has ended in a way that says nothing of the destination: it was cancelled, or something on this side kept it from
     * being sent. The permission is given back, and nothing is counted.
     */
    void released();
}
