package io.inmesh.internal.istio;

import io.inmesh.internal.text.Message;
import io.inmesh.internal.text.Message.Value;
import io.inmesh.internal.text.MessageText;
import io.inmesh.internal.text.Place;
import io.inmesh.model.AddressBlock;
import io.inmesh.model.IpAddress;
import io.inmesh.model.ObjectMeta;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What Istio requires of a ServiceEntry (pkg/config/validation: ValidateServiceEntry). */
final class ServiceEntryRules {
    static final String UNIX = "unix://";

    private static final Set<String> HTTP = Set.of("http", "http2", "http_proxy", "grpc", "grpc-web");
    private static final Set<String> TLS = Set.of("https", "tls");
    private static final Set<String> OTHERS = Set.of("tcp", "udp", "mongo", "redis", "mysql", "hbone", "double-hbone");

    private final RuleChecks checks;

    ServiceEntryRules(RuleChecks checks) {
        this.checks = checks;
    }

    void check(ObjectMeta meta, Message spec) {
        Message selector = spec.message("workloadSelector");
        List<Message> endpoints = spec.messages("endpoints");
        if (selector != null) {
            checks.selector(selector, "labels");
            if (!endpoints.isEmpty()) {
                checks.error(
                        spec.place("endpoints"),
                        "endpoints and workloadSelector exclude each other",
                        "keep one of them");
            }
        }
        hosts(spec);
        addresses(spec);
        Set<String> portNames = ports(spec);
        if (!checks.isLost(spec.place("resolution"))) {
            byResolution(spec, endpoints, selector, portNames);
        }
        severalHosts(spec);
        checks.exportTo(spec, meta.namespace(), true, false);
    }

    private void byResolution(
            Message spec, List<Message> endpoints, @Nullable Message selector, Set<String> portNames) {
        switch (resolution(spec)) {
            case "NONE" -> none(spec, endpoints, selector);
            case "STATIC" -> endpoints.forEach(endpoint -> staticEndpoint(endpoint, portNames));
            case "DYNAMIC_DNS" -> dynamicDns(spec, endpoints);
            default -> dns(spec, endpoints, portNames);
        }
    }

    static String resolution(Message spec) {
        String resolution = spec.string("resolution");
        return resolution.isEmpty() ? "NONE" : resolution;
    }

    private void hosts(Message spec) {
        List<Value> hosts = spec.list("hosts");
        if (hosts.isEmpty()) {
            checks.error(spec.place("hosts"), "the ServiceEntry has no host", "add hosts");
        }
        for (Value host : hosts) {
            if (host.string().equals("*")) {
                checks.error(host.place(), "* is not a host of a service", "write a domain such as *.example.com");
                continue;
            }
            checks.wildcardHost(host.string(), host.place());
            if (NameRules.isPartialWildcard(host.string())) {
                checks.warning(host.place(), "a star is a whole part of a name", "write it as *.example.com");
            }
        }
    }

    private void addresses(Message spec) {
        boolean blocks = false;
        for (Value address : spec.list("addresses")) {
            String text = address.string();
            blocks |= text.indexOf('/') >= 0;
            if (!AddressBlock.isAddressOrBlock(text)) {
                checks.error(
                        address.place(),
                        MessageText.quote(text) + " is neither an IP address nor a CIDR block",
                        "write it as 10.0.0.1 or 10.0.0.0/8");
            }
        }
        if (blocks && !Set.of("NONE", "STATIC").contains(resolution(spec))) {
            checks.error(
                    spec.place("addresses"),
                    "CIDR blocks go with the resolutions NONE and STATIC only",
                    "write single addresses");
        }
    }

    /** @return names of the ports */
    private Set<String> ports(Message spec) {
        Set<String> names = new HashSet<>();
        Set<Long> numbers = new HashSet<>();
        for (Message port : spec.messages("ports")) {
            String name = port.string("name");
            long number = port.number("number");
            if (!names.add(name)) {
                checks.error(
                        port.place("name"),
                        "the port name " + MessageText.quote(name) + " is there twice",
                        "rename one");
            }
            if (!numbers.add(number)) {
                checks.error(port.place("number"), "the port " + number + " is there twice", "remove one");
            }
            portName(name, port.place("name"));
            checks.port(number, port.place("number"));
            checks.portOrNone(port, "targetPort");
            String protocol = port.string("protocol").toLowerCase(Locale.ROOT);
            if (!protocol.isEmpty()
                    && !HTTP.contains(protocol)
                    && !TLS.contains(protocol)
                    && !OTHERS.contains(protocol)) {
                checks.error(
                        port.place("protocol"),
                        MessageText.quote(port.string("protocol")) + " is not a protocol",
                        "write HTTP, HTTP2, GRPC, HTTPS, TLS or TCP");
            }
        }
        return names;
    }

    private void portName(String name, Place place) {
        if (!NameRules.isDnsLabel(name)) {
            checks.error(
                    place,
                    name.isEmpty() ? "the port has no name" : MessageText.quote(name) + " is not a name for a port",
                    "use letters, digits and inner dashes, such as http");
        }
    }

    private void none(Message spec, List<Message> endpoints, @Nullable Message selector) {
        if (!endpoints.isEmpty()) {
            checks.error(
                    spec.place("endpoints"),
                    "with resolution NONE calls go to the address of the request, so there are no endpoints",
                    "write resolution: STATIC, or remove the endpoints");
        }
        if (selector != null) {
            checks.warning(
                    selector.place(),
                    "a workloadSelector does nothing with resolution NONE",
                    "write resolution: STATIC to call what it selects, or remove it");
        }
    }

