package io.inmesh.internal.check;

import io.inmesh.config.ConfigCheck;
import io.inmesh.internal.route.HostNames;
import io.inmesh.internal.text.MessageText;
import io.inmesh.model.ConfigObject;
import io.inmesh.model.Delegate;
import io.inmesh.model.HttpRoute;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.VirtualService;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Delegates that are not there, are none, or are not to be seen. */
final class DelegateChecks {
    private final Findings findings;
    private final RefusedRules refused;
    private final String unless;
    private final Map<String, VirtualService> byName = new HashMap<>();
    private final Set<String> delegates = new TreeSet<>();

    /** @param unless what is said where another file may have the delegate, empty where none can */
    DelegateChecks(MeshConfig config, RefusedRules refused, String unless, Findings findings) {
        this.refused = refused;
        this.unless = unless;
        this.findings = findings;
        config.virtualServices().stream()
                .sorted(ConfigObject.OLDEST_FIRST)
                .forEach(service -> byName.putIfAbsent(service.meta().qualifiedName(), service));
        byName.forEach((name, service) -> {
            if (service.hosts().isEmpty()) {
                delegates.add(name);
            }
        });
    }

    void route(VirtualService root, HttpRoute route, String path) {
        Delegate delegate = route.delegate();
        if (delegate == null) {
            return;
        }
        String namespace = delegate.namespace() == null ? root.meta().namespace() : delegate.namespace();
        String name = namespace + "/" + delegate.name();
        VirtualService target = byName.get(name);
        if (target == null && refused.has("VirtualService", name)) {
            return;
        }
        if (target == null) {
            warn(
                    root,
                    route,
                    path,
                    "there is no VirtualService " + name + ": the route is dropped" + unless,
                    MessageText.didYouMean(name, delegates, "correct the name"));
        } else if (!target.hosts().isEmpty()) {
            warn(
                    root,
                    route,
                    path,
                    "the VirtualService " + Findings.named(target)
                            + " has hosts and so is no delegate: the route is dropped",
                    (target.gateways().isEmpty() ? "remove its hosts" : "remove its hosts and gateways")
                            + ", or move its routes to a VirtualService without hosts and name that one");
        } else if (!HostNames.isVisible(
                target.exportTo(), target.meta().namespace(), root.meta().namespace())) {
            warn(
                    root,
                    route,
                    path,
                    "the VirtualService " + Findings.named(target) + " is not exported to "
                            + root.meta().namespace() + ": the route is dropped",
                    "add the namespace " + root.meta().namespace() + " to its exportTo");
        }
    }

    private void warn(VirtualService root, HttpRoute route, String path, String message, String fix) {
        findings.warn(ConfigCheck.DELEGATE_NOT_FOUND, root, path + ".delegate.name", route.origin(), message, fix);
    }
}
