package io.inmesh.call;

import io.inmesh.event.Outcome;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of a call as its transport carries it (SPI): sends a request once and can be ended without ending the call.
 * Made by {@link Exchange#attempt}. In the hands of the thread that made it, in the order that the {@linkplain
 * io.inmesh.call package} writes down, but for {@link #cancel}.
 *
 * @param <R> response type
 */
public interface TransportAttempt<R> {
    /**
     * Sends the request and returns when response headers are there. Does not retry. Called once at most.
     *
     * @throws IOException when there is no response, as after {@link #cancel}; {@link #classifyFailure} tells which kind
     */
    R send() throws IOException;

    /**
     * Outcome of this attempt by what it threw, from {@link #send} or while the delivered body was read; told apart:
     * never sent, failed, cancelled by {@link #cancel} or by the caller. What was never sent may be sent again if
     * {@link Exchange#replayable} allows it, so a transport says so only when no server has acted on the request.
     */
    Outcome classifyFailure(IOException failure);

    /**
     * Whether the attempt, which has just thrown, was still waiting for a connection; asked where a time limit has
     * cancelled it, so that an address from which nothing comes back is known for it. By default false.
     */
    default boolean neverConnected() {
        return false;
    }

    /**
     * Hands the response to the caller: the call has its answer, and no other attempt is made. The transport wires
     * {@code end} to the end of the body, so that the call is completed whatever the caller does. Called once at most, and
     * not after {@link #discard}.
     *
     * @param edits null for none
     */
    R deliver(R response, @Nullable ResponseEdits edits, CallEnd end);

    /** Closes a response that nobody will read. Another attempt may follow. */
    void discard(R response);

    /**
     * Ends this attempt and no other: {@link #send} throws, promptly if it is under way; a body that was delivered fails
     * where it is read. Does not wait, and does nothing once the attempt has ended. On any thread, at any time, any number
     * of times.
     */
    void cancel();
}
