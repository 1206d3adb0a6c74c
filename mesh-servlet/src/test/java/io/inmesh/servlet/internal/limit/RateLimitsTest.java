package io.inmesh.servlet.internal.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inmesh.call.HeaderField;
import io.inmesh.call.RequestHead;
import io.inmesh.servlet.internal.arrival.TestHead;
import io.inmesh.servlet.policy.PathPolicy;
import io.inmesh.servlet.policy.RateLimit;
import io.inmesh.servlet.policy.RateLimit.Key;
import io.inmesh.testing.HeadWithClaims;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateLimitsTest {
    private final AtomicLong nanos = new AtomicLong(12_345);

    @Test
    void letsSoManyPassInATime() {
        RateLimits limits = limits(RateLimit.builder(2, Duration.ofSeconds(10)));

        assertThat(ask(limits, "10.0.0.1")).isZero();
        assertThat(ask(limits, "10.0.0.2")).isZero();
        assertThat(ask(limits, "10.0.0.3")).isEqualTo(10);
        nanos.addAndGet(Duration.ofMillis(9_500).toNanos());
        assertThat(ask(limits, "10.0.0.1")).isEqualTo(1);
        nanos.addAndGet(Duration.ofMillis(500).toNanos());
        assertThat(ask(limits, "10.0.0.1")).isZero();
        assertThat(ask(limits, "10.0.0.1")).isZero();
        assertThat(ask(limits, "10.0.0.1")).isPositive();
    }

    @Test
    void countsEachClientByItself() {
        RateLimits limits = limits(RateLimit.builder(1, Duration.ofMinutes(1)).by(Key.CLIENT));

        assertThat(ask(limits, "10.0.0.1")).isZero();
        assertThat(ask(limits, "10.0.0.1")).isEqualTo(60);
        assertThat(ask(limits, "10.0.0.2")).isZero();
        assertThat(ask(limits, "2001:db8::1")).isZero();
        assertThat(ask(limits, "2001:db8::2")).as("of the same network").isPositive();
        assertThat(ask(limits, "2001:db8:0:1::1")).isZero();
    }

    @Test
    void countsRoutesHostsAndHeadersByThemselves() {
        RateLimits limits = limits(
                RateLimit.builder(1, Duration.ofMinutes(1)).by(Key.ROUTE, Key.VIRTUAL_HOST, Key.header("X-Key")));

        assertThat(limits.secondsToWait(head("a"), "ns/shop", "r", "*.example.com"))
                .isZero();
        assertThat(limits.secondsToWait(head("a"), "ns/shop", "r", "*.example.com"))
                .isPositive();
        assertThat(limits.secondsToWait(head("b"), "ns/shop", "r", "*.example.com"))
                .isZero();
        assertThat(limits.secondsToWait(head("a"), "ns/shop", "s", "*.example.com"))
                .isZero();
        assertThat(limits.secondsToWait(head("a"), "ns/other", "r", "*.example.com"))
                .isZero();
        assertThat(limits.secondsToWait(head("a"), "ns/shop", "r", "b.test")).isZero();
        String longValue = "x".repeat(8000);
        assertThat(limits.secondsToWait(head(longValue + 1), "ns/shop", "r", "b.test"))
                .isZero();
        assertThat(limits.secondsToWait(head(longValue + 2), "ns/shop", "r", "b.test"))
                .isZero();
        assertThat(limits.secondsToWait(head(longValue + 1), "ns/shop", "r", "b.test"))
                .isPositive();
    }

    @Test
    void concernsOnlyWhatItIsFor() {
        RateLimits limits = limits(RateLimit.builder(1, Duration.ofMinutes(1))
                .virtualService("ns/shop")
                .route("r")
                .virtualHost("*.Example.com"));

        for (int i = 0; i < 3; i++) {
            assertThat(limits.secondsToWait(head("a"), "ns/shop", "s", "*.example.com"))
                    .isZero();
            assertThat(limits.secondsToWait(head("a"), "ns/other", "r", "*.example.com"))
                    .isZero();
            assertThat(limits.secondsToWait(head("a"), "ns/shop", "r", "b.test"))
                    .isZero();
        }
        assertThat(limits.secondsToWait(head("a"), "ns/shop", "r", "*.example.com"))
                .isZero();
        assertThat(limits.secondsToWait(head("a"), "ns/shop", "r", "*.example.com"))
                .isPositive();
    }

    @Test
    void staysBoundedWhateverClientsSend() {
        RateLimits limits = limits(RateLimit.builder(1, Duration.ofMinutes(1)).by(Key.header("x-key")));

        for (int i = 0; i < RateLimits.MOST_KEYS + 5000; i++) {
            limits.secondsToWait(head(Integer.toString(i)), "ns/shop", "r", "h");
        }

        assertThat(limits.keys()).isLessThanOrEqualTo(RateLimits.MOST_KEYS);
    }

    @ParameterizedTest
    @CsvSource({
        "/api, /api, true",
        "/api, /api/v1?x=1, true",
        "/api, /%61pi, true",
        "/api, /apis, false",
        "/api, /, false",
        "/api/, /api/v1, true",
        "/api/, /api, false"
    })
    void concernsAPathAndWhatIsBelow(String top, String path, boolean concerned) {
        RateLimits limits = limits(RateLimit.builder(1, Duration.ofMinutes(1)).path(top));
        TestHead head = new TestHead("GET", "shop", path, "10.0.0.1", List.of());

        assertThat(limits.secondsToWait(head, "", "", "")).isZero();
        assertThat(limits.secondsToWait(head, "", "", "") > 0).isEqualTo(concerned);
    }

    @Test
    void countsClaimsByThemselves() {
        RateLimits limits = limits(RateLimit.builder(1, Duration.ofMinutes(1)).by(Key.claim("sub")));

        assertThat(limits.secondsToWait(withClaims(Map.of("sub", "alice")), "", "", ""))
                .isZero();
        assertThat(limits.secondsToWait(withClaims(Map.of("sub", "bob")), "", "", ""))
                .isZero();
        assertThat(limits.secondsToWait(withClaims(Map.of("sub", "alice", "iat", 2)), "", "", ""))
                .isPositive();
        assertThat(limits.secondsToWait(head("none"), "", "", "")).isZero();
        assertThat(limits.secondsToWait(head("none"), "", "", "")).isPositive();
    }

    @Test
    void refusesLimitsThatMakeNoSense() {
        assertThatThrownBy(() -> RateLimit.builder(0, Duration.ofSeconds(1)).build())
                .hasMessageContaining("give 1 or more");
        assertThatThrownBy(() -> RateLimit.builder(1, Duration.ZERO).build()).hasMessageContaining("more than 0");
        assertThatThrownBy(() -> RateLimit.builder(1, Duration.ofDays(2)).build())
                .hasMessageContaining("at most a day");
        assertThatThrownBy(() -> Key.header("a b")).hasMessageContaining("not the name of a header");
        assertThatThrownBy(() -> Key.claim(" ")).hasMessageContaining("not the name of a claim");
        assertThatThrownBy(() ->
                        RateLimit.builder(1, Duration.ofSeconds(1)).path("api").build())
                .hasMessageContaining("begin it with a slash");
        assertThatThrownBy(() -> new Key(RateLimit.Part.CLIENT, "x")).isInstanceOf(IllegalArgumentException.class);
    }

    private RateLimits limits(RateLimit.Builder limit) {
        return new RateLimits(List.of(limit.build()), PathPolicy.STRICT, nanos::get);
    }

    private static long ask(RateLimits limits, String client) {
        TestHead head = new TestHead("GET", "shop", "/", client, List.of());
        return limits.secondsToWait(head, "ns/shop", "", "shop");
    }

    private static RequestHead withClaims(Map<String, Object> claims) {
        return HeadWithClaims.get("http://shop/", claims);
    }

    private static RequestHead head(String key) {
        return new TestHead("GET", "shop", "/", "10.0.0.1", List.of(new HeaderField("x-key", key)));
    }
}
