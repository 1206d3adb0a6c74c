package io.inmesh.okhttp;

import io.inmesh.call.Attempt;
import io.inmesh.call.Exchange;
import io.inmesh.call.RequestHead;
import io.inmesh.call.SyntheticResponse;
import io.inmesh.call.TransportAttempt;
import io.inmesh.event.Outcome;
import java.io.IOException;
import java.util.function.LongSupplier;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * The request of a call, without a body, as an attempt of it can be sent beside another: by a call of its own. Used by one thread
 * at a time.
 */
final class BesideExchange implements Exchange<Response> {
    private final MeshInterceptor interceptor;
    private final Request request;
    private final RequestHead head;
    private final Interceptor.Chain callers;
    private final LongSupplier passedNanos;

    /**
     * Makes an exchange.
     *
     * @param request without a body
     * @param head as rules have seen it
     * @param callers chain of the caller's call, whose settings the attempt has and whose end is its own once it is delivered
     * @param passedNanos since the call began
     */
    BesideExchange(
            MeshInterceptor interceptor,
            Request request,
            RequestHead head,
            Interceptor.Chain callers,
            LongSupplier passedNanos) {
        this.interceptor = interceptor;
        this.request = request;
        this.head = head;
        this.callers = callers;
        this.passedNanos = passedNanos;
    }

    @Override
    public RequestHead head() {
        return head;
    }

    @Override
    public boolean replayable() {
        return true;
    }

    @Override
    public @Nullable String responseHeader(Response response, String name) {
        return response.header(name);
    }

    @Override
    public boolean canceled() {
        return callers.call().isCanceled();
    }

    @Override
    public Response passThrough() throws IOException {
        throw new IOException("what is sent beside an attempt goes where the rules say, and nowhere else");
    }

    @Override
    public Outcome classifyFailure(IOException failure) {
        return FailureKind.outcome(failure, canceled(), null, true);
    }

    @Override
    public Response synthesize(SyntheticResponse response) {
        throw new IllegalStateException("the mesh answers the call itself, not what is sent beside");
    }

    /** What sends it is made here, since most calls come to an end without it. */
    @Override
    public TransportAttempt<Response> attempt(Attempt attempt) {
        OkHttpClient client = interceptor.copyClients().beside(callers.call());
        return new BesideAttempt(new CopiedRequest(interceptor, client, request, head), attempt, callers, passedNanos);
    }

    @Override
    public Outcome classify(Response response) {
        return OkHttpExchange.outcome(response);
    }
}
