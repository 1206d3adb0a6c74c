package io.inmesh.jmh.scale;

import io.inmesh.Mesh;
import io.inmesh.call.Attempt;
import io.inmesh.call.CallEnd;
import io.inmesh.call.Exchange;
import io.inmesh.call.RequestHead;
import io.inmesh.call.ResponseEdits;
import io.inmesh.call.SimpleRequestHead;
import io.inmesh.call.SyntheticResponse;
import io.inmesh.call.TransportAttempt;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.event.Outcome;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A call without a network: all that the mesh does for it, and the endpoint that it chose as the answer. */
public record Pick(RequestHead head) implements Exchange<Endpoint> {
    private static final Outcome OK = new Outcome.Responded(200);

    static Pick of(int service) {
        return new Pick(SimpleRequestHead.of("GET", Fleet.url(service), Map.of()));
    }

    /** Makes the call. */
    public Endpoint from(Mesh mesh) {
        try {
            return mesh.execute(this);
        } catch (IOException failure) {
            throw new IllegalStateException("the mesh gave no endpoint for " + head.authority(), failure);
        }
    }

    @Override
    public boolean replayable() {
        return true;
    }

    @Override
    public boolean canceled() {
        return false;
    }

    @Override
    public Endpoint passThrough() {
        throw new IllegalStateException(head.authority() + " is not known to the mesh");
    }

    @Override
    public TransportAttempt<Endpoint> attempt(Attempt attempt) {
        return new Choice(attempt.endpoint());
    }

    @Override
    public Outcome classify(Endpoint response) {
        return OK;
    }

    @Override
    public Outcome classifyFailure(IOException failure) {
        throw new IllegalStateException("nothing is sent", failure);
    }

    @Override
    public Endpoint synthesize(SyntheticResponse response) {
        throw new IllegalStateException("answered by the mesh with " + response.status());
    }

    /** Sends nothing; the endpoint is the answer. */
    private record Choice(@Nullable Endpoint endpoint) implements TransportAttempt<Endpoint> {
        @Override
        public Endpoint send() {
            if (endpoint == null) {
                throw new IllegalStateException("the call is not balanced");
            }
            return endpoint;
        }

        @Override
        public Outcome classifyFailure(IOException failure) {
            throw new IllegalStateException("nothing is sent", failure);
        }

        @Override
        public Endpoint deliver(Endpoint response, @Nullable ResponseEdits edits, CallEnd end) {
            end.ended(OK);
            return response;
        }

        @Override
        public void discard(Endpoint response) {}

        @Override
        public void cancel() {}
    }
}
