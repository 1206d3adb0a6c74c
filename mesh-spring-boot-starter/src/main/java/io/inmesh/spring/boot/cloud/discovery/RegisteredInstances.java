package io.inmesh.spring.boot.cloud.discovery;

import io.inmesh.spring.boot.client.OwnRegistries;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.discovery.composite.CompositeDiscoveryClient;

/** What Spring Cloud's discovery clients know, without the mesh's. */
final class RegisteredInstances implements OwnRegistries {
    private final ObjectProvider<DiscoveryClient> clients;

    RegisteredInstances(ObjectProvider<DiscoveryClient> clients) {
        this.clients = clients;
    }

    @Override
    public Map<String, Integer> instances(String service) {
        Map<String, Integer> counts = new TreeMap<>();
        clients.stream()
                .filter(client ->
                        !(client instanceof MeshDiscoveryClient || client instanceof CompositeDiscoveryClient))
                .forEach(client -> {
                    int count = client.getInstances(service).size();
                    if (count > 0) {
                        counts.merge(client.description(), count, Integer::sum);
                    }
                });
        return counts;
    }
}
