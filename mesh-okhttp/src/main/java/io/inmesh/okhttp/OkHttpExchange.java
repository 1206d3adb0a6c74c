package io.inmesh.okhttp;

import io.inmesh.call.Attempt;
import io.inmesh.call.AttemptEnd;
import io.inmesh.call.Exchange;
import io.inmesh.call.HeaderField;
import io.inmesh.call.RequestHead;
import io.inmesh.call.ResponseEdits;
import io.inmesh.call.SyntheticResponse;
import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
import java.io.IOException;
import java.lang.ref.Reference;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import okhttp3.Headers;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;

/** One OkHttp call, as the mesh sees it. Used by the call's thread, but for {@link #abort}. */
final class OkHttpExchange implements Exchange<Response> {
    private final Interceptor.Chain chain;
    private final Request request;
    private final InstantSource clock;
    private final AttemptSender sender;
    private final OkHttpRequestHead head;
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
        this.chain = chain;
        this.request = request;
        this.clock = clock;
        this.head = new OkHttpRequestHead(request, interceptor.line().cookieJar(chain));
        this.sender = new AttemptSender(interceptor, chain, request, head, passedNanos);
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
        return AttemptSender.replayable(request);
    }

    @Override
    public boolean canceled() {
        return chain.call().isCanceled();
    }

    @Override
    public long callerTimeoutNanos() {
        return TimeUnit.MILLISECONDS.toNanos(chain.readTimeoutMillis());
    }

    @Override
    public Response passThrough() throws IOException {
        passedThrough = true;
        return chain.proceed(request);
    }

    @Override
    public Response send(Attempt attempt) throws IOException {
        return sender.send(attempt);
    }

    @Override
    public Outcome classify(Response response) {
        return new Outcome.Responded(response.code());
    }

    @Override
    public Outcome classifyFailure(IOException failure) {
        if (canceled() || FailureKind.isInterruption(failure)) {
            return new Outcome.Canceled();
        }
        String reason = FailureKind.reason(failure);
        AttemptTrace tracing = sender.trace();
        if (tracing == null || !tracing.sending()) {
            if (failure instanceof UnknownHostException) {
                return new Outcome.NeverSent(ResponseFlag.DF, reason);
            }
            // Without a connection it was not the network: another interceptor, or a setting of the client.
            return tracing != null && tracing.connecting()
                    ? new Outcome.NeverSent(ResponseFlag.UF, reason)
                    : new Outcome.Failed(ResponseFlag.UC, reason);
        }
        boolean unprocessed = FailureKind.isConnectionShutdown(failure) || FailureKind.isRefusedStream(failure);
        if (unprocessed && (replayable() || !tracing.bodyStarted())) {
            return new Outcome.NeverSent(ResponseFlag.UR, reason);
        }
        if (failure instanceof SocketTimeoutException) {
            // The client's own timeout: to Envoy, a caller that hangs up. UT is the route's.
            return new Outcome.Failed(ResponseFlag.DC, reason);
        }
        return new Outcome.Failed(FailureKind.isReset(failure) ? ResponseFlag.UR : ResponseFlag.UC, reason);
    }

    @Override
    public boolean neverConnected() {
        AttemptTrace tracing = sender.trace();
        return tracing != null && tracing.neverConnected();
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
            AttemptTrace tracing = sender.trace();
            if (tracing != null && reachable != null) {
                tracing.reads(reachable);
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
}
