package io.inmesh.call;

import java.util.List;

/** A response that InMesh gives by itself: redirect, direct response, injected abort. Immutable. */
public final class SyntheticResponse {
    private final int status;
    private final List<HeaderField> headers;
    private final byte[] body;

    /**
     * Makes a response.
     *
     * @param status 200 to 599
     * @param headers in order, content-type included where there is a body
     * @param body may be empty
     */
    public SyntheticResponse(int status, List<HeaderField> headers, byte[] body) {
        this.status = status;
        this.headers = List.copyOf(headers);
        this.body = body.clone();
    }

    /** The status code. */
    public int status() {
        return status;
    }

    /** The headers. */
    public List<HeaderField> headers() {
        return headers;
    }

    /** A copy of the body. */
    public byte[] body() {
        return body.clone();
    }
}
