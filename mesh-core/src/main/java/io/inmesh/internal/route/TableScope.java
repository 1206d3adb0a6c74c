package io.inmesh.internal.route;

import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.model.GatewayName;
import io.inmesh.model.VirtualService;
import java.util.Collection;
import java.util.List;

/**
 * Whose calls a route table is for: those that a workload makes, or those that come in at a gateway. Immutable.
 *
 * @param gateway at which the calls come in, or the mesh
 * @param ports at which the gateway is called, in order; empty for the mesh, which is called at its services' ports
 * @param caller the workload that makes the calls; the gateway's own for those that come in there
 */
public record TableScope(GatewayName gateway, List<Integer> ports, WorkloadIdentity caller) {
    public TableScope {
        ports = List.copyOf(ports);
    }

    /** The calls that a workload makes to services. */
    public static TableScope mesh(WorkloadIdentity caller) {
        return new TableScope(GatewayName.MESH, List.of(), caller);
    }

    /**
     * The calls that come in at a gateway.
     *
     * @param self the workload that is the gateway
     */
    public static TableScope gateway(GatewayName gateway, Collection<Integer> ports, WorkloadIdentity self) {
        return new TableScope(gateway, ports.stream().sorted().distinct().toList(), self);
    }

    RouteScope at(int port) {
        return new RouteScope(gateway, port, caller);
    }

    /** Whether the caller sees a rule and the rule is for such calls. */
    boolean concerns(VirtualService rule) {
        return !rule.hosts().isEmpty()
                && rule.concerns(gateway)
                && HostNames.isVisible(rule.exportTo(), rule.meta().namespace(), caller.namespace());
    }
}
