package io.inmesh.internal.route;

import io.inmesh.endpoint.ServiceName;
import io.inmesh.model.Gateway;
import io.inmesh.model.GatewayHost;
import io.inmesh.model.GatewayServer;
import io.inmesh.model.ServerTlsSettings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Hosts of all Gateways by port and name, the servers of a port taken together. Immutable.
 */
public final class GatewayTable {
    /** No Gateways. */
    public static final GatewayTable NONE = new GatewayTable(new RouteTable(List.of(), List.of(), Set.of()), List.of());

    private final RouteTable routes;
    private final List<Server> servers;
    private final Set<Integer> ports;
    private final int[] portNumbers;

    /** Ports at which a server asks for certificates. */
    private final Set<Integer> mutual;

    /** A server for HTTP with its Gateway. */
    public record Server(Gateway gateway, GatewayServer server) {}

    /**
     * Makes a table.
     *
     * @param routes by which hosts are found
     * @param servers those for HTTP, in order of precedence
     */
    GatewayTable(RouteTable routes, List<Server> servers) {
        this.routes = routes;
        this.servers = List.copyOf(servers);
        TreeSet<Integer> all = new TreeSet<>();
        servers.forEach(server -> all.add(server.server().port()));
        this.ports = Collections.unmodifiableSet(all);
        this.mutual = servers.stream()
                .map(Server::server)
                .filter(GatewayTable::isMutual)
                .map(GatewayServer::port)
                .collect(Collectors.toUnmodifiableSet());
        this.portNumbers = all.stream().mapToInt(port -> port).toArray();
    }

    /** Ports of servers, in order. */
    public Set<Integer> ports() {
        return ports;
    }

    /** Whether there is a server at a port. */
    public boolean serves(int port) {
        for (int one : portNumbers) {
            if (one == port) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether the server that takes an authority lets in only clients with a certificate ({@code tls.mode} MUTUAL). As TLS finds
     * a server by the name that is asked for: the most specific host has it.
     */
    public boolean needsClientCertificate(int port, String authority) {
        if (!mutual.contains(port)) {
            return false;
        }
        String host = RouteTable.host(authority);
        int most = -1;
        boolean needed = false;
        for (Server one : servers) {
            GatewayServer server = one.server();
            if (server.port() != port) {
                continue;
            }
            for (GatewayHost taken : server.hosts()) {
                String pattern = taken.host().toLowerCase(Locale.ROOT);
                int specific = pattern.startsWith("*") ? pattern.length() : Integer.MAX_VALUE;
                if (specific >= most && ServiceName.covers(pattern, host)) {
                    needed = isMutual(server) || (needed && specific == most);
                    most = specific;
                }
            }
        }
        return needed;
    }

    private static boolean isMutual(GatewayServer server) {
        ServerTlsSettings tls = server.tls();
        return tls != null && tls.mode() == ServerTlsSettings.Mode.MUTUAL;
    }

    /** The host of an authority, null when no rule has it there. */
    public @Nullable VirtualHost find(String authority, int port) {
        return routes.find(authority, port);
    }

    /** Hosts and the clusters that their routes lead to. */
    public RouteTable routes() {
        return routes;
    }

    /** Servers at a port, in order of precedence. */
    public List<Server> serversAt(int port) {
        List<Server> there = new ArrayList<>();
        for (Server server : servers) {
            if (server.server().port() == port) {
                there.add(server);
            }
        }
        return there;
    }
}
