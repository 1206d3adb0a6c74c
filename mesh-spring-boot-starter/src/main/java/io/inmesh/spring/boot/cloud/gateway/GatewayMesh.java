package io.inmesh.spring.boot.cloud.gateway;

import io.inmesh.spring.boot.client.ProxyTransport;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What the filters of a gateway on WebFlux ask about an exchange. Thread-safe. */
final class GatewayMesh {
    private static final Logger LOG = LoggerFactory.getLogger(GatewayMesh.class);
    /** Whether a request of which no header says so has a body; kept, since a server gives a body once. */
    private static final String HAS_BODY = GatewayMesh.class.getName() + ".hasBody";

    private static final Set<HttpMethod> WITHOUT_BODY = Set.of(HttpMethod.GET, HttpMethod.HEAD);

    /** Names of hosts can come from requests. */
    private static final int MOST_NOTES = 1000;

    private final ProxyTransport transport;
    private final Set<String> noted = ConcurrentHashMap.newKeySet();

    GatewayMesh(ProxyTransport transport) {
        this.transport = transport;
    }

    ProxyTransport transport() {
        return transport;
    }

    boolean knows(URI url) {
        return transport.knows(url);
    }

    /**
     * Goes on when it is known whether the request of an exchange has a body. A header says so in HTTP/1.1; in HTTP/2 only
     * the body itself does, unless the server adds such a header.
     *
     * @param next gets the exchange to go on with, whose body is whole
     */
    static Mono<Void> looked(ServerWebExchange exchange, Function<ServerWebExchange, Mono<Void>> next) {
        ServerHttpRequest request = exchange.getRequest();
        HttpHeaders headers = request.getHeaders();
        boolean isTold = exchange.getAttribute(HAS_BODY) != null
                || headers.getContentLength() >= 0
                || headers.getFirst(HttpHeaders.TRANSFER_ENCODING) != null;
        if (isTold || otherProtocol(request) != null) {
            return next.apply(exchange);
        }
        return request.getBody()
                .switchOnFirst(
                        (first, body) -> {
                            exchange.getAttributes().put(HAS_BODY, !first.isOnComplete());
                            if (first.isOnComplete()) {
                                return next.apply(exchange);
                            }
                            AtomicBoolean isRead = new AtomicBoolean();
                            return next.apply(with(body.doOnSubscribe(reader -> isRead.set(true)), exchange))
                                    .doOnSuccess(done -> {
                                        if (!isRead.get()) {
                                            leave(body);
                                        }
                                    });
                        },
                        false)
                .doOnDiscard(DataBuffer.class, DataBufferUtils::release)
                .then();
    }

    /** Of an exchange that was answered without its body, whose beginning is in hand already. */
    private static void leave(Flux<DataBuffer> body) {
        body.subscribe(DataBufferUtils::release, failed -> {}).dispose();
    }

    private static ServerWebExchange with(Flux<DataBuffer> body, ServerWebExchange exchange) {
        ServerHttpRequest request = new ServerHttpRequestDecorator(exchange.getRequest()) {
            @Override
            public Flux<DataBuffer> getBody() {
                return body;
            }
        };
        return exchange.mutate().request(request).build();
    }

    /**
     * Whether an exchange goes through the mesh, which knows the URL that it is sent to. What the mesh cannot carry is told
     * once a host.
     */
    boolean carries(ServerWebExchange exchange, URI url) {
        String reason = notCarried(exchange);
        if (reason != null && noted.size() < MOST_NOTES && noted.add(url.getRawAuthority() + reason)) {
            LOG.info(
                    "The gateway sends {} to {} itself, past the rules of the mesh, which does not carry them",
                    reason,
                    url.getRawAuthority());
        }
        return reason == null;
    }

    private static @Nullable String notCarried(ServerWebExchange exchange) {
        ServerHttpRequest request = exchange.getRequest();
        String protocol = otherProtocol(request);
        if (protocol != null) {
            return protocol;
        }
        return WITHOUT_BODY.contains(request.getMethod()) && hasBody(exchange)
                ? request.getMethod() + " requests with a body"
                : null;
    }

    private static @Nullable String otherProtocol(ServerHttpRequest request) {
        HttpHeaders headers = request.getHeaders();
        String type = headers.getFirst(HttpHeaders.CONTENT_TYPE);
        if ("websocket".equalsIgnoreCase(headers.getFirst(HttpHeaders.UPGRADE))) {
            return "WebSockets";
        }
        return type != null && type.toLowerCase(Locale.ROOT).startsWith("application/grpc") ? "gRPC calls" : null;
    }

    /** Whether the request of an exchange that was {@link #looked} at has a body. */
    static boolean hasBody(ServerWebExchange exchange) {
        HttpHeaders headers = exchange.getRequest().getHeaders();
        return exchange.getAttributeOrDefault(
                HAS_BODY, headers.getContentLength() > 0 || headers.getFirst(HttpHeaders.TRANSFER_ENCODING) != null);
    }
}
