package io.inmesh.spring.boot.cloud.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.cloud.gateway.server.mvc.filter.BeforeFilterFunctions.stripPrefix;
import static org.springframework.cloud.gateway.server.mvc.filter.LoadBalancerFilterFunctions.lb;
import static org.springframework.cloud.gateway.server.mvc.handler.GatewayRouterFunctions.route;
import static org.springframework.cloud.gateway.server.mvc.handler.HandlerFunctions.http;
import static org.springframework.cloud.gateway.server.mvc.predicate.GatewayRequestPredicates.path;

import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.cloud.client.loadbalancer.LoadBalancerClient;
import org.springframework.context.annotation.Bean;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.ServerResponse;

/** Spring Cloud Gateway on Web MVC and Tomcat. */
class WebMvcGatewayTest extends GatewayContract {
    @BeforeAll
    static void start() {
        startUpstreams();
        gateway = Gateway.start(Application.class, WebApplicationType.SERVLET, v1, v2, other, routes("webmvc"));
    }

    @AfterAll
    static void stop() {
        stopAll();
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class Application {
        @Bean
        RouterFunction<ServerResponse> routes() {
            return route("java")
                    .route(path("/java/**"), http())
                    .before(stripPrefix(1))
                    .filter(lb("orders"))
                    .build();
        }
    }

    @Test
    void aRouteWrittenInJavaFollowsTheRules() {
        assertThat(gateway.get("/java/renamed/1").body()).isEqualTo("v1");
        assertThat(v1.last().path()).isEqualTo("/by-the-rule/1");
    }

    /** Of the mesh's servlet filter, on whichever route. */
    @ParameterizedTest
    @ValueSource(strings = {"/direct", "/plain", "/lb"})
    void aRequestWithoutAnIdIsPassedOnWithOne(String route) {
        gateway.get(route + "/x");

        assertThat(v1.last().header("X-Request-Id")).satisfies(UUID::fromString);
    }

    @Test
    void whoAsksTheLoadBalancerForAnInstanceGetsOne() {
        assertThat(gateway.context()
                        .getBean(LoadBalancerClient.class)
                        .choose("stock")
                        .getPort())
                .isEqualTo(Integer.parseInt(other.address().split(":", -1)[1]));
    }
}
