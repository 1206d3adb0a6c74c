package io.inmesh.spring.boot.cloud.gateway;

import io.inmesh.spring.boot.client.ProxyTransport;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;

/** What the filters of a gateway on WebFlux ask about an exchange. Thread-safe. */
final class GatewayMesh {
    private static final Logger LOG = LoggerFactory.getLogger(GatewayMesh.class);
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

    /** Whether an exchange goes through the mesh if it is sent to a URL. What the mesh cannot carry is told once a host. */
    boolean carries(ServerWebExchange exchange, URI url) {
        if (!transport.knows(url)) {
            return false;
        }
        String reason = notCarried(exchange.getRequest());
        if (reason != null && noted.size() < MOST_NOTES && noted.add(url.getRawAuthority() + reason)) {
            LOG.info(
                    "The gateway sends {} to {} itself, past the rules of the mesh, which does not carry them",
                    reason,
                    url.getRawAuthority());
        }
        return reason == null;
    }

    private static @Nullable String notCarried(ServerHttpRequest request) {
        HttpHeaders headers = request.getHeaders();
        String type = headers.getFirst(HttpHeaders.CONTENT_TYPE);
        if ("websocket".equalsIgnoreCase(headers.getFirst(HttpHeaders.UPGRADE))) {
            return "WebSockets";
        }
        if (type != null && type.toLowerCase(Locale.ROOT).startsWith("application/grpc")) {
            return "gRPC calls";
        }
        return WITHOUT_BODY.contains(request.getMethod()) && hasBody(request)
                ? request.getMethod() + " requests with a body"
                : null;
    }

    /** Whether a request has a body, as far as its headers tell; methods that usually have one may have it without. */
    static boolean hasBody(ServerHttpRequest request) {
        HttpHeaders headers = request.getHeaders();
        long length = headers.getContentLength();
        HttpMethod method = request.getMethod();
        return length > 0
                || headers.getFirst(HttpHeaders.TRANSFER_ENCODING) != null
                || (length < 0
                        && (method.equals(HttpMethod.POST)
                                || method.equals(HttpMethod.PUT)
                                || method.equals(HttpMethod.PATCH)));
    }
}
