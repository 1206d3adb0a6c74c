package io.inmesh.kubernetes.internal.map;

import io.inmesh.endpoint.PortProtocol;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.ServicePort;
import io.inmesh.kubernetes.internal.resource.EndpointSlice;
import io.inmesh.kubernetes.internal.resource.Endpoints;
import io.inmesh.kubernetes.internal.resource.ObjectKey;
import io.inmesh.kubernetes.internal.resource.Resources;
import io.inmesh.kubernetes.internal.resource.Service;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One Service with its endpoints as one caller may use it. Pure: the same objects make the same table, in whatever order
 * they come.
 *
 * <p>Semantics: Kubernetes' KEP-752, KEP-1669 and KEP-1672, and what Istio makes of the same objects (istio:
 * pilot/pkg/serviceregistry/kube/controller), which the recorded cases show. Topology hints are left to kube-proxy, as in
 * Istio.
 */
public final class ServiceMapper {
    private ServiceMapper() {}

    /** Full name of a Service. */
    public static ServiceName name(ObjectKey service, String clusterDomain) {
        return new ServiceName(ServiceName.inCluster(service.name() + "." + service.namespace(), clusterDomain));
    }

    /**
     * A Service as its EndpointSlices tell it.
     *
     * @param slices of any Service; those of others are passed over
     */
    public static ServiceEndpoints map(Service service, Collection<EndpointSlice> slices, EndpointContext around) {
        if (isAlias(service)) {
            return alias(service, around);
        }
        EndpointMerge merge = new EndpointMerge(service, around);
        slices.stream()
                .filter(slice -> belongs(slice, service) && isOfAddresses(slice))
                .sorted(Comparator.comparing(slice -> slice.key().name()))
                .forEach(slice -> merge.add(
                        slice.ports(),
                        slice.endpoints(),
                        slice.metadata().annotations().get(Resources.LAST_CHANGE)));
        return result(service, merge, around);
    }

    /**
     * A Service as its v1 Endpoints tell it.
     *
     * @param endpoints null when there are none
     */
    public static ServiceEndpoints map(Service service, @Nullable Endpoints endpoints, EndpointContext around) {
        if (isAlias(service)) {
            return alias(service, around);
        }
        EndpointMerge merge = new EndpointMerge(service, around);
        if (endpoints != null) {
            endpoints.subsets().forEach(subset -> merge.add(subset.ports(), subset.endpoints(), null));
        }
        return result(service, merge, around);
    }

    private static ServiceEndpoints result(Service service, EndpointMerge merge, EndpointContext around) {
        merge.addWorkloadEntries();
        ServiceEndpoints mapped = new ServiceEndpoints(
                name(service.key(), around.self().clusterDomain()),
                service.key().namespace(),
                ServiceEndpoints.State.ENDPOINTS,
                service.clusterIps().stream().filter(ip -> !ip.equals("None")).toList(),
                ports(service),
                merge.endpoints(),
                exportTo(service));
        return isHeadless(service) ? mapped.withNamedInstances() : mapped;
    }

    private static boolean isAlias(Service service) {
        return service.type().equals("ExternalName");
    }

    /** The pods of a headless Service have names below its own in the cluster's DNS. */
    private static boolean isHeadless(Service service) {
        return service.clusterIps().contains("None");
    }

    /** An ExternalName is another name of something, as in the cluster's DNS; Istio makes no cluster of it either. */
    private static ServiceEndpoints alias(Service service, EndpointContext around) {
        ServiceName name = name(service.key(), around.self().clusterDomain());
        String target = service.externalName();
        return target.isEmpty()
                ? ServiceEndpoints.absent(name)
                : ServiceEndpoints.alias(
                        name, service.key().namespace(), new ServiceName(target), ports(service), exportTo(service));
    }

    private static boolean belongs(EndpointSlice slice, Service service) {
        return slice.service().equals(service.key().name())
                && slice.key().namespace().equals(service.key().namespace());
    }

    /** FQDN has no semantics (Kubernetes 1.33), and what a later type means nobody knows yet. */
    private static boolean isOfAddresses(EndpointSlice slice) {
        return slice.addressType().equals("IPv4") || slice.addressType().equals("IPv6");
    }

    private static List<ServicePort> ports(Service service) {
        List<ServicePort> ports = new ArrayList<>();
        for (Service.Port port : EndpointMerge.usedPorts(service)) {
            ports.add(new ServicePort(
                    port.port(),
                    port.name(),
                    PortProtocol.of(port.port(), port.name(), port.protocol(), port.appProtocol())));
        }
        return ports;
    }

    private static List<String> exportTo(Service service) {
        String annotation = service.metadata().annotations().getOrDefault(Resources.EXPORT_TO, "");
        List<String> namespaces = new ArrayList<>();
        for (String part : annotation.split(",", -1)) {
            String namespace = part.strip();
            if (namespace.equals("*")) {
                return List.of();
            }
            if (!namespace.isEmpty()) {
                namespaces.add(namespace.equals(".") ? service.key().namespace() : namespace);
            }
        }
        return namespaces;
    }
}
