package io.inmesh.spring.boot.cloud.feign;

import feign.Request;
import feign.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpResponse;

/**
 * Turns Feign's requests into Spring's, and answers back, with the conventions of Feign's own clients: a request that says
 * {@code Content-Encoding: gzip} or {@code deflate} has its body compressed, and an answer that says so is read plain.
 */
final class FeignMessages {
    private static final String GZIP = "gzip";
    private static final String DEFLATE = "deflate";
    private static final int GZIP_MAGIC_1 = 0x1f;
    private static final int GZIP_MAGIC_2 = 0x8b;
    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;

    private FeignMessages() {}

    /** Writes a request's headers and body. */
    static void write(Request request, ClientHttpRequest call) throws IOException {
        HttpHeaders headers = call.getHeaders();
        request.headers().forEach((name, values) -> values.forEach(value -> headers.add(name, value)));
        if (headers.getFirst(HttpHeaders.ACCEPT) == null) {
            headers.add(HttpHeaders.ACCEPT, "*/*");
        }
        byte[] body = request.body();
        if (body == null) {
            return;
        }
        byte[] encoded = encoded(body, request.headers().get(HttpHeaders.CONTENT_ENCODING));
        headers.setContentLength(encoded.length);
        if (call instanceof StreamingHttpOutputMessage streaming) {
            streaming.setBody(new Repeatable(encoded));
        } else {
            call.getBody().write(encoded);
        }
    }

    /** A body that can be sent once more. */
    private record Repeatable(byte[] bytes) implements StreamingHttpOutputMessage.Body {
        @Override
        public void writeTo(OutputStream out) throws IOException {
            out.write(bytes);
        }

        @Override
        public boolean repeatable() {
            return true;
        }
    }

    /** Compressed where the header says so, unless the application has done it. */
    private static byte[] encoded(byte[] body, @Nullable Collection<String> encodings) throws IOException {
        if (encodings == null || body.length == 0) {
            return body;
        }
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        if (encodings.contains(GZIP)) {
            if (isGzip(body)) {
                return body;
            }
            try (OutputStream out = new GZIPOutputStream(compressed)) {
                out.write(body);
            }
        } else if (encodings.contains(DEFLATE)) {
            try (OutputStream out = new DeflaterOutputStream(compressed)) {
                out.write(body);
            }
        } else {
            return body;
        }
        return compressed.toByteArray();
    }

    private static boolean isGzip(byte[] body) {
        return body.length > 1 && (body[0] & 0xff) == GZIP_MAGIC_1 && (body[1] & 0xff) == GZIP_MAGIC_2;
    }

    /**
     * An answer whose body is read from the wire as Feign reads it.
     *
     * @throws IOException when it cannot be read; whoever calls closes it then, as after an unchecked exception
     */
    static Response response(Request request, ClientHttpResponse answer) throws IOException {
        Map<String, Collection<String>> headers = new LinkedHashMap<>();
        answer.getHeaders().forEach((name, values) -> headers.put(name, new ArrayList<>(values)));
        int status = answer.getStatusCode().value();
        long length = answer.getHeaders().getContentLength();
        Response.Builder response =
                Response.builder().status(status).reason(answer.getStatusText()).request(request);
        if (length == 0 || status == NO_CONTENT || status == NOT_MODIFIED) {
            answer.close();
            return response.headers(headers).build();
        }
        InputStream body = answer.getBody();
        String encoding = answer.getHeaders().getFirst(HttpHeaders.CONTENT_ENCODING);
        if (request.httpMethod() != Request.HttpMethod.HEAD && (GZIP.equals(encoding) || DEFLATE.equals(encoding))) {
            // Whoever reads the answer would decode it once more.
            headers.keySet()
                    .removeIf(name -> name.equalsIgnoreCase(HttpHeaders.CONTENT_ENCODING)
                            || name.equalsIgnoreCase(HttpHeaders.CONTENT_LENGTH));
            length = -1;
            body = GZIP.equals(encoding) ? new GZIPInputStream(body) : new InflaterInputStream(body);
        }
        return response.headers(headers)
                .body(body, length < 0 || length > Integer.MAX_VALUE ? null : Integer.valueOf((int) length))
                .build();
    }
}
