package io.inmesh.spring.boot;

import io.inmesh.spring.boot.gateway.FurtherPort;
import java.util.List;
import java.util.Map;

/**
 * Ports of a gateway.
 *
 * @param own {@code server.port}; 0 for any that is free
 * @param numbers ports of the container with the {@code port.number} of the Gateway servers that answer there
 * @param further ports beside the container's own
 */
record GatewayPorts(int own, Map<Integer, Integer> numbers, List<FurtherPort> further) {
    GatewayPorts {
        numbers = Map.copyOf(numbers);
        further = List.copyOf(further);
    }
}
