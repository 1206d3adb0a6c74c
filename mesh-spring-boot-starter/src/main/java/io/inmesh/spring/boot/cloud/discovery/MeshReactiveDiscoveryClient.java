package io.inmesh.spring.boot.cloud.discovery;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.ReactiveDiscoveryClient;
import reactor.core.publisher.Flux;

/** The same as {@link MeshDiscoveryClient} for reactive code; waits for nothing. Thread-safe. */
final class MeshReactiveDiscoveryClient implements ReactiveDiscoveryClient {
    private final MeshInstances instances;

    MeshReactiveDiscoveryClient(MeshInstances instances) {
        this.instances = instances;
    }

    @Override
    public String description() {
        return MeshDiscoveryClient.DESCRIPTION;
    }

    @Override
    public Flux<ServiceInstance> getInstances(String serviceId) {
        return Flux.defer(() -> Flux.fromIterable(instances.of(serviceId)));
    }

    @Override
    public Flux<String> getServices() {
        return Flux.defer(() -> Flux.fromIterable(instances.services()));
    }

    @Override
    public int getOrder() {
        return MeshDiscoveryClient.ORDER;
    }
}
