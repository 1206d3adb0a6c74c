package io.inmesh.okhttp;

import io.inmesh.call.Attempt;
import io.inmesh.call.HeaderField;
import io.inmesh.call.RequestHead;
import java.io.IOException;
import java.net.ProtocolException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/** The request of one attempt: the caller's, with what the rules change about it. */
final class OutgoingRequest {
    /** They describe the connection and the body's framing, which are OkHttp's and the caller's, not the rules'. */
    private static final Set<String> NOT_FOR_RULES =
            Set.of("host", "connection", "content-length", "transfer-encoding");

    /** The count of nearly every attempt, as text. */
    private static final String FIRST = "1";

    private OutgoingRequest() {}

    /**
     * Makes it.
     *
     * @param recorder takes the body down; null for nobody
     */
    static Request of(
            Request request, RequestHead head, Attempt attempt, AttemptTrace trace, @Nullable BodyRecorder recorder)
            throws ProtocolException {
        boolean samePath = attempt.pathAndQuery().equals(head.pathAndQuery());
        boolean sameAuthority = attempt.authority().equals(head.authority());
        boolean sameScheme = attempt.scheme().equals(head.scheme());
        boolean samePort = attempt.originalPort() == 0;
        List<HeaderField> headers = attempt.headers();
        RequestBody body = request.body();
        Request.Builder outgoing = request.newBuilder();
        if (request.tag(GatewayCall.class) != null) {
            if (!samePath) {
                outgoing.url(GatewayCalls.url(attempt.pathAndQuery()));
            }
        } else if (!samePath || !samePort || !sameScheme) {
            HttpUrl.Builder url = samePath ? request.url().newBuilder() : url(request.url(), attempt.pathAndQuery());
            if (!samePort) {
                url.port(attempt.originalPort());
            }
            if (!sameScheme) {
                url.scheme(attempt.scheme());
                if (samePort) {
                    url.port(request.url().port());
                }
            }
            outgoing.url(url.build());
        }
        if (headers != null) {
            outgoing.headers(headers(request.headers(), headers));
        }
        if (!sameAuthority || !samePort || !sameScheme) {
            outgoing.header("Host", attempt.authority());
        }
        outgoing.header(Attempt.COUNT_HEADER, attempt.count() == 1 ? FIRST : Integer.toString(attempt.count()));
        if (body != null) {
            outgoing.method(request.method(), new Body(body, headers != null, trace, recorder));
        }
        return outgoing.build();
    }

    private static HttpUrl.Builder url(HttpUrl url, String pathAndQuery) {
        int mark = pathAndQuery.indexOf('?');
        String path = mark < 0 ? pathAndQuery : pathAndQuery.substring(0, mark);
        return url.newBuilder()
                .encodedPath(path.startsWith("/") ? path : "/" + path)
                .encodedQuery(mark < 0 ? null : pathAndQuery.substring(mark + 1));
    }

    private static Headers headers(Headers given, List<HeaderField> wanted) throws ProtocolException {
        Headers.Builder all = new Headers.Builder();
        for (int i = 0; i < given.size(); i++) {
            if (notForRules(given.name(i))) {
                all.addUnsafeNonAscii(given.name(i), given.value(i));
            }
        }
        for (HeaderField field : wanted) {
            if (!notForRules(field.name()) && !field.name().startsWith(":")) {
                if (!HeaderField.isSendable(field.value())) {
                    throw new ProtocolException("Header " + field.name() + " cannot be sent: its value holds a control"
                            + " character; mend the headers of the route that sets it");
                }
                all.addUnsafeNonAscii(field.name(), field.value());
            }
        }
        return all.build();
    }

    private static boolean notForRules(String name) {
        return NOT_FOR_RULES.contains(name.toLowerCase(Locale.ROOT));
    }

    /** The caller's body, which OkHttp sends once an attempt unless the server asks for credentials. */
    private static final class Body extends RequestBody {
        private final RequestBody body;
        private final boolean typeIsInHeaders;
        private final AttemptTrace trace;
        private final @Nullable BodyRecorder recorder;

        Body(RequestBody body, boolean typeIsInHeaders, AttemptTrace trace, @Nullable BodyRecorder recorder) {
            this.body = body;
            this.typeIsInHeaders = typeIsInHeaders;
            this.trace = trace;
            this.recorder = recorder;
        }

        /** Null makes OkHttp leave the header as it is. */
        @Override
        public @Nullable MediaType contentType() {
            return typeIsInHeaders ? null : body.contentType();
        }

        @Override
        public long contentLength() throws IOException {
            return body.contentLength();
        }

        @Override
        public void writeTo(BufferedSink sink) throws IOException {
            try {
                if (recorder == null) {
                    body.writeTo(sink);
                } else {
                    recorder.write(body, sink);
                }
            } catch (IOException broken) {
                trace.body().fails();
                throw broken;
            }
        }

        @Override
        public boolean isDuplex() {
            return body.isDuplex();
        }

        /**
         * OkHttp asks when it wants to send the request again by itself, which it does after some answers (a 503 that
         * says to try again at once, a redirect that keeps the method). Whether to is for the mesh to say, so it gets
         * the answer instead.
         */
        @Override
        public boolean isOneShot() {
            int status = trace.status();
            return body.isOneShot() || (status != 0 && status != 401 && status != 407);
        }
    }
}
