package io.inmesh.internal.istio;

import io.inmesh.internal.text.Message;
import io.inmesh.internal.text.Message.Value;
import io.inmesh.internal.text.MessageText;
import io.inmesh.internal.text.Place;
import io.inmesh.model.IpAddress;
import io.inmesh.model.ObjectMeta;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What Istio requires of a Gateway and its servers (pkg/config/validation: ValidateGateway). */
final class GatewayServerRules {
    private static final Set<String> HTTP = Set.of("http", "http2", "http_proxy", "grpc", "grpc-web");
    private static final Set<String> TLS = Set.of("https", "tls");
    private static final Set<String> STREAMS = Set.of("tcp", "udp", "mongo", "redis", "mysql", "hbone", "double-hbone");

    private final RuleChecks checks;
    private final ServerTlsRules tls;

    GatewayServerRules(RuleChecks checks) {
        this.checks = checks;
        tls = new ServerTlsRules(checks);
    }

    void check(ObjectMeta meta, Message spec) {
        if (!NameRules.isDnsLabel(meta.name())) {
            checks.error(
                    spec.place().beside("metadata"),
                    meta.name().isEmpty()
                            ? "the Gateway has no name"
                            : MessageText.quote(meta.name()) + " is not a name for a Gateway",
                    "use letters, digits and inner dashes, at most 63, in metadata.name");
        }
        List<Message> servers = spec.messages("servers");
        if (servers.isEmpty()) {
            checks.error(spec.place("servers"), "the Gateway has no server", "add servers with port and hosts");
        }
        Set<String> portNames = new HashSet<>();
        for (Message server : servers) {
            server(server);
            Message port = server.message("port");
            String name = port == null ? "" : port.string("name");
            if (port != null && !name.isEmpty() && !portNames.add(name)) {
                checks.error(
                        port.place("name"),
                        "the port name " + MessageText.quote(name) + " is there twice",
                        "give each server's port a name of its own");
            }
        }
    }

    /** Whether a server's requests are HTTP without TLS. */
    static boolean isPlainHttp(String protocol) {
        return HTTP.contains(protocol.toLowerCase(Locale.ROOT));
    }

    /** Whether connections to a server begin with TLS. */
    static boolean isTls(String protocol) {
        return TLS.contains(protocol.toLowerCase(Locale.ROOT));
    }

    private void server(Message server) {
        List<Value> hosts = server.list("hosts");
        if (hosts.isEmpty()) {
            checks.error(server.place("hosts"), "the server has no host", "add hosts, such as [\"*\"] for all");
        }
        hosts.forEach(this::host);
        Message port = server.message("port");
        if (port == null) {
            checks.error(
                    server.place("port"),
                    "the server has no port",
                    "add port: {number: 80, name: http, protocol: HTTP}");
        } else {
            port(port, server.string("bind"));
        }
        bind(server, port);
        tls.check(server);
    }

    private void host(Value host) {
        String text = host.string();
        int slash = text.indexOf('/');
        String name = text.substring(slash + 1);
        if (slash >= 0) {
            String namespace = text.substring(0, slash);
            if (!namespace.equals("*") && !namespace.equals(".") && !NameRules.isDnsLabel(namespace)) {
                checks.error(
                        host.place(),
                        MessageText.quote(namespace) + " is not a namespace",
                        "write namespace/host with a namespace, \".\" for the Gateway's own or \"*\" for all");
            }
        }
        hostName(name, host.place());
    }

    private void hostName(String name, Place place) {
        String fix = "write a full name such as shop.example.com, *.example.com, or * for all";
        String problem = NameRules.wildcardHostProblem(name);
        if (problem != null && !IpAddress.isValid(name)) {
            checks.error(place, problem, fix);
        } else if (NameRules.isPartialWildcard(name)) {
            checks.error(place, "a star is a whole part of a name", fix);
        } else if (!name.equals("*") && name.indexOf('.') < 0 && name.indexOf(':') < 0) {
            checks.error(place, "the short name " + MessageText.quote(name) + " is no host of a gateway", fix);
        }
    }

    private void port(Message port, String bind) {
        String protocol = port.string("protocol").toLowerCase(Locale.ROOT);
        if (!HTTP.contains(protocol) && !TLS.contains(protocol) && !STREAMS.contains(protocol)) {
            checks.error(
                    port.place("protocol"),
                    protocol.isEmpty()
                            ? "the port has no protocol"
                            : MessageText.quote(port.string("protocol")) + " is not a protocol",
                    "write HTTP, HTTPS, HTTP2, GRPC, GRPC-WEB, TLS or TCP");
        }
        if (port.number("number") > 0 || !bind.startsWith(ServiceEntryRules.UNIX)) {
            checks.port(port.number("number"), port.place("number"));
        }
        if (port.number("targetPort") > 0) {
            checks.error(port.place("targetPort"), "targetPort does nothing at a gateway", "remove it");
        }
        if (port.string("name").isEmpty()) {
            checks.error(port.place("name"), "the port has no name", "add a name such as http, unique in the Gateway");
        }
    }

    private void bind(Message server, @Nullable Message port) {
        String bind = server.string("bind");
        if (bind.startsWith(ServiceEntryRules.UNIX)) {
            String path = bind.substring(ServiceEntryRules.UNIX.length());
            if (!path.startsWith("@") && (!path.startsWith("/") || path.endsWith("/"))) {
                checks.error(
                        server.place("bind"),
                        MessageText.quote(path) + " is not the path of a file",
                        "write an absolute path, such as unix:///run/gateway");
            }
            if (port != null && port.number("number") != 0) {
                checks.error(port.place("number"), "a Unix domain socket has no port", "write number: 0");
            }
        } else if (!bind.isEmpty() && !IpAddress.isValid(bind)) {
            checks.error(
                    server.place("bind"), MessageText.quote(bind) + " is not an IP address", "write one, or remove it");
        }
    }
}
