package io.inmesh.spring.boot.client;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;

/** The part of {@link AgentHook} that needs the classes of WebClient, which not every application has. Stateless. */
final class AgentConnectors {
    private AgentConnectors() {}

    static Object meshed(Object connector, Supplier<@Nullable MeshTransport> transport) {
        return connector instanceof ClientHttpConnector own
                        && !(own instanceof MeshClientHttpConnector)
                        && !RequestFactories.answersForTests(own)
                ? new MeshClientHttpConnector(transport, own)
                : connector;
    }

    static Object scoped(Object filters) {
        return filters instanceof ExchangeFilterFunction given ? ExchangeScope.around(given) : filters;
    }
}
