package io.inmesh.model;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A service described in a file (Istio: networking.istio.io ServiceEntry).
 *
 * @param hosts DNS names, or a wildcard {@code *.x}
 * @param endpoints empty with resolution DNS means the hosts themselves
 * @param workloadSelector labels of workloads; null when not given; excludes {@code endpoints}
 * @param exportTo as written; empty means everybody
 */
public record ServiceEntry(
        ObjectMeta meta,
        List<String> hosts,
        List<String> addresses,
        List<Port> ports,
        Location location,
        Resolution resolution,
        List<WorkloadEntry> endpoints,
        @Nullable Map<String, String> workloadSelector,
        List<String> exportTo,
        List<String> subjectAltNames)
        implements ConfigObject {
    /** Copies the lists. */
    public ServiceEntry {
        hosts = List.copyOf(hosts);
        addresses = List.copyOf(addresses);
        ports = List.copyOf(ports);
        endpoints = List.copyOf(endpoints);
        workloadSelector = workloadSelector == null ? null : Map.copyOf(workloadSelector);
        exportTo = List.copyOf(exportTo);
        subjectAltNames = List.copyOf(subjectAltNames);
    }

    /**
     * Port of the service.
     *
     * @param protocol upper case, empty when not given
     * @param targetPort 0 when not given: the endpoint's own mapping, else {@code number}
     */
    public record Port(int number, String protocol, String name, int targetPort) {}

    /** Inside or outside the mesh; concerns TLS and telemetry only. */
    public enum Location {
        /** Outside. */
        MESH_EXTERNAL,
        /** Inside. */
        MESH_INTERNAL
    }

    /** How endpoints are found. */
    public enum Resolution {
        /** The address of the request. */
        NONE,
        /** The endpoints given. */
        STATIC,
        /** All addresses of the names given. */
        DNS,
        /** The first address of the name given. */
        DNS_ROUND_ROBIN,
        /** Resolved when called; wildcard hosts only. */
        DYNAMIC_DNS
    }
}
