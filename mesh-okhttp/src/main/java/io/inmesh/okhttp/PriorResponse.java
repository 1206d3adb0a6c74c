package io.inmesh.okhttp;

import okhttp3.Response;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;

/** An answer as the one before another: without its body, of which OkHttp 5 wants an empty one and OkHttp 4 none. */
final class PriorResponse {
    private static final @Nullable ResponseBody NO_BODY = noBody();

    private PriorResponse() {}

    @SuppressWarnings("NullAway") // OkHttp 4 takes null, and says so.
    static Response of(Response response) {
        return response.newBuilder().body(NO_BODY).build();
    }

    private static @Nullable ResponseBody noBody() {
        try {
            return (ResponseBody) ResponseBody.class.getField("EMPTY").get(null);
        } catch (ReflectiveOperationException older) {
            return null;
        }
    }
}
