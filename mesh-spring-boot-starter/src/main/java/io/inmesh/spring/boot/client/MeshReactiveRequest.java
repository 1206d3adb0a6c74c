package io.inmesh.spring.boot.client;

import io.inmesh.inbound.InboundContext;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.reactive.AbstractClientHttpRequest;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/** One request of WebClient, sent by OkHttp. */
final class MeshReactiveRequest extends AbstractClientHttpRequest {
    private final HttpMethod method;
    private final URI uri;
    private @Nullable Publisher<? extends DataBuffer> pieces;
    private byte @Nullable [] whole;
    private @Nullable String cookie;
    private boolean forInbound;
    private @Nullable InboundContext inbound;

    MeshReactiveRequest(HttpMethod method, URI uri) {
        this.method = method;
        this.uri = uri;
    }

    @Override
    public HttpMethod getMethod() {
        return method;
    }

    @Override
    public URI getURI() {
        return uri;
    }

    @Override
    public DataBufferFactory bufferFactory() {
        return DefaultDataBufferFactory.sharedInstance;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> T getNativeRequest() {
        return (T) this;
    }

    /** A body that is in memory as a whole can be sent again; any other is streamed. */
    @Override
    public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
        if (body instanceof Mono<? extends DataBuffer> single) {
            return single.doOnNext(this::keep).then(Mono.defer(this::doCommit));
        }
        pieces = body;
        return doCommit();
    }

    @Override
    public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
        pieces = Flux.from(body).concatMap(part -> part, 1);
        return doCommit();
    }

    @Override
    public Mono<Void> setComplete() {
        return doCommit();
    }

    private void keep(DataBuffer buffer) {
        byte[] bytes = new byte[buffer.readableByteCount()];
        buffer.read(bytes);
        DataBufferUtils.release(buffer);
        whole = bytes;
    }

    /** Read when the request is sent. */
    @Override
    protected void applyHeaders() {}

    @Override
    protected void applyCookies() {
        String text = getCookies().values().stream()
                .flatMap(List::stream)
                .map(each -> each.getName() + "=" + each.getValue())
                .collect(Collectors.joining("; "));
        cookie = text.isEmpty() ? null : text;
    }

    /**
     * Finds out whether there is a body, where OkHttp sends none and wants to hear of no empty one either.
     *
     * @param next goes on when it is known
     */
    <T> Mono<T> looked(Mono<T> next) {
        if (!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
            return next;
        }
        byte[] bytes = whole;
        whole = bytes == null || bytes.length == 0 ? null : bytes;
        Publisher<? extends DataBuffer> published = pieces;
        if (published == null) {
            return next;
        }
        return Flux.from(published).any(MeshReactiveRequest::hadBytes).flatMap(hasBytes -> {
            if (!hasBytes) {
                pieces = null;
            }
            return next;
        });
    }

    private static boolean hadBytes(DataBuffer piece) {
        boolean some = piece.readableByteCount() > 0;
        DataBufferUtils.release(piece);
        return some;
    }

    /** The body as it is sent, null for none. */
    @Nullable
    RequestBody body(ContextView context, BooleanSupplier canceled) {
        byte[] bytes = whole;
        if (bytes != null) {
            return RequestBody.create(bytes);
        }
        Publisher<? extends DataBuffer> published = pieces;
        return published == null
                ? null
                : new PublishedBody(published, getHeaders().getContentLength(), context, canceled);
    }

    /**
     * The request is made for one that came in, and carries what is told, or what Reactor's context has in its place. A
     * request for which this is never said carries nothing.
     *
     * @param current null for none
     */
    void on(@Nullable InboundContext current) {
        forInbound = true;
        inbound = current;
    }

    /** What it carries; null for nothing. */
    @Nullable
    InboundContext inbound(ContextView context) {
        Object told = context.getOrDefault(InboundContextAccessor.KEY, null);
        return forInbound && told instanceof InboundContext other ? other : inbound;
    }

    /**
     * The request as it is sent.
     *
     * @param carried null for nothing
     */
    Request toOkHttp(@Nullable RequestBody body, @Nullable InboundContext carried) throws IOException {
        Request request = OkHttpRequests.request(method, uri, getHeaders(), cookie, body);
        return carried == null
                ? request
                : request.newBuilder().tag(InboundContext.class, carried).build();
    }
}
