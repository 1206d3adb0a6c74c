package io.inmesh.telemetry.accesslog;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One finished call, or one request that came in and was answered, as an access log has it (Istio: telemetry_logging.go
 * EnvoyTextLogFormat). Values are as they came, whatever they hold; {@link AccessLogFormat} makes them safe to write. Null is
 * what is not known.
 *
 * @param direction which way it went
 * @param startTime when it began
 * @param method as sent
 * @param path raw path with query, before any rewrite
 * @param protocol such as {@code HTTP/1.1}
 * @param responseCode status of the answer, or the one that a sidecar would have answered; 0 where nobody was there to be answered
 * @param responseFlags why it was not answered by whom it was for, as Envoy has it, such as {@code UF}; null where it was
 * @param responseCodeDetails what has made the answer, in Envoy's words
 * @param connectionTerminationDetails always null: InMesh has no such thing to tell
 * @param upstreamTransportFailureReason why the last attempt could not be sent
 * @param bytesReceived bytes of the request's body, -1 when not known
 * @param bytesSent bytes of the answer's body, -1 when not known
 * @param durationNanos from its beginning to the end of the answer's body
 * @param upstreamServiceNanos from the beginning of the last attempt to the head of its answer, -1 without one
 * @param forwardedFor {@code x-forwarded-for} of the request
 * @param userAgent {@code user-agent} of the request
 * @param requestId {@code x-request-id} of the request, or of the one on whose behalf a call is made
 * @param authority host, with a port where one was written; of a call the one that was sent last
 * @param upstreamHost address and port that the last attempt went to; of a request that came in those of this application
 * @param upstreamCluster {@code outbound|port|subset|fqdn}, {@code inbound|port||}, {@code PassthroughCluster} or {@code BlackHoleCluster}
 * @param upstreamLocalAddress always null: the client does not tell
 * @param downstreamLocalAddress address and port that a request came in at; null for a call
 * @param downstreamRemoteAddress address and port that a request came from; null for a call
 * @param requestedServerName always null: servlet containers do not tell
 * @param routeName name of the route
 */