    private void staticEndpoint(Message endpoint, Set<String> portNames) {
        String address = endpoint.string("address");
        if (address.isEmpty() && !addressMissing(endpoint, "endpoint")) {
            return;
        }
        if (address.startsWith(UNIX)) {
            unixEndpoint(endpoint, address.substring(UNIX.length()), portNames);
        } else if (!address.isEmpty() && !IpAddress.isValid(address)) {
            checks.error(
                    endpoint.place("address"),
                    MessageText.quote(address) + " is not an IP address",
                    "write one, or resolution: DNS for names");
        }
        endpointPorts(endpoint.map("ports"), portNames);
        checks.labels(endpoint.map("labels"));
    }

    /** A WorkloadEntry by itself: whether it is for STATIC or for DNS nobody knows, so it may have either address. */
    void workloadEntry(Message spec) {
        String address = spec.string("address");
        if (address.isEmpty()) {
            addressMissing(spec, "WorkloadEntry");
        } else if (address.startsWith(UNIX)) {
            unixAddress(spec, address.substring(UNIX.length()));
        } else if (!IpAddress.isValid(address) && NameRules.hostProblem(address) != null) {
            checks.error(
                    spec.place("address"),
                    MessageText.quote(address) + " is neither a host name nor an IP address",
                    "correct it");
        }
        spec.map("ports").forEach((name, number) -> {
            portName(name, number.place());
            checks.port(number.number(), number.place());
        });
        checks.labels(spec.map("labels"));
    }

    /** @return whether a network stands in for the address */
    private boolean addressMissing(Message endpoint, String what) {
        boolean network = !endpoint.string("network").isEmpty();
        if (network) {
            checks.warning(
                    endpoint.place("address"), "the " + what + " has a network but no address", "add an IP address");
        } else {
            checks.error(endpoint.place("address"), "the " + what + " has no address", "add an IP address");
        }
        return network;
    }

    private void unixEndpoint(Message endpoint, String path, Set<String> portNames) {
        unixAddress(endpoint, path);
        if (portNames.size() != 1) {
            checks.error(endpoint.place("address"), "unix endpoints need a service with one port", "split the service");
        }
    }

    private void unixAddress(Message endpoint, String path) {
        boolean file = path.startsWith("/") && !path.endsWith("/");
        if (!file && !path.startsWith("@")) {
            checks.error(endpoint.place("address"), "a unix address needs the whole path of a socket", "correct it");
        }
        if (!endpoint.map("ports").isEmpty()) {
            checks.error(endpoint.place("ports"), "a unix endpoint has no ports", "remove them");
        }
    }

    private void endpointPorts(Map<String, Value> ports, Set<String> portNames) {
        ports.forEach((name, number) -> {
            if (!portNames.contains(name)) {
                checks.error(
                        number.place(),
                        "the service has no port named " + MessageText.quote(name),
                        MessageText.didYouMean(name, portNames, "use a name from spec.ports"));
            }
            portName(name, number.place());
            checks.port(number.number(), number.place());
        });
    }

    private void dns(Message spec, List<Message> endpoints, Set<String> portNames) {
        if (endpoints.isEmpty()) {
            for (Value host : spec.list("hosts")) {
                if (NameRules.hostProblem(host.string()) != null) {
                    checks.error(
                            host.place(),
                            MessageText.quote(host.string()) + " cannot be resolved, and there are no endpoints",
                            "write a name without wildcard, or add endpoints");
                }
            }
        }
        if (resolution(spec).equals("DNS_ROUND_ROBIN") && endpoints.size() > 1) {
            checks.error(spec.place("endpoints"), "DNS_ROUND_ROBIN has one endpoint at most", "write resolution: DNS");
        }
        for (Message endpoint : endpoints) {
            String address = endpoint.string("address");
            if (!IpAddress.isValid(address) && NameRules.hostProblem(address) != null) {
                checks.error(
                        endpoint.place("address"),
                        MessageText.quote(address) + " is neither a host name nor an IP address",
                        "correct it");
            }
            checks.labels(endpoint.map("labels"));
            endpointPorts(endpoint.map("ports"), portNames);
        }
        if (!spec.list("addresses").isEmpty() && spec.list("hosts").size() > 1 && firstTcp(spec) != null) {
            checks.warning(
                    spec.place("hosts"), "several hosts with addresses and TCP ports cannot be told apart", "split it");
        }
    }

    private void dynamicDns(Message spec, List<Message> endpoints) {
        for (Value host : spec.list("hosts")) {
            if (!host.string().startsWith("*")) {
                checks.error(host.place(), "DYNAMIC_DNS is for wildcard hosts", "write resolution: DNS");
            }
        }
        if (!endpoints.isEmpty()) {
            checks.error(spec.place("endpoints"), "DYNAMIC_DNS has no endpoints", "remove them");
        }
    }

    /** Without HTTP or TLS the hosts of one address cannot be told apart. */
    private void severalHosts(Message spec) {
        if (resolution(spec).equals("NONE") || spec.list("hosts").size() < 2) {
            return;
        }
        for (Message port : spec.messages("ports")) {
            String protocol = port.string("protocol").toLowerCase(Locale.ROOT);
            if (!HTTP.contains(protocol) && !TLS.contains(protocol)) {
                checks.error(
                        port.place(),
                        "several hosts on a port that is neither HTTP nor TLS cannot be told apart",
                        "write a ServiceEntry for each host, or the protocol of the port");
                return;
            }
        }
    }

    private static @Nullable Message firstTcp(Message spec) {
        for (Message port : spec.messages("ports")) {
            String protocol = port.string("protocol").toLowerCase(Locale.ROOT);
            if (TLS.contains(protocol)
                    || Set.of("tcp", "mongo", "redis", "mysql").contains(protocol)) {
                return port;
            }
        }
        return null;
    }
}
