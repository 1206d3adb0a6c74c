package io.inmesh.internal.engine;

import io.inmesh.call.CallEnd;
import io.inmesh.call.ResponseEdits;
import io.inmesh.call.TransportAttempt;
import io.inmesh.event.Outcome;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * An attempt of which nothing is asked but to end.
 *
 * @param told when it is cancelled
 */
record CancelledAttempt(Runnable told) implements TransportAttempt<String> {
    @Override
    public void cancel() {
        told.run();
    }

    @Override
    public String send() {
        throw new AssertionError("sent");
    }

    @Override
    public Outcome classifyFailure(IOException failure) {
        throw new AssertionError("failed", failure);
    }

    @Override
    public String deliver(String response, @Nullable ResponseEdits edits, CallEnd end) {
        throw new AssertionError("delivered");
    }

    @Override
    public void discard(String response) {
        throw new AssertionError("discarded");
    }
}
