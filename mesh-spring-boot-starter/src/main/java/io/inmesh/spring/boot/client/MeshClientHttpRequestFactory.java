package io.inmesh.spring.boot.client;

import java.net.URI;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpRequestFactory;

/** Makes requests that go to hosts that the mesh knows through it, all others as they would go without it. */
final class MeshClientHttpRequestFactory implements ClientHttpRequestFactory {
    private final LazyClient client;
    private final ClientHttpRequestFactory delegate;

    MeshClientHttpRequestFactory(LazyClient client, ClientHttpRequestFactory delegate) {
        this.client = client;
        this.delegate = delegate;
    }

    @Override
    public ClientHttpRequest createRequest(URI uri, HttpMethod method) {
        return new MeshClientHttpRequest(host -> client.knows(uri, host) ? client.get() : null, delegate, uri, method);
    }
}
