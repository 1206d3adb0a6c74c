package io.inmesh.call;

import io.inmesh.event.Outcome;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One call as its transport sees it (SPI): the caller's request, and the ways to answer it. All methods are called on the
 * caller's thread, in the order that the {@linkplain io.inmesh.call package} writes down.
 *
 * @param <R> response type
 */
public interface Exchange<R> {
    /** The request as the caller made it. */
    RequestHead head();

    /**
     * Whether the whole request can be sent by another attempt: its body can be sent any number of times, or no attempt has
     * taken anything of it. Asked before each attempt after the first.
     */
    boolean replayable();

    /**
     * Told before the first attempt of a call whose rule has retries that may follow what was sent. A body that can be taken only
     * once may be kept for them while it is sent; {@link #replayable} says whether it was. By default nothing is kept.
     *
     * @param maxBytes a body that turns out to be longer is not kept, and the call is not retried once it was sent
     */
    default void keepBody(long maxBytes) {}

    /**
     * The first value of a header of a response; null when there is none, which is what a transport says by default that
     * cannot tell. Without it neither a status of gRPC nor a rate limit nor {@code Retry-After} is known.
     *
     * @param name in lower case
     */
    default @Nullable String responseHeader(R response, String name) {
        return null;
    }

    /** Whether the caller has cancelled; cheap, asked while waiting. */
    boolean canceled();

    /**
     * How long the caller's own client waits for an answer before it gives up, in nanoseconds; 0 when it waits for ever.
     * An injected delay stands for a slow server, so the caller gives up on it just the same.
     */
    default long callerTimeoutNanos() {
        return 0;
    }

    /** Sends the request as if there were no mesh. */
    R passThrough() throws IOException;

    /** Outcome of a {@link #passThrough} that threw, for observers. */
    Outcome classifyFailure(IOException failure);

    /** A response that InMesh gives by itself. */
    R synthesize(SyntheticResponse response);

    /** Makes an attempt, which sends nothing before {@link TransportAttempt#send}. Neither waits nor throws. */
    TransportAttempt<R> attempt(Attempt attempt);

    /**
     * Has the request copied, as far as it can be. Asked once at most, before the first attempt is sent. A body is copied while
     * an attempt sends it, by what that attempt has sent: nobody asks the caller's body for its bytes a second time, and no
     * attempt is kept waiting. So the copy is there when an attempt has sent the whole body, and at once where there is none.
     *
     * @param mostBytes longest body that is copied
     * @param listener told once; not at all where no attempt sends the whole body
     */
    default void copy(long mostBytes, RequestCopy.Listener listener) {
        listener.notCopied("the HTTP client that sends it makes no copies");
    }

    /**
     * The same request as an exchange of which one attempt may be sent beside the first one of this, on another thread; asked once
     * at most, before the first attempt is made. Which of the two is delivered turns out later: {@link
     * TransportAttempt#deliver} is called on the caller's thread, and the end of the caller's call ends the other one as
     * well from then on. Null, which is the default, where that cannot be, as with a body.
     */
    default @Nullable Exchange<R> beside() {
        return null;
    }

    /** Outcome of a response, from its status. */
    Outcome classify(R response);
}
