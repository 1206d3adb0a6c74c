package io.inmesh.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Fixed answer given by InMesh itself (Istio: HTTPDirectResponse). Immutable; the body is copied in and out. */
public final class HttpDirectResponse {
    private final int status;
    private final byte[] body;

    /**
     * Makes a response.
     *
     * @param status 200 to 599
     * @param body may be empty
     */
    public HttpDirectResponse(int status, byte[] body) {
        this.status = status;
        this.body = body.clone();
    }

    /** The status code. */
    public int status() {
        return status;
    }

    /** A copy of the body. */
    public byte[] body() {
        return body.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HttpDirectResponse that && status == that.status && Arrays.equals(body, that.body);
    }

    @Override
    public int hashCode() {
        return 31 * status + Arrays.hashCode(body);
    }

    @Override
    public String toString() {
        return "HttpDirectResponse[status=" + status + ", body=" + new String(body, StandardCharsets.UTF_8) + "]";
    }
}
