package io.inmesh.servlet.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.servlet.policy.RateLimit;
import io.inmesh.servlet.policy.RateLimit.Key;
import io.inmesh.servlet.testing.ContainerKind;
import io.inmesh.servlet.testing.RawAnswer;
import io.inmesh.servlet.testing.ServletContainer;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RateLimitTest extends GatewayFixture {
    @ParameterizedTest
    @EnumSource(ContainerKind.class)
    void answers429WithATimeToRetry(ContainerKind kind) throws Exception {
        Upstream upstream = closing(Upstream.ok());
        ServletContainer gateway = gateway(
                kind,
                upstream,
                settings -> settings.responseFlags(true)
                        .rateLimit(RateLimit.builder(2, Duration.ofHours(1))
                                .virtualService("default/shop")
                                .by(Key.CLIENT)
                                .build()));
        String request = "GET / HTTP/1.1\r\nHost: shop.example\r\nAccept: application/json\r\n\r\n";

        assertThat(gateway.exchange(request).status()).isEqualTo(200);
        assertThat(gateway.exchange(request).status()).isEqualTo(200);
        RawAnswer limited = gateway.exchange(request);

        assertThat(limited.status()).isEqualTo(429);
        assertThat(Integer.parseInt(String.valueOf(limited.header("retry-after"))))
                .isBetween(3500, 3600);
        assertThat(limited.header("content-type")).isEqualTo("application/problem+json");
        assertThat(limited.header("x-inmesh-response-flags")).isEqualTo("RL");
        assertThat(limited.body()).contains("\"status\":429").contains("rate limited");
        assertThat(gateway.exchange("GET / HTTP/1.1\r\nHost: other.example\r\n\r\n")
                        .status())
                .as("a host without a route is not counted")
                .isEqualTo(404);
    }
}
