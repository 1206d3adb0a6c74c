package io.inmesh.spring.boot.cloud.gateway;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_REQUEST_URL_ATTR;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_SCHEME_PREFIX_ATTR;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.addOriginalRequestUrl;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.filter.ReactiveLoadBalancerClientFilter;
import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Leaves the name of a service that the mesh knows in the URL of an {@code lb:} route, where the gateway's load balancer
 * would put the address of an instance.
 */
final class MeshLoadBalancedRouteFilter implements GlobalFilter, Ordered {
    private static final String BALANCED = "lb";
    private static final int ORDER = ReactiveLoadBalancerClientFilter.LOAD_BALANCER_CLIENT_FILTER_ORDER - 1;

    private final GatewayMesh mesh;

    MeshLoadBalancedRouteFilter(GatewayMesh mesh) {
        this.mesh = mesh;
    }

    @Override
    public int getOrder() {
        return ORDER;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        URI url = exchange.getAttribute(GATEWAY_REQUEST_URL_ATTR);
        URI named = url == null ? null : named(url, exchange.getAttribute(GATEWAY_SCHEME_PREFIX_ATTR));
        if (url == null || named == null || !mesh.knows(named)) {
            return chain.filter(exchange);
        }
        return GatewayMesh.looked(exchange, looked -> {
            if (mesh.carries(looked, named)) {
                addOriginalRequestUrl(looked, url);
                looked.getAttributes().put(GATEWAY_REQUEST_URL_ATTR, named);
                looked.getAttributes().remove(GATEWAY_SCHEME_PREFIX_ATTR);
            }
            return chain.filter(looked);
        });
    }

    /** The URL without the load balancer, character by character what it was; null where there is none to leave out. */
    private static @Nullable URI named(URI url, @Nullable String prefix) {
        if (BALANCED.equalsIgnoreCase(url.getScheme())) {
            return URI.create("http" + url.toString().substring(BALANCED.length()));
        }
        return BALANCED.equalsIgnoreCase(prefix) ? url : null;
    }
}
