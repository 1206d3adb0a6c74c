package io.inmesh.okhttp;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.ProtocolException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import okhttp3.Call;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests without TLS by HTTP/2 for a client that would send them by HTTP/1.1. OkHttp has protocols for a client,
 * not for a call, so each request is a call of a client of its own: with the settings of the caller's client and chain,
 * with its connections and threads, and with the interceptors that come after the mesh's. The events of that call are
 * told as those of the caller's call, which also cancels it.
 */
final class Http2Sender {
    /** What OkHttp says where an HTTP/1 answer stands in place of a frame: "HTT" is read as the frame's length. */
    private static final String HTTP_1_ANSWER = "FRAME_SIZE_ERROR: " + 0x485454;

    private final OkHttpClient client;
    private final Call callersCall;
    private final AttemptTrace trace;
    private final Supplier<Duration> timeLeft;

    private Http2Sender(OkHttpClient client, Call callersCall, AttemptTrace trace, Supplier<Duration> timeLeft) {
        this.client = client;
        this.callersCall = callersCall;
        this.trace = trace;
        this.timeLeft = timeLeft;
    }

    /** Whether a request can be sent by HTTP/2 without TLS at all. A WebSocket begins with HTTP/1.1. */
    static boolean isFor(Request request) {
        return !request.isHttps() && request.header("Upgrade") == null;
    }

    /**
     * The client of a call. It is not part of OkHttp's API, so it is asked for by name; null where a module system hides
     * it or a later OkHttp has it no more.
     */
    static @Nullable OkHttpClient clientOf(Call call) {
        try {
            return call.getClass().getMethod("getClient").invoke(call) instanceof OkHttpClient client ? client : null;
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
            return null;
        }
    }

    /**
     * Makes a sender for one attempt.
     *
     * @param client of the call
     * @param self the interceptor whose attempt it is; those after it take part
     * @param timeLeft of the call's timeout, zero for none; the caller's call watches over it until the answer begins,
     *     from there on this does
     */
    static Http2Sender of(
            OkHttpClient client,
            MeshInterceptor self,
            Interceptor.Chain chain,
            AttemptTrace trace,
            Supplier<Duration> timeLeft) {
        Call call = chain.call();
        OkHttpClient.Builder builder = client.newBuilder()
                .protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE))
                .socketFactory(chain.getSocketFactory())
                .retryOnConnectionFailure(chain.getRetryOnConnectionFailure())
                .dns(chain.getDns())
                .proxy(chain.getProxy())
                .proxySelector(chain.getProxySelector())
                .proxyAuthenticator(chain.getProxyAuthenticator())
                .authenticator(chain.getAuthenticator())
                .cookieJar(chain.getCookieJar())
                .cache(chain.getCache())
                .connectionPool(chain.getConnectionPool())
                .connectTimeout(Duration.ofMillis(chain.connectTimeoutMillis()))
                .readTimeout(Duration.ofMillis(chain.readTimeoutMillis()))
                .writeTimeout(Duration.ofMillis(chain.writeTimeoutMillis()))
                .callTimeout(Duration.ZERO)
                .eventListener(new EventsOfCall(call, chain.getEventListener()));
        List<Interceptor> interceptors = builder.interceptors();
        interceptors.subList(0, interceptors.indexOf(self) + 1).clear();
        return new Http2Sender(builder.build(), call, trace, timeLeft);
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

    Response send(Request request) throws IOException {
        Call call = client.newCall(request);
        call.timeout().timeout(timeLeft.get().toNanos(), TimeUnit.NANOSECONDS);
        trace.carriedBy(call);
        if (callersCall.isCanceled()) {
            call.cancel();
        }
        try {
            return call.execute();
        } catch (IOException e) {
            if (!HTTP_1_ANSWER.equals(e.getMessage())) {
                throw e;
            }
            ProtocolException told = new ProtocolException("The server answered by HTTP/1.1, but its port counts as"
                    + " HTTP/2 by its protocol or by h2UpgradePolicy; correct that, or set connectionPool.http."
                    + "useClientProtocol in a DestinationRule");
            told.addSuppressed(e);
            throw told;
        }
    }
}
