package io.inmesh.okhttp;

import io.inmesh.call.Attempt;
import java.io.IOException;
import okhttp3.Interceptor;
import okhttp3.Response;

/**
 * Keeps OkHttp from sending an attempt again by itself because a server says that it may be sent at once (503 with {@code
 * Retry-After: 0}): whether there is another attempt is the mesh's to decide. OkHttp, which acts on a number alone, gets to
 * see a date that has passed.
 */
final class SentOnce {
    private static final String RETRY_AFTER = "Retry-After";
    private static final String AT_ONCE = "0";
    private static final String LONG_AGO = "Thu, 01 Jan 1970 00:00:00 GMT";
    private static final int UNAVAILABLE = 503;

    private SentOnce() {}

    /** A network interceptor, which sees the answer before OkHttp acts on it. */
    static Response hide(Interceptor.Chain chain) throws IOException {
        Response response = chain.proceed(chain.request());
        return response.code() == UNAVAILABLE && chain.request().header(Attempt.COUNT_HEADER) != null
                ? changed(response, AT_ONCE, LONG_AGO)
                : response;
    }

    /**
     * The same where a client has no such interceptor: in the headers themselves, which nobody has seen yet. They are not part of
     * OkHttp's API, so a module system that hides them leaves them as they are.
     */
    static void hideIn(Response response) {
        if (response.code() != UNAVAILABLE || !AT_ONCE.equals(response.header(RETRY_AFTER))) {
            return;
        }
        try {
            String[] lines = response.headers().getNamesAndValues$okhttp();
            for (int i = 0; i < lines.length; i += 2) {
                if (lines[i].equalsIgnoreCase(RETRY_AFTER)) {
                    lines[i + 1] = LONG_AGO;
                }
            }
        } catch (LinkageError hidden) {
            // OkHttp sends once more.
        }
    }

    /** The answer as the server gave it. */
    static Response shown(Response response) {
        return response.code() == UNAVAILABLE ? changed(response, LONG_AGO, AT_ONCE) : response;
    }

    private static Response changed(Response response, String from, String to) {
        return from.equals(response.header(RETRY_AFTER))
                ? response.newBuilder().header(RETRY_AFTER, to).build()
                : response;
    }
}
