package io.inmesh.okhttp;

import io.inmesh.Mesh;
import io.inmesh.call.Exchange;
import io.inmesh.inbound.InboundContext;
import io.inmesh.inbound.Scope;
import io.inmesh.okhttp.internal.time.Ticker;
import java.io.IOException;
import java.net.ProtocolException;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Routes the calls of an OkHttp client through InMesh. An application interceptor, best added last: those added before
 * it see the call once, those added after it see every attempt.
 *
 * <p>{@link MeshOkHttp} makes a client with it in one line, and with a pool that is large enough. For a client of yours:
 *
 * <pre>{@code
 * OkHttpClient client = new OkHttpClient.Builder()
 *         .addInterceptor(new MeshInterceptor(mesh))
 *         .connectionPool(MeshOkHttp.connectionPool())
 *         .build();
 * }</pre>
 *
 * <p>A call to a host that the mesh does not know goes on untouched. A call to a known host goes to an endpoint that the
 * rules choose, while its URL, and with it the TLS server name and the certificate's host, stay as the caller wrote
 * them. Such a call:
 *
 * <ul>
 *   <li>goes there directly: the client's proxy settings and its {@code Dns} are for hosts that the mesh does not know;
 *   <li>is re-sent by InMesh alone: {@code retryOnConnectionFailure} counts as off, but for a pooled connection that
 *       turns out to be dead, which never reaches the caller unless the request must not be sent twice;
 *   <li>follows redirects when the client does, at most 20, those of the rules as well as those of servers; each goes
 *       through the mesh as a call of its own;
 *   <li>fails with a {@link io.inmesh.call.MeshException} when the mesh ends it without an answer.
 * </ul>
 *
 * <p>A call carries what the request has left on whose behalf it is made: the {@link InboundContext} that the OkHttp
 * request has as a tag of that type, else the one that is current where the call is executed. For enqueued calls, those run
 * on other threads, it is the one where they are enqueued, if the client has {@link MeshOkHttp#eventListeners}, as
 * {@link MeshOkHttp#builder} gives it.
 *
 * <p>The attempt counts as running until the response body is read to its end or closed, so close every body. Closing
 * is also what gives the connection back, as always with OkHttp.
 *
 * <p>Thread-safe; one instance serves any number of clients.
 */
public final class MeshInterceptor implements Interceptor {
    private final Execution mesh;
    private final InstantSource clock;
    private final LongSupplier ticker;
    private final Generations generations = new Generations();
    private final PoolSizes poolSizes;
    private final EndpointAddresses addresses = new EndpointAddresses();
    private final OkHttpLine line = OkHttpLine.of(this);
    private final CopyClients copyClients = new CopyClients(this);

    /**
     * Routes calls through {@code mesh}, which the caller closes.
     *
     * @throws IllegalStateException if the class path has an OkHttp older than 4.12 first; the message says where it
     *     is and how to get a newer one
     */
    public MeshInterceptor(Mesh mesh) {
        this(checked(mesh)::execute, InstantSource.system());
    }

    private static Mesh checked(Mesh mesh) {
        OkHttpRequirement.check();
        return mesh;
    }

    MeshInterceptor(Execution mesh, InstantSource clock) {
        this(mesh, clock, Ticker.SYSTEM);
    }

    /**
     * Makes an interceptor with a time of its own.
     *
     * @param clock for the times of responses
     * @param ticker nanoseconds for durations, which a step of the clock must not change
     */
    MeshInterceptor(Execution mesh, InstantSource clock, LongSupplier ticker) {
        this(mesh, clock, ticker, LoggerFactory.getLogger(MeshInterceptor.class)::warn);
    }

    /** Makes an interceptor that tells its warnings to somebody. */
    MeshInterceptor(Execution mesh, InstantSource clock, LongSupplier ticker, Consumer<String> warnings) {
        this.mesh = mesh;
        this.clock = clock;
        this.ticker = ticker;
        this.poolSizes = new PoolSizes(ticker, warnings);
    }

    /** Nanoseconds for durations. */
    LongSupplier ticker() {
        return ticker;
    }

    /** Of the connections to every endpoint. */
    Generations generations() {
        return generations;
    }

    /** Of the pools of every client that has this interceptor. */
    PoolSizes poolSizes() {
        return poolSizes;
    }

    /** Of the endpoints of all attempts. */
    EndpointAddresses addresses() {
        return addresses;
    }

    /** For copies of requests. */
    CopyClients copyClients() {
        return copyClients;
    }

    /** Of the OkHttp that the class path has. */
    OkHttpLine line() {
        return line;
    }

    /** {@link Mesh#execute}, as far as OkHttp is concerned. */
    @FunctionalInterface
    interface Execution {
        Response execute(Exchange<Response> exchange) throws IOException;
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        if (chain.connection() != null) {
            throw new IllegalStateException("MeshInterceptor chooses whom to connect to, so it comes before connecting:"
                    + " add it with addInterceptor, not with addNetworkInterceptor");
        }
        Request request = chain.request();
        if (line.socketFactory(chain) instanceof EndpointSocketFactory) {
            // This is an attempt of another MeshInterceptor of the same client.
            return chain.proceed(request);
        }
        CopyAttempt copy = request.tag(CopyAttempt.class);
        if (copy != null) {
            return copy.sendBy(chain);
        }
        InboundContext context = CallContexts.of(chain.call(), request);
        return context == null || context == InboundContext.current() ? routed(chain) : routed(chain, context);
    }

    @SuppressWarnings("try") // The scope is there to be closed.
    private Response routed(Chain chain, InboundContext context) throws IOException {
        try (Scope scope = context.open()) {
            return routed(chain);
        }
    }

    private Response routed(Chain chain) throws IOException {
        Request request = chain.request();
        long started = ticker.getAsLong();
        Response prior = null;
        for (int followUps = 1; ; followUps++) {
            OkHttpExchange exchange =
                    new OkHttpExchange(this, chain, request, clock, () -> ticker.getAsLong() - started);
            Response response = mesh.execute(exchange);
            if (exchange.passedThrough()) {
                // OkHttp has followed what there was to follow.
                return response.priorResponse() == null ? after(prior, response) : response;
            }
            response = after(prior, response);
            Request next = FollowUp.of(line, chain, request, response);
            if (next == null) {
                return response;
            }
            response.close();
            if (followUps > FollowUp.MOST) {
                throw new ProtocolException("Too many follow-up requests: " + followUps);
            }
            prior = PriorResponse.of(response);
            request = next;
        }
    }

    private static Response after(@Nullable Response prior, Response response) {
        return prior == null
                ? response
                : response.newBuilder().priorResponse(prior).build();
    }
}
