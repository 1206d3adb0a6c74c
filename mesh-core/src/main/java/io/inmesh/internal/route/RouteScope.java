package io.inmesh.internal.route;

import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.model.GatewayName;
import io.inmesh.model.HttpMatchRequest;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whose calls routes are for, at one port: those that a workload makes, or those that come in at a gateway. Rules and matches
 * that can never concern them are left out.
 *
 * @param gateway at which the calls come in, or the mesh
 * @param port that is called
 * @param tls whether the calls come in under TLS; false for the mesh
 * @param caller whose labels and namespace matches may ask for: the workload that makes the calls; the gateway's own for
 *     those that come in there
 */
record RouteScope(GatewayName gateway, int port, boolean tls, WorkloadIdentity caller) {
    /** The calls that a workload makes to a port of services. */
    static RouteScope mesh(int port, WorkloadIdentity caller) {
        return new RouteScope(GatewayName.MESH, port, false, caller);
    }

    boolean isGateway() {
        return !gateway.isMesh();
    }

    /**
     * Why a match can never hold here, null when it can.
     *
     * @param match with full names
     */
    @Nullable
    String excludes(HttpMatchRequest match) {
        if (match.port() != 0 && match.port() != port) {
            return "is for port " + match.port() + ", this is port " + port;
        }
        if (!match.gateways().isEmpty()) {
            // Istio: with gateways given, source labels and namespace are not looked at.
            return match.gateways().contains(gateway.toString()) ? null : "is for gateways " + match.gateways();
        }
        for (Map.Entry<String, String> label : match.sourceLabels().entrySet()) {
            if (!label.getValue().equals(caller.labels().get(label.getKey()))) {
                return "is for callers with label " + label.getKey() + "=" + label.getValue();
            }
        }
        String namespace = match.sourceNamespace();
        return namespace == null || namespace.isEmpty() || namespace.equals(caller.namespace())
                ? null
                : "is for callers in namespace " + namespace;
    }
}
