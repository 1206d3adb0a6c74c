package io.inmesh.spring.boot;

import io.inmesh.Mesh;
import io.inmesh.observe.InboundObserver;
import io.inmesh.servlet.GatewayServlet;
import io.inmesh.servlet.GatewayServletBuilder;
import io.inmesh.servlet.policy.PathPolicy;
import io.inmesh.servlet.policy.RateLimit;
import io.inmesh.spring.boot.gateway.LateServlet;
import jakarta.servlet.http.HttpServlet;
import java.util.List;
import java.util.Map;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

/** Makes the servlet of a gateway as the properties describe it. */
final class GatewayServlets {
    private static final String STARTED_PORT = "local.server.port";
    private static final String NO_HEADER = "none";

    private final Mesh mesh;
    private final GatewayProperties properties;
    private final GatewayPorts ports;
    private final List<RateLimit> limits;
    private final List<InboundObserver> observers;

    GatewayServlets(
            Mesh mesh,
            GatewayProperties properties,
            GatewayPorts ports,
            List<RateLimit> limits,
            List<InboundObserver> observers) {
        this.mesh = mesh;
        this.properties = properties;
        this.ports = ports;
        this.limits = limits;
        this.observers = List.copyOf(observers);
    }

    /**
     * The servlet.
     *
     * @param environment tells the container's port when it has started, where it is one that was free
     */
    HttpServlet servlet(Environment environment) {
        return ports.numbers().containsKey(0)
                ? new LateServlet(() -> servlet(environment.getRequiredProperty(STARTED_PORT, Integer.class)))
                : servlet(ports.own());
    }

    private GatewayServlet servlet(int own) {
        GatewayServletBuilder builder = GatewayServlet.builder(mesh)
                .trustedHops(properties.trustedHops())
                .pathPolicy(new PathPolicy(
                        properties.pathNormalization(), properties.strictPaths(), properties.removePathParameters()))
                .retryBodyBytes((int) properties.retryBodySize().toBytes())
                .idleTimeout(properties.idleTimeout())
                .maxCalls(properties.maxCalls())
                .responseFlags(properties.responseFlags());
        for (Map.Entry<Integer, Integer> port : ports.numbers().entrySet()) {
            builder.port(port.getKey() == 0 ? own : port.getKey(), port.getValue());
        }
        DataSize most = properties.maxBodySize();
        if (most != null) {
            builder.maxBodyBytes(most.toBytes());
        }
        limits.forEach(builder::rateLimit);
        observers.forEach(builder::observer);
        String server = properties.serverHeader();
        if (NO_HEADER.equals(server)) {
            builder.noServerHeader();
        } else if (StringUtils.hasText(server)) {
            builder.serverHeader(server);
        }
        return builder.build();
    }
}
