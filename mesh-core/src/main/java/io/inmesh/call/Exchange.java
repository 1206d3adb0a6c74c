package io.inmesh.call;

import io.inmesh.event.Outcome;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One call as its transport sees it (SPI). InMesh calls the methods in this order: {@link #head}, then either
 * {@link #passThrough} or {@link #synthesize}, or {@link #send} once an attempt, each answer of which goes to
 * {@link #deliver} or {@link #discard}. All but {@link #abort} run on the caller's thread.
 *
 * @param <R> response type
 */
public interface Exchange<R> {
    /** The request as the caller made it. */
    RequestHead head();

    /** Whether the body can be sent once more. */
    boolean replayable();

    /** Whether the caller has cancelled; cheap, asked while waiting. */
    boolean canceled();

    /**
     * How long the caller's own client waits for an answer before it gives up, in nanoseconds; 0 when it waits for ever.
     * An injected delay stands for a slow server, so the caller gives up on it just the same.
     */
    default long callerTimeoutNanos() {
        return 0;
    }

    /**
     * Sends the request as if there were no mesh. {@link #classify} or {@link #classifyFailure} may be asked afterwards, for
     * observers.
     */
    R passThrough() throws IOException;

    /**
     * Sends one attempt to the attempt's endpoint and returns when response headers are there. Does not retry.
     *
     * @throws IOException when there is no response; {@link #classifyFailure} tells which kind
     */
    R send(Attempt attempt) throws IOException;

    /** Outcome of a response, from its status. */
    Outcome classify(R response);

    /**
     * Outcome of an attempt that threw; told apart: never sent, failed, cancelled. What was never sent is sent once more,
     * so a transport says so only while it still has the whole body: one that can be sent only once must be untouched.
     */
    Outcome classifyFailure(IOException failure);

    /**
     * Whether the attempt that has just thrown was still waiting for a connection; asked where the deadline broke it off,
     * so that an address from which nothing comes back is known for it. By default false.
     */
    default boolean neverConnected() {
        return false;
    }

    /**
     * Hands the response to the caller. The transport wires {@code end} to the end of the body, so that the attempt is
     * completed whatever the caller does.
     *
     * @param edits null for none
     */
    R deliver(R response, @Nullable ResponseEdits edits, AttemptEnd end);

    /** A response that InMesh gives by itself. */
    R synthesize(SyntheticResponse response);

    /** Closes a response that nobody will read. */
    void discard(R response);

    /** Breaks the exchange off because its deadline has passed; called from a timer thread, at any time. */
    void abort();
}
