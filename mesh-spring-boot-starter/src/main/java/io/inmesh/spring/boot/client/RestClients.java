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
        if (!(Fields.readOfSpring(client, "clientRequestFactory") instanceof ClientHttpRequestFactory factory)) {
            return Meshed.unreadable(client);
        }
        return factories.around(client, factory, wanted -> {
            RestClient.Builder builder = client.mutate().requestFactory(wanted);
            boolean passesBalancer = passes.around(builder);
            return wanted == factory && !passesBalancer ? client : builder.build();
        });
    }

    private Meshed builder(RestClient.Builder builder) {
        if (!Fields.hasOfSpring(builder, "requestFactory")) {
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

    @Override
    public Meshed leaveAlone(Object client) {
        AgentHook.leaveAlone(client);
        if (client instanceof RestClient.Builder builder) {
            if (Fields.read(builder, "requestFactory") instanceof ClientHttpRequestFactory factory) {
                takeBack(builder, factory);
            }
            return Meshed.excluded(builder);
        }
        if (!(Fields.readOfSpring(client, "clientRequestFactory") instanceof ClientHttpRequestFactory factory)
                || !RequestFactories.isMeshed(factory)) {
            return Meshed.excluded(client);
        }
        RestClient.Builder builder = ((RestClient) client).mutate();
        AgentHook.leaveAlone(builder);
        takeBack(builder, factory);
        return Meshed.excluded(builder.build());
    }

    private static void takeBack(RestClient.Builder builder, ClientHttpRequestFactory factory) {
        if (RequestFactories.isMeshed(factory)) {
            builder.requestFactory(MeshClientHttpRequestFactory.withoutMesh(factory));
        }
        BalancerPasses.takeBack(builder);
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
