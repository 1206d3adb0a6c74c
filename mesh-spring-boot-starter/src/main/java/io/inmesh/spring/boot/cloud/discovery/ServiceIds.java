package io.inmesh.spring.boot.cloud.discovery;

import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.WorkloadIdentity;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Names of services as an application writes them: without a dot for a service of its own namespace, {@code name.namespace}
 * for another one of the cluster, and the whole host for everything else.
 */
final class ServiceIds {
    private final String namespace;
    private final String clusterDomain;

    ServiceIds(WorkloadIdentity self) {
        this.namespace = self.namespace().toLowerCase(Locale.ROOT);
        this.clusterDomain = self.clusterDomain().toLowerCase(Locale.ROOT);
    }

    /** The shortest name of a service. */
    String shortest(ServiceName service) {
        String host = service.host();
        String inCluster = ServiceName.serviceAndNamespace(host, clusterDomain);
        if (inCluster == null) {
            return host;
        }
        String inNamespace = "." + namespace;
        return inCluster.endsWith(inNamespace)
                ? inCluster.substring(0, inCluster.length() - inNamespace.length())
                : inCluster;
    }

    /** Full names that a name may stand for, the likeliest first. */
    List<ServiceName> candidates(String id) {
        String name = id.toLowerCase(Locale.ROOT);
        String service = name.endsWith(".svc") ? name.substring(0, name.length() - ".svc".length()) : name;
        return Stream.of(
                        name,
                        ServiceName.inCluster(name + "." + namespace, clusterDomain),
                        ServiceName.inCluster(service, clusterDomain))
                .map(ServiceName::new)
                .toList();
    }
}
