package io.inmesh.spring.boot.client;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import okhttp3.Response;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.ClientHttpResponse;

/** An answer whose body is read from the wire as the application reads it. */
final class MeshClientHttpResponse implements ClientHttpResponse {
    private final Response response;
    private final HttpHeaders headers;
    private final InputStream body;

    MeshClientHttpResponse(Response response) {
        this.response = response;
        this.headers = OkHttpRequests.springHeaders(response.headers());
        this.body = new Body(response.body().byteStream());
    }

    @Override
    public HttpStatusCode getStatusCode() {
        return HttpStatusCode.valueOf(response.code());
    }

    @Override
    public String getStatusText() {
        return response.message();
    }

    @Override
    public HttpHeaders getHeaders() {
        return headers;
    }

    @Override
    public InputStream getBody() {
        return body;
    }

    @Override
    public void close() {
        response.close();
    }

    /** OkHttp's stream waits for more even when nothing is asked for, which callers such as readNBytes do at the end. */
    private static final class Body extends FilterInputStream {
        Body(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return length == 0 ? 0 : in.read(bytes, offset, length);
        }
    }
}
