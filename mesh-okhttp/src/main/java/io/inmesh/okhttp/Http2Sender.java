package io.inmesh.okhttp;

import java.io.IOException;
import java.net.ProtocolException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import okhttp3.Call;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.internal.connection.RealCall;
import org.jspecify.annotations.Nullable;

/**
 * Sends the request of one attempt, which is without TLS, by HTTP/2 for a client that would send it by HTTP/1.1. OkHttp has
 * protocols for a client, not for a call, so the request is a call of another client, one of {@link Http2Clients}. The
 * events of that call are told as those of the caller's call, which also cancels it.
 */
final class Http2Sender implements Sender {
    /** What OkHttp says where an HTTP/1 answer stands in place of a frame: "HTT" is read as the frame's length. */
    private static final String HTTP_1_ANSWER = "FRAME_SIZE_ERROR: " + 0x485454;

    /** What OkHttp says where it had read such an answer before it wrote the request. */
    private static final String CLOSED_BEFORE = "closed";

    private static final String WAY_OUT = ", but its port counts as HTTP/2 by its protocol or by h2UpgradePolicy;"
            + " correct that, or set connectionPool.http.useClientProtocol in a DestinationRule";

    private final Http2Clients clients;
    private final OkHttpClient client;
    private final Interceptor.Chain chain;
    private final AttemptTrace trace;
    private final LongSupplier nanosLeft;

    /**
     * Makes a sender for one attempt.
     *
     * @param client of the call
     * @param chain of the attempt
     * @param nanosLeft of the call's timeout, zero for none; the caller's call watches over it until the answer begins,
     *     from there on this does
     */
    Http2Sender(
            Http2Clients clients,
            OkHttpClient client,
            Interceptor.Chain chain,
            AttemptTrace trace,
            LongSupplier nanosLeft) {
        this.clients = clients;
        this.client = client;
        this.chain = chain;
        this.trace = trace;
        this.nanosLeft = nanosLeft;
    }

    /** Whether a request can be sent by HTTP/2 without TLS at all. A WebSocket begins with HTTP/1.1. */
    static boolean isFor(Request request) {
        return !request.isHttps() && request.header("Upgrade") == null;
    }

    /**
     * The client of a call. It is not part of OkHttp's API; null where a module system hides it or a later OkHttp has it
     * no more.
     */
    static @Nullable OkHttpClient clientOf(Call call) {
        try {
            return call instanceof RealCall real ? real.getClient() : null;
        } catch (LinkageError e) {
            return null;
        }
    }

    /**
     * Sends a request in the client's own protocol where the client cannot be told, or not which of its interceptors come
     * after the mesh's because that is wrapped in another one.
     *
     * @param wrapped whether it is the latter
     * @throws IOException that of OkHttp, with the way out as a suppressed one if the server was reached
     */
    static Response sendAnyway(Interceptor.Chain chain, Request request, AttemptTrace trace, boolean wrapped)
            throws IOException {
        try {
            return chain.proceed(request);
        } catch (IOException e) {
            if (trace.sending()) {
                e.addSuppressed(new ProtocolException("The port that was called speaks HTTP/2 without TLS, and this"
                        + " request went out in the client's own protocol: "
                        + (wrapped ? "add MeshInterceptor itself to the client and not a wrapper of it, or " : "")
                        + "build the client with protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE))"));
            }
            throw e;
        }
    }

    @Override
    public Response send(Request request) throws IOException {
        Call callersCall = chain.call();
        Call call = clients.newCall(client, request, chain);
        call.addEventListener(new EventsOfCall(callersCall, chain.getEventListener()));
        call.timeout().timeout(nanosLeft.getAsLong(), TimeUnit.NANOSECONDS);
        trace.carriedBy(call);
        if (callersCall.isCanceled()) {
            call.cancel();
        }
        try {
            return call.execute();
        } catch (IOException e) {
            throw explained(e, trace);
        }
    }

    /** The failure of a request by HTTP/2, with the way out if the server seems to speak HTTP/1.1. */
    static IOException explained(IOException failure, AttemptTrace trace) {
        if (HTTP_1_ANSWER.equals(failure.getMessage())) {
            ProtocolException told = new ProtocolException("The server answered by HTTP/1.1" + WAY_OUT);
            told.addSuppressed(failure);
            return told;
        }
        boolean closedBefore = CLOSED_BEFORE.equals(failure.getMessage()) || FailureKind.isConnectionShutdown(failure);
        if (closedBefore && !trace.onUsedConnection()) {
            failure.addSuppressed(new ProtocolException(
                    "The connection was closed before the request was sent: perhaps the server answered by HTTP/1.1"
                            + WAY_OUT));
        }
        return failure;
    }
}
