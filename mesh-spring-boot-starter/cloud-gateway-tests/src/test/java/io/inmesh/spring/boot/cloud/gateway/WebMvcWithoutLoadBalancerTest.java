package io.inmesh.spring.boot.cloud.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.test.context.FilteredClassLoader;

/** A gateway on Web MVC that has no load balancer but the mesh. */
class WebMvcWithoutLoadBalancerTest {
    private static final String HIDDEN = "org.springframework.cloud.loadbalancer";

    private static Upstream v1;
    private static Gateway gateway;

    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class Application {}

    @BeforeAll
    static void start() {
        v1 = new Upstream("v1");
        String route = "--spring.cloud.gateway.server.webmvc.routes";
        gateway = Gateway.start(
                new FilteredClassLoader(HIDDEN),
                Application.class,
                WebApplicationType.SERVLET,
                v1,
                v1,
                v1,
                "--spring.autoconfigure.exclude=" + configurations(),
                route + "[0].id=lb",
                route + "[0].uri=lb://orders",
                route + "[0].predicates[0]=Path=/renamed/**",
                route + "[1].id=unknown",
                route + "[1].uri=lb://stock",
                route + "[1].predicates[0]=Path=/unknown/**");
    }

    /** Those of the hidden library, which are listed all the same. */
    private static String configurations() {
        return ImportCandidates.load(AutoConfiguration.class, null).getCandidates().stream()
                .filter(name -> name.startsWith(HIDDEN))
                .collect(Collectors.joining(","));
    }

    @AfterAll
    static void stop() {
        if (gateway != null) {
            gateway.close();
        }
        v1.close();
    }

    @Test
    void aRouteToAServiceOfTheMeshFollowsItsRules() {
        assertThat(gateway.get("/renamed/1").body()).isEqualTo("v1");
        assertThat(v1.last().path()).isEqualTo("/by-the-rule/1");
    }

    @Test
    void aRouteToAnotherServiceSaysThatNobodyKnowsIt() {
        assertThat(gateway.get("/unknown/1").statusCode()).isEqualTo(503);
    }
}
