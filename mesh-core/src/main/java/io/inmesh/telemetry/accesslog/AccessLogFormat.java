package io.inmesh.telemetry.accesslog;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
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
            time(line.append('['), entry.startTime()).append("] \"");
            column(line, entry.method());
            column(line.append(' '), entry.path());
            column(line.append(' '), entry.protocol());
            line.append("\" ").append(entry.responseCode()).append(' ');
            column(line, entry.responseFlags());
            column(line.append(' '), entry.responseCodeDetails());
            column(line.append(' '), entry.connectionTerminationDetails());
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
            column(line.append(' '), entry.upstreamCluster());
            column(line.append(' '), entry.upstreamLocalAddress());
            column(line.append(' '), entry.downstreamLocalAddress());
            column(line.append(' '), entry.downstreamRemoteAddress());
            column(line.append(' '), entry.requestedServerName());
            column(line.append(' '), entry.routeName());
            return line.toString();
        }
    },
    /** An object of JSON with Istio's names (Istio: EnvoyJSONLogFormatIstio); null for what is not known. */
    JSON {
        @Override
        public String line(AccessLogEntry entry) {
            StringBuilder line = new StringBuilder(LINE);
            time(line.append("{\"start_time\":\""), entry.startTime()).append('"');
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

    /** An entry as one line. */
    public abstract String line(AccessLogEntry entry);

    /** In UTC, to the millisecond. A formatter of the JDK would be half of the cost of a line. */
    static StringBuilder time(StringBuilder line, Instant time) {
        LocalDateTime utc = LocalDateTime.ofInstant(time, ZoneOffset.UTC);
        padded(line, utc.getYear(), 1000).append('-');
        padded(line, utc.getMonthValue(), 10).append('-');
        padded(line, utc.getDayOfMonth(), 10).append('T');
        padded(line, utc.getHour(), 10).append(':');
        padded(line, utc.getMinute(), 10).append(':');
        padded(line, utc.getSecond(), 10).append('.');
        return padded(line, (int) TimeUnit.NANOSECONDS.toMillis(utc.getNano()), 100)
                .append('Z');
    }

    /** @param least number that has as many digits as are to be written */
    private static StringBuilder padded(StringBuilder line, int value, int least) {
        for (int power = least; power > value && power > 1; power /= 10) {
            line.append('0');
        }
        return line.append(value);
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
