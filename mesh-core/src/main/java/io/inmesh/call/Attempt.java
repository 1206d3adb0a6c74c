package io.inmesh.call;

import io.inmesh.endpoint.Endpoint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One try of a call: where to and what to send. The transport sends its number too, as header {@link #COUNT_HEADER} in
 * place of any that the request has.
 *
 * @param number 1 for the first
 * @param endpoint whom to connect to; null means the address that the request itself names (ServiceEntry resolution
 *     NONE, balancer PASSTHROUGH)
 * @param originalPort port to connect to at the address that the request names; 0 for the request's own, and where there
 *     is an endpoint
 * @param http2 whether a request without TLS goes out in HTTP/2 whatever the client speaks; false leaves it to the client
 * @param authority value of the Host header
 * @param pathAndQuery what to send as path
 * @param headers all headers to send without Host; null means those of the request unchanged
 */
public record Attempt(
        int number,
        @Nullable Endpoint endpoint,
        int originalPort,
        boolean http2,
        String authority,
        String pathAndQuery,
        @Nullable List<HeaderField> headers) {
    /** Header with the number of the attempt, as a sidecar sends it. */
    public static final String COUNT_HEADER = "x-envoy-attempt-count";

    /** Starts an attempt to the address of the request, in the client's protocol and with the request's headers. */
    public static Builder builder(int number, String authority, String pathAndQuery) {
        return new Builder(number, authority, pathAndQuery);
    }

    /** Collects an attempt; not thread-safe. */
    public static final class Builder {
        private final int number;
        private final String authority;
        private final String pathAndQuery;
        private @Nullable Endpoint endpoint;
        private int originalPort;
        private boolean http2;
        private @Nullable List<HeaderField> headers;

        private Builder(int number, String authority, String pathAndQuery) {
            this.number = number;
            this.authority = authority;
            this.pathAndQuery = pathAndQuery;
        }

        /** Whom to connect to; null for the address of the request. */
        public Builder endpoint(@Nullable Endpoint newEndpoint) {
            endpoint = newEndpoint;
            return this;
        }

        /** Port to connect to at the address of the request; 0 for the request's own. */
        public Builder originalPort(int newPort) {
            originalPort = newPort;
            return this;
        }

        /** Whether a request without TLS goes out in HTTP/2 whatever the client speaks. */
        public Builder http2(boolean newHttp2) {
            http2 = newHttp2;
            return this;
        }

        /** All headers to send without Host; null for those of the request. */
        public Builder headers(@Nullable List<HeaderField> newHeaders) {
            headers = newHeaders;
            return this;
        }

        /** The attempt. */
        public Attempt build() {
            return new Attempt(number, endpoint, originalPort, http2, authority, pathAndQuery, headers);
        }
    }
}
