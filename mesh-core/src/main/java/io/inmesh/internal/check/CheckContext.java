package io.inmesh.internal.check;

import io.inmesh.endpoint.ServiceName;
import io.inmesh.internal.manifest.RuleManifest;
import io.inmesh.internal.manifest.ServiceManifest;
import io.inmesh.internal.route.HostNames;
import io.inmesh.model.ConfigObject;
import io.inmesh.model.HttpRoute;
import io.inmesh.model.ServiceEntry;
import io.inmesh.model.VirtualService;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What the families of checks over files share, found out once. Immutable after its making. */
final class CheckContext {
    private static final int MOST_NAMED = 3;

    final CheckedFiles files;
    final KnownHosts known;
    final RouteUsers users;

    /** Rules that were refused, by their names alone. */
    final List<RuleManifest> refused;

    final RefusedRules refusedRules;

    /** ServiceEntries by host, in lower case. */
    final Map<String, List<ServiceEntry>> entries = new HashMap<>();

    /** Hosts outside that Services are other names of, by the Service's host. */
    private final Map<String, String> targets = new HashMap<>();

    /** Hosts of DestinationRules and of VirtualServices of the mesh, refused ones included. */
    final Set<String> ruled = new HashSet<>();

    /** Hosts of destinations and of VirtualServices of the mesh, refused ones included. */
    final Set<String> routed = new HashSet<>();

    CheckContext(CheckedFiles files) {
        this.files = files;
        refused = files.manifests().rulesNotIn(files.config());
        refusedRules = new RefusedRules(refused, this::full);
        known = new KnownHosts(files, refused);
        for (ServiceManifest service : files.manifests().services()) {
            if (service.isAlias() && !service.externalName().isEmpty()) {
                targets.put(service.host(files.clusterDomain()), new ServiceName(service.externalName()).host());
            }
        }
        for (ServiceEntry entry : files.config().serviceEntries()) {
            entry.hosts()
                    .forEach(host -> entries.computeIfAbsent(host.toLowerCase(Locale.ROOT), key -> new ArrayList<>())
                            .add(entry));
        }
        users = new RouteUsers(files.config());
        files.config().destinationRules().forEach(rule -> ruled.add(full(rule.host(), rule)));
        files.config().virtualServices().forEach(this::collect);
        refused.forEach(this::collect);
    }

    private void collect(VirtualService service) {
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

    private void collect(RuleManifest rule) {
        String namespace = rule.meta().namespace();
        boolean routes = rule.kind().equals("VirtualService");
        if (routes || rule.kind().equals("DestinationRule")) {
            rule.hosts().forEach(host -> ruled.add(full(host, namespace)));
        }
        if (routes) {
            rule.hosts().forEach(host -> routed.add(full(host, namespace)));
            rule.destinations().forEach(one -> routed.add(full(one.host(), namespace)));
        }
    }

    /** What a full name leads to, the name itself when it is no alias. */
    String target(String host) {
        return targets.getOrDefault(host, host);
    }

    String full(String host, ConfigObject object) {
        return full(host, object.meta().namespace());
    }

    String full(String host, String namespace) {
        return HostNames.resolve(host, namespace, files.clusterDomain());
    }

    /** Where something that is missing may be nevertheless; empty where that is nowhere. */
    String unlessElsewhere() {
        List<String> unreadable = files.manifests().unreadable();
        if (!unreadable.isEmpty()) {
            return ", unless " + named(unreadable) + ", which cannot be read, has it";
        }
        return files.whole() ? "" : ", unless another file has it";
    }

    /** The same of a service, of which discovery may know. */
    String unlessKnown() {
        List<String> unreadable = files.manifests().unreadable();
        if (!unreadable.isEmpty()) {
            return ", unless discovery knows it, or " + named(unreadable) + ", which cannot be read";
        }
        return files.knowsAllServices() ? "" : ", unless discovery or another file knows it";
    }

    private static String named(List<String> texts) {
        return texts.size() <= MOST_NAMED
                ? String.join(" or ", texts)
                : "one of " + texts.size() + " files such as " + texts.get(0);
    }
}
