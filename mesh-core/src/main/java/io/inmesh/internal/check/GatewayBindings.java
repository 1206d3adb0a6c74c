package io.inmesh.internal.check;

import io.inmesh.config.ConfigCheck;
import io.inmesh.internal.check.Workloads.Labelled;
import io.inmesh.internal.manifest.Manifests;
import io.inmesh.internal.manifest.ServiceManifest;
import io.inmesh.internal.route.HostNames;
import io.inmesh.internal.text.MessageText;
import io.inmesh.model.ConfigObject;
import io.inmesh.model.Destination;
import io.inmesh.model.DestinationRule;
import io.inmesh.model.GatewayName;
import io.inmesh.model.HttpMatchRequest;
import io.inmesh.model.HttpRoute;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.Subset;
import io.inmesh.model.VirtualService;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What binds VirtualServices to gateways: names that lead nowhere, and rules that do nothing there. */
final class GatewayBindings {
    private static final String UNLESS = ", unless another file has it";

    private final MeshConfig config;
    private final Manifests manifests;
    private final String clusterDomain;
    private final Findings findings;
    private final GatewayHosts gateways;

    /** Those of the Kubernetes Gateway API, for which newer versions of Istio take rules, too. */
    private final Set<GatewayName> kubernetesGateways = new HashSet<>();

    /** Services that are other names of hosts, for which Istio's gateways look. */
    private final Set<String> aliases = new HashSet<>();

    /** The first rule of the mesh that chooses among the subsets of its own host, by host. */
    private final Map<String, VirtualService> choosing = new HashMap<>();

    private final Map<String, List<DestinationRule>> destinationRules = new HashMap<>();
    private final Map<String, List<ServiceManifest>> services = new HashMap<>();
    private final Workloads workloads;

    private GatewayBindings(MeshConfig config, Manifests manifests, String clusterDomain, Findings findings) {
        this.config = config;
        this.manifests = manifests;
        this.clusterDomain = clusterDomain;
        this.findings = findings;
        gateways = new GatewayHosts(manifests, clusterDomain);
        workloads = new Workloads(manifests);
        config.destinationRules()
                .forEach(rule -> destinationRules
                        .computeIfAbsent(full(rule.host(), rule), key -> new ArrayList<>())
                        .add(rule));
        manifests
                .services()
                .forEach(service -> services.computeIfAbsent(service.host(clusterDomain), key -> new ArrayList<>())
                        .add(service));
    }

    static void check(MeshConfig config, Manifests manifests, String clusterDomain, Findings findings) {
        new GatewayBindings(config, manifests, clusterDomain, findings).run();
    }

    private void run() {
        manifests.named().stream()
                .filter(one -> one.kind().equals("Gateway"))
                .forEach(one -> kubernetesGateways.add(
                        new GatewayName(one.meta().namespace(), one.meta().name())));
        manifests.services().stream()
                .filter(ServiceManifest::isAlias)
                .forEach(service -> aliases.add(service.host(clusterDomain)));
        config.virtualServices().stream()
                .sorted(ConfigObject.OLDEST_FIRST)
                .filter(service -> !RouteUsers.onlyGateways(service))
                .forEach(this::collectSubsets);
        for (VirtualService service : config.virtualServices()) {
            Set<String> doubted = new HashSet<>();
            for (int i = 0; i < service.gateways().size(); i++) {
                name(service, service.gateways().get(i), "spec.gateways[" + i + "]", doubted);
            }
            hosts(service);
            for (int i = 0; i < service.http().size(); i++) {
                route(service, service.http().get(i), "spec.http[" + i + "]", doubted);
            }
        }
    }

    private void collectSubsets(VirtualService service) {
        Set<String> own =
                service.hosts().stream().map(host -> full(host, service)).collect(Collectors.toSet());
        for (HttpRoute route : service.http()) {
            route.route().forEach(one -> {
                String host = full(one.destination().host(), service);
                String subset = one.destination().subset();
                if (subset != null && own.contains(host) && !choosing.containsKey(host) && !isWhole(host, subset)) {
                    choosing.put(host, service);
                }
            });
        }
    }

    /** Whether all workloads of a service are in a subset, as far as both are described. */
    private boolean isWhole(String host, String name) {
        List<Map<String, String>> subsets = destinationRules.getOrDefault(host, List.of()).stream()
                .flatMap(rule -> rule.subsets().stream())
                .filter(subset -> subset.name().equals(name))
                .map(Subset::labels)
                .toList();
        List<Labelled> selected = services.getOrDefault(host, List.of()).stream()
                .flatMap(service -> workloads.select(service.meta().namespace(), service.selector()).stream())
                .toList();
        return !selected.isEmpty()
                && !subsets.isEmpty()
                && selected.stream().allMatch(workload -> subsets.stream().allMatch(workload::has));
    }

