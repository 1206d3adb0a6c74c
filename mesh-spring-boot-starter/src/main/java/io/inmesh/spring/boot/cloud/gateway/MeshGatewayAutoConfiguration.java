package io.inmesh.spring.boot.cloud.gateway;

import io.inmesh.spring.boot.client.MeshHttpClientAutoConfiguration;
import io.inmesh.spring.boot.client.MeshTransport;
import io.inmesh.spring.boot.client.ProxyTransport;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.cloud.gateway.config.GatewayProperties;
import org.springframework.cloud.gateway.config.HttpClientProperties;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.context.annotation.Bean;

/** Carries the routes of Spring Cloud Gateway on WebFlux. Comes before the gateway's, for the order of their filters. */
@AutoConfiguration(
        after = MeshHttpClientAutoConfiguration.class,
        beforeName = "org.springframework.cloud.gateway.config.GatewayAutoConfiguration")
@ConditionalOnClass(
        name = {
            "org.springframework.cloud.gateway.filter.NettyRoutingFilter",
            "reactor.netty.http.client.HttpClient",
            "org.springframework.web.reactive.DispatcherHandler"
        })
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@ConditionalOnProperty(
        name = {"spring.cloud.gateway.enabled", "spring.cloud.gateway.server.webflux.enabled"},
        matchIfMissing = true)
@ConditionalOnBean(MeshTransport.class)
public final class MeshGatewayAutoConfiguration {
    /** Makes the configuration. */
    public MeshGatewayAutoConfiguration() {}

    @Bean
    GatewayMesh meshGateway(MeshTransport transport) {
        return new GatewayMesh(new ProxyTransport(transport));
    }

    @Bean
    MeshLoadBalancedRouteFilter meshLoadBalancedRouteFilter(GatewayMesh mesh) {
        return new MeshLoadBalancedRouteFilter(mesh);
    }

    @Bean
    MeshRoutingFilter meshRoutingFilter(
            GatewayMesh mesh, ObjectProvider<List<HttpHeadersFilter>> headersFilters, HttpClientProperties properties) {
        return new MeshRoutingFilter(mesh, headersFilters, new RouteTimeouts(properties));
    }

    @Bean
    MeshWriteResponseFilter meshWriteResponseFilter(GatewayProperties properties) {
        return new MeshWriteResponseFilter(properties.getStreamingMediaTypes());
    }
}
