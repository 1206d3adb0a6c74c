package io.inmesh.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * All rules of a mesh at one moment. Where two objects claim the same, the one that comes first in
 * {@link ConfigObject#OLDEST_FIRST} wins; the order of the lists decides only between objects of the same name and
 * namespace.
 *
 * @param virtualServices routing
 * @param destinationRules policies of destinations
 * @param serviceEntries services
 * @param workloadEntries endpoints of services
 * @param gateways what gateways listen for
 * @param authorizationPolicies who may come in
 * @param requestAuthentications whose tokens are believed
 */
public record MeshConfig(
        List<VirtualService> virtualServices,
        List<DestinationRule> destinationRules,
        List<ServiceEntry> serviceEntries,
        List<WorkloadEntryObject> workloadEntries,
        List<Gateway> gateways,
        List<AuthorizationPolicy> authorizationPolicies,
        List<RequestAuthentication> requestAuthentications) {
    public MeshConfig {
        virtualServices = List.copyOf(virtualServices);
        destinationRules = List.copyOf(destinationRules);
        serviceEntries = List.copyOf(serviceEntries);
        workloadEntries = List.copyOf(workloadEntries);
        gateways = List.copyOf(gateways);
        authorizationPolicies = List.copyOf(authorizationPolicies);
        requestAuthentications = List.copyOf(requestAuthentications);
    }

    /** No rules at all. */
    public static final MeshConfig EMPTY = builder().build();

    /** Rules of the mesh without those of gateways and of what comes in. */
    public MeshConfig(
            List<VirtualService> virtualServices,
            List<DestinationRule> destinationRules,
            List<ServiceEntry> serviceEntries) {
        this(virtualServices, destinationRules, serviceEntries, List.of(), List.of(), List.of(), List.of());
    }

    /** Sorts objects by kind; keeps their order. */
    public static MeshConfig of(Collection<? extends ConfigObject> objects) {
        return builder()
                .virtualServices(only(objects, VirtualService.class))
                .destinationRules(only(objects, DestinationRule.class))
                .serviceEntries(only(objects, ServiceEntry.class))
                .workloadEntries(only(objects, WorkloadEntryObject.class))
                .gateways(only(objects, Gateway.class))
                .authorizationPolicies(only(objects, AuthorizationPolicy.class))
                .requestAuthentications(only(objects, RequestAuthentication.class))
                .build();
    }

    private static <T extends ConfigObject> List<T> only(Collection<? extends ConfigObject> objects, Class<T> kind) {
        List<T> found = new ArrayList<>();
        for (ConfigObject object : objects) {
            if (kind.isInstance(object)) {
                found.add(kind.cast(object));
            }
        }
        return found;
    }

    /** Starts one of which only this is given. */
    public static Builder builder() {
        return new Builder();
    }

    /** Starts a copy. */
    public Builder toBuilder() {
        return new Builder()
                .virtualServices(virtualServices)
                .destinationRules(destinationRules)
                .serviceEntries(serviceEntries)
                .workloadEntries(workloadEntries)
                .gateways(gateways)
                .authorizationPolicies(authorizationPolicies)
                .requestAuthentications(requestAuthentications);
    }

    /** Collects the parts; not thread-safe. */
    public static final class Builder {
        private List<VirtualService> virtualServices = List.of();
        private List<DestinationRule> destinationRules = List.of();
        private List<ServiceEntry> serviceEntries = List.of();
        private List<WorkloadEntryObject> workloadEntries = List.of();
        private List<Gateway> gateways = List.of();
        private List<AuthorizationPolicy> authorizationPolicies = List.of();
        private List<RequestAuthentication> requestAuthentications = List.of();

        private Builder() {}

        /** Routing. */
        public Builder virtualServices(List<VirtualService> newVirtualServices) {
            virtualServices = newVirtualServices;
            return this;
        }

        /** Policies of destinations. */
        public Builder destinationRules(List<DestinationRule> newDestinationRules) {
            destinationRules = newDestinationRules;
            return this;
        }

        /** Services. */
        public Builder serviceEntries(List<ServiceEntry> newServiceEntries) {
            serviceEntries = newServiceEntries;
            return this;
        }

        /** Endpoints of services. */
        public Builder workloadEntries(List<WorkloadEntryObject> newWorkloadEntries) {
            workloadEntries = newWorkloadEntries;
            return this;
        }

        /** What gateways listen for. */
        public Builder gateways(List<Gateway> newGateways) {
            gateways = newGateways;
            return this;
        }

        /** Who may come in. */
        public Builder authorizationPolicies(List<AuthorizationPolicy> newAuthorizationPolicies) {
            authorizationPolicies = newAuthorizationPolicies;
            return this;
        }

        /** Whose tokens are believed. */
        public Builder requestAuthentications(List<RequestAuthentication> newRequestAuthentications) {
            requestAuthentications = newRequestAuthentications;
            return this;
        }

        /** The mesh config. */
        public MeshConfig build() {
            return new MeshConfig(
                    virtualServices,
                    destinationRules,
                    serviceEntries,
                    workloadEntries,
                    gateways,
                    authorizationPolicies,
                    requestAuthentications);
        }
    }
}
