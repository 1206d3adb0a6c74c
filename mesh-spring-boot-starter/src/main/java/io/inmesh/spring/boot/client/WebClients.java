package io.inmesh.spring.boot.client;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.web.reactive.function.client.WebClient;

/** WebClient, in whose place another comes, and its builder, in place. */
final class WebClients implements ClientKind {
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
        if (!Fields.hasOfSpring(client, "builder")) {
            // A mock, a scope's proxy or a decorator: it may not be called yet, and a copy would not be it.
            return Meshed.unreadable(client);
        }
        WebClient.Builder builder = ((WebClient) client).mutate();
        if (Fields.read(builder, "connector") instanceof MeshClientHttpConnector) {
            return Meshed.as(passes.around(builder) ? builder.build() : client, null);
        }
        Meshed meshed = builder(client, builder);
        return meshed.leftAlone() == null ? Meshed.as(builder.build(), meshed.remark()) : meshed;
    }

    private Meshed builder(Object client, WebClient.Builder builder) {
        if (!Fields.hasOfSpring(builder, "connector")) {
            return Meshed.unreadable(client);
        }
        if (Fields.read(builder, "exchangeFunction") != null) {
            return Meshed.not(client, "it has an exchange function of its own, which sends its requests");
        }
        Object connector = Fields.read(builder, "connector");
        if (connector != null && RequestFactories.answersForTests(connector)) {
            return Meshed.not(client, RequestFactories.MOCKED);
        }
        if (!(connector instanceof MeshClientHttpConnector)) {
            builder.clientConnector(
                    connector instanceof ClientHttpConnector given
                            ? new MeshClientHttpConnector(transport, given)
                            : detected());
        }
        builder.filters(ExchangeScope::around);
        boolean unused = passes.around(builder);
        return Meshed.as(client, connector == null ? null : RequestFactories.remarkOn(connector));
    }

    @Override
    public Meshed leaveAlone(Object client) {
        AgentHook.leaveAlone(client);
        if (client instanceof WebClient.Builder builder) {
            takeBack(builder);
            return Meshed.excluded(builder);
        }
        if (!Fields.hasOfSpring(client, "builder")) {
            return Meshed.excluded(client);
        }
        WebClient.Builder builder = ((WebClient) client).mutate();
        AgentHook.leaveAlone(builder);
        return Meshed.excluded(takeBack(builder) ? builder.build() : client);
    }

    /** Whether the mesh stood in front of it. */
    private static boolean takeBack(WebClient.Builder builder) {
        if (!(Fields.read(builder, "connector") instanceof MeshClientHttpConnector meshed)) {
            return false;
        }
        builder.clientConnector(meshed.delegate());
        builder.filters(filters -> {
            ExchangeScope.remove(filters);
            ReactiveBalancerPasses.takeBack(filters);
        });
        return true;
    }

    private ClientHttpConnector detected() {
        DetectedConnector detected = new DetectedConnector();
        return new MeshClientHttpConnector(transport, () -> SpringSettings.of(detected.found()), detected);
    }
}
