package io.inmesh.spring.boot.cloud.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpHandler;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.filter.NettyRoutingFilter;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.cloud.gateway.route.builder.Buildable;
import org.springframework.cloud.gateway.route.builder.PredicateSpec;
import org.springframework.cloud.gateway.route.builder.RouteLocatorBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** Spring Cloud Gateway on WebFlux and Netty. */
@ExtendWith(OutputCaptureExtension.class)
class WebFluxGatewayTest extends GatewayContract {
    private static DisposableServer chat;

    @BeforeAll
    static void start() {
        startUpstreams();
        chat = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .route(routes -> routes.ws(
                        "/echo", (in, out) -> out.sendString(in.receive().asString())))
                .bindNow();
        gateway = Gateway.start(
                Application.class,
                WebApplicationType.REACTIVE,
                v1,
                v2,
                other,
                "--spring.cloud.discovery.client.simple.instances.chat[0].uri=http://127.0.0.1:" + chat.port(),
                "--spring.cloud.gateway.server.webflux.httpclient.connect-timeout=2000",
                "--address.of.v1=" + v1.address());
    }

    @AfterAll
    static void stop() {
        stopAll();
        chat.disposeNow();
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class Application {
        @Bean
        RouteLocator routes(RouteLocatorBuilder routes, @Value("${address.of.v1}") String address) {
            return routes.routes()
                    .route("plain", to("plain", "http://orders"))
                    .route("lb", to("lb", "lb://orders"))
                    .route("lb-http", to("lb-http", "lb:http://orders"))
                    .route("direct", to("direct", "http://" + address))
                    .route("stock", to("stock", "lb://stock"))
                    .route("gone", to("gone", "lb://gone"))
                    .route("chat", to("chat", "lb://chat"))
                    .route(
                            "host",
                            r -> r.path("/host/**")
                                    .filters(f -> f.stripPrefix(1).preserveHostHeader())
                                    .uri("lb://orders"))
                    .route(
                            "retry",
                            r -> r.path("/retry/**")
                                    .filters(f -> f.stripPrefix(1).retry(retry -> retry.setRetries(2)))
                                    .uri("lb://orders"))
                    .route(
                            "breaker",
                            r -> r.path("/breaker/**")
                                    .filters(f -> f.stripPrefix(1)
                                            .circuitBreaker(breaker -> breaker.setName("orders")
                                                    .addStatusCode("500")
                                                    .setFallbackUri("forward:/fallback")))
                                    .uri("lb://orders"))
                    .route(
                            "slow",
                            r -> r.path("/slow/**")
                                    .filters(f -> f.stripPrefix(1))
                                    .metadata("response-timeout", 200)
                                    .uri("lb://orders"))
                    .route(
                            "modified",
                            r -> r.path("/modified/**")
                                    .filters(f -> f.stripPrefix(1)
                                            .addRequestHeader("X-Asked", "yes")
                                            .addResponseHeader("X-Answered", "yes")
                                            .removeResponseHeader("Via")
                                            .modifyRequestBody(
                                                    String.class, String.class, (e, body) -> Mono.just(body + "!"))
                                            .modifyResponseBody(
                                                    String.class,
                                                    String.class,
                                                    (e, body) -> Mono.just("<" + body + ">")))
                                    .uri("lb://orders"))
                    .build();
        }

        /** What begins with a name, without the name. */
        private static Function<PredicateSpec, Buildable<Route>> to(String name, String uri) {
            return route -> route.path("/" + name + "/**")
                    .filters(filters -> filters.stripPrefix(1))
                    .uri(uri);
        }

        @Bean
        GlobalFilter unorderedFilterOfTheApplication() {
            return (exchange, chain) -> {
                exchange.getResponse()
                        .getHeaders()
                        .add(
                                "X-Routed-Before",
                                exchange.getAttributes().keySet().stream()
                                                .anyMatch(key -> key.endsWith("AlreadyRouted"))
                                        + "");
                return chain.filter(exchange);
            };
        }

        @Bean
        Fallback fallback() {
            return new Fallback();
        }
    }

    @RestController
    static final class Fallback {
        @GetMapping("/fallback")
        String fallback() {
            return "fallback";
        }
    }

    @Test
    void aLoadBalancedUrlWithASchemeFollowsTheRules() {
        assertThat(gateway.get("/lb-http/renamed/1").body()).isEqualTo("v1");
        assertThat(v1.last().path()).isEqualTo("/by-the-rule/1");
    }

    @Test
    void theApplicationsFiltersComeBeforeTheCall() {
        assertThat(gateway.get("/lb/x").headers().firstValue("X-Routed-Before")).contains("false");
        assertThat(gateway.context().getBeansOfType(GlobalFilter.class).values())
                .hasAtLeastOneElementOfType(NettyRoutingFilter.class);
    }

    @Test
    void theRetryFilterTriesAgain() {
        AtomicInteger calls = new AtomicInteger();
        v1.handle(exchange -> v1.answer(exchange, calls.incrementAndGet() < 3 ? 500 : 200, "answer " + calls.get()));

        HttpResponse<String> answer = gateway.get("/retry/x");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("answer 3");
        assertThat(answer.headers().allValues("Via")).containsExactly("v1");
        assertThat(calls).hasValue(3);
    }

    @Test
    void theCircuitBreakerFallsBack() {
        v1.handle(exchange -> v1.answer(exchange, 500, "broken"));

        assertThat(gateway.get("/breaker/x").body()).isEqualTo("fallback");
    }

    @Test
    void bodiesAndHeadersAreModified() {
        HttpResponse<String> answer = gateway.post("/modified/x", "hello");

        assertThat(answer.body()).isEqualTo("<v1>");
        assertThat(answer.headers().firstValue("X-Answered")).contains("yes");
        assertThat(answer.headers().firstValue("Via")).isEmpty();
        assertThat(v1.last().body()).isEqualTo("hello!");
        assertThat(v1.last().header("X-Asked")).isEqualTo("yes");
    }

    @Test
    void theResponseTimeoutOfARouteHolds() {
        CountDownLatch answered = new CountDownLatch(1);
        v1.handle(exchange -> {
            Gateway.await(answered);
            v1.answer(exchange, 200, "late");
        });
        try {
            assertThat(gateway.get("/slow/x").statusCode()).isEqualTo(504);
            gateway.awaitIdle();
        } finally {
            answered.countDown();
        }
    }

    @Test
    void aCallerThatGoesAwayBeforeTheAnswerEndsTheAttempt() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        HttpHandler late = exchange -> {
            asked.countDown();
            Gateway.await(done);
            exchange.close();
        };
        v1.handle(late);
        try {
            try (Socket socket = gateway.open("GET /lb/x HTTP/1.1", "Host: gateway")) {
                assertThat(Gateway.await(asked)).isTrue();
                assertThat(gateway.running()).isOne();
                socket.setSoLinger(true, 0);
            }
            gateway.awaitIdle();
        } finally {
            done.countDown();
        }
    }

    @Test
    void aWebSocketGoesTheGatewaysWayWithANote(CapturedOutput output) throws Exception {
        for (int i = 0; i < 2; i++) {
            CompletableFuture<String> received = new CompletableFuture<>();
            WebSocket socket = gateway.client()
                    .newWebSocketBuilder()
                    .buildAsync(
                            URI.create("ws://127.0.0.1:" + gateway.port() + "/chat/echo"), new WebSocket.Listener() {
                                @Override
                                public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
                                    received.complete(data.toString());
                                    return null;
                                }
                            })
                    .get(20, TimeUnit.SECONDS);
            socket.sendText("hello", true).get(20, TimeUnit.SECONDS);

            assertThat(received.get(20, TimeUnit.SECONDS)).isEqualTo("hello");
            socket.abort();
        }
        assertThat(output.getOut().lines().filter(line -> line.contains("WebSockets to chat")))
                .hasSize(1);
    }

    @Test
    void aGetWithABodyGoesTheGatewaysWay() {
        HttpResponse<String> answer = gateway.send(gateway.request("/chat/x")
                .method("GET", BodyPublishers.ofString("query"))
                .build());

        assertThat(answer.statusCode()).isEqualTo(404);
    }
}
