package io.inmesh.spring.boot.cloud.gateway;

import io.inmesh.spring.boot.client.ProxyTransport;
import java.io.IOException;
import java.net.URI;
import java.util.function.Supplier;
import org.springframework.cloud.client.DefaultServiceInstance;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.LoadBalancerClient;
import org.springframework.cloud.client.loadbalancer.LoadBalancerRequest;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.client.loadbalancer.RequestDataContext;

/**
 * Answers the {@code lb} filter of a gateway on Web MVC with the name of a service that the mesh knows, where the load
 * balancer would choose the address of an instance. Everything else is the load balancer's.
 */
final class MeshRouteLoadBalancer implements LoadBalancerClient {
    /** What the names of the gateway's request attributes begin with. */
    private static final String GATEWAY = "GatewayServerMvc.";

    private static final int PORT = 80;

    private final Supplier<ProxyTransport> transport;
    private final LoadBalancerClient delegate;

    MeshRouteLoadBalancer(Supplier<ProxyTransport> transport, LoadBalancerClient delegate) {
        this.transport = transport;
        this.delegate = delegate;
    }

    @Override
    public <T> ServiceInstance choose(String serviceId, Request<T> request) {
        return isOfRoute(request) && transport.get().knows(url(serviceId))
                ? new DefaultServiceInstance(serviceId, serviceId, serviceId, PORT, false)
                : delegate.choose(serviceId, request);
    }

    /** What an {@code lb:} route to a service stands for. */
    static URI url(String serviceId) {
        return URI.create("http://" + serviceId);
    }

    private static boolean isOfRoute(Request<?> request) {
        return request.getContext() instanceof RequestDataContext context
                && context.getClientRequest() != null
                && context.getClientRequest().getAttributes() != null
                && context.getClientRequest().getAttributes().keySet().stream()
                        .anyMatch(name -> name.startsWith(GATEWAY));
    }

    @Override
    public ServiceInstance choose(String serviceId) {
        return delegate.choose(serviceId);
    }

    @Override
    public <T> T execute(String serviceId, LoadBalancerRequest<T> request) throws IOException {
        return delegate.execute(serviceId, request);
    }

    @Override
    public <T> T execute(String serviceId, ServiceInstance instance, LoadBalancerRequest<T> request)
            throws IOException {
        return delegate.execute(serviceId, instance, request);
    }

    @Override
    public URI reconstructURI(ServiceInstance instance, URI original) {
        return delegate.reconstructURI(instance, original);
    }
}
