package io.inmesh.telemetry.accesslog;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How an entry is written: one line, without its end, whatever its values hold. Characters that would end a line or a quote, or
 * that cannot be seen, are escaped as in JSON; of each value no more than 2048 characters are written.
 */
public enum AccessLogFormat {
    /** Istio's order of columns; {@code -} for what is not known (Istio: EnvoyTextLogFormat). */
    TEXT {
        @Override
        public String line(AccessLogEntry entry) {
            StringBuilder line = new StringBuilder(LINE);
            line.append('[').append(time(entry.startTime())).append("] \"");
            column(line, entry.method());
            line.append(' ');
            column(line, entry.path());
            line.append(' ');
            column(line, entry.protocol());
            line.append("\" ").append(entry.responseCode()).append(' ');
            column(line, entry.responseFlags());
            line.append(' ');
            column(line, entry.responseCodeDetails());
            line.append(' ');
            column(line, entry.connectionTerminationDetails());
            quoted(line, entry.upstreamTransportFailureReason());
            number(line, entry.bytesReceived());
            number(line, entry.bytesSent());
            number(line, millis(entry.durationNanos()));
            number(line, millis(entry.upstreamServiceNanos()));
            quoted(line, entry.forwardedFor());
            quoted(line, entry.userAgent());
            quoted(line, entry.requestId());
            quoted(line, entry.authority());
            quoted(line, entry.upstreamHost());
            for (String value : new @Nullable String[] {
                entry.upstreamCluster(),
                entry.upstreamLocalAddress(),
                entry.downstreamLocalAddress(),
                entry.downstreamRemoteAddress(),
                entry.requestedServerName(),
                entry.routeName()
            }) {
                line.append(' ');
                column(line, value);
            }
            return line.toString();
        }
    },
    /** An object of JSON with Istio's names (Istio: EnvoyJSONLogFormatIstio); null for what is not known. */
    JSON {
        @Override
        public String line(AccessLogEntry entry) {
            StringBuilder line = new StringBuilder(LINE);
            line.append("{\"start_time\":\"").append(time(entry.startTime())).append('"');
            text(line, "method", entry.method());
            text(line, "path", entry.path());
            text(line, "protocol", entry.protocol());
            whole(line, "response_code", entry.responseCode());
            text(line, "response_flags", entry.responseFlags() == null ? UNKNOWN : entry.responseFlags());
            text(line, "response_code_details", entry.responseCodeDetails());
            text(line, "connection_termination_details", entry.connectionTerminationDetails());
            text(line, "upstream_transport_failure_reason", entry.upstreamTransportFailureReason());
            whole(line, "bytes_received", entry.bytesReceived());
            whole(line, "bytes_sent", entry.bytesSent());
            whole(line, "duration", millis(entry.durationNanos()));
            whole(line, "upstream_service_time", millis(entry.upstreamServiceNanos()));
            text(line, "x_forwarded_for", entry.forwardedFor());
            text(line, "user_agent", entry.userAgent());
            text(line, "request_id", entry.requestId());
            text(line, "authority", entry.authority());
            text(line, "upstream_host", entry.upstreamHost());
            text(line, "upstream_cluster", entry.upstreamCluster());
            text(line, "upstream_local_address", entry.upstreamLocalAddress());
            text(line, "downstream_local_address", entry.downstreamLocalAddress());
            text(line, "downstream_remote_address", entry.downstreamRemoteAddress());
            text(line, "requested_server_name", entry.requestedServerName());
            text(line, "route_name", entry.routeName());
            return line.append('}').toString();
        }
    };

    private static final int LINE = 512;
    private static final String UNKNOWN = "-";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    /** An entry as one line. */
    public abstract String line(AccessLogEntry entry);

    static String time(Instant time) {
        return TIME.format(time);
    }

    static long millis(long nanos) {
        return nanos < 0 ? -1 : TimeUnit.NANOSECONDS.toMillis(nanos);
    }

    static void column(StringBuilder line, @Nullable String value) {
        if (value == null || value.isEmpty()) {
            line.append(UNKNOWN);
        } else {
            SafeText.append(line, value, true);
        }
    }

    static void quoted(StringBuilder line, @Nullable String value) {
        line.append(" \"");
        if (value == null || value.isEmpty()) {
            line.append(UNKNOWN);
        } else {
            SafeText.append(line, value, false);
        }
        line.append('"');
    }

    static void number(StringBuilder line, long value) {
        line.append(' ');
        if (value < 0) {
            line.append(UNKNOWN);
        } else {
            line.append(value);
        }
    }

    static void text(StringBuilder line, String name, @Nullable String value) {
        line.append(",\"").append(name).append("\":");
        if (value == null) {
            line.append("null");
        } else {
            line.append('"');
            SafeText.append(line, value, false);
            line.append('"');
        }
    }

    static void whole(StringBuilder line, String name, long value) {
        line.append(",\"").append(name).append("\":");
        if (value < 0) {
            line.append("null");
        } else {
            line.append(value);
        }
    }
}
