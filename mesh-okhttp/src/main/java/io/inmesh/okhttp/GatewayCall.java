package io.inmesh.okhttp;

import io.inmesh.call.Exchange;
import io.inmesh.call.RequestHead;
import java.io.IOException;
import okhttp3.Call;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** One request that is sent on. Made by {@link GatewayCalls}. Executed once, by one thread; {@link #cancel} is for any. */
public final class GatewayCall {
    private final GatewayRequest request;
    private final @Nullable GatewayBody body;
    private final Routing routing;
    private @Nullable Call call;

    /** Null where the answer has no body that a server sends. */
    private @Nullable AttemptTrace trace;

    GatewayCall(GatewayRequest request, @Nullable GatewayBody body, Routing routing) {
        this.request = request;
        this.body = body;
        this.routing = routing;
    }

    /** Who decides where a request goes, such as a mesh or a gateway's rules. */
    @FunctionalInterface
    public interface Routing {
        /**
         * Decides and carries out.
         *
         * @throws io.inmesh.call.MeshException when the rules end the call without an answer
         * @throws IOException when the transport fails
         */
        Response execute(Exchange<Response> exchange) throws IOException;
    }

    /** Is told that a server is waited for. */
    @FunctionalInterface
    public interface Waiting {
        /**
         * Nothing more has come.
         *
         * @throws IOException ends the call, and is what reading the body throws
         */
        void begins() throws IOException;
    }

    /** The attempt whose answer the caller has, which has a body. */
    void answeredBy(AttemptTrace newTrace) {
        trace = newTrace;
    }

    /**
     * Has somebody told each time before the body of the answer is waited for, on the thread that reads it, so that what has
     * come so far can be passed on in one piece.
     *
     * @return false where that cannot be told, as of HTTP/2 or with a socket factory of somebody's own: what has come is then
     *     better passed on at once
     */
    public boolean tellBeforeWaiting(Waiting waiting) {
        return trace == null || trace.tellBeforeWaiting(waiting);
    }

    void carriedBy(Call newCall) {
        call = newCall;
    }

    RequestHead head() {
        return request.head();
    }

    Response route(Exchange<Response> exchange) throws IOException {
        return routing.execute(exchange);
    }

    /**
     * Sends the request where the rules say, and returns when there are response headers.
     *
     * @return its body has to be closed
     * @throws io.inmesh.call.MeshException when the rules end the call without an answer
     * @throws IOException when the server could not be reached, or the body of the request could not be read, see
     *     {@link #bodyFailure()}
     */
    public Response execute() throws IOException {
        try {
            return call().execute();
        } finally {
            if (body != null) {
                body.forget();
            }
        }
    }

    /** Why the body of the request could not be read, which is nothing that the server did; null when it could. */
    public @Nullable IOException bodyFailure() {
        return body == null ? null : body.failure();
    }

    /** Whether a request is a gateway's whose body could not be read: its client is gone, or breaks the protocol. */
    static boolean couldNotRead(Request request) {
        GatewayCall call = request.tag(GatewayCall.class);
        return call != null && call.bodyFailure() != null;
    }

    /** Ends the call wherever it is: whoever waits for it or reads its body gets an {@code IOException}. Idempotent. */
    public void cancel() {
        call().cancel();
    }

    private Call call() {
        Call made = call;
        if (made == null) {
            throw new IllegalStateException("not made by GatewayCalls");
        }
        return made;
    }
}
