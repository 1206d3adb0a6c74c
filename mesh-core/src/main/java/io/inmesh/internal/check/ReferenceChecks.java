package io.inmesh.internal.check;

import io.inmesh.config.ConfigCheck;
import io.inmesh.config.ConfigProblem;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.ServicePort;
import io.inmesh.internal.manifest.Manifests;
import io.inmesh.internal.route.HostNames;
import io.inmesh.internal.text.MessageText;
import io.inmesh.model.ConfigObject;
import io.inmesh.model.Destination;
import io.inmesh.model.DestinationRule;
import io.inmesh.model.HttpRoute;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.Origin;
import io.inmesh.model.ServiceEntry;
import io.inmesh.model.Subset;
import io.inmesh.model.VirtualService;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Looks in files for names that lead nowhere: hosts, ports and selectors. All findings are warnings. Files hold
 * a part of the truth only, so a name is doubted where the same files describe others that it should stand among: services
 * of the same namespace, or one that differs by a letter. Not for a running mesh, which knows its services.
 */
public final class ReferenceChecks {
    private static final String UNLESS = ", unless discovery or another file knows it";

    private final MeshConfig config;
    private final Manifests manifests;
    private final String clusterDomain;
    private final KnownHosts known;
    private final RouteUsers users;

    /** Hosts of DestinationRules and of VirtualServices of the mesh. */
    private final Set<String> ruled = new HashSet<>();

    /** Hosts of destinations and of VirtualServices of the mesh. */
    private final Set<String> routed = new HashSet<>();

    private final Findings findings = new Findings();

    /** Places of subsets whose host is doubted. */
    private final Set<Origin> subsetsOfDoubtedHosts = new HashSet<>();

    private ReferenceChecks(MeshConfig config, Manifests manifests, String clusterDomain) {
        this.config = config;
        this.manifests = manifests;
        this.clusterDomain = clusterDomain;
        known = new KnownHosts(config, manifests, clusterDomain);
        users = new RouteUsers(config);
    }

    /**
     * Checks the rules of some files.
     *
     * @param config of which nothing was refused, else what was refused is missed
     * @param manifests what stands beside them
     * @param clusterDomain suffix of short names, usually {@code cluster.local}
     * @return warnings; at most a thousand
     */
    public static List<ConfigProblem> check(MeshConfig config, Manifests manifests, String clusterDomain) {
        return of(config, manifests, clusterDomain).problems();
    }

    static ReferenceChecks of(MeshConfig config, Manifests manifests, String clusterDomain) {
        ReferenceChecks checks = new ReferenceChecks(config, manifests, clusterDomain);
        checks.run();
        return checks;
    }

    List<ConfigProblem> problems() {
        return findings.toList();
    }

    /** Whether a problem is that of a subset whose host is doubted already: the subset is then no problem of its own. */
    boolean tellsMore(ConfigProblem problem) {
        return problem.path().endsWith(".subset") && subsetsOfDoubtedHosts.contains(problem.origin());
    }

    private void run() {
        collectNames();
        config.virtualServices().forEach(this::virtualService);
        config.destinationRules().forEach(this::destinationRule);
        config.serviceEntries().forEach(this::workloadSelector);
    }

    private void collectNames() {
        config.destinationRules().forEach(rule -> ruled.add(full(rule.host(), rule)));
        for (VirtualService service : config.virtualServices()) {
            if (!RouteUsers.onlyGateways(service)) {
                service.hosts().forEach(host -> {
                    ruled.add(full(host, service));
                    routed.add(full(host, service));
                });
            }
            for (HttpRoute route : service.http()) {
                route.route().forEach(one -> routed.add(full(one.destination().host(), service)));
                route.mirrors().forEach(one -> routed.add(full(one.destination().host(), service)));
            }
        }
    }

    private void virtualService(VirtualService service) {
        Origin whole = service.meta().origin();
        for (int i = 0; i < service.hosts().size() && !RouteUsers.onlyGateways(service); i++) {
            String host = full(service.hosts().get(i), service);
            portsWithoutHttp(service, host, "spec.hosts[" + i + "]");
            String near = known.isKnown(host) ? null : known.misspelt(host, List.of());
            if (near != null) {
                unknown(
                        service,
                        "spec.hosts[" + i + "]",
                        whole,
                        host,
                        "the rule concerns calls to this name alone",
                        near);
            }
        }
        for (int i = 0; i < service.http().size(); i++) {
            route(service, service.http().get(i), "spec.http[" + i + "]");
        }
    }

