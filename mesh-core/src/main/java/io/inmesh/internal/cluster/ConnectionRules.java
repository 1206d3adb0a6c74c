package io.inmesh.internal.cluster;

import io.inmesh.call.ConnectionSettings;
import io.inmesh.model.ConnectionPoolSettings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a policy says of single connections, in the words of transports (Istio: cluster_traffic_policy.go, applyConnectionPool:
 * the idle timeout of {@code http}, else that of {@code tcp}). Immutable.
 *
 * @param connectTimeoutNanos 0 for the client's own, where no rule says; Istio's 10 s are a proxy's
 * @param settings null where no rule says
 */
public record ConnectionRules(
        long connectTimeoutNanos, @Nullable ConnectionSettings settings) {
    /** Everything is as the client has it. */
    private static final ConnectionRules NONE = new ConnectionRules(0, null);

    private static final ConnectionSettings NOTHING =
            ConnectionSettings.builder().build();

    /** What a policy says. */
    public static ConnectionRules of(ClusterPolicy policy) {
        ConnectionPoolSettings pool = policy.connectionPool();
        if (pool == null) {
            return NONE;
        }
        ConnectionSettings.Builder settings = ConnectionSettings.builder();
        ConnectionPoolSettings.Http http = pool.http();
        Duration idle = http == null ? null : http.idleTimeout();
        if (http != null && http.maxRequestsPerConnection() != null) {
            settings.maxRequests(http.maxRequestsPerConnection());
        }
        ConnectionPoolSettings.Tcp tcp = pool.tcp();
        long connectTimeout = 0;
        if (tcp != null) {
            connectTimeout = nanos(tcp.connectTimeout());
            idle = idle == null ? tcp.idleTimeout() : idle;
            settings.maxDurationNanos(nanos(tcp.maxConnectionDuration())).keepalive(keepalive(tcp.tcpKeepalive()));
        }
        ConnectionSettings said = settings.idleTimeoutNanos(nanos(idle)).build();
        return new ConnectionRules(connectTimeout, said.equals(NOTHING) ? null : said);
    }

    private static ConnectionSettings.@Nullable TcpKeepalive keepalive(
            ConnectionPoolSettings.@Nullable TcpKeepalive given) {
        return given == null
                ? null
                : new ConnectionSettings.TcpKeepalive(
                        given.probes() == null ? 0 : given.probes(), seconds(given.time()), seconds(given.interval()));
    }

    private static int seconds(@Nullable Duration duration) {
        return duration == null ? 0 : (int) Math.max(1, Math.min(Integer.MAX_VALUE, duration.toSeconds()));
    }

    /** What is longer than a clock of nanoseconds can tell is for ever. */
    private static long nanos(@Nullable Duration duration) {
        if (duration == null) {
            return 0;
        }
        try {
            return duration.toNanos();
        } catch (ArithmeticException endless) {
            return 0;
        }
    }
}
