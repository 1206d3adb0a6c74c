package io.inmesh.spring.boot.cloud.gateway;

import static org.springframework.cloud.gateway.support.RouteMetadataUtils.CONNECT_TIMEOUT_ATTR;
import static org.springframework.cloud.gateway.support.RouteMetadataUtils.RESPONSE_TIMEOUT_ATTR;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.config.HttpClientProperties;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.web.server.ServerWebExchange;

/** The gateway's timeouts: those of its HTTP client, or of a route's metadata. */
final class RouteTimeouts {
    private final HttpClientProperties defaults;

    RouteTimeouts(HttpClientProperties defaults) {
        this.defaults = defaults;
    }

    /** Null where nothing is said. What is no number, or negative, is as if it were not there. */
    @Nullable
    Duration connect(ServerWebExchange exchange) {
        Object own = metadata(exchange, CONNECT_TIMEOUT_ATTR);
        Integer all = defaults.getConnectTimeout();
        try {
            if (own != null && millis(own) >= 0) {
                return Duration.ofMillis(millis(own));
            }
        } catch (NumberFormatException e) {
            // The default holds.
        }
        return all == null ? null : Duration.ofMillis(all);
    }

    /** Time until the head of the response; null for no limit. What is no number is as if it were not there. */
    @Nullable
    Duration response(ServerWebExchange exchange) {
        Object own = metadata(exchange, RESPONSE_TIMEOUT_ATTR);
        if (own == null) {
            return defaults.getResponseTimeout();
        }
        try {
            long millis = millis(own);
            return millis < 0 ? null : Duration.ofMillis(millis);
        } catch (NumberFormatException e) {
            return defaults.getResponseTimeout();
        }
    }

    private static @Nullable Object metadata(ServerWebExchange exchange, String name) {
        Route route = exchange.getAttribute(GATEWAY_ROUTE_ATTR);
        return route == null ? null : route.getMetadata().get(name);
    }

    private static long millis(Object value) {
        return value instanceof Number number ? number.longValue() : Long.parseLong(value.toString());
    }
}