    /** Routes for HTTP do nothing at ports that carry something else, which with Services their names decide. */
    private void portsWithoutHttp(VirtualService service, String host, String path) {
        List<ServicePort> ports = known.portsOf(host);
        if (service.http().isEmpty() || ports.isEmpty() || ports.stream().anyMatch(ServicePort::isHttp)) {
            return;
        }
        String listed = ports.stream()
                .map(port -> port.number() + (port.name().isEmpty() ? "" : " " + MessageText.quote(port.name()))
                        + " is " + port.protocol())
                .collect(Collectors.joining(", "));
        findings.warn(
                ConfigCheck.NO_HTTP_PORT,
                service,
                path,
                service.meta().origin(),
                "no port of " + host + " carries HTTP (" + listed + "): the http routes concern no call to it",
                "if it speaks HTTP, begin the port's name with http-, or say so by appProtocol of a Service or protocol of"
                        + " a ServiceEntry");
    }

    private void route(VirtualService service, HttpRoute route, String path) {
        boolean gatewayOnly = users.onlyGateways(service, route);
        for (int i = 0; i < route.route().size(); i++) {
            destination(
                    service,
                    route.route().get(i).destination(),
                    path + ".route[" + i + "].destination",
                    route.origin(),
                    ConfigChecks.lostCalls(route, route.route().get(i), gatewayOnly));
        }
        boolean single = service.meta().fields().containsKey(path + ".mirror");
        for (int i = 0; i < route.mirrors().size(); i++) {
            destination(
                    service,
                    route.mirrors().get(i).destination(),
                    single ? path + ".mirror" : path + ".mirrors[" + i + "].destination",
                    route.origin(),
                    "no copies are sent there");
        }
    }

    private void destination(
            VirtualService service, Destination destination, String path, Origin otherwise, String consequence) {
        String host = full(destination.host(), service);
        if (!known.isKnown(host)) {
            boolean ruledHere = ruled.contains(host);
            String near = known.misspelt(host, ruledHere ? List.of() : ruled);
            if (near != null || !ruledHere && known.hasNeighbours(host)) {
                unknown(service, path + ".host", otherwise, host, consequence, near);
                subsetsOfDoubtedHosts.add(service.meta().originOf(path + ".subset", otherwise));
            }
            return;
        }
        Set<Integer> ports = known.ports(host);
        if (destination.port() != 0 && !ports.isEmpty() && !ports.contains(destination.port())) {
            findings.warn(
                    ConfigCheck.PORT_NOT_FOUND,
                    service,
                    path + ".port.number",
                    otherwise,
                    host + " has no port " + destination.port() + " here: " + consequence,
                    "it has " + listed(ports));
        } else if (destination.port() == 0 && ports.size() > 1) {
            portOfTheCall(service, host, ports, path, otherwise, consequence);
        }
    }

    /** Where no port is chosen, and there is a choice, a call keeps the port of the host that it was made to. */
    private void portOfTheCall(
            VirtualService service,
            String host,
            Set<Integer> ports,
            String path,
            Origin otherwise,
            String consequence) {
        if (RouteUsers.onlyGateways(service)) {
            return;
        }
        Set<Integer> lost = new TreeSet<>();
        service.hosts().forEach(called -> lost.addAll(known.ports(full(called, service))));
        lost.removeAll(ports);
        if (!lost.isEmpty()) {
            findings.warn(
                    ConfigCheck.PORT_REQUIRED,
                    service,
                    path + ".port",
                    otherwise,
                    "no port is chosen, so a call keeps its own, and " + host + " has no port " + listed(lost)
                            + " here: " + consequence,
                    "add port: {number: ...}; it has " + listed(ports));
        }
    }

