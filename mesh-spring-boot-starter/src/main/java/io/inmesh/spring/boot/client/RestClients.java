package io.inmesh.spring.boot.client;

import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

/** RestClient, in whose place another comes, and its builder, in place. */
final class RestClients implements ClientKind {
    private final RequestFactories factories;
    private final BalancerPasses passes;

    RestClients(RequestFactories factories, BalancerPasses passes) {
        this.factories = factories;
        this.passes = passes;
    }

    @Override
    public boolean is(Object client) {
        return client instanceof RestClient || client instanceof RestClient.Builder;
    }

    @Override
    public Meshed mesh(Object client) {
        return client instanceof RestClient.Builder builder ? builder(builder) : client((RestClient) client);
    }

    private Meshed client(RestClient client) {
        if (!(Fields.read(client, "clientRequestFactory") instanceof ClientHttpRequestFactory factory)) {
            return Meshed.unreadable(client);
        }
        return factories.around(client, factory, wanted -> {
            RestClient.Builder builder = client.mutate().requestFactory(wanted);
            boolean passesBalancer = passes.around(builder);
            return wanted == factory && !passesBalancer ? client : builder.build();
        });
    }

    private Meshed builder(RestClient.Builder builder) {
        if (!Fields.has(builder, "requestFactory")) {
            return Meshed.unreadable(builder);
        }
        return Fields.read(builder, "requestFactory") instanceof ClientHttpRequestFactory factory
                ? factories.around(builder, factory, wanted -> with(wanted, builder))
                : Meshed.as(with(factories.meshed(RestClients::detect), builder), null);
    }

    private RestClient.Builder with(ClientHttpRequestFactory factory, RestClient.Builder builder) {
        builder.requestFactory(factory);
        boolean unused = passes.around(builder);
        return builder;
    }

    /** What a builder does that was given no factory. */
    private static ClientHttpRequestFactory detect() {
        RestClient.Builder fresh = RestClient.builder();
        AgentHook.leaveAlone(fresh);
        return Fields.read(fresh.build(), "clientRequestFactory") instanceof ClientHttpRequestFactory found
                ? found
                : new SimpleClientHttpRequestFactory();
    }
}
