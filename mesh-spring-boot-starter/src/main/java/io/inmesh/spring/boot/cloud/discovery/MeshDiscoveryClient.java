package io.inmesh.spring.boot.cloud.discovery;

import java.util.List;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;

/**
 * The mesh's services for code that asks Spring Cloud's discovery. Calls of the application's clients do not need it: the
 * mesh chooses their instances itself, by the rules. Thread-safe.
 */
final class MeshDiscoveryClient implements DiscoveryClient {
    static final String DESCRIPTION = "InMesh";

    /** After the application's own: code that asks for a service that a registry knows gets what it got before. */
    static final int ORDER = LOWEST_PRECEDENCE;

    private final MeshInstances instances;

    MeshDiscoveryClient(MeshInstances instances) {
        this.instances = instances;
    }

    @Override
    public String description() {
        return DESCRIPTION;
    }

    @Override
    public List<ServiceInstance> getInstances(String serviceId) {
        return instances.of(serviceId);
    }

    @Override
    public List<String> getServices() {
        return instances.services();
    }

    @Override
    public int getOrder() {
        return ORDER;
    }
}
