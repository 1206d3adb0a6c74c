package io.inmesh.spring.boot.soak;

import io.inmesh.spring.boot.client.AgentHook;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.JdkClientHttpConnector;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.reactive.function.client.WebClient;

/** Clients that are no beans, in a JVM with the agent: what it lets Spring's classes call is called here by hand. */
final class AgentClients {
    /** By which the starter knows that the agent runs. */
    static final String RUNNING = "io.inmesh.agent.version";

    private AgentClients() {}

    static SoakClient template() {
        return new SpringClients.Template(
                "RestTemplate by the agent",
                new Hooked(ClientApplication.following()),
                new Hooked(ClientApplication.hasty()));
    }

    static SoakClient rest() {
        return new SpringClients.Rest(
                "RestClient by the agent", rest(ClientApplication.following()), rest(ClientApplication.hasty()));
    }

    static SoakClient web() {
        WebClient.Builder builder = WebClient.builder();
        Object connector =
                AgentHook.connector(new JdkClientHttpConnector(ClientApplication.followingClient()), builder);
        return new SpringClients.Web(
                "WebClient by the agent",
                builder.clientConnector((ClientHttpConnector) connector).build());
    }

    private static RestClient rest(ClientHttpRequestFactory factory) {
        RestClient.Builder builder = RestClient.builder();
        return builder.requestFactory((ClientHttpRequestFactory) AgentHook.factory(factory, builder))
                .build();
    }

    private static final class Hooked extends RestTemplate {
        Hooked(ClientHttpRequestFactory factory) {
            super(factory);
        }

        @Override
        public ClientHttpRequestFactory getRequestFactory() {
            return (ClientHttpRequestFactory) AgentHook.template(super.getRequestFactory(), this);
        }
    }
}
