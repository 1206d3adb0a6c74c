package io.inmesh.internal.route;

import io.inmesh.endpoint.ServiceName;
import io.inmesh.model.GatewayHost;
import io.inmesh.model.GatewayServer;
import io.inmesh.model.ServerTlsSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Whom the servers of Gateways let in, by port and host. As TLS finds a server by the name that is asked for, the server with
 * the most exact host counts; of several the strictest that takes requests. Immutable.
 */
final class ServerHosts {
    /** Ports at which all servers let everybody in are left out. */
    private final int[] ports;

    private final List<List<Claim>> claims;

    private ServerHosts(int[] ports, List<List<Claim>> claims) {
        this.ports = ports;
        this.claims = List.copyOf(claims);
    }

    /** From the widest to the strictest. */
    enum Access {
        EVERYBODY,
        /** Whoever has shown a certificate that was verified. */
        CERTIFIED,
        /** The server is not executed, so what is meant for it is not for another one. */
        NOBODY;

        /** Where two servers have one host: the stricter, but one that is not executed takes nothing from the other. */
        Access or(Access other) {
            if (this == NOBODY || other == NOBODY) {
                return this == NOBODY ? other : this;
            }
            return compareTo(other) > 0 ? this : other;
        }

        static Access of(GatewayServer server) {
            if (!server.takesRequests()) {
                return NOBODY;
            }
            ServerTlsSettings tls = server.tls();
            return tls != null && tls.mode() == ServerTlsSettings.Mode.MUTUAL ? CERTIFIED : EVERYBODY;
        }
    }

    /** What a server has named, in lower case. */
    private record Claim(String pattern, Access access) {
        int exactness() {
            return pattern.startsWith("*") ? pattern.length() : Integer.MAX_VALUE;
        }
    }

    /** Those of servers for HTTP, whether they are executed or not. */
    static ServerHosts of(List<GatewayServer> servers) {
        int[] strict = servers.stream()
                .filter(server -> Access.of(server) != Access.EVERYBODY)
                .mapToInt(GatewayServer::port)
                .distinct()
                .toArray();
        List<List<Claim>> claims = new ArrayList<>();
        for (int port : strict) {
            List<Claim> here = new ArrayList<>();
            for (GatewayServer server : servers) {
                if (server.port() == port) {
                    for (GatewayHost host : server.hosts()) {
                        here.add(new Claim(host.host().toLowerCase(Locale.ROOT), Access.of(server)));
                    }
                }
            }
            claims.add(List.copyOf(here));
        }
        return new ServerHosts(strict, claims);
    }

    /** Who is let in that asks for an authority at a port; everybody where no server has it. */
    Access access(String authority, int port) {
        for (int i = 0; i < ports.length; i++) {
            if (ports[i] == port) {
                return access(claims.get(i), authority);
            }
        }
        return Access.EVERYBODY;
    }

    private static Access access(List<Claim> claims, String authority) {
        String written = RouteTable.host(authority);
        String host = written.endsWith(".") ? written.substring(0, written.length() - 1) : written;
        Access access = Access.EVERYBODY;
        int most = -1;
        for (Claim claim : claims) {
            int exactness = claim.exactness();
            if (exactness < most || !ServiceName.covers(claim.pattern(), host)) {
                continue;
            }
            access = exactness > most ? claim.access() : access.or(claim.access());
            most = exactness;
        }
        return access;
    }
}
