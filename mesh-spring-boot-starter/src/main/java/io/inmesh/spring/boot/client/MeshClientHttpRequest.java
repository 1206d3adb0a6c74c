package io.inmesh.spring.boot.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpResponse;

/**
 * One request of RestClient or RestTemplate, sent by OkHttp. Made of interfaces alone: Spring's own base class for such
 * requests is public from Spring 7.0.7 on, and an application may run on an older one.
 */
final class MeshClientHttpRequest implements ClientHttpRequest, StreamingHttpOutputMessage {
    private final OkHttpClient client;
    private final URI uri;
    private final HttpMethod method;
    private final HttpHeaders headers = new HttpHeaders();
    private final Map<String, Object> attributes = new HashMap<>();
    private @Nullable Body streamed;
    private @Nullable ByteArrayOutputStream buffered;
    private boolean executed;

    MeshClientHttpRequest(OkHttpClient client, URI uri, HttpMethod method) {
        this.client = client;
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
        Request request = OkHttpRequests.request(method, uri, headers, null, body());
        return new MeshClientHttpResponse(client.newCall(request).execute());
    }

    private @Nullable RequestBody body() {
        if (streamed != null) {
            return new StreamedBody(streamed, headers);
        }
        return buffered == null ? null : RequestBody.create(buffered.toByteArray());
    }

    private void refuseAfterExecution() {
        if (executed) {
            throw new IllegalStateException("The request to " + uri + " has been executed already");
        }
    }
}