    private void name(VirtualService service, String written, String path, Set<String> doubted) {
        GatewayName gateway = GatewayHosts.name(written, service);
        if (gateway.isMesh()
                || written.indexOf('.') >= 0
                || gateways.names().contains(gateway)
                || kubernetesGateways.contains(gateway)) {
            return;
        }
        String name = gateway.toString();
        Set<String> there = gateways.names().stream()
                .filter(known -> known.namespace().equals(gateway.namespace()))
                .map(GatewayName::toString)
                .collect(Collectors.toCollection(TreeSet::new));
        if (!there.isEmpty() && doubted.add(name)) {
            findings.warn(
                    ConfigCheck.GATEWAY_NOT_FOUND,
                    service,
                    path,
                    "there is no Gateway " + name + " here: no gateway uses the rule for it" + UNLESS,
                    MessageText.didYouMean(name, there, "those here are " + String.join(", ", there)));
        }
    }

    private void hosts(VirtualService service) {
        if (service.hosts().stream().anyMatch(host -> aliases.contains(full(host, service)))) {
            return;
        }
        List<GatewayName> known = gateways.known(service);
        boolean all = gateways.knowsAllOf(service);
        boolean found = false;
        for (int i = 0; i < service.hosts().size() && all; i++) {
            String host = service.hosts().get(i);
            if (gateways.takes(known, service, host)) {
                found = true;
                continue;
            }
            findings.warn(
                    ConfigCheck.HOST_NOT_IN_GATEWAY,
                    service,
                    "spec.hosts[" + i + "]",
                    "no Gateway of the rule takes the host " + full(host, service)
                            + ": requests for it do not find the rule",
                    "add it to a server's hosts; those there are " + gateways.listed(known));
        }
        for (int i = 0; i < service.gateways().size() && (found || !all); i++) {
            GatewayName gateway = GatewayHosts.name(service.gateways().get(i), service);
            if (gateways.knows(gateway)
                    && !service.hosts().isEmpty()
                    && service.hosts().stream().noneMatch(host -> gateways.takes(List.of(gateway), service, host))) {
                findings.warn(
                        ConfigCheck.HOST_NOT_IN_GATEWAY,
                        service,
                        "spec.gateways[" + i + "]",
                        "Gateway " + gateway + " takes none of the rule's hosts: the rule does nothing there",
                        "take it out of the gateways, or add a host to its servers; those there are "
                                + gateways.listed(List.of(gateway)));
            }
        }
    }

    private void route(VirtualService service, HttpRoute route, String path, Set<String> doubted) {
        for (int i = 0; i < route.match().size(); i++) {
            match(service, route.match().get(i), path + ".match[" + i + "]", doubted);
        }
        if (gateways.known(service).isEmpty() || isForMeshAlone(route)) {
            return;
        }
        for (int i = 0; i < route.route().size(); i++) {
            Destination destination = route.route().get(i).destination();
            String host = full(destination.host(), service);
            VirtualService other = choosing.get(host);
            if (destination.subset() == null && other != null && other != service) {
                findings.warn(
                        ConfigCheck.ROUTES_OF_MESH_ONLY,
                        service,
                        path + ".route[" + i + "].destination.host",
                        route.origin(),
                        "a gateway sends to any endpoint of " + host + ": the subsets that VirtualService "
                                + other.meta().qualifiedName() + " ("
                                + other.meta().origin()
                                + ") chooses are for calls in the mesh alone",
                        "choose a subset here, too");
            }
        }
    }

    private static boolean isForMeshAlone(HttpRoute route) {
        return !route.match().isEmpty()
                && route.match().stream().allMatch(match -> match.gateways().equals(List.of(VirtualService.MESH)));
    }

    private void match(VirtualService service, HttpMatchRequest match, String path, Set<String> doubted) {
        Set<GatewayName> bound = service.gateways().isEmpty()
                ? Set.of(GatewayName.MESH)
                : service.gateways().stream()
                        .map(written -> GatewayHosts.name(written, service))
                        .collect(Collectors.toSet());
        boolean holds = match.gateways().isEmpty() || service.hosts().isEmpty();
        for (int i = 0; i < match.gateways().size(); i++) {
            GatewayName gateway = GatewayHosts.name(match.gateways().get(i), service);
            name(service, match.gateways().get(i), path + ".gateways[" + i + "]", doubted);
            // A name that leads nowhere is one mistake, told once.
            holds |= bound.contains(gateway) || doubted.contains(gateway.toString());
        }
        if (!holds) {
            findings.warn(
                    ConfigCheck.MATCH_FOR_OTHER_GATEWAY,
                    service,
                    path + ".gateways",
                    match.origin(),
                    "the match is for gateways that the rule is not bound to (" + String.join(", ", match.gateways())
                            + "): it never holds",
                    service.gateways().isEmpty()
                            ? "write gateways: [mesh, " + match.gateways().get(0)
                                    + "] in the spec, which is for the mesh alone as it is"
                            : "add one of them to spec.gateways");
        }
    }

    private String full(String host, ConfigObject object) {
        return HostNames.resolve(host, object.meta().namespace(), clusterDomain);
    }
}
