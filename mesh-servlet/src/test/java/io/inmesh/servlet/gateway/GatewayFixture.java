package io.inmesh.servlet.gateway;

import io.inmesh.Mesh;
import io.inmesh.config.source.TextConfigSource;
import io.inmesh.servlet.GatewayServlet;
import io.inmesh.servlet.GatewayServletBuilder;
import io.inmesh.servlet.testing.ContainerKind;
import io.inmesh.servlet.testing.ContainerSettings;
import io.inmesh.servlet.testing.ServletContainer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;

/** A gateway in a container with one server behind it. */
abstract class GatewayFixture {
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    @AfterEach
    void closeAll() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    <C extends AutoCloseable> C closing(C closeable) {
        open.push(closeable);
        return closeable;
    }

    /** A gateway whose host {@code shop.example} leads to a server. */
    ServletContainer gateway(ContainerKind kind, Upstream upstream) throws Exception {
        return gateway(kind, upstream, settings -> {});
    }

    ServletContainer gateway(ContainerKind kind, Upstream upstream, Consumer<GatewayServletBuilder> settings)
            throws Exception {
        return gateway(kind.container(), upstream.port(), "", settings);
    }

    /**
     * A gateway.
     *
     * @param route what the one route has beside its destination, as lines of YAML
     */
    ServletContainer gateway(
            ContainerSettings container, int upstreamPort, String route, Consumer<GatewayServletBuilder> settings)
            throws Exception {
        Mesh mesh = closing(Mesh.builder()
                .config(TextConfigSource.of("rules", rules(upstreamPort, route)))
                .build());
        GatewayServletBuilder builder = GatewayServlet.builder(mesh);
        settings.accept(builder);
        return closing(container.servlet("/*", builder.build()).start());
    }

    static String rules(int upstreamPort, String route) {
        return """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: shop}
                spec:
                  hosts: [shop.example]
                  resolution: STATIC
                  ports: [{number: 80, name: http, protocol: HTTP}]
                  endpoints:
                  - {address: 127.0.0.1, ports: {http: %d}}
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: shop}
                spec:
                  hosts: [shop.example]
                  http:
                  - route: [{destination: {host: shop.example}}]
                """.formatted(upstreamPort) + route.indent(4);
    }
}
