package io.inmesh.internal.snapshot;

import io.inmesh.endpoint.ServiceName;
import io.inmesh.internal.route.GatewayTable;
import io.inmesh.internal.route.GatewayTable.Server;
import io.inmesh.internal.route.RouteTable;
import io.inmesh.internal.route.VirtualHost;
import io.inmesh.model.Gateway;
import io.inmesh.model.GatewayHost;
import io.inmesh.model.GatewayName;
import io.inmesh.model.GatewayServer;
import io.inmesh.model.ObjectMeta;
import io.inmesh.model.Origin;
import io.inmesh.model.VirtualService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** For explain: which server of which Gateway takes a request, which rules are bound to it, and why others are not. */
final class GatewayStory {
    private final Background background;
    private final GatewayTable table;
    private final int port;
    private final String host;
    private final String authority;
    private final List<Server> servers;

    /**
     * Tells of one request.
     *
     * @param port of the Gateway's server
     */
    GatewayStory(Background background, GatewayTable table, int port, String authority) {
        this.background = background;
        this.table = table;
        this.port = port;
        this.authority = authority;
        this.host = RouteTable.host(authority);
        this.servers = table.serversAt(port);
    }

    /** Why nobody takes the request. */
    List<String> noHost() {
        List<String> story = new ArrayList<>();
        if (servers.isEmpty()) {
            story.add("no Gateway has a server for HTTP at port " + port
                    + (table.ports().isEmpty()
                            ? ": the rules have no such Gateway"
                            : ", only at port " + Decision.words(List.copyOf(table.ports())))
                    + ": NR");
            for (Gateway gateway : background.config().gateways()) {
                gateway.servers().stream()
                        .filter(server -> server.port() == port && !server.takesRequests())
                        .forEach(server -> story.add(server(gateway, server) + " takes none: " + whyNone(server)));
            }
            return story;
        }
        story.add("no rule has host " + authority + " at a Gateway's port " + port + ": NR");
        servers.forEach(one -> story.add(server(one.gateway(), one.server()) + " takes " + hosts(one.server())));
        story.addAll(notBound("", ""));
        return story;
    }

    /** Who takes the request. */
    List<String> host(VirtualHost found) {
        List<String> story = new ArrayList<>();
        story.add(authority + " is " + found.name() + " at port " + port
                + (found.virtualService().isEmpty()
                        ? ", which no VirtualService routes"
                        : ", routed by VirtualService " + found.virtualService()
                                + (found.origin() == Origin.NONE ? "" : " (" + found.origin() + ")")));
        for (Server one : servers) {
            if (one.server().hosts().stream().anyMatch(taken -> meet(taken.host(), found.name()))) {
                story.add(server(one.gateway(), one.server()) + " takes " + hosts(one.server()));
            }
        }
        story.addAll(notBound(found.virtualService(), found.name()));
        return story;
    }

    private static boolean meet(String some, String other) {
        return ServiceName.covers(some, other) || ServiceName.covers(other, some);
    }

    /** Rules that have the host and do not route it here. */
    private List<String> notBound(String routing, String found) {
        List<String> hints = new ArrayList<>();
        List<String> bound = Arrays.asList(routing.split(", "));
        for (VirtualService rule : background.config().virtualServices()) {
            if (bound.contains(rule.meta().qualifiedName())) {
                continue;
            }
            for (String written : rule.hosts()) {
                if (ServiceName.covers(background.resolve(written, rule.meta()), host)) {
                    hints.add(Background.named("VirtualService", rule.meta()) + " has host " + written + ", but "
                            + obstacle(rule, written, found));
                    break;
                }
            }
        }
        return hints;
    }

    private String obstacle(VirtualService rule, String written, String found) {
        ObjectMeta meta = rule.meta();
        List<GatewayName> named = rule.gateways().stream()
                .map(gateway -> GatewayName.of(gateway, meta.namespace()))
                .filter(gateway -> !gateway.isMesh())
                .toList();
        if (named.isEmpty()) {
            return "it is for calls between services only: add "
                    + (servers.isEmpty()
                            ? "a Gateway"
                            : servers.get(0).gateway().gatewayName())
                    + " to its gateways";
        }
        if (!background.sees(rule.exportTo(), meta.namespace())) {
            return "it is in namespace " + meta.namespace() + " and " + background.notExported(rule.exportTo());
        }
        List<Server> bound = servers.stream()
                .filter(one -> named.contains(one.gateway().gatewayName()))
                .toList();
        if (bound.isEmpty()) {
            return noServer(named);
        }
        String full = background.resolve(written, meta);
        if (bound.stream().noneMatch(one -> takes(one.server(), full, meta.namespace()))) {
            return bound.stream()
                    .map(one -> server(one.gateway(), one.server()) + " takes " + hosts(one.server()))
                    .collect(Collectors.joining("; ", "", ", not this host of namespace " + meta.namespace()));
        }
        return found.isEmpty() || full.equals(found)
                ? "none of its routes is for this gateway and port"
                : "a request for it follows the nearer host " + found;
    }

    private String noServer(List<GatewayName> named) {
        String names = named.stream().map(GatewayName::toString).collect(Collectors.joining(", "));
        boolean known = background.config().gateways().stream()
                .map(Gateway::gatewayName)
                .anyMatch(named::contains);
        return known
                ? "its Gateway " + names + " has no server for HTTP at port " + port
                : "its Gateway " + names + " is not among the rules";
    }

    private static boolean takes(GatewayServer server, String full, String namespace) {
        return server.hosts().stream().anyMatch(taken -> taken.isFor(namespace) && meet(taken.host(), full));
    }

    private static String whyNone(GatewayServer server) {
        return server.refused()
                ? "it asks for something that is not executed and that no request may be taken without"
                : "it is for " + server.protocol()
                        + (server.tls() == null
                                ? ""
                                : " with tls.mode " + server.tls().mode())
                        + ", and only requests of HTTP are routed whose TLS ends here";
    }

    private static String hosts(GatewayServer server) {
        return server.hosts().stream().map(GatewayStory::host).collect(Collectors.joining(", "));
    }

    private static String host(GatewayHost taken) {
        return taken.namespace().equals("*") ? taken.host() : taken.host() + " of namespace " + taken.namespace();
    }

    /** {@code server http (file:line) of Gateway default/gw}. */
    private static String server(Gateway gateway, GatewayServer server) {
        String name = server.name().isEmpty() ? server.portName() : server.name();
        return "server " + (name.isEmpty() ? "" : name + " ")
                + (server.origin() == Origin.NONE ? "" : "at " + server.origin() + " ") + "of Gateway "
                + gateway.meta().qualifiedName();
    }
}
