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

    /** Starts an entry outside the mesh with resolution NONE, without ports and endpoints. */
    public static Builder builder(ObjectMeta meta, List<String> hosts) {
        return new Builder(meta, hosts);
    }

    /** Starts a copy. */
    public Builder toBuilder() {
        return new Builder(meta, hosts)
                .addresses(addresses)
                .ports(ports)
                .location(location)
                .resolution(resolution)
                .endpoints(endpoints)
                .workloadSelector(workloadSelector)
                .exportTo(exportTo)
                .subjectAltNames(subjectAltNames);
    }

    /** Collects an entry; not thread-safe. */
    public static final class Builder {
        private final ObjectMeta meta;
        private final List<String> hosts;
        private List<String> addresses = List.of();
        private List<Port> ports = List.of();
        private Location location = Location.MESH_EXTERNAL;
        private Resolution resolution = Resolution.NONE;
        private List<WorkloadEntry> endpoints = List.of();
        private @Nullable Map<String, String> workloadSelector;
        private List<String> exportTo = List.of();
        private List<String> subjectAltNames = List.of();

        private Builder(ObjectMeta meta, List<String> hosts) {
            this.meta = meta;
            this.hosts = hosts;
        }

        /** Virtual addresses or blocks of them. */
        public Builder addresses(List<String> newAddresses) {
            addresses = newAddresses;
            return this;
        }

        /** In order of writing. */
        public Builder ports(List<Port> newPorts) {
            ports = newPorts;
            return this;
        }

        /** Inside or outside the mesh. */
        public Builder location(Location newLocation) {
            location = newLocation;
            return this;
        }

        /** How endpoints are found. */
        public Builder resolution(Resolution newResolution) {
            resolution = newResolution;
            return this;
        }

        /** Empty with resolution DNS means the hosts themselves. */
        public Builder endpoints(List<WorkloadEntry> newEndpoints) {
            endpoints = newEndpoints;
            return this;
        }

        /** Labels of workloads; null when not given; excludes {@code endpoints}. */
        public Builder workloadSelector(@Nullable Map<String, String> newWorkloadSelector) {
            workloadSelector = newWorkloadSelector;
            return this;
        }

        /** As written; empty means everybody. */
        public Builder exportTo(List<String> newExportTo) {
            exportTo = newExportTo;
            return this;
        }

        /** Names that a certificate may have. */
        public Builder subjectAltNames(List<String> newSubjectAltNames) {
            subjectAltNames = newSubjectAltNames;
            return this;
        }

        /** The entry. */
        public ServiceEntry build() {
            return new ServiceEntry(
                    meta,
                    hosts,
                    addresses,
                    ports,
                    location,
                    resolution,
                    endpoints,
                    workloadSelector,
                    exportTo,
                    subjectAltNames);
        }
    }
}
