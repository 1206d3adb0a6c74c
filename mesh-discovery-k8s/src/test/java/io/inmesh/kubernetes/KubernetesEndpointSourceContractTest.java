package io.inmesh.kubernetes;

import io.inmesh.endpoint.EndpointSource;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.kubernetes.testing.KubernetesJson;
import io.inmesh.kubernetes.testing.ScriptedApiServer;
import io.inmesh.testing.EndpointSourceContract;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;

class KubernetesEndpointSourceContractTest extends EndpointSourceContract {
    private final EndpointSourceRig rig = new EndpointSourceRig();

    @AfterEach
    void close() {
        rig.close();
    }

    @Override
    protected EndpointSource source() {
        return rig.source;
    }

    @Override
    protected ServiceName service() {
        return new ServiceName(EndpointSourceRig.CART);
    }

    @Override
    protected void serve(ServiceName service, String... addresses) {
        String[] endpoints = Stream.of(addresses)
                .map(address -> KubernetesJson.ready(address, pod(address)))
                .toArray(String[]::new);
        for (String address : addresses) {
            rig.server.put(ScriptedApiServer.PODS, KubernetesJson.pod("shop", pod(address), "cart", "v1", address));
        }
        rig.server.put(
                ScriptedApiServer.SERVICES,
                KubernetesJson.service("shop", "cart").replace("\"port\": 80,", "\"port\": " + PORT + ","));
        rig.server.put(ScriptedApiServer.SLICES, KubernetesJson.slice("shop", "cart-1", "cart", endpoints));
    }

    private static String pod(String address) {
        return "p-" + address.replace('.', '-');
    }
}
