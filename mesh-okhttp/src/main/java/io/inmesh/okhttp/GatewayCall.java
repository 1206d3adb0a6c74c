package io.inmesh.okhttp;

import io.inmesh.call.Exchange;
import io.inmesh.call.RequestHead;
import java.io.IOException;
import okhttp3.Call;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** One request that is sent on. Made by {@link GatewayCalls}. Executed once, by one thread; {@link #cancel} is for any. */
public final class GatewayCall {
    private final GatewayRequest request;
    private final @Nullable GatewayBody body;
    private final Routing routing;
    private @Nullable Call call;

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
