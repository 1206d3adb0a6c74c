package io.inmesh.spring.boot.cloud.gateway;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.CLIENT_RESPONSE_HEADER_NAMES;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_REQUEST_URL_ATTR;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.ORIGINAL_RESPONSE_CONTENT_TYPE_ATTR;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.PRESERVE_HOST_HEADER_ATTRIBUTE;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.isAlreadyRouted;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.setAlreadyRouted;

import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.core.Ordered;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.client.reactive.ClientHttpResponse;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.util.StringUtils;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Sends exchanges to hosts that the mesh knows through it. Stands in the place of the gateway's own routing filter, which
 * takes all others: it has the same order, and its bean is defined before the gateway's.
 */
final class MeshRoutingFilter implements GlobalFilter, Ordered {
    /** A request body of up to so many bytes is kept, so that a retry can send it again. */
    private static final int KEPT_BYTES = 64 * 1024;

    private final GatewayMesh mesh;
    private final Supplier<List<HttpHeadersFilter>> headersFilters;
    private final RouteTimeouts timeouts;

    MeshRoutingFilter(
            GatewayMesh mesh, ObjectProvider<List<HttpHeadersFilter>> headersFilters, RouteTimeouts timeouts) {
        this.mesh = mesh;
        this.headersFilters = SingletonSupplier.of(() -> headersFilters.getIfAvailable(List::of));
        this.timeouts = timeouts;
    }

    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        URI url = exchange.getAttribute(GATEWAY_REQUEST_URL_ATTR);
        if (url == null || isAlreadyRouted(exchange) || !mesh.knows(url)) {
            return chain.filter(exchange);
        }
        return GatewayMesh.looked(
                exchange, looked -> mesh.carries(looked, url) ? carried(looked, url, chain) : chain.filter(looked));
    }

    private Mono<Void> carried(ServerWebExchange exchange, URI url, GatewayFilterChain chain) {
        setAlreadyRouted(exchange);
        List<HttpHeadersFilter> filters = headersFilters.get();
        return answer(exchange, url, filters)
                .doOnNext(answer -> {
                    MeshWriteResponseFilter.put(exchange, answer);
                    writeHead(exchange, answer, filters);
                })
                .then(chain.filter(exchange));
    }

    private Mono<ClientHttpResponse> answer(ServerWebExchange exchange, URI url, List<HttpHeadersFilter> filters) {
        ServerHttpRequest request = exchange.getRequest();
        Mono<ClientHttpResponse> answer = mesh.transport()
                .exchange(
                        request.getMethod(),
                        url,
                        requestHeaders(exchange, filters),
                        body(exchange),
                        timeouts.connect(exchange));
        Duration wait = timeouts.response(exchange);
        return wait == null
                ? answer
                : answer.timeout(wait)
                        .onErrorMap(
                                TimeoutException.class,
                                e -> new ResponseStatusException(
                                        HttpStatus.GATEWAY_TIMEOUT, "Response took longer than timeout: " + wait, e));
    }

    private static HttpHeaders requestHeaders(ServerWebExchange exchange, List<HttpHeadersFilter> filters) {
        HttpHeaders sent = new HttpHeaders();
        HttpHeadersFilter.filterRequest(filters, exchange).forEach((name, values) -> {
            if (!name.equalsIgnoreCase(HttpHeaders.HOST) && !name.equalsIgnoreCase(HttpHeaders.TRANSFER_ENCODING)) {
                sent.addAll(name, values);
            }
        });
        String host = exchange.getRequest().getHeaders().getFirst(HttpHeaders.HOST);
        if (host != null && exchange.getAttributeOrDefault(PRESERVE_HOST_HEADER_ATTRIBUTE, false)) {
            sent.set(HttpHeaders.HOST, host);
        }
        return sent;
    }

    private static @Nullable Publisher<DataBuffer> body(ServerWebExchange exchange) {
        if (!GatewayMesh.hasBody(exchange)) {
            return null;
        }
        ServerHttpRequest request = exchange.getRequest();
        long length = request.getHeaders().getContentLength();
        return length >= 0 && length <= KEPT_BYTES ? DataBufferUtils.join(request.getBody()) : request.getBody();
    }

    /** Filters that come after may still change it. */
    private static void writeHead(
            ServerWebExchange exchange, ClientHttpResponse answer, List<HttpHeadersFilter> filters) {
        ServerHttpResponse response = exchange.getResponse();
        HttpHeaders received = new HttpHeaders();
        answer.getHeaders().forEach((name, values) -> received.addAll(name, values));
        String type = received.getFirst(HttpHeaders.CONTENT_TYPE);
        if (StringUtils.hasLength(type)) {
            exchange.getAttributes().put(ORIGINAL_RESPONSE_CONTENT_TYPE_ATTR, type);
        }
        response.setStatusCode(answer.getStatusCode());
        Set<String> names = new LinkedHashSet<>();
        HttpHeadersFilter.filter(filters, received, exchange, HttpHeadersFilter.Type.RESPONSE)
                .forEach((name, values) -> {
                    names.add(name);
                    response.getHeaders().addAll(name, values);
                });
        // A retry takes these away again.
        exchange.getAttributes().put(CLIENT_RESPONSE_HEADER_NAMES, names);
    }
}
