package io.inmesh.spring.boot.client;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.web.reactive.function.client.WebClient;

/** WebClient, in whose place another comes, and its builder, in place. */
final class WebClients implements ClientKind {
    private static final String SPRINGS = "org.springframework.";

    private final Supplier<@Nullable MeshTransport> transport;
    private final ReactiveBalancerPasses passes;

    WebClients(Supplier<@Nullable MeshTransport> transport, ReactiveBalancerPasses passes) {
        this.transport = transport;
        this.passes = passes;
    }

    @Override
    public boolean is(Object client) {
        return client instanceof WebClient || client instanceof WebClient.Builder;
    }

    @Override
    public Meshed mesh(Object client) {
        if (client instanceof WebClient.Builder builder) {
            return builder(builder, builder);
        }
        if (!Fields.has(client, "builder")) {
            // A mock, a scope's proxy or a decorator: it may not be called yet, and a copy would not be it.
            return Meshed.not(client, "what " + client.getClass().getName() + " sends requests with cannot be read");
        }
        WebClient.Builder builder = ((WebClient) client).mutate();
        if (Fields.read(builder, "connector") instanceof MeshClientHttpConnector) {
            return Meshed.as(passes.around(builder) ? builder.build() : client, null);
        }
        Meshed meshed = builder(client, builder);
        return meshed.leftAlone() == null ? Meshed.as(builder.build(), meshed.remark()) : meshed;
    }

    private Meshed builder(Object client, WebClient.Builder builder) {
        if (!Fields.has(builder, "connector")) {
            return Meshed.not(client, "what " + builder.getClass().getName() + " sends requests with cannot be read");
        }
        if (Fields.read(builder, "exchangeFunction") != null) {
            return Meshed.not(client, "it has an exchange function of its own, which sends its requests");
        }
        Object connector = Fields.read(builder, "connector");
        if (connector != null && RequestFactories.answersForTests(connector)) {
            return Meshed.not(client, "a mock server answers its calls");
        }
        if (!(connector instanceof MeshClientHttpConnector)) {
            builder.clientConnector(
                    connector instanceof ClientHttpConnector given
                            ? new MeshClientHttpConnector(transport, () -> SpringSettings.of(given), given)
                            : detected());
        }
        builder.filters(ExchangeScope::around);
        boolean unused = passes.around(builder);
        return Meshed.as(client, remark(connector));
    }

    private ClientHttpConnector detected() {
        DetectedConnector detected = new DetectedConnector();
        return new MeshClientHttpConnector(transport, () -> SpringSettings.of(detected.found()), detected);
    }

    private static @Nullable String remark(@Nullable Object connector) {
        String name = connector == null ? SPRINGS : connector.getClass().getName();
        return name.startsWith(SPRINGS) || connector instanceof MeshClientHttpConnector
                ? null
                : "what " + name + " does to requests holds for hosts that the mesh does not know only";
    }
}
