package io.inmesh.okhttp;

import io.inmesh.call.Attempt;
import io.inmesh.call.AttemptEnd;
import io.inmesh.call.Exchange;
import io.inmesh.call.HeaderField;
import io.inmesh.call.RequestHead;
import io.inmesh.call.ResponseEdits;
import io.inmesh.call.SyntheticResponse;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.ref.Reference;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;

/** One OkHttp call, as the mesh sees it. Used by the call's thread, but for {@link #abort}. */
final class OkHttpExchange implements Exchange<Response> {
    /** The last one goes out on a new connection; see {@link #send}. */
    private static final int MOST_RESENDS = 3;

    private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE");

    private final MeshInterceptor interceptor;
    private final Interceptor.Chain chain;
    private final Request request;
    private final InstantSource clock;
    private final LongSupplier passedNanos;
    private final OkHttpRequestHead head;
    private @Nullable AttemptTrace trace;
    private boolean passedThrough;

    /**
     * Makes an exchange.
     *
     * @param passedNanos since the call began
     */
    OkHttpExchange(
            MeshInterceptor interceptor,
            Interceptor.Chain chain,
            Request request,
            InstantSource clock,
            LongSupplier passedNanos) {
        this.interceptor = interceptor;
        this.chain = chain;
        this.request = request;
        this.clock = clock;
        this.passedNanos = passedNanos;
        this.head = new OkHttpRequestHead(request, chain.getCookieJar());
    }

    /** Whether the mesh had nothing to do with the answer. */
    boolean passedThrough() {
        return passedThrough;
    }

    @Override
    public RequestHead head() {
        return head;
    }

    @Override
    public boolean replayable() {
        RequestBody body = request.body();
        return body == null || !(body.isOneShot() || body.isDuplex());
    }

    @Override
    public boolean canceled() {
        return chain.call().isCanceled();
    }

    @Override
    public long patienceNanos() {
        return TimeUnit.MILLISECONDS.toNanos(chain.readTimeoutMillis());
    }

    @Override
    public Response passThrough() throws IOException {
        passedThrough = true;
        return chain.proceed(request);
    }

    /**
     * Sends one attempt. The one thing that is sent again here is a request that met a dead connection in the pool,
     * which says nothing about the endpoint and is none of the caller's business:
     *
     * <ul>
     *   <li>A pooled HTTP/1 connection that the server has closed is noticed before it is used, see
     *       {@link EndpointSocket}. Nothing is sent on it, so this holds for every method and body.
     *   <li>When the server closes it in the very moment in which it is used, and no answer has begun, the request is
     *       sent again to the same endpoint if it may have effects twice: an idempotent method (RFC 9110, 9.2.2) whose
     *       body, if any, can be sent again. The same goes for HTTP/2.
     *   <li>Everything else fails, a POST among it: the server may have acted on it.
     * </ul>
     */
    @Override
    public Response send(Attempt attempt) throws IOException {
        trace = null;
        if (Thread.currentThread().isInterrupted() && chain.getCache() == null) {
            // OkHttp would say the same after it has taken an idle connection, which would be lost.
            throw new InterruptedIOException("interrupted");
        }
        AttemptTrace tracing = AttemptTrace.of(chain.call());
        Request outgoing = OutgoingRequest.of(request, head, attempt, tracing);
        Endpoint endpoint = attempt.endpoint();
        InetSocketAddress address =
                endpoint == null ? null : interceptor.addresses().of(endpoint);
        EndpointSocketFactory sockets = new EndpointSocketFactory(chain.getSocketFactory(), address);
        InetSocketAddress target = address == null
                ? InetSocketAddress.createUnresolved(
                        outgoing.url().host(), outgoing.url().port())
                : address;
        int generation = interceptor.generations().of(target);
        Interceptor.Chain direct = direct(attempt, sockets, generation);
        trace = tracing;
        Sender sender = sender(direct, attempt, outgoing.url(), tracing);
        for (int resends = 0; ; resends++) {
            try {
                tracing.begin(chain.call(), sockets);
                return send(sender, outgoing);
            } catch (AttemptTrace.RedirectTaken redirect) {
                return redirect.response().newBuilder().body(ResponseBody.EMPTY).build();
            } catch (IOException e) {
                if (resends == MOST_RESENDS || !metDeadConnection(tracing, e)) {
                    throw ClientTimeout.of(e);
                }
                if (resends == MOST_RESENDS - 1) {
                    int fresh = interceptor.generations().after(generation, target);
                    sender = sender(direct(attempt, sockets, fresh), attempt, outgoing.url(), tracing);
                }
            } finally {
                tracing.end();
                if (address != null && sockets.newest() != null) {
                    interceptor.poolSizes().opened(chain.getConnectionPool(), address);
                }
            }
        }
    }

