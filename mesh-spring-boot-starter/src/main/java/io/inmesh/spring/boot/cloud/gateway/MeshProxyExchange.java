package io.inmesh.spring.boot.cloud.gateway;

import io.inmesh.spring.boot.client.CalledByUrl;
import io.inmesh.spring.boot.client.ProxyTransport;
import java.net.URI;
import java.util.function.Supplier;
import org.springframework.cloud.gateway.server.mvc.handler.ProxyExchange;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * Stands in front of the gateway's exchange with a RestClient, which the mesh carries as it does any other. The route says
 * what service is called, also where the Host header of the gateway's caller is kept.
 */
final class MeshProxyExchange implements ProxyExchange {
    private final Supplier<ProxyTransport> transport;
    private final ProxyExchange delegate;

    MeshProxyExchange(Supplier<ProxyTransport> transport, ProxyExchange delegate) {
        this.transport = transport;
        this.delegate = delegate;
    }

    @Override
    public RequestBuilder request(ServerRequest serverRequest) {
        return delegate.request(serverRequest);
    }

    @Override
    public ServerResponse exchange(Request request) {
        URI url = request.getUri();
        return url != null && transport.get().knows(url)
                ? CalledByUrl.call(() -> delegate.exchange(request))
                : delegate.exchange(request);
    }
}
