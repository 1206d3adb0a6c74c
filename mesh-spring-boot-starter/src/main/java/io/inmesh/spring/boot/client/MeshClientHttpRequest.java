package io.inmesh.spring.boot.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpResponse;

/**
 * One request of RestClient or RestTemplate. Who sends it is decided when it is executed, since its Host header counts
 * and is not known before: OkHttp through the mesh, or the factory that stands behind it. Made of interfaces alone:
 * Spring's own base class for such requests is public from Spring 7.0.7 on, and an application may run on an older one.
 */
final class MeshClientHttpRequest implements ClientHttpRequest, StreamingHttpOutputMessage {
    private final Function<@Nullable String, @Nullable OkHttpClient> meshed;
    private final ClientHttpRequestFactory delegate;
    private final URI uri;
    private final HttpMethod method;
    private final HttpHeaders headers = new HttpHeaders();
    private final Map<String, Object> attributes = new HashMap<>();
    private @Nullable Body streamed;
    private @Nullable ByteArrayOutputStream buffered;
    private boolean executed;

    /**
     * Makes a request.
     *
     * @param meshed the client for a Host header, which is null for none; null where the delegate is to send it
     */
    MeshClientHttpRequest(
            Function<@Nullable String, @Nullable OkHttpClient> meshed,
            ClientHttpRequestFactory delegate,
            URI uri,
            HttpMethod method) {
        this.meshed = meshed;
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
        boolean calledByUrl = CalledByUrl.isWithin();
        OkHttpClient client = meshed.apply(calledByUrl ? null : HostHeader.of(headers));
        if (client == null) {
            return written(delegate.createRequest(uri, method)).execute();
        }
        Request request = OkHttpRequests.request(method, uri, headers, null, body());
        return new MeshClientHttpResponse(client.newCall(calledByUrl ? CalledByUrl.request(request) : request)
                .execute());
    }

    private @Nullable RequestBody body() {
        if (streamed != null) {
            return new StreamedBody(streamed, headers);
        }
        return buffered == null ? null : RequestBody.create(buffered.toByteArray());
    }

    private ClientHttpRequest written(ClientHttpRequest request) throws IOException {
        HttpHeaders target = request.getHeaders();
        headers.forEach(target::put);
        if (!attributes.isEmpty()) {
            request.getAttributes().putAll(attributes);
        }
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
