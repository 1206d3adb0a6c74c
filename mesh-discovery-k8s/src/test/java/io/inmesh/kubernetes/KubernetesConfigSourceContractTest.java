package io.inmesh.kubernetes;

import io.inmesh.config.ConfigSource;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.kubernetes.testing.ScriptedApiServer;
import io.inmesh.testing.FollowingConfigSourceContract;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

class KubernetesConfigSourceContractTest extends FollowingConfigSourceContract {
    private static final String DESTINATION_RULES = "/apis/networking.istio.io/v1/destinationrules";

    private final ScriptedApiServer server = ScriptedApiServer.start();
    private final List<KubernetesConnection> connections = new ArrayList<>();

    @Override
    protected ConfigSource source() {
        KubernetesConnection connection = KubernetesConnection.of(EndpointSourceRig.settings()
                .client(server.clients())
                .startWait(Duration.ofSeconds(20))
                .build());
        connections.add(connection);
        return new KubernetesConfigSource(connection, ConfigReader.sensible());
    }

    @Override
    protected void put(String name, String json) {
        server.put(DESTINATION_RULES, json);
    }

    @Override
    protected void remove(String name) {
        server.delete(DESTINATION_RULES, "shop", name);
    }

    @Override
    protected void closeBackEnd() {
        connections.forEach(KubernetesConnection::close);
        server.close();
    }
}
