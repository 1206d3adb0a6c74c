package io.inmesh.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.mock.env.MockEnvironment;

class GatewayForwardedHeadersTest {
    @Configuration(proxyBeanMethods = false)
    static class Nothing {}

    private static String strategy(String... arguments) {
        SpringApplication application = new SpringApplication(Nothing.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        try (ConfigurableApplicationContext context = application.run(arguments)) {
            return context.getEnvironment().getProperty("server.forward-headers-strategy");
        }
    }

    @Test
    void springBootBelievesNobodyWhereThereIsAGateway() {
        String kubernetes = "--spring.main.cloud-platform=kubernetes";

        assertThat(strategy(kubernetes, "--mesh.gateway.enabled=true")).isEqualTo("none");
        assertThat(strategy(kubernetes, "--mesh.gateway.enabled=false")).isNull();
        assertThat(strategy(kubernetes)).isNull();
        assertThat(strategy("--mesh.gateway.enabled=true", "--server.forward-headers-strategy=native"))
                .isEqualTo("native");
    }

    @ParameterizedTest
    @ValueSource(strings = {"native", "FRAMEWORK"})
    void aStrategyThatBelievesIsRefused(String strategy) {
        MockEnvironment environment = new MockEnvironment().withProperty("server.forward-headers-strategy", strategy);
        PropertyProblems problems = new PropertyProblems(
                PropertyCheck.run(environment, MeshProperties.class).places());

        GatewayForwardedHeaders.check(environment, problems);

        assertThat(problems.errors()).singleElement().asString().contains(strategy, "mesh.gateway.trusted-hops");
    }

    @Test
    void noneIsFine() {
        MockEnvironment environment = new MockEnvironment().withProperty("server.forward-headers-strategy", "NONE");
        PropertyProblems problems = new PropertyProblems(
                PropertyCheck.run(environment, MeshProperties.class).places());

        GatewayForwardedHeaders.check(environment, problems);

        assertThat(problems.errors()).isEqualTo(List.of());
    }
}
