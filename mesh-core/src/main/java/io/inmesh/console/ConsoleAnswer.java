package io.inmesh.console;

import java.util.Map;

/** What a {@link Console} answers. Immutable, but for the bytes, which nobody writes to. */
public final class ConsoleAnswer {
    private final int status;
    private final Map<String, String> headers;
    private final byte[] body;

    ConsoleAnswer(int status, Map<String, String> headers, byte[] body) {
        this.status = status;
        this.headers = Map.copyOf(headers);
        this.body = body;
    }

    /** HTTP status. */
    public int status() {
        return status;
    }

    /** Headers to send, content type included, without a length. */
    public Map<String, String> headers() {
        return headers;
    }

    /** Body; not to be sent for HEAD. */
    public byte[] body() {
        return body;
    }
}
