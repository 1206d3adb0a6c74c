package io.inmesh.internal.check;

import io.inmesh.config.ConfigCheck;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.internal.text.MessageText;
import io.inmesh.model.ConfigObject;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.Origin;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** {@code reviews.default} where {@code reviews.default.svc.cluster.local} is meant. */
final class HalfNames {
    private final String clusterDomain;
    private final Findings findings;
    private final Set<String> serviceHosts = new HashSet<>();

    HalfNames(MeshConfig config, String clusterDomain, Findings findings) {
        this.clusterDomain = clusterDomain;
        this.findings = findings;
        config.serviceEntries()
                .forEach(entry -> entry.hosts().forEach(host -> serviceHosts.add(host.toLowerCase(Locale.ROOT))));
    }

    /** Adds hosts of services, full names in lower case. */
    void add(Collection<String> hosts) {
        serviceHosts.addAll(hosts);
    }

    void host(String host, String path, ConfigObject object, Origin otherwise) {
        int dot = host.indexOf('.');
        if (dot < 0 || host.indexOf('.', dot + 1) >= 0 || host.startsWith("*")) {
            return;
        }
        String full = ServiceName.inCluster(host.toLowerCase(Locale.ROOT), clusterDomain);
        if (serviceHosts.contains(full) && !serviceHosts.contains(host.toLowerCase(Locale.ROOT))) {
            findings.warn(
                    ConfigCheck.HALF_NAME,
                    object,
                    path,
                    otherwise,
                    MessageText.quote(host) + " in " + object.meta().qualifiedName()
                            + " is a full name of its own, not short for " + full,
                    "write " + full);
        }
    }
}