    /** The chain to the endpoint, or where an attempt has none, to the host of the URL. */
    private Interceptor.Chain direct(Attempt attempt, EndpointSocketFactory sockets, int generation) {
        Interceptor.Chain direct = chain.withSocketFactory(sockets).withRetryOnConnectionFailure(false);
        Endpoint endpoint = attempt.endpoint();
        return endpoint == null
                ? direct.withDns(new OriginalDns(chain.getDns(), generation))
                : direct.withDns(new EndpointDns(request.url().host(), endpoint.address(), endpoint.port(), generation))
                        .withProxy(Proxy.NO_PROXY);
    }

    /** The one way or the other to send a request. */
    @FunctionalInterface
    interface Sender {
        Response send(Request outgoing) throws IOException;
    }

    private Sender sender(Interceptor.Chain direct, Attempt attempt, HttpUrl url, AttemptTrace tracing) {
        if (!attempt.http2() || !Http2Sender.isFor(request) || isProxied(direct, attempt, url)) {
            return direct::proceed;
        }
        OkHttpClient client = Http2Sender.clientOf(chain.call());
        if (client != null && client.protocols().contains(Protocol.H2_PRIOR_KNOWLEDGE)) {
            return direct::proceed;
        }
        if (client == null || !client.interceptors().contains(interceptor)) {
            return outgoing -> Http2Sender.sendAnyway(direct, outgoing, tracing, client != null);
        }
        return new Http2Sender(interceptor.http2Clients(), client, direct, tracing, this::nanosLeft)::send;
    }

    /** Whether an HTTP proxy takes the request, which is told it by HTTP/1.1 and speaks to the server as it likes. */
    private boolean isProxied(Interceptor.Chain direct, Attempt attempt, HttpUrl url) {
        if (attempt.endpoint() != null) {
            return false;
        }
        Proxy proxy = direct.getProxy();
        if (proxy != null) {
            return proxy.type() == Proxy.Type.HTTP;
        }
        List<Proxy> chosen = direct.getProxySelector().select(url.uri());
        return chosen != null && !chosen.isEmpty() && chosen.get(0).type() == Proxy.Type.HTTP;
    }

    /** Of the client's timeout for the whole call; zero for none. */
    private long nanosLeft() {
        long timeout = chain.call().timeout().timeoutNanos();
        return timeout == 0 ? 0 : Math.max(1, timeout - passedNanos.getAsLong());
    }

