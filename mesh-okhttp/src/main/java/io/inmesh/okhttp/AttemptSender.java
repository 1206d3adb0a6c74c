package io.inmesh.okhttp;

import io.inmesh.call.Attempt;
import io.inmesh.endpoint.Endpoint;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.util.Set;
import java.util.function.LongSupplier;
import okhttp3.Dns;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;

/** Sends the attempts of one call, one after the other. Used by the call's thread. */
final class AttemptSender {
    /** The last one goes out on a new connection; see {@link #send(Attempt)}. */
    private static final int MOST_RESENDS = 3;

    private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE");

    private final MeshInterceptor interceptor;
    private final OkHttpLine line;
    private final Interceptor.Chain chain;
    private final Request request;
    private final OkHttpRequestHead head;
    private final LongSupplier passedNanos;
    private @Nullable AttemptTrace trace;

    /**
     * Makes a sender.
     *
     * @param request the caller's
     * @param passedNanos since the call began
     */
    AttemptSender(
            MeshInterceptor interceptor,
            Interceptor.Chain chain,
            Request request,
            OkHttpRequestHead head,
            LongSupplier passedNanos) {
        this.interceptor = interceptor;
        this.line = interceptor.line();
        this.chain = chain;
        this.request = request;
        this.head = head;
        this.passedNanos = passedNanos;
    }

    /** Of the last attempt; null when that has not come so far, or there was none. */
    @Nullable
    AttemptTrace trace() {
        return trace;
    }

    /** Whether the request can be sent more than once. */
    static boolean replayable(Request request) {
        var body = request.body();
        return body == null || !(body.isOneShot() || body.isDuplex());
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
    Response send(Attempt attempt) throws IOException {
        trace = null;
        if (Thread.currentThread().isInterrupted() && line.cache(chain) == null) {
            // OkHttp would say the same after it has taken an idle connection, which would be lost.
            throw new InterruptedIOException("interrupted");
        }
        AttemptTrace tracing = line.trace(chain.call());
        Request outgoing = OutgoingRequest.of(request, head, attempt, tracing);
        Endpoint endpoint = attempt.endpoint();
        InetSocketAddress address =
                endpoint == null ? null : interceptor.addresses().of(endpoint);
        EndpointSocketFactory sockets = new EndpointSocketFactory(line.socketFactory(chain), address);
        InetSocketAddress target = address == null
                ? InetSocketAddress.createUnresolved(
                        outgoing.url().host(), outgoing.url().port())
                : address;
        int generation = interceptor.generations().of(target);
        trace = tracing;
        Sender sender = sender(attempt, sockets, generation, outgoing, tracing);
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
                    sender = sender(attempt, sockets, fresh, outgoing, tracing);
                }
            } finally {
                tracing.end();
                if (address != null && sockets.newest() != null) {
                    interceptor.poolSizes().opened(line.connectionPool(chain), address);
                }
            }
        }
    }

    private Sender sender(
            Attempt attempt, EndpointSocketFactory sockets, int generation, Request outgoing, AttemptTrace tracing) {
        Endpoint endpoint = attempt.endpoint();
        Dns dns = endpoint == null
                ? new OriginalDns(line.dns(chain), generation)
                : new EndpointDns(request.url().host(), endpoint.address(), endpoint.port(), generation);
        return line.sender(new AttemptSettings(
                chain,
                sockets,
                dns,
                endpoint != null,
                attempt.http2() && Http2Sender.isFor(request),
                outgoing.url(),
                tracing,
                this::nanosLeft));
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
        if (chain.call().isCanceled() || !tracing.onUsedConnection() || tracing.status() != 0) {
            return false;
        }
        if (FailureKind.isConnectionShutdown(failure)) {
            return replayable(request) || !tracing.bodyStarted();
        }
        return replayable(request)
                && IDEMPOTENT.contains(request.method())
                && !FailureKind.isInterruption(failure)
                && !(failure instanceof InterruptedIOException)
                && !(failure instanceof ProtocolException)
                // OkHttp says the same of a stream that the server resets and of one that ends with its connection.
                && (!FailureKind.isStreamReset(failure) || tracing.connectionEnded());
    }
}
