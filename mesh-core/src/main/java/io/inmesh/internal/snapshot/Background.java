package io.inmesh.internal.snapshot;

import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.ServicePort;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.internal.route.HostNames;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.ObjectMeta;
import io.inmesh.model.Origin;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a snapshot was made from, for explain: also what the caller does not see. Immutable.
 *
 * @param services every one known, in order of creation
 * @param visible those that the caller sees, by full name
 */
record Background(
        WorkloadIdentity self,
        MeshConfig config,
        List<ServiceEndpoints> services,
        Map<String, ServiceEndpoints> visible,
        DestinationRules destinations) {
    /** Full name of a host in a rule. */
    String resolve(String host, ObjectMeta rule) {
        return HostNames.resolve(host, rule.namespace(), self.clusterDomain());
    }

    boolean sees(List<String> exportTo, String namespace) {
        return HostNames.isVisible(exportTo, namespace, self.namespace());
    }

    /** The sentence's end for what is not exported to the caller. */
    String notExported(List<String> exportTo) {
        return "is not exported to namespace " + self.namespace() + " (exportTo " + exportTo + ")";
    }

    /** {@code VirtualService default/reviews (file:line)}. */
    static String named(String kind, ObjectMeta meta) {
        return kind + " " + meta.qualifiedName()
                + (meta.origin().equals(Origin.NONE) ? "" : " (" + meta.origin() + ")");
    }

    /** The name up to the first dot. */
    static String firstLabel(String host) {
        int dot = host.indexOf('.');
        return dot < 0 ? host : host.substring(0, dot);
    }

    /** Whether two full names are services of one short name in two namespaces. */
    boolean isNamesake(String one, String other) {
        String domain = self.clusterDomain();
        return ServiceName.serviceAndNamespace(one, domain) != null
                && ServiceName.serviceAndNamespace(other, domain) != null
                && !one.equals(other)
                && firstLabel(one).equals(firstLabel(other));
    }

    /** {@code 9080 (http, HTTP), 9443 (https, HTTPS)}. */
    static String ports(ServiceEndpoints service) {
        return service.ports().stream().map(Background::port).collect(Collectors.joining(", "));
    }

    private static String port(ServicePort port) {
        String about = port.name() + (port.name().isEmpty() || port.protocol().isEmpty() ? "" : ", ") + port.protocol();
        return about.isEmpty() ? Integer.toString(port.number()) : port.number() + " (" + about + ")";
    }
}