    /** OkHttp and interceptors in Kotlin can throw what they do not declare, an interruption for one. */
    private static Response send(Sender sender, Request request) throws IOException {
        try {
            return sender.send(request);
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            IOException failure = new IOException(e);
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
                failure = new InterruptedIOException("interrupted");
                failure.initCause(e);
            }
            throw failure;
        }
    }

    private boolean metDeadConnection(AttemptTrace tracing, IOException failure) {
        if (canceled() || !tracing.onUsedConnection() || tracing.status() != 0) {
            return false;
        }
        if (isConnectionShutdown(failure)) {
            return replayable() || !tracing.bodyStarted();
        }
        return replayable()
                && IDEMPOTENT.contains(request.method())
                && !isInterruption(failure)
                && !(failure instanceof InterruptedIOException)
                && !(failure instanceof ProtocolException)
                // OkHttp says the same of a stream that the server resets and of one that ends with its connection.
                && (!isStreamReset(failure) || tracing.connectionEnded());
    }

    @Override
    public Outcome classify(Response response) {
        return new Outcome.Responded(response.code());
    }

    @Override
    public Outcome classifyFailure(IOException failure) {
        if (canceled() || isInterruption(failure)) {
            return new Outcome.Canceled();
        }
        String reason = reason(failure);
        AttemptTrace tracing = trace;
        if (tracing == null || !tracing.sending()) {
            if (failure instanceof UnknownHostException) {
                return new Outcome.NeverSent(ResponseFlag.DF, reason);
            }
            // Without a connection it was not the network: another interceptor, or a setting of the client.
            return tracing != null && tracing.connecting()
                    ? new Outcome.NeverSent(ResponseFlag.UF, reason)
                    : new Outcome.Failed(ResponseFlag.UC, reason);
        }
        boolean unprocessed = isConnectionShutdown(failure) || isRefusedStream(failure);
        if (unprocessed && (replayable() || !tracing.bodyStarted())) {
            return new Outcome.NeverSent(ResponseFlag.UR, reason);
        }
        if (failure instanceof SocketTimeoutException) {
            // The client's own timeout: to Envoy, a caller that hangs up. UT is the route's.
            return new Outcome.Failed(ResponseFlag.DC, reason);
        }
        return new Outcome.Failed(isReset(failure) ? ResponseFlag.UR : ResponseFlag.UC, reason);
    }

    /** Under TLS an interrupted handshake is a failure of TLS, whose cause alone says more; a user's socket says nothing. */
    private static boolean isInterruption(IOException failure) {
        for (Throwable cause = failure; cause != null && cause != cause.getCause(); cause = cause.getCause()) {
            if (cause instanceof InterruptedIOException) {
                return !(cause instanceof SocketTimeoutException);
            }
        }
        return Thread.currentThread().isInterrupted();
    }

    @Override
    public boolean neverConnected() {
        return trace != null && trace.neverConnected();
    }

    @Override
    public Response deliver(Response response, @Nullable ResponseEdits edits, AttemptEnd end) {
        Response.Builder delivered = response.newBuilder().request(request);
        MediaType type = response.body().contentType();
        if (edits != null) {
            Headers headers = edited(response, edits);
            delivered.headers(headers);
            String typeText = headers.get("Content-Type");
            type = typeText == null ? null : MediaType.parse(typeText);
        }
        if (hasNoBody(response)) {
            end.ended(classify(response));
        } else {
            TrackedResponseBody body =
                    new TrackedResponseBody(response.body(), type, end, classify(response), this::classifyFailure);
            Reference<?> reachable = body.reachable();
            if (trace != null && reachable != null) {
                trace.reads(reachable);
            }
            delivered.body(body);
        }
        return delivered.build();
    }

    private static Headers edited(Response response, ResponseEdits edits) {
        Headers received = response.headers();
        List<HeaderField> fields = new ArrayList<>(received.size());
        for (int i = 0; i < received.size(); i++) {
            fields.add(new HeaderField(received.name(i), received.value(i)));
        }
        return headers(edits.apply(response.code(), fields));
    }

    private static Headers headers(List<HeaderField> fields) {
        Headers.Builder headers = new Headers.Builder();
        for (HeaderField field : fields) {
            headers.addUnsafeNonAscii(field.name(), field.value());
        }
        return headers.build();
    }

    private boolean hasNoBody(Response response) {
        int status = response.code();
        return request.method().equals("HEAD")
                || status < 200
                || status == 204
                || status == 304
                || response.body().contentLength() == 0;
    }

    @Override
    public Response synthesize(SyntheticResponse response) {
        long now = clock.millis();
        Headers headers = headers(response.headers());
        String type = headers.get("Content-Type");
        byte[] body = request.method().equals("HEAD") ? new byte[0] : response.body();
        return new Response.Builder()
                .request(request)
                .protocol(Protocol.HTTP_1_1)
                .code(response.status())
                .message(ReasonPhrase.of(response.status()))
                .headers(headers)
                .body(ResponseBody.create(body, type == null ? null : MediaType.parse(type)))
                .sentRequestAtMillis(now)
                .receivedResponseAtMillis(now)
                .build();
    }

    @Override
    public void discard(Response response) {
        response.close();
    }

    @Override
    public void abort() {
        chain.call().cancel();
    }

    /** The innermost cause says more than OkHttp's, which names the address that it thinks it called. */
    private static String reason(IOException failure) {
        Throwable innermost = failure;
        while (innermost.getCause() != null && innermost.getCause() != innermost) {
            innermost = innermost.getCause();
        }
        String message = innermost.getMessage();
        return message == null ? innermost.getClass().getSimpleName() : message;
    }

    // OkHttp's module does not export the two classes, so they are known by name.

    private static boolean isConnectionShutdown(IOException failure) {
        return failure.getClass().getName().equals("okhttp3.internal.http2.ConnectionShutdownException");
    }

    private static boolean isStreamReset(IOException failure) {
        return failure.getClass().getName().equals("okhttp3.internal.http2.StreamResetException");
    }

    private static boolean isRefusedStream(IOException failure) {
        return isStreamReset(failure) && String.valueOf(failure.getMessage()).endsWith("REFUSED_STREAM");
    }

    private static boolean isReset(IOException failure) {
        return isStreamReset(failure)
                || reason(failure).toLowerCase(java.util.Locale.ROOT).contains("reset");
    }
}
