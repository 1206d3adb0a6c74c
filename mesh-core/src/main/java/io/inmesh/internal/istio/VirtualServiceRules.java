package io.inmesh.internal.istio;

import io.inmesh.endpoint.ServiceName;
import io.inmesh.internal.text.Message;
import io.inmesh.internal.text.Message.Value;
import io.inmesh.internal.text.MessageText;
import io.inmesh.model.IpAddress;
import io.inmesh.model.ObjectMeta;
import io.inmesh.model.VirtualService;
import java.util.List;

/** What Istio requires of a VirtualService (pkg/config/validation: ValidateVirtualService). */
final class VirtualServiceRules {

    private final RuleChecks checks;

    VirtualServiceRules(RuleChecks checks) {
        this.checks = checks;
    }

    void check(ObjectMeta meta, Message spec) {
        List<Value> hosts = spec.list("hosts");
        boolean delegate = hosts.isEmpty();
        if (delegate) {
            delegate(spec);
        }
        checks.gateways(spec.list("gateways"));
        if (appliesToMesh(spec)) {
            claims(spec);
        }
        hosts(spec);
        List<Message> http = spec.messages("http");
        List<Message> tls = spec.messages("tls");
        List<Message> tcp = spec.messages("tcp");
        if (http.isEmpty() && tls.isEmpty() && tcp.isEmpty()) {
            checks.error(spec.place(), "the VirtualService has no routes", "add spec.http with at least one route");
        }
        HttpRouteRules httpRules = new HttpRouteRules(checks);
        http.forEach(route -> httpRules.check(route, delegate));
        StreamRouteRules streamRules = new StreamRouteRules(checks, spec);
        tls.forEach(streamRules::tls);
        tcp.forEach(streamRules::tcp);
        checks.exportTo(spec, meta.namespace(), false, false);
        UnreachableRoutes.check(checks, spec, meta.namespace());
    }

    /** Whether calls of applications follow it, not only those through an ingress gateway. */
    static boolean appliesToMesh(Message spec) {
        return VirtualService.concernsMesh(spec.strings("gateways"));
    }

    /** Whether a gateway may follow it: it names one, or is a delegate, which a rule that does may lead to. */
    static boolean mayApplyToGateways(Message spec) {
        return spec.list("hosts").isEmpty()
                || spec.strings("gateways").stream().anyMatch(gateway -> !gateway.equals(VirtualService.MESH));
    }

    private void delegate(Message spec) {
        for (String field : List.of("gateways", "tls", "tcp")) {
            if (!spec.list(field).isEmpty()) {
                checks.error(
                        spec.place(field),
                        "a VirtualService without hosts is a delegate, which has no " + field,
                        "add hosts, or remove " + field);
            }
        }
    }

    private void claims(Message spec) {
        for (Message route : spec.messages("http")) {
            for (Message match : route.messages("match")) {
                for (String field : List.of("headers", "withoutHeaders")) {
                    match.map(field).forEach((name, value) -> {
                        if (HeaderRules.isClaim(name)) {
                            checks.error(
                                    value.place(),
                                    "claims of a token can be matched at gateways only, this rule applies to the mesh",
                                    "match a header, or name a gateway");
                        }
                    });
                }
            }
        }
    }

    private void hosts(Message spec) {
        boolean mesh = appliesToMesh(spec);
        boolean valid = true;
        List<Value> hosts = spec.list("hosts");
        for (Value host : hosts) {
            String name = host.string();
            String problem = NameRules.wildcardHostProblem(name);
            if (problem != null && !IpAddress.isValid(name)) {
                checks.report(problem, host.place());
                valid = false;
            } else if (mesh && name.equals("*")) {
                checks.error(
                        host.place(),
                        "the host * is allowed at gateways only, this rule applies to the mesh",
                        "name the hosts, such as reviews or *.example.com");
                valid = false;
            }
        }
        if (valid) {
            doubledHosts(hosts);
        }
    }

    /** A host that another one of the list covers counts as doubled. */
    private void doubledHosts(List<Value> hosts) {
        int most = Math.min(hosts.size(), 1_000);
        for (int i = 0; i < most; i++) {
            for (int j = i + 1; j < most; j++) {
                if (overlap(hosts.get(i).string(), hosts.get(j).string())) {
                    checks.error(
                            hosts.get(j).place(),
                            "the hosts " + MessageText.quote(hosts.get(i).string()) + " and "
                                    + MessageText.quote(hosts.get(j).string()) + " overlap",
                            "remove one of them");
                }
            }
        }
    }

    private static boolean overlap(String a, String b) {
        return ServiceName.covers(a, b) || ServiceName.covers(b, a);
    }
}
