package io.inmesh.spring.boot.cloud.gateway;

import io.inmesh.spring.boot.client.ProxyTransport;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.filter.NettyWriteResponseFilter;
import org.springframework.core.Ordered;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.client.reactive.ClientHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;

/**
 * Writes the body of an answer that came through the mesh, when all filters have seen its head. Every answer has one end:
 * written, or dropped where another one takes its place, a filter has written something else, or the exchange ends.
 */
final class MeshWriteResponseFilter implements GlobalFilter, Ordered {
    private static final String ANSWER = MeshWriteResponseFilter.class.getName() + ".answer";

    private final List<MediaType> streamed;

    /**
     * Makes the filter.
     *
     * @param streamed media types whose pieces are flushed as they come
     */
    MeshWriteResponseFilter(List<MediaType> streamed) {
        this.streamed = streamed;
    }

    /** Keeps an answer until it is written. */
    static void put(ServerWebExchange exchange, ClientHttpResponse answer) {
        drop((ClientHttpResponse) exchange.getAttributes().put(ANSWER, answer));
    }

    @Override
    public int getOrder() {
        return NettyWriteResponseFilter.WRITE_RESPONSE_FILTER_ORDER;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        return chain.filter(exchange).then(Mono.defer(() -> write(exchange))).doFinally(end -> {
            if (end != SignalType.ON_COMPLETE) {
                drop(take(exchange));
            }
        });
    }

    private Mono<Void> write(ServerWebExchange exchange) {
        ClientHttpResponse answer = take(exchange);
        if (answer == null) {
            return Mono.empty();
        }
        ServerHttpResponse response = exchange.getResponse();
        if (response.isCommitted()) {
            drop(answer);
            return Mono.empty();
        }
        Flux<DataBuffer> body = answer.getBody();
        Mono<Void> written =
                isStreamed(response) ? response.writeAndFlushWith(body.map(Flux::just)) : response.writeWith(body);
        return written.doFinally(end -> drop(answer));
    }

    private boolean isStreamed(ServerHttpResponse response) {
        try {
            MediaType type = response.getHeaders().getContentType();
            return type != null && streamed.stream().anyMatch(each -> each.isCompatibleWith(type));
        } catch (InvalidMediaTypeException e) {
            return false;
        }
    }

    private static @Nullable ClientHttpResponse take(ServerWebExchange exchange) {
        return (ClientHttpResponse) exchange.getAttributes().remove(ANSWER);
    }

    private static void drop(@Nullable ClientHttpResponse answer) {
        if (answer != null) {
            ProxyTransport.drop(answer);
        }
    }
}