public record AccessLogEntry(
        Direction direction,
        Instant startTime,
        @Nullable String method,
        @Nullable String path,
        @Nullable String protocol,
        int responseCode,
        @Nullable String responseFlags,
        @Nullable String responseCodeDetails,
        @Nullable String connectionTerminationDetails,
        @Nullable String upstreamTransportFailureReason,
        long bytesReceived,
        long bytesSent,
        long durationNanos,
        long upstreamServiceNanos,
        @Nullable String forwardedFor,
        @Nullable String userAgent,
        @Nullable String requestId,
        @Nullable String authority,
        @Nullable String upstreamHost,
        @Nullable String upstreamCluster,
        @Nullable String upstreamLocalAddress,
        @Nullable String downstreamLocalAddress,
        @Nullable String downstreamRemoteAddress,
        @Nullable String requestedServerName,
        @Nullable String routeName) {
    /** Which way it went. */
    public enum Direction {
        /** A call of this application. */
        OUTBOUND,
        /** A request to this application. */
        INBOUND,
        /** A request that came in at a gateway, and was sent on unless something spoke against it. */
        GATEWAY
    }

    /** Starts to describe an entry of which nothing is known. */
    public static Builder builder(Direction direction, Instant startTime) {
        return new Builder(direction, startTime);
    }

    /** Describes an entry; every value may be left out. Used by one thread at a time. */
    public static final class Builder {
        private Direction direction;
        private final Instant startTime;
        private @Nullable String method;
        private @Nullable String path;
        private @Nullable String protocol;
        private int responseCode;
        private @Nullable String responseFlags;
        private @Nullable String responseCodeDetails;
        private @Nullable String connectionTerminationDetails;
        private @Nullable String upstreamTransportFailureReason;
        private long bytesReceived = -1;
        private long bytesSent = -1;
        private long durationNanos;
        private long upstreamServiceNanos = -1;
        private @Nullable String forwardedFor;
        private @Nullable String userAgent;
        private @Nullable String requestId;
        private @Nullable String authority;
        private @Nullable String upstreamHost;
        private @Nullable String upstreamCluster;
        private @Nullable String upstreamLocalAddress;
        private @Nullable String downstreamLocalAddress;
        private @Nullable String downstreamRemoteAddress;
        private @Nullable String requestedServerName;
        private @Nullable String routeName;

        private Builder(Direction direction, Instant startTime) {
            this.direction = Objects.requireNonNull(direction);
            this.startTime = Objects.requireNonNull(startTime);
        }

        /** {@link AccessLogEntry#direction}. */
        public Builder direction(Direction newValue) {
            direction = newValue;
            return this;
        }

        /** {@link AccessLogEntry#method}. */
        public Builder method(@Nullable String newValue) {
            method = newValue;
            return this;
        }

        /** {@link AccessLogEntry#path}. */
        public Builder path(@Nullable String newValue) {
            path = newValue;
            return this;
        }

        /** {@link AccessLogEntry#protocol}. */
        public Builder protocol(@Nullable String newValue) {
            protocol = newValue;
            return this;
        }

        /** {@link AccessLogEntry#responseCode}. */
        public Builder responseCode(int newValue) {
            responseCode = newValue;
            return this;
        }

        /** {@link AccessLogEntry#responseFlags}. */
        public Builder responseFlags(@Nullable String newValue) {
            responseFlags = newValue;
            return this;
        }

        /** {@link AccessLogEntry#responseCodeDetails}. */
        public Builder responseCodeDetails(@Nullable String newValue) {
            responseCodeDetails = newValue;
            return this;
        }

        /** {@link AccessLogEntry#connectionTerminationDetails}. */
        public Builder connectionTerminationDetails(@Nullable String newValue) {
            connectionTerminationDetails = newValue;
            return this;
        }

        /** {@link AccessLogEntry#upstreamTransportFailureReason}. */
        public Builder upstreamTransportFailureReason(@Nullable String newValue) {
            upstreamTransportFailureReason = newValue;
            return this;
        }

        /** {@link AccessLogEntry#bytesReceived}. */
        public Builder bytesReceived(long newValue) {
            bytesReceived = newValue;
            return this;
        }

        /** {@link AccessLogEntry#bytesSent}. */
        public Builder bytesSent(long newValue) {
            bytesSent = newValue;
            return this;
        }

        /** {@link AccessLogEntry#durationNanos}. */
        public Builder durationNanos(long newValue) {
            durationNanos = newValue;
            return this;
        }

        /** {@link AccessLogEntry#upstreamServiceNanos}. */
        public Builder upstreamServiceNanos(long newValue) {
            upstreamServiceNanos = newValue;
            return this;
        }

        /** {@link AccessLogEntry#forwardedFor}. */
        public Builder forwardedFor(@Nullable String newValue) {
            forwardedFor = newValue;
            return this;
        }

        /** {@link AccessLogEntry#userAgent}. */
        public Builder userAgent(@Nullable String newValue) {
            userAgent = newValue;
            return this;
        }

        /** {@link AccessLogEntry#requestId}. */
        public Builder requestId(@Nullable String newValue) {
            requestId = newValue;
            return this;
        }

        /** {@link AccessLogEntry#authority}. */
        public Builder authority(@Nullable String newValue) {
            authority = newValue;
            return this;
        }

        /** {@link AccessLogEntry#upstreamHost}. */
        public Builder upstreamHost(@Nullable String newValue) {
            upstreamHost = newValue;
            return this;
        }

        /** {@link AccessLogEntry#upstreamCluster}. */
        public Builder upstreamCluster(@Nullable String newValue) {
            upstreamCluster = newValue;
            return this;
        }

        /** {@link AccessLogEntry#upstreamLocalAddress}. */
        public Builder upstreamLocalAddress(@Nullable String newValue) {
            upstreamLocalAddress = newValue;
            return this;
        }

        /** {@link AccessLogEntry#downstreamLocalAddress}. */
        public Builder downstreamLocalAddress(@Nullable String newValue) {
            downstreamLocalAddress = newValue;
            return this;
        }

        /** {@link AccessLogEntry#downstreamRemoteAddress}. */
        public Builder downstreamRemoteAddress(@Nullable String newValue) {
            downstreamRemoteAddress = newValue;
            return this;
        }

        /** {@link AccessLogEntry#requestedServerName}. */
        public Builder requestedServerName(@Nullable String newValue) {
            requestedServerName = newValue;
            return this;
        }

        /** {@link AccessLogEntry#routeName}. */
        public Builder routeName(@Nullable String newValue) {
            routeName = newValue;
            return this;
        }

        /** The entry. */
        public AccessLogEntry build() {
            return new AccessLogEntry(
                    direction,
                    startTime,
                    method,
                    path,
                    protocol,
                    responseCode,
                    responseFlags,
                    responseCodeDetails,
                    connectionTerminationDetails,
                    upstreamTransportFailureReason,
                    bytesReceived,
                    bytesSent,
                    durationNanos,
                    upstreamServiceNanos,
                    forwardedFor,
                    userAgent,
                    requestId,
                    authority,
                    upstreamHost,
                    upstreamCluster,
                    upstreamLocalAddress,
                    downstreamLocalAddress,
                    downstreamRemoteAddress,
                    requestedServerName,
                    routeName);
        }
    }
}
