package io.inmesh.servlet.gateway;

import io.inmesh.Mesh;
import io.inmesh.config.source.TextConfigSource;
import io.inmesh.servlet.GatewayServlet;
import io.inmesh.servlet.GatewayServletBuilder;
import io.inmesh.servlet.testing.ContainerKind;
import io.inmesh.servlet.testing.ContainerSettings;
import io.inmesh.servlet.testing.ServletContainer;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.TestInstance;

/** Gateways in containers with one server behind them. Those of a whole class are started once. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class GatewayFixture {
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Deque<AutoCloseable> openForAll = new ArrayDeque<>();
    private final Map<ContainerKind, ServletContainer> shared = new EnumMap<>(ContainerKind.class);
    private @Nullable Upstream sharedUpstream;

    @AfterEach
    void closeAll() throws Exception {
        close(open);
    }

    @AfterAll
    void closeShared() throws Exception {
        close(openForAll);
    }

    private static void close(Deque<AutoCloseable> all) throws Exception {
        while (!all.isEmpty()) {
            all.pop().close();
        }
    }

    /** The server behind {@link #gateway(ContainerKind)}, which answers 200 with {@code ok}. */
    Upstream upstream() throws IOException {
        Upstream known = sharedUpstream;
        if (known == null) {
            known = Upstream.ok();
            openForAll.push(known);
            sharedUpstream = known;
        }
        return known;
    }

    /** A gateway without settings, for all tests of the class. */
    ServletContainer gateway(ContainerKind kind) throws Exception {
        ServletContainer known = shared.get(kind);
        if (known == null) {
            int port = upstream().port();
            Mesh mesh = mesh(port, "");
            openForAll.push(mesh);
            known = kind.container()
                    .servlet("/*", GatewayServlet.builder(mesh).otherPorts(80).build())
                    .start();
            openForAll.push(known);
            shared.put(kind, known);
        }
        return known;
    }

    private static Mesh mesh(int upstreamPort, String route) {
        return Mesh.builder()
                .gateway()
                .config(TextConfigSource.of("rules", rules(upstreamPort, route)))
                .build();
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
        Mesh mesh = closing(mesh(upstreamPort, route));
        GatewayServletBuilder builder = GatewayServlet.builder(mesh).otherPorts(80);
        settings.accept(builder);
        return closing(container.servlet("/*", builder.build()).start());
    }

    static String rules(int upstreamPort, String route) {
        return """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: shop}
                spec:
                  hosts: [shop.internal]
                  resolution: STATIC
                  ports: [{number: 80, name: http, protocol: HTTP}]
                  endpoints:
                  - {address: 127.0.0.1, ports: {http: %d}}
                ---
                apiVersion: networking.istio.io/v1
                kind: Gateway
                metadata: {name: gw}
                spec:
                  servers:
                  - {port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: shop}
                spec:
                  hosts: [shop.example]
                  gateways: [gw]
                  http:
                  - route: [{destination: {host: shop.internal}}]
                """.formatted(upstreamPort) + route.indent(4);
    }
}
