package io.inmesh.model;

import java.util.List;
import java.util.Map;

/**
 * What a gateway listens for (Istio: networking.istio.io Gateway).
 *
 * @param meta name, namespace and place
 * @param selector labels of the workloads that it is for; empty means all
 * @param servers in the order of writing, not empty
 */
public record Gateway(ObjectMeta meta, Map<String, String> selector, List<GatewayServer> servers)
        implements ConfigObject {
    public Gateway {
        selector = Map.copyOf(selector);
        servers = List.copyOf(servers);
    }

    /** The name by which rules mean it. */
    public GatewayName gatewayName() {
        return new GatewayName(meta.namespace(), meta.name());
    }
}
