package io.inmesh.spring.boot.cloud.gateway;

import io.inmesh.spring.boot.client.ProxyTransport;
import java.net.URI;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.springframework.cloud.gateway.server.mvc.common.MvcUtils;
import org.springframework.cloud.gateway.server.mvc.config.RouteProperties;
import org.springframework.cloud.gateway.server.mvc.handler.HandlerFunctionDefinition;
import org.springframework.cloud.gateway.server.mvc.handler.HandlerFunctions;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.function.HandlerFilterFunction;
import org.springframework.web.servlet.function.ServerResponse;

/** What {@code lb:} routes of a gateway on Web MVC mean in an application without Spring Cloud LoadBalancer. */
final class MeshNamedRoutes implements Function<RouteProperties, HandlerFunctionDefinition> {
    private final Supplier<ProxyTransport> transport;

    MeshNamedRoutes(Supplier<ProxyTransport> transport) {
        this.transport = transport;
    }

    @Override
    public HandlerFunctionDefinition apply(RouteProperties route) {
        URI uri = route.getUri();
        if (uri == null || uri.getHost() == null) {
            throw new IllegalStateException(
                    "The route " + route.getId() + " has the URI " + uri + "; write lb:// and the name of a service");
        }
        return new HandlerFunctionDefinition.Default(
                "lb", HandlerFunctions.http(), List.of(), List.of(named(uri.getHost())));
    }

    private HandlerFilterFunction<ServerResponse, ServerResponse> named(String service) {
        URI url = MeshRouteLoadBalancer.url(service);
        return (request, next) -> {
            if (!transport.get().knows(url)) {
                throw new ResponseStatusException(
                        HttpStatus.SERVICE_UNAVAILABLE,
                        "The mesh does not know the service " + service + ", and there is no load balancer");
            }
            MvcUtils.setRequestUrl(request, url);
            return next.handle(request);
        };
    }
}
