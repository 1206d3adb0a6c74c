package io.inmesh.internal.route;

import io.inmesh.model.Gateway;
import io.inmesh.model.GatewayServer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Hosts of all Gateways by port and name, the servers of a port taken together. Immutable.
 */
public final class GatewayTable {
    /** No Gateways. */
    public static final GatewayTable NONE = new GatewayTable(
            new RouteTable(List.of(), List.of(), Set.of()), List.of(), ServerHosts.of(List.of()), Set.of());

    private final RouteTable routes;
    private final List<Server> servers;
    private final Set<Integer> ports;
    private final int[] portNumbers;

    private final ServerHosts hosts;
    private final Set<VirtualHost> certified;

    /** A server for HTTP with its Gateway. */
    public record Server(Gateway gateway, GatewayServer server) {}

    /**
     * Makes a table.
     *
     * @param routes by which hosts are found
     * @param servers those for HTTP, in order of precedence
     * @param hosts whom they let in
     * @param certified hosts whose rules are those of servers alone that ask for certificates, by identity
     */
    GatewayTable(RouteTable routes, List<Server> servers, ServerHosts hosts, Set<VirtualHost> certified) {
        this.routes = routes;
        this.hosts = hosts;
        this.certified = certified;
        this.servers = List.copyOf(servers);
        TreeSet<Integer> all = new TreeSet<>();
        servers.forEach(server -> all.add(server.server().port()));
        this.ports = Collections.unmodifiableSet(all);
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
     * Whether only clients with a certificate are let in that ask for an authority ({@code tls.mode} MUTUAL): the server that
     * takes it says so, or no other one has the rules that it leads to.
     */
    public boolean needsClientCertificate(int port, String authority) {
        return hosts.access(authority, port) == ServerHosts.Access.CERTIFIED
                || (!certified.isEmpty() && certified.contains(routes.find(authority, port)));
    }

    /** The host of an authority, null when no rule has it there or its server is not executed. */
    public @Nullable VirtualHost find(String authority, int port) {
        return hosts.access(authority, port) == ServerHosts.Access.NOBODY ? null : routes.find(authority, port);
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
