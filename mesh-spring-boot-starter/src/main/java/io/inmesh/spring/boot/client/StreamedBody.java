package io.inmesh.spring.boot.client;

import java.io.IOException;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.StreamingHttpOutputMessage;

/** A body that its writer puts onto the wire, without a copy in between. */
final class StreamedBody extends RequestBody {
    private final StreamingHttpOutputMessage.Body body;
    private final long length;

    StreamedBody(StreamingHttpOutputMessage.Body body, HttpHeaders headers) {
        this.body = body;
        this.length = headers.getContentLength();
    }

    /** Left to the Content-Type header of the request. */
    @Override
    public @Nullable MediaType contentType() {
        return null;
    }

    @Override
    public long contentLength() {
        return length;
    }

    @Override
    public boolean isOneShot() {
        return !body.repeatable();
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
        body.writeTo(sink.outputStream());
    }
}
