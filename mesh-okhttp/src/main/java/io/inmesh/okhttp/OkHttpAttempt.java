package io.inmesh.okhttp;

import io.inmesh.call.Attempt;
import io.inmesh.call.AttemptTraffic;
import io.inmesh.call.CallEnd;
import io.inmesh.call.MeshException;
import io.inmesh.call.RequestHead;
import io.inmesh.call.ResponseEdits;
import io.inmesh.call.TransportAttempt;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.ref.Reference;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import okhttp3.Call;
import okhttp3.Dns;
import okhttp3.Headers;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of an OkHttp call. Used by the call's thread, but for {@link #cancel}; the body that it delivers, by whoever
 * reads it.
 *
 * <p>An attempt is mostly a part of the caller's call, which OkHttp can cancel only for ever. So what is cancelled is what
 * the call is busy with, as long as that is this attempt. Once the caller has the response there is nothing but that body
 * left of the call, and the call is cancelled.
 */
final class OkHttpAttempt implements TransportAttempt<Response> {
    /** The last one goes out on a new connection; see {@link #send()}. */
    private static final int MOST_RESENDS = 3;

    private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE");

    private enum Stage {
        /** Nothing of it is under way: before it is sent, with an answer in hand, and at its end. */
        IDLE,
        /** Up to the response headers. */
        SENDING,
        /** The caller has the response, until the end of the body. */
        DELIVERED
    }

    private final MeshInterceptor interceptor;
    private final Interceptor.Chain chain;
    private final Request request;
    private final RequestHead head;
    private final Attempt attempt;
    private final @Nullable BodyRecorder recorder;
    private final LongSupplier passedNanos;

    /** Null until sending has come so far. */
    private @Nullable AttemptTrace trace;

    /** Written under the lock, but for the end of the body and a discard. */
    private volatile Stage stage = Stage.IDLE;

    /** Written under the lock. */
    private volatile boolean canceled;

    /** What the caller's call sends; null while there is nothing. Under the lock, as is the next one. */
    private @Nullable Object exchange;

    /** The call that this attempt is, if it is one of its own and under way. */
    private @Nullable Call own;

    /**
     * Makes an attempt.
     *
     * @param request the caller's
     * @param recorder takes its body down; null for nobody
     * @param passedNanos since the call began
     */
    OkHttpAttempt(
            MeshInterceptor interceptor,
            Interceptor.Chain chain,
            Request request,
            RequestHead head,
            Attempt attempt,
            @Nullable BodyRecorder recorder,
            LongSupplier passedNanos) {
        this.interceptor = interceptor;
        this.chain = chain;
        this.request = request;
        this.head = head;
        this.attempt = attempt;
        this.recorder = recorder;
        this.passedNanos = passedNanos;
    }

    /** Whether the request can be sent more than once. */
    static boolean replayable(Request request) {
        var body = request.body();
        if (body instanceof KeptBody kept) {
            return kept.canBeSent();
        }
        return body == null || !(body.isOneShot() || body.isDuplex());
    }

    /** Whether something of the body may have been taken. */
    boolean bodyStarted() {
        return trace != null && trace.body().started();
    }

    /** Where is counted what it carries; null when nobody asks. */
    @Nullable
    AttemptTraffic traffic() {
        return attempt.traffic();
    }

    /** Whether it is to end. */
    boolean canceled() {
        return canceled;
    }

    /**
     * The caller's call begins to send this, or has done with it.
     *
     * @param newExchange null for nothing
     */
    void sends(@Nullable Object newExchange) {
        boolean wholeCall;
        synchronized (this) {
            if (stage != Stage.SENDING) {
                return;
            }
            exchange = newExchange;
            wholeCall = canceled && newExchange != null && !RunningExchange.cancel(chain.call(), newExchange);
        }
        if (wholeCall) {
            chain.call().cancel();
        }
    }

    /** The attempt is a call of its own. */
    synchronized void carriedBy(Call call) {
        own = call;
        if (canceled) {
            call.cancel();
        }
    }

    @Override
    public void cancel() {
        boolean wholeCall;
        synchronized (this) {
            if (canceled) {
                return;
            }
            canceled = true;
            wholeCall = stage == Stage.DELIVERED || (stage == Stage.SENDING && !breakOff());
        }
        if (wholeCall) {
            // Tells listeners of the caller's, so not under the lock.
            chain.call().cancel();
        }
    }

    /** False where nothing but the whole call can be cancelled. */
    private boolean breakOff() {
        if (own != null) {
            own.cancel();
            return true;
        }
        // An attempt that is to be a call of its own is cancelled as that call.
        return interceptor.line().callsOfItsOwn() || RunningExchange.cancel(chain.call(), exchange);
    }

    @Override
    public Response send() throws IOException {
        synchronized (this) {
            if (canceled) {
                throw new IOException("Canceled");
            }
            stage = Stage.SENDING;
        }
        try {
            return answer();
        } finally {
            synchronized (this) {
                stage = Stage.IDLE;
                exchange = null;
                own = null;
            }
        }
    }

