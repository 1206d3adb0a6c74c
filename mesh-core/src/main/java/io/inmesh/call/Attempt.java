package io.inmesh.call;

import io.inmesh.endpoint.Endpoint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one attempt of a call sends, and where to. The transport sends its count too, as header {@link #COUNT_HEADER} in
 * place of any that the request has. Made by {@link #builder}, never by the constructor: it gets more parts with time (what
 * to present and accept under TLS, for one), of which the builder knows the value that changes nothing.
 *
 * @param number 1 for the first
 * @param count the number, and one more for each time that the request has been repeated before on whose behalf the call is made
 * @param endpoint whom to connect to; null means the address that the request itself names (ServiceEntry resolution
 *     NONE, balancer PASSTHROUGH)
 * @param originalPort port to connect to at the address that the request names; 0 for the request's own, and where there
 *     is an endpoint
 * @param connectTimeoutNanos how long to wait for a connection; 0 for as long as the client does, and a transport that
 *     cannot tell its client may keep to that
 * @param connection how connections that it may use are made and kept; null for as the client has it
 * @param http2 whether a request without TLS goes out in HTTP/2 whatever the client speaks; false leaves it to the client
 * @param scheme {@code http} or {@code https}: whether to speak TLS
 * @param authority value of the Host header
 * @param pathAndQuery what to send as path
 * @param headers all headers to send without Host; null means those of the request unchanged
 * @param traffic where the transport counts what the attempt carries; null when nobody asks
 */
public record Attempt(
        int number,
        int count,
        @Nullable Endpoint endpoint,
        int originalPort,
        long connectTimeoutNanos,
        @Nullable ConnectionSettings connection,
        boolean http2,
        String scheme,
        String authority,
        String pathAndQuery,
        @Nullable List<HeaderField> headers,
        @Nullable AttemptTraffic traffic) {
    /** Header with the count of the attempt, as a sidecar sends it. */
    public static final String COUNT_HEADER = "x-envoy-attempt-count";

    /** Starts an attempt that sends a request as it is to the address that it names, in the client's protocol. */
    public static Builder builder(int number, RequestHead request) {
        return new Builder(number, request.scheme(), request.authority(), request.pathAndQuery());
    }

    /** Collects an attempt; not thread-safe. */
    public static final class Builder {
        private final int number;
        private int count;
        private @Nullable Endpoint endpoint;
        private int originalPort;
        private long connectTimeoutNanos;
        private @Nullable ConnectionSettings connection;
        private boolean http2;
        private String scheme;
        private String authority;
        private String pathAndQuery;
        private @Nullable List<HeaderField> headers;
        private @Nullable AttemptTraffic traffic;

        private Builder(int number, String scheme, String authority, String pathAndQuery) {
            this.number = number;
            this.count = number;
            this.scheme = scheme;
            this.authority = authority;
            this.pathAndQuery = pathAndQuery;
        }

        /** What to send as {@link #COUNT_HEADER}; the number unless told. */
        public Builder count(int newCount) {
            count = newCount;
            return this;
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

        /** How long to wait for a connection; 0 for as long as the client does. */
        public Builder connectTimeoutNanos(long newTimeout) {
            connectTimeoutNanos = newTimeout;
            return this;
        }

        /** How connections that it may use are made and kept; null for as the client has it. */
        public Builder connection(@Nullable ConnectionSettings newConnection) {
            connection = newConnection;
            return this;
        }

        /** Whether a request without TLS goes out in HTTP/2 whatever the client speaks. */
        public Builder http2(boolean newHttp2) {
            http2 = newHttp2;
            return this;
        }

        /** {@code http} or {@code https}. */
        public Builder scheme(String newScheme) {
            scheme = newScheme;
            return this;
        }

        /** Value of the Host header. */
        public Builder authority(String newAuthority) {
            authority = newAuthority;
            return this;
        }

        /** What to send as path. */
        public Builder pathAndQuery(String newPathAndQuery) {
            pathAndQuery = newPathAndQuery;
            return this;
        }

        /** All headers to send without Host; null for those of the request. */
        public Builder headers(@Nullable List<HeaderField> newHeaders) {
            headers = newHeaders;
            return this;
        }

        /** Where the transport counts what the attempt carries; null when nobody asks. */
        public Builder traffic(@Nullable AttemptTraffic newTraffic) {
            traffic = newTraffic;
            return this;
        }

        /** The attempt. */
        public Attempt build() {
            return new Attempt(
                    number,
                    count,
                    endpoint,
                    originalPort,
                    connectTimeoutNanos,
                    connection,
                    http2,
                    scheme,
                    authority,
                    pathAndQuery,
                    headers,
                    traffic);
        }
    }
}
