package io.inmesh.spring.boot.client;

import java.net.URI;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.reactive.AbstractClientHttpRequest;
import org.springframework.http.client.reactive.ClientHttpRequest;
import reactor.core.publisher.Mono;

/**
 * Finds the Host header of a request that WebClient has not written yet: takes the headers and stops at the first thing
 * that comes after them, before any of the body is made.
 */
final class HostProbe extends AbstractClientHttpRequest {
    private final HttpMethod method;
    private final URI uri;

    private HostProbe(HttpMethod method, URI uri) {
        this.method = method;
        this.uri = uri;
    }

    /** The value, null for none. */
    static @Nullable String host(
            HttpMethod method, URI uri, Function<? super ClientHttpRequest, Mono<Void>> requestCallback) {
        HostProbe probe = new HostProbe(method, uri);
        try {
            // What it returns would send the body when it is subscribed to, so nobody does.
            Mono<Void> unused = requestCallback.apply(probe);
        } catch (RuntimeException e) {
            // Enough, or a fault that comes again when the request is written.
            return HostHeader.of(probe.getHeaders());
        }
        return HostHeader.of(probe.getHeaders());
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
    public <T> T getNativeRequest() {
        throw new Enough();
    }

    @Override
    public DataBufferFactory bufferFactory() {
        throw new Enough();
    }

    @Override
    public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
        return Mono.empty();
    }

    @Override
    public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
        return Mono.empty();
    }

    @Override
    public Mono<Void> setComplete() {
        return Mono.empty();
    }

    @Override
    protected void applyHeaders() {}

    @Override
    protected void applyCookies() {}

    private static final class Enough extends RuntimeException {
        private static final long serialVersionUID = 1;

        Enough() {
            super("The headers are complete", null, false, false);
        }
    }
}
