package io.inmesh.kubernetes;

import io.inmesh.endpoint.EndpointSource;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import java.util.function.Consumer;

/** The cached endpoint table: services, endpoints and workloads of a cluster. Thread-safe. */
public final class KubernetesEndpointSource implements EndpointSource {
    /** Makes a source over a connection that the caller closes. */
    public KubernetesEndpointSource(KubernetesConnection connection) {}

    @Override
    public AutoCloseable watch(ServiceName service, Consumer<ServiceEndpoints> onUpdate) {
        throw new UnsupportedOperationException();
    }

    /** How reading goes. */
    public KubernetesStatus status() {
        throw new UnsupportedOperationException();
    }

    @Override
    public String name() {
        return "kubernetes";
    }

    @Override
    public void close() {}
}
