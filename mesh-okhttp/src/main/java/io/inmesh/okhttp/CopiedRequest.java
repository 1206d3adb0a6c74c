package io.inmesh.okhttp;

import io.inmesh.call.Exchange;
import io.inmesh.call.RequestCopy;
import io.inmesh.call.RequestHead;
import io.inmesh.call.SimpleRequestHead;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * An OkHttp request as another client sends it. In a {@link #of copy} nothing belongs to its call alone: head and body are values.
 *
 * @param client that sends it
 * @param request with a body that can be sent any number of times, if it has one
 */
record CopiedRequest(MeshInterceptor interceptor, OkHttpClient client, Request request, RequestHead head)
        implements RequestCopy {
    /**
     * Copies a request.
     *
     * @param head as rules have seen it
     * @param bytes of the body; null without a body
     */
    static CopiedRequest of(
            MeshInterceptor interceptor,
            OkHttpClient client,
            Request request,
            RequestHead head,
            @Nullable ByteString bytes) {
        // What comes in at a gateway may be gone when its call has ended.
        RequestHead value = new SimpleRequestHead(
                head.method(), head.scheme(), head.authority(), head.port(), head.pathAndQuery(), head.headerFields());
        RequestBody body = request.body();
        if (body == null || bytes == null) {
            return new CopiedRequest(interceptor, client, request, value);
        }
        MediaType type = body.contentType();
        Request whole = request.newBuilder()
                .method(request.method(), RequestBody.create(bytes, type))
                .build();
        return new CopiedRequest(interceptor, client, whole, value);
    }

    @Override
    public Exchange<Response> exchange() {
        return new CopyExchange(this);
    }
}
