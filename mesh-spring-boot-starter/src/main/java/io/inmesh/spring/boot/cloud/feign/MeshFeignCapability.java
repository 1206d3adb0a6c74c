package io.inmesh.spring.boot.cloud.feign;

import feign.Capability;
import feign.Client;
import io.inmesh.spring.boot.client.BalancerDecisions;
import io.inmesh.spring.boot.client.MeshTransport;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;

/**
 * Puts the mesh in front of the client that a Feign interface sends its requests with. Spring Cloud OpenFeign gives it to
 * every interface, by name and by URL, with Spring Cloud's load balancer within the client; a {@code Feign.Builder} made by
 * hand takes it with {@code addCapability}. Thread-safe.
 */
public final class MeshFeignCapability implements Capability, Ordered {
    private final Supplier<@Nullable MeshTransport> transport;
    private final Predicate<Class<?>> excluded;
    private final BalancerDecisions decisions;

    /**
     * Makes a capability.
     *
     * @param transport asked at each request; null while there is none, when everything goes as without the mesh
     * @param excluded tells of a Feign interface whether it stays as it is
     */
    MeshFeignCapability(
            Supplier<@Nullable MeshTransport> transport, Predicate<Class<?>> excluded, BalancerDecisions decisions) {
        this.transport = transport;
        this.excluded = excluded;
        this.decisions = decisions;
    }

    /** The innermost, so that those which measure or trace calls see the calls of the mesh, too. */
    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public Client enrich(Client client) {
        return client instanceof MeshFeignClient
                ? client
                : new MeshFeignClient(client, new FeignCalls(transport), excluded, decisions);
    }
}
