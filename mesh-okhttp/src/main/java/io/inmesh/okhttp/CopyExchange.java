package io.inmesh.okhttp;

import io.inmesh.call.Attempt;
import io.inmesh.call.Exchange;
import io.inmesh.call.RequestHead;
import io.inmesh.call.SyntheticResponse;
import io.inmesh.call.TransportAttempt;
import io.inmesh.event.Outcome;
import java.io.IOException;
import okhttp3.Response;

/** One sending of a copied request: a call of its own, whose answer nobody reads. Used by one thread. */
final class CopyExchange implements Exchange<Response> {
    private final CopiedRequest copy;

    CopyExchange(CopiedRequest copy) {
        this.copy = copy;
    }

    @Override
    public RequestHead head() {
        return copy.head();
    }

    @Override
    public boolean replayable() {
        return true;
    }

    /** There is no caller. */
    @Override
    public boolean canceled() {
        return false;
    }

    @Override
    public Response passThrough() throws IOException {
        throw new IOException("a copy goes where the rules say, and nowhere else");
    }

    @Override
    public Outcome classifyFailure(IOException failure) {
        return FailureKind.outcome(failure, false, null, true);
    }

    @Override
    public Response synthesize(SyntheticResponse response) {
        throw new IllegalStateException("nobody reads the answer to a copy");
    }

    @Override
    public TransportAttempt<Response> attempt(Attempt attempt) {
        return new CopyAttempt(copy, attempt);
    }

    @Override
    public Outcome classify(Response response) {
        return OkHttpExchange.outcome(response);
    }
}
