package io.inmesh.internal.istio;

import io.inmesh.endpoint.ServiceName;
import io.inmesh.internal.text.Message;
import io.inmesh.internal.text.Message.Value;
import io.inmesh.internal.text.MessageText;
import io.inmesh.model.AddressBlock;
import io.inmesh.model.IpAddress;
import java.util.List;

/** What Istio requires of TLS and TCP routes. They are checked although InMesh does not execute them. */
final class StreamRouteRules {
    private final RuleChecks checks;
    private final DestinationChecks destinations;
    private final Message virtualService;

    StreamRouteRules(RuleChecks checks, Message virtualService) {
        this.checks = checks;
        this.virtualService = virtualService;
        destinations = new DestinationChecks(checks);
    }

    void tls(Message route) {
        List<Message> matches = route.messages("match");
        if (matches.isEmpty()) {
            checks.error(route.place(), "a TLS route needs a match", "add match with sniHosts");
        }
        for (Message match : matches) {
            if (match.list("sniHosts").isEmpty()) {
                checks.error(match.place(), "a TLS match needs sniHosts", "add the server names");
            }
            match.list("sniHosts").forEach(this::sniHost);
            match(match);
        }
        route(route, "TLS");
    }

    void tcp(Message route) {
        route.messages("match").forEach(this::match);
        route(route, "TCP");
    }

    private void route(Message route, String kind) {
        if (route.list("route").isEmpty()) {
            checks.error(route.place(), "the " + kind + " route has no destination", "add route");
        }
        destinations.weighted(route.messages("route"), route.place("route"));
    }

    private void match(Message match) {
        for (Value subnet : match.list("destinationSubnets")) {
            if (!AddressBlock.isAddressOrBlock(subnet.string())) {
                checks.error(
                        subnet.place(),
                        MessageText.quote(subnet.string()) + " is neither an IP address nor a CIDR block",
                        "write it as 10.0.0.0/8");
            }
        }
        checks.portOrNone(match, "port");
        checks.labels(match.map("sourceLabels"));
        checks.gateways(match.list("gateways"));
    }

    private void sniHost(Value sniHost) {
        String name = sniHost.string();
        String problem = NameRules.wildcardHostProblem(name);
        if (problem != null) {
            if (IpAddress.isValid(name)) {
                checks.warning(sniHost.place(), "most clients send no IP address as server name", "use a name");
            } else {
                checks.report(problem, sniHost.place());
            }
            return;
        }
        if (virtualService.strings("hosts").stream().noneMatch(host -> ServiceName.covers(host, name))) {
            checks.error(
                    sniHost.place(),
                    MessageText.quote(name) + " is not among the hosts of the VirtualService",
                    "add it to spec.hosts");
        }
    }
}
