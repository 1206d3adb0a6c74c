package io.inmesh.okhttp;

import io.inmesh.call.Exchange;
import io.inmesh.call.HeaderField;
import io.inmesh.call.RequestHead;
import java.io.IOException;
import java.net.ProtocolException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import okhttp3.Authenticator;
import okhttp3.Call;
import okhttp3.CookieJar;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * Sends requests on that came in from outside, as they came: path and query byte for byte, header names in their case and
 * values in their bytes, the {@code Host} as the rules have it. Nothing is added but {@code x-envoy-attempt-count}; the
 * body's framing is made anew. No redirect is followed, no answer makes OkHttp send again, nothing is decompressed, stored
 * or remembered. The body of the answer is streamed.
 *
 * <p>Requests go to endpoints alone, never to the address that a {@code Host} header names. Thread-safe.
 */
public final class GatewayCalls {
    /** How much of the beginning of a body is kept for another attempt, in bytes, unless told otherwise. */
    public static final int RETRY_BODY_BYTES = 64 * 1024;

    /** Host of all URLs, so that OkHttp has one pool for an endpoint, whatever host was asked for. */
    private static final String HOST = "inmesh.invalid";

    private static final int PORT = 80;

    /** OkHttp refuses them without a body, and refuses others with one. */
    private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH", "PROPPATCH", "REPORT", "QUERY");

    private static final RequestBody EMPTY = RequestBody.create(new byte[0], null);

    private final OkHttpClient client;
    private final int retryBodyBytes;

    private GatewayCalls(OkHttpClient client, int retryBodyBytes) {
        this.client = client;
        this.retryBodyBytes = retryBodyBytes;
    }

    /**
     * Sends by a client's connections, threads, TLS and timeouts, which the caller ends. Its interceptors see every
     * attempt; its cookie jar, authenticators and cache are left aside, and no redirect is followed.
     *
     * @param retryBodyBytes how much of the beginning of a request's body is kept for another attempt; 0 for nothing
     * @throws IllegalArgumentException if a {@link MeshInterceptor} is among its interceptors, or the number is negative
     */
    public static GatewayCalls over(OkHttpClient client, int retryBodyBytes) {
        OkHttpRequirement.check();
        return over(client, retryBodyBytes, new MeshInterceptor(GatewayCalls::route, InstantSource.system()));
    }

    static GatewayCalls over(OkHttpClient client, int retryBodyBytes, MeshInterceptor router) {
        if (client.interceptors().stream().anyMatch(MeshInterceptor.class::isInstance)) {
            throw new IllegalArgumentException("the client has a MeshInterceptor already; give one without");
        }
        if (retryBodyBytes < 0) {
            throw new IllegalArgumentException("retryBodyBytes is " + retryBodyBytes + "; give 0 or more");
        }
        OkHttpClient.Builder builder = client.newBuilder()
                .followRedirects(false)
                .followSslRedirects(false)
                .retryOnConnectionFailure(false)
                .cookieJar(CookieJar.NO_COOKIES)
                .authenticator(Authenticator.NONE)
                .proxyAuthenticator(Authenticator.NONE)
                .cache(null)
                .callTimeout(Duration.ZERO);
        builder.interceptors().add(0, router);
        builder.interceptors().add(1, AsItCame::mark);
        builder.networkInterceptors().add(AsItCame::send);
        return new GatewayCalls(builder.build(), retryBodyBytes);
    }

    static Response route(Exchange<Response> exchange) throws IOException {
        GatewayCall call = ((OkHttpExchange) exchange).gatewayCall();
        if (call == null) {
            throw new IOException("a request without a call cannot be sent on");
        }
        return call.route(exchange);
    }

    /**
     * Prepares to send a request on.
     *
     * @throws ProtocolException when it cannot be sent as it came: a path or a header with characters that HTTP does not
     *     have, or a body where OkHttp sends none, with GET and HEAD
     */
    public GatewayCall newCall(GatewayRequest request, GatewayCall.Routing routing) throws ProtocolException {
        RequestHead head = request.head();
        GatewayRequest.Content content = request.content();
        String method = head.method();
        if (content != null && (method.equals("GET") || method.equals("HEAD"))) {
            throw new ProtocolException("a " + method + " with a body cannot be sent on");
        }
        GatewayBody body = content == null ? null : new GatewayBody(content, retryBodyBytes);
        GatewayCall gatewayCall = new GatewayCall(request, body, routing);
        Call call = client.newCall(new Request.Builder()
                .url(ExactUrl.of("http", HOST, PORT, head.pathAndQuery()))
                .headers(headers(head))
                .method(method, body == null && WITH_BODY.contains(method) ? EMPTY : body)
                .tag(GatewayCall.class, gatewayCall)
                .build());
        gatewayCall.carriedBy(call);
        return gatewayCall;
    }

    private static Headers headers(RequestHead head) throws ProtocolException {
        Headers.Builder headers = new Headers.Builder();
        addTo(headers, "Host", head.authority());
        for (int i = 0; i < head.headerCount(); i++) {
            addTo(headers, head.headerName(i), head.headerValue(i));
        }
        return headers.build();
    }

    private static void addTo(Headers.Builder headers, String name, String value) throws ProtocolException {
        if (!HeaderField.isSendable(value)) {
            throw new ProtocolException("header " + name + " holds a control character");
        }
        try {
            headers.addUnsafeNonAscii(name, value);
        } catch (IllegalArgumentException e) {
            throw (ProtocolException) new ProtocolException("\"" + name + "\" is no name of a header").initCause(e);
        }
    }

    /** Of the router's URLs, for an attempt whose path the rules have changed. */
    static HttpUrl url(String pathAndQuery) throws ProtocolException {
        return ExactUrl.of("http", HOST, PORT, pathAndQuery);
    }
}
