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
    public static final GatewayTable NONE = new GatewayTable(new RouteTable(List.of(), List.of(), Set.of()), List.of());

    private final RouteTable routes;
    private final List<Server> servers;
    private final Set<Integer> ports;
    private final int[] portNumbers;

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
