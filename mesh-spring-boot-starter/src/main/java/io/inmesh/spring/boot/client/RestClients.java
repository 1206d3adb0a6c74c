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
            return Meshed.not(client, "what " + client.getClass().getName() + " sends requests with cannot be read");
        }
        String refusal = RequestFactories.refusal(factory);
        if (refusal != null) {
            return Meshed.not(client, refusal);
        }
        ClientHttpRequestFactory meshed = factories.meshed(factory);
        RestClient.Builder builder = client.mutate().requestFactory(meshed);
        boolean passesBalancer = passes.around(builder);
        return Meshed.as(
                meshed == factory && !passesBalancer ? client : builder.build(), RequestFactories.remark(factory));
    }

    private Meshed builder(RestClient.Builder builder) {
        if (!Fields.has(builder, "requestFactory")) {
            return Meshed.not(builder, "what " + builder.getClass().getName() + " sends requests with cannot be read");
        }
        if (!(Fields.read(builder, "requestFactory") instanceof ClientHttpRequestFactory factory)) {
            builder.requestFactory(factories.meshed(RestClients::detect));
            boolean unused = passes.around(builder);
            return Meshed.as(builder, null);
        }
        String refusal = RequestFactories.refusal(factory);
        if (refusal != null) {
            return Meshed.not(builder, refusal);
        }
        ClientHttpRequestFactory meshed = factories.meshed(factory);
        if (meshed != factory) {
            builder.requestFactory(meshed);
        }
        boolean unused = passes.around(builder);
        return Meshed.as(builder, RequestFactories.remark(factory));
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
