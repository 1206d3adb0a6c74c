package io.inmesh.spring.boot.client;

import java.net.URI;
import java.util.function.Function;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.http.client.reactive.ClientHttpResponse;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Sends requests to hosts that the mesh knows through it, all others as they would go without it. */
final class MeshClientHttpConnector implements ClientHttpConnector {
    private final LazyClient client;
    private final Scheduler scheduler;
    private final ClientHttpConnector delegate;

    MeshClientHttpConnector(LazyClient client, Scheduler scheduler, ClientHttpConnector delegate) {
        this.client = client;
        this.scheduler = scheduler;
        this.delegate = delegate;
    }

    @Override
    public Mono<ClientHttpResponse> connect(
            HttpMethod method, URI uri, Function<? super ClientHttpRequest, Mono<Void>> requestCallback) {
        if (!client.knows(uri, HostProbe.host(method, uri, requestCallback))) {
            return delegate.connect(method, uri, requestCallback);
        }
        MeshReactiveRequest request = new MeshReactiveRequest(method, uri);
        return requestCallback
                .apply(request)
                .then(Mono.defer(() -> ReactiveCall.send(client.get(), client.openCalls(), scheduler, request)));
    }
}
