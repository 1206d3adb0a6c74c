package io.inmesh.okhttp;

import java.io.IOException;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;

/** Keeps OkHttp from adding headers of its own, and from sending again by itself. */
final class AsItCame {
    private static final String ACCEPT_ENCODING = "Accept-Encoding";
    private static final String USER_AGENT = "User-Agent";

    /** A status on which OkHttp does nothing. */
    private static final int MEANS_NOTHING = 502;

    private final boolean encoding;
    private final boolean agent;

    /** Status of the answer that OkHttp does not get to see; 0 for none. */
    private int hidden;

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
        return came.hidden == 0
                ? response
                : response.newBuilder().code(came.hidden).build();
    }

    /**
     * After OkHttp has added its own. To some statuses it would send again by itself (a 503 that says to try at once), and to
     * 407 it has an exception.
     */
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
        int status = response.code();
        if (status != 407 && status != 408 && status != 421 && status != 503) {
            return response;
        }
        came.hidden = status;
        return response.newBuilder().code(MEANS_NOTHING).build();
    }
}
