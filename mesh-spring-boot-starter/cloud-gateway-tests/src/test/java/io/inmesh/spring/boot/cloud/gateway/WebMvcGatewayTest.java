package io.inmesh.spring.boot.cloud.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.cloud.gateway.server.mvc.filter.BeforeFilterFunctions.stripPrefix;
import static org.springframework.cloud.gateway.server.mvc.filter.LoadBalancerFilterFunctions.lb;
import static org.springframework.cloud.gateway.server.mvc.handler.GatewayRouterFunctions.route;
import static org.springframework.cloud.gateway.server.mvc.handler.HandlerFunctions.http;
import static org.springframework.cloud.gateway.server.mvc.predicate.GatewayRequestPredicates.path;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.cloud.client.loadbalancer.LoadBalancerClient;
import org.springframework.context.annotation.Bean;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.ServerResponse;

/** Spring Cloud Gateway on Web MVC and Tomcat. */
class WebMvcGatewayTest extends GatewayContract {
    private static final String ROUTES = "--spring.cloud.gateway.server.webmvc.routes";

    @BeforeAll
    static void start() {
        startUpstreams();
        gateway = Gateway.start(Application.class, WebApplicationType.SERVLET, v1, v2, other, properties());
    }

    @AfterAll
    static void stop() {
        stopAll();
    }

    private static String[] properties() {
        List<String> properties = new ArrayList<>(List.of("--spring.cloud.gateway.server.webflux.enabled=false"));
        String[][] routes = {
            {"plain", "http://orders"},
            {"lb", "lb://orders"},
            {"direct", "http://" + v1.address()},
            {"stock", "lb://stock"},
            {"gone", "lb://gone"},
            {"host", "lb://orders"}
        };
        for (int i = 0; i < routes.length; i++) {
            String route = ROUTES + "[" + i + "].";
            properties.add(route + "id=" + routes[i][0]);
            properties.add(route + "uri=" + routes[i][1]);
            properties.add(route + "predicates[0]=Path=/" + routes[i][0] + "/**");
            properties.add(route + "filters[0]=StripPrefix=1");
            if (routes[i][0].equals("host")) {
                properties.add(route + "filters[1]=PreserveHostHeader");
            }
        }
        return properties.toArray(String[]::new);
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

    @Test
    void whoAsksTheLoadBalancerForAnInstanceGetsOne() {
        assertThat(gateway.context()
                        .getBean(LoadBalancerClient.class)
                        .choose("stock")
                        .getPort())
                .isEqualTo(Integer.parseInt(other.address().split(":", -1)[1]));
    }
}