    /**
     * Sends the request. The one thing that is sent again here is a request that met a dead connection in the pool,
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
    private Response answer() throws IOException {
        OkHttpLine line = interceptor.line();
        if (Thread.currentThread().isInterrupted() && line.cache(chain) == null) {
            // OkHttp would say the same after it has taken an idle connection, which would be lost.
            throw new InterruptedIOException("interrupted");
        }
        AttemptTrace tracing = line.trace(chain.call());
        Request outgoing = OutgoingRequest.of(request, head, attempt, tracing, recorder);
        Endpoint endpoint = attempt.endpoint();
        if (endpoint == null && request.tag(GatewayCall.class) != null) {
            throw new MeshException(
                    ResponseFlag.NC,
                    attempt.authority() + ": a gateway sends nothing to the address that a request names; give the"
                            + " destination endpoints (ServiceEntry resolution STATIC or DNS)",
                    null);
        }
        InetSocketAddress address =
                endpoint == null ? null : interceptor.addresses().of(endpoint);
        EndpointSocketFactory sockets = new EndpointSocketFactory(
                line.socketFactory(chain), address, attempt.connection(), interceptor.ticker());
        InetSocketAddress target = address == null
                ? InetSocketAddress.createUnresolved(
                        outgoing.url().host(), outgoing.url().port())
                : address;
        int generation = interceptor.generations().of(target);
        trace = tracing;
        tracing.counts(attempt.traffic());
        Sender sender = sender(sockets, generation, outgoing, tracing);
        for (int resends = 0; ; resends++) {
            try {
                tracing.begin(chain.call(), sockets);
                tracing.tells(this);
                return SentOnce.shown(send(sender, outgoing));
            } catch (AttemptTrace.RedirectTaken redirect) {
                return redirect.response().newBuilder().body(ResponseBody.EMPTY).build();
            } catch (IOException e) {
                if (resends == MOST_RESENDS || !metDeadConnection(tracing, e)) {
                    throw ClientTimeout.of(e);
                }
                if (resends == MOST_RESENDS - 1) {
                    int fresh = interceptor.generations().after(generation, target);
                    sender = sender(sockets, fresh, outgoing, tracing);
                }
            } finally {
                tracing.end();
                if (address != null && sockets.newest() != null && !sockets.opensOnPurpose()) {
                    interceptor.poolSizes().opened(line.connectionPool(chain), address);
                }
            }
        }
    }

    private Sender sender(EndpointSocketFactory sockets, int generation, Request outgoing, AttemptTrace tracing) {
        OkHttpLine line = interceptor.line();
        Endpoint endpoint = attempt.endpoint();
        Dns dns = endpoint == null
                ? new OriginalDns(line.dns(chain), generation, attempt.connection())
                : new EndpointDns(
                        request.url().host(), endpoint.address(), endpoint.port(), generation, attempt.connection());
        return line.sender(new AttemptSettings(
                chain,
                sockets,
                dns,
                endpoint != null,
                attempt.http2() && Http2Sender.isFor(outgoing),
                millis(attempt.connectTimeoutNanos()),
                outgoing.url(),
                tracing,
                this::nanosLeft));
    }

    /** Zero for none, so what is less than one is one. */
    private static int millis(long nanos) {
        return nanos == 0 ? 0 : (int) Math.max(1, Math.min(Integer.MAX_VALUE, TimeUnit.NANOSECONDS.toMillis(nanos)));
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
        if (canceled || chain.call().isCanceled() || !tracing.onUsedConnection() || tracing.status() != 0) {
            return false;
        }
        if (tracing.body().broke()) {
            // It may do so again, and would be asked for its bytes behind the caller's back.
            return false;
        }
        if (FailureKind.isConnectionShutdown(failure)) {
            return replayable(request) || !tracing.body().started();
        }
        return replayable(request)
                && IDEMPOTENT.contains(request.method())
                && !FailureKind.isInterruption(failure)
                && !(failure instanceof InterruptedIOException)
                && !(failure instanceof ProtocolException)
                // OkHttp says the same of a stream that the server resets and of one that ends with its connection.
                && (!FailureKind.isStreamReset(failure) || tracing.connectionEnded());
    }

    @Override
    public Outcome classifyFailure(IOException failure) {
        boolean ours = canceled || chain.call().isCanceled() || GatewayCall.couldNotRead(request);
        return FailureKind.outcome(failure, ours, trace, replayable(request));
    }

    @Override
    public boolean neverConnected() {
        return trace != null && trace.neverConnected();
    }

    @Override
    public Response deliver(Response response, @Nullable ResponseEdits edits, CallEnd end) {
        boolean tooLate;
        synchronized (this) {
            stage = Stage.DELIVERED;
            tooLate = canceled;
        }
        Response.Builder delivered = response.newBuilder().request(request);
        MediaType type = response.body().contentType();
        if (edits != null) {
            Headers headers = OkHttpExchange.edited(response, edits);
            delivered.headers(headers);
            String typeText = headers.get("Content-Type");
            type = typeText == null ? null : MediaType.parse(typeText);
        }
        Outcome answered = OkHttpExchange.outcome(response);
        if (hasNoBody(response)) {
            bodyOver();
            end.ended(answered);
        } else {
            if (tooLate) {
                chain.call().cancel();
            }
            TrackedResponseBody body = new TrackedResponseBody(response.body(), type, this, end, answered);
            Reference<?> reachable = body.reachable();
            AttemptTrace tracing = trace;
            if (tracing != null && reachable != null) {
                tracing.reads(reachable);
            }
            delivered.body(body);
            GatewayCall gatewayCall = request.tag(GatewayCall.class);
            if (gatewayCall != null && tracing != null) {
                gatewayCall.answeredBy(tracing);
            }
        }
        return delivered.build();
    }

    /** The body has ended or is being closed, by whoever does so: nothing of the attempt is left to cancel. */
    void bodyOver() {
        stage = Stage.IDLE;
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
    public void discard(Response response) {
        stage = Stage.IDLE;
        response.close();
    }
}
