package io.inmesh.okhttp;

import java.io.IOException;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** Keeps OkHttp from adding headers of its own, and from sending again by itself. */
final class AsItCame {
    private static final String ACCEPT_ENCODING = "Accept-Encoding";
    private static final String USER_AGENT = "User-Agent";
    private static final String RETRY_AFTER = "Retry-After";

    private final boolean encoding;
    private final boolean agent;
    private @Nullable String retryAfter;

    private AsItCame(boolean encoding, boolean agent) {
        this.encoding = encoding;
        this.agent = agent;
    }

    /** Before OkHttp has added anything: with a header there, it adds none and decompresses nothing. */
    static Response mark(Interceptor.Chain chain) throws IOException {
        Request request = chain.request();
        boolean encoding = request.header(ACCEPT_ENCODING) != null;
        boolean agent = request.header(USER_AGENT) != null;
        AsItCame came = new AsItCame(encoding, agent);
        Request.Builder marked = request.newBuilder().tag(AsItCame.class, came);
        if (!encoding) {
            marked.header(ACCEPT_ENCODING, "identity");
        }
        if (!agent) {
            marked.header(USER_AGENT, "none");
        }
        Response response = chain.proceed(marked.build());
        String retryAfter = came.retryAfter;
        return retryAfter == null
                ? response
                : response.newBuilder().header(RETRY_AFTER, retryAfter).build();
    }

    /** After OkHttp has added its own; a 503 with {@code Retry-After: 0} would make it send again. */
    static Response send(Interceptor.Chain chain) throws IOException {
        Request request = chain.request();
        AsItCame came = request.tag(AsItCame.class);
        if (came == null) {
            return chain.proceed(request);
        }
        Request.Builder plain = request.newBuilder().removeHeader("Connection");
        if (!came.encoding) {
            plain.removeHeader(ACCEPT_ENCODING);
        }
        if (!came.agent) {
            plain.removeHeader(USER_AGENT);
        }
        Response response = chain.proceed(plain.build());
        String retryAfter = response.code() == 503 ? response.header(RETRY_AFTER) : null;
        came.retryAfter = retryAfter;
        return retryAfter == null
                ? response
                : response.newBuilder().removeHeader(RETRY_AFTER).build();
    }
}