    private static String listed(Set<Integer> ports) {
        return new TreeSet<>(ports).stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    private void destinationRule(DestinationRule rule) {
        String host = full(rule.host(), rule);
        Origin whole = rule.meta().origin();
        if (!known.isKnown(host) && !host.startsWith("*")) {
            boolean routedHere = routed.contains(host);
            String near = known.misspelt(host, routedHere ? List.of() : routed);
            if (near != null || !routedHere && known.hasNeighbours(host)) {
                unknown(rule, "spec.host", whole, host, "the rule has no effect", near);
            }
        }
        for (int i = 0; i < rule.subsets().size(); i++) {
            Subset subset = rule.subsets().get(i);
            String path = "spec.subsets[" + i + "]";
            if (subset.labels().isEmpty() && subset.trafficPolicy() == null) {
                findings.warn(
                        ConfigCheck.SUBSET_WITHOUT_EFFECT,
                        rule,
                        path,
                        subset.origin(),
                        "the subset " + MessageText.quote(subset.name())
                                + " has neither labels nor a policy: it is the whole service",
                        "add the labels of its endpoints");
            } else if (selectsNothing(host, subset)) {
                findings.warn(
                        ConfigCheck.SUBSET_SELECTS_NOTHING,
                        rule,
                        path + ".labels",
                        subset.origin(),
                        "no endpoint of " + host + " has the labels of the subset " + MessageText.quote(subset.name())
                                + ": its calls are answered 503",
                        "compare them with the labels of the ServiceEntry's endpoints");
            }
        }
    }

    /** Only where all endpoints of the host are written in the files. */
    private boolean selectsNothing(String host, Subset subset) {
        List<ServiceEntry> entries = config.serviceEntries().stream()
                .filter(entry -> entry.hosts().stream().anyMatch(one -> one.equalsIgnoreCase(host)))
                .toList();
        return !entries.isEmpty()
                && manifests.services().stream()
                        .noneMatch(service -> service.host(clusterDomain).equals(host))
                && entries.stream()
                        .allMatch(entry -> entry.resolution() == ServiceEntry.Resolution.STATIC
                                && entry.workloadSelector() == null
                                && !entry.endpoints().isEmpty())
                && entries.stream()
                        .flatMap(entry -> entry.endpoints().stream())
                        .noneMatch(endpoint -> endpoint.labels()
                                .entrySet()
                                .containsAll(subset.labels().entrySet()));
    }

    private void workloadSelector(ServiceEntry entry) {
        Map<String, String> wanted = entry.workloadSelector();
        List<Map<String, String>> workloads = new ArrayList<>();
        manifests.workloads().stream()
                .filter(one -> one.meta().namespace().equals(entry.meta().namespace()))
                .forEach(one -> workloads.add(one.podLabels()));
        config.workloadEntries().stream()
                .filter(one -> one.meta().namespace().equals(entry.meta().namespace()))
                .forEach(one -> workloads.add(one.labels()));
        if (wanted == null || wanted.isEmpty() || workloads.isEmpty()) {
            return;
        }
        if (workloads.stream().noneMatch(labels -> labels.entrySet().containsAll(wanted.entrySet()))) {
            findings.warn(
                    ConfigCheck.NO_MATCHING_WORKLOADS,
                    entry,
                    "spec.workloadSelector",
                    entry.meta().origin(),
                    "none of the workloads of namespace " + entry.meta().namespace()
                            + " here has these labels: the service has no endpoints" + UNLESS,
                    "compare them with the labels of the pods");
        }
    }

    private void unknown(
            ConfigObject object,
            String path,
            Origin otherwise,
            String host,
            String consequence,
            @Nullable String near) {
        String longer = ServiceName.inCluster(host, clusterDomain);
        String fix = near != null
                ? "did you mean " + MessageText.quote(near) + "?"
                : "correct the name, or describe the service";
        findings.warn(
                ConfigCheck.HOST_NOT_FOUND,
                object,
                path,
                otherwise,
                "no service here has the host " + host + ": " + consequence + UNLESS,
                known.hasExactly(longer) ? "write " + longer : fix);
    }

    private String full(String host, ConfigObject object) {
        return HostNames.resolve(host, object.meta().namespace(), clusterDomain);
    }
}
