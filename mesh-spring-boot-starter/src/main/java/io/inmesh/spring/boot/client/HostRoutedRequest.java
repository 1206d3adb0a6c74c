package io.inmesh.spring.boot.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpResponse;

/**
 * One request of RestClient or RestTemplate. Who sends it is decided when it is executed, since its Host header counts
 * and is not known before: the mesh, or the factory that stands behind it.
 */
final class HostRoutedRequest implements ClientHttpRequest, StreamingHttpOutputMessage {
    private final LazyClient client;
    private final ClientHttpRequestFactory delegate;
    private final URI uri;
    private final HttpMethod method;
    private final HttpHeaders headers = new HttpHeaders();
    private final Map<String, Object> attributes = new HashMap<>();
    private @Nullable Body streamed;
    private @Nullable ByteArrayOutputStream buffered;
    private boolean executed;

    HostRoutedRequest(LazyClient client, ClientHttpRequestFactory delegate, URI uri, HttpMethod method) {
        this.client = client;
        this.delegate = delegate;
        this.uri = uri;
        this.method = method;
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
    public Map<String, Object> getAttributes() {
        return attributes;
    }

    @Override
    public HttpHeaders getHeaders() {
        return executed ? HttpHeaders.readOnlyHttpHeaders(headers) : headers;
    }

    @Override
    public OutputStream getBody() {
        refuseAfterExecution();
        if (streamed != null) {
            throw new IllegalStateException("The request has a streamed body already");
        }
        ByteArrayOutputStream body = buffered;
        if (body == null) {
            body = new ByteArrayOutputStream();
            buffered = body;
        }
        return body;
    }

    @Override
    public void setBody(Body body) {
        refuseAfterExecution();
        if (buffered != null) {
            throw new IllegalStateException("The request's body is being written to its stream already");
        }
        streamed = body;
    }

    @Override
    public ClientHttpResponse execute() throws IOException {
        refuseAfterExecution();
        executed = true;
        return client.knows(uri, HostHeader.of(headers))
                ? written(new MeshClientHttpRequest(client.get(), uri, method)).execute()
                : written(delegate.createRequest(uri, method)).execute();
    }

    private ClientHttpRequest written(ClientHttpRequest request) throws IOException {
        request.getHeaders().putAll(headers);
        request.getAttributes().putAll(attributes);
        if (buffered != null) {
            buffered.writeTo(request.getBody());
        } else if (streamed != null) {
            write(streamed, request);
        }
        return request;
    }

    private static void write(Body body, ClientHttpRequest request) throws IOException {
        if (request instanceof StreamingHttpOutputMessage streaming) {
            streaming.setBody(body);
        } else {
            body.writeTo(request.getBody());
        }
    }

    private void refuseAfterExecution() {
        if (executed) {
            throw new IllegalStateException("The request to " + uri + " has been executed already");
        }
    }
}
