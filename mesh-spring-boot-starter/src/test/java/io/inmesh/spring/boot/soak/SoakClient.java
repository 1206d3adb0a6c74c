package io.inmesh.spring.boot.soak;

import java.util.Set;

/** One way in which an application calls; {@link Soak} has the list. Called by several threads at once. */
interface SoakClient extends AutoCloseable {
    String name();

    /** What can happen to calls of this client, beside what needs nothing of a client. */
    Set<Disturbance> knows();

    /**
     * Makes a call and waits for its end; tells {@link SoakCall#cancelBy} how to cancel it where it {@link #knows} how.
     *
     * @return the answer's body; {@link SoakCall#text} where the response has been dropped
     */
    String call(SoakCall call) throws Exception;

    /** Whether it follows redirects from {@code https} to {@code http}. */
    default boolean followsToPlainHttp() {
        return true;
    }

    /** Frees what the client holds beside the application. */
    @Override
    default void close() {}

    /** Whether a call of this client can meet this. */
    default boolean canMeet(Disturbance disturbance) {
        return switch (disturbance) {
            case REDIRECT, DEADLINE -> true;
            case RESTART -> false;
            default -> knows().contains(disturbance);
        };
    }
}
