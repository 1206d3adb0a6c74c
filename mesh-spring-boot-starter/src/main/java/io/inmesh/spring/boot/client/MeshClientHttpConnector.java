package io.inmesh.spring.boot.client;

import io.inmesh.inbound.InboundContext;
import java.net.URI;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.http.client.reactive.ClientHttpResponse;
import reactor.core.publisher.Mono;

/**
 * Sends requests to hosts that the mesh knows through it, all others as they would go without it. What host a request is for
 * stands in its headers, so these are written before that is decided, and once more to the delegate where it sends them.
 */
public final class MeshClientHttpConnector implements ClientHttpConnector {
    private final LazyClient client;
    private final ClientHttpConnector delegate;

    /**
     * Stands in front of a connector.
     *
     * @param transport asked at each request; null while there is none, when everything goes to the delegate
     * @param settings asked once, at the first request to a host of the mesh
     */
    public MeshClientHttpConnector(
            Supplier<@Nullable MeshTransport> transport,
            Supplier<ClientSettings> settings,
            ClientHttpConnector delegate) {
        this.client = new LazyClient(transport, settings);
        this.delegate = delegate;
    }

    /** The same with the settings of the delegate, as far as they can be read. */
    MeshClientHttpConnector(Supplier<@Nullable MeshTransport> transport, ClientHttpConnector delegate) {
        this(transport, () -> SpringSettings.of(delegate), delegate);
    }

    /** What sends requests to hosts that the mesh does not know. */
    ClientHttpConnector delegate() {
        return delegate;
    }

    @Override
    public Mono<ClientHttpResponse> connect(
            HttpMethod method, URI uri, Function<? super ClientHttpRequest, Mono<Void>> requestCallback) {
        MeshReactiveRequest request = new MeshReactiveRequest(method, uri);
        Mono<Void> written;
        try {
            written = requestCallback.apply(request);
        } catch (RuntimeException e) {
            written = Mono.error(e);
        }
        if (!client.knows(uri, HostHeader.of(request.getHeaders()))) {
            return delegate.connect(method, uri, requestCallback);
        }
        // Here, as what is written may go on on another thread.
        request.on(InboundContext.current());
        return written.then(Mono.defer(() -> ReactiveCall.send(client.get(method, uri), client.transport(), request)));
    }
}
