package io.inmesh.okhttp;

import io.inmesh.call.Attempt;
import io.inmesh.call.Exchange;
import io.inmesh.call.HeaderField;
import io.inmesh.call.MeshException;
import io.inmesh.call.RequestCopy;
import io.inmesh.call.RequestHead;
import io.inmesh.call.ResponseEdits;
import io.inmesh.call.SyntheticResponse;
import io.inmesh.call.TransportAttempt;
import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import okhttp3.Headers;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;

/** One OkHttp call, as the mesh sees it. Used by the call's thread. */
final class OkHttpExchange implements Exchange<Response> {
    private final MeshInterceptor interceptor;
    private final Interceptor.Chain chain;
    private final InstantSource clock;
    private final @Nullable GatewayCall gatewayCall;
    private final RequestHead head;
    private final LongSupplier passedNanos;

    private Request request;

    /** Null before the first. */
    private @Nullable OkHttpAttempt last;

    /** Null where nobody wants a copy of the request, or its body is not copied. */
    private @Nullable BodyRecorder recorder;

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
        this.gatewayCall = request.tag(GatewayCall.class);
        this.head = gatewayCall == null
                ? new OkHttpRequestHead(request, interceptor.line().cookieJar(chain))
                : gatewayCall.head();
        this.passedNanos = passedNanos;
    }

    /** What the call sends on; null for a call of a client in this process. */
    @Nullable
    GatewayCall gatewayCall() {
        return gatewayCall;
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
        return OkHttpAttempt.replayable(request) || last == null || !last.bodyStarted();
    }

    /** A body of a gateway keeps its own beginning. */
    @Override
    public void keepBody(long maxBytes) {
        RequestBody body = request.body();
        if (body != null && body.isOneShot() && !body.isDuplex() && gatewayCall == null && length(body) <= maxBytes) {
            request = request.newBuilder()
                    .method(request.method(), new KeptBody(body, maxBytes))
                    .build();
        }
    }

    @Override
    public @Nullable String responseHeader(Response response, String name) {
        // Response.header tells the last.
        Headers headers = response.headers();
        for (int i = 0; i < headers.size(); i++) {
            if (headers.name(i).equalsIgnoreCase(name)) {
                return headers.value(i);
            }
        }
        return null;
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
        if (gatewayCall != null) {
            throw new MeshException(
                    ResponseFlag.NR, head.authority() + " is not known, and a gateway passes nothing through", null);
        }
        passedThrough = true;
        return chain.proceed(request);
    }

    @Override
    public Outcome classifyFailure(IOException failure) {
        return FailureKind.outcome(failure, canceled(), null, true);
    }

    @Override
    public TransportAttempt<Response> attempt(Attempt attempt) {
        last = new OkHttpAttempt(interceptor, chain, request, head, attempt, recorder, passedNanos);
        return last;
    }

    @Override
    public void copy(long mostBytes, RequestCopy.Listener listener) {
        OkHttpClient copies = interceptor.copyClients().of(chain.call());
        if (copies == null) {
            listener.notCopied("nobody can tell which interceptors of its OkHttp client come after the mesh's; add"
                    + " MeshInterceptor itself to the client and not a wrapper of it");
            return;
        }
        RequestBody body = request.body();
        if (request.header("Upgrade") != null) {
            listener.notCopied("it asks for another protocol");
        } else if (body == null) {
            listener.copied(CopiedRequest.of(interceptor, copies, request, head, null));
        } else if (body.isDuplex()) {
            listener.notCopied("its body is sent while the answer is read");
        } else if (length(body) > mostBytes) {
            listener.notCopied(tooLong(mostBytes));
        } else {
            recorder = new BodyRecorder(mostBytes, bytes -> {
                // Within the body of the call, which is to be sent whatever becomes of its copies.
                try {
                    if (bytes == null) {
                        listener.notCopied(tooLong(mostBytes));
                    } else {
                        listener.copied(CopiedRequest.of(interceptor, copies, request, head, bytes));
                    }
                } catch (RuntimeException broken) {
                    listener.notCopied("its HTTP client fails to copy it: " + broken);
                }
            });
        }
    }

    @Override
    public @Nullable Exchange<Response> beside() {
        boolean possible = gatewayCall == null
                && request.body() == null
                && request.header("Upgrade") == null
                && interceptor.copyClients().follow(chain.call());
        return possible ? new BesideExchange(interceptor, request, head, chain, passedNanos) : null;
    }

    private static String tooLong(long mostBytes) {
        return "its body is longer than " + mostBytes + " bytes";
    }

    /** -1 where it is not known. */
    private static long length(RequestBody body) {
        try {
            return body.contentLength();
        } catch (IOException asTheCallWillSee) {
            return -1;
        }
    }

    @Override
    public Outcome classify(Response response) {
        return outcome(response);
    }

    static Outcome outcome(Response response) {
        return new Outcome.Responded(response.code());
    }

    static Headers headers(List<HeaderField> fields) {
        Headers.Builder headers = new Headers.Builder();
        for (HeaderField field : fields) {
            headers.addUnsafeNonAscii(field.name(), field.value());
        }
        return headers.build();
    }

    /** Headers of an answer as its caller is to see them. */
    static Headers edited(Response response, ResponseEdits edits) {
        Headers received = response.headers();
        List<HeaderField> fields = new ArrayList<>(received.size());
        for (int i = 0; i < received.size(); i++) {
            fields.add(new HeaderField(received.name(i), received.value(i)));
        }
        return headers(edits.apply(response.code(), fields));
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
}
