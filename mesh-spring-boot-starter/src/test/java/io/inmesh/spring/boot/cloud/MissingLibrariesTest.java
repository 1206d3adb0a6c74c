package io.inmesh.spring.boot.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import feign.Client;
import io.inmesh.Mesh;
import io.inmesh.spring.boot.Backend;
import io.inmesh.spring.boot.MeshAutoConfiguration;
import io.inmesh.spring.boot.client.MeshHttpClientAutoConfiguration;
import io.inmesh.spring.boot.cloud.discovery.MeshDiscoveryAutoConfiguration;
import io.inmesh.spring.boot.cloud.feign.MeshFeignAutoConfiguration;
import io.inmesh.spring.boot.cloud.feign.MeshFeignCapability;
import io.inmesh.spring.boot.cloud.loadbalancer.MeshLoadBalancerAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.discovery.ReactiveDiscoveryClient;
import org.springframework.cloud.openfeign.EnableFeignClients;
import org.springframework.cloud.openfeign.FeignAutoConfiguration;
import org.springframework.cloud.openfeign.FeignClient;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.client.RestTemplate;

/** The starter where a library that it has an adapter for is absent. */
class MissingLibrariesTest {
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    MeshAutoConfiguration.class,
                    MeshHttpClientAutoConfiguration.class,
                    MeshDiscoveryAutoConfiguration.class,
                    MeshFeignAutoConfiguration.class,
                    MeshLoadBalancerAutoConfiguration.class));

    @Configuration(proxyBeanMethods = false)
    static class Calls {
        @Bean
        RestTemplate template() {
            return new RestTemplate();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "feign",
                "org.springframework.cloud",
                "org.springframework.cloud.openfeign",
                "org.springframework.cloud.client.loadbalancer",
                "org.springframework.cloud.client.discovery",
                "org.springframework.web.reactive",
                "org.springframework.web.service",
                "reactor"
            })
    void startsAndCallsWithout(String library) {
        try (Backend backend = Backend.named("orders")) {
            runner.withUserConfiguration(Calls.class)
                    .withPropertyValues("mesh.services.orders.endpoints[0].address=" + backend.address())
                    .withClassLoader(new FilteredClassLoader(library))
                    .run(context -> {
                        assertThat(context).hasNotFailed().hasSingleBean(Mesh.class);
                        assertThat(context.getBean(RestTemplate.class).getForObject("http://orders/x", String.class))
                                .isEqualTo("orders");
                    });
        }
    }

    @Test
    void hasAnAdapterForEachLibraryThatIsThere() {
        runner.run(context -> assertThat(context)
                .hasSingleBean(MeshFeignCapability.class)
                .hasSingleBean(DiscoveryClient.class)
                .hasSingleBean(ReactiveDiscoveryClient.class)
                .hasSingleBean(Client.class));
    }

    @Test
    void hasNoneWithoutTheMesh() {
        runner.withPropertyValues("mesh.enabled=false")
                .run(context -> assertThat(context)
                        .doesNotHaveBean(MeshFeignCapability.class)
                        .doesNotHaveBean(DiscoveryClient.class)
                        .doesNotHaveBean(Client.class));
    }

    @FeignClient(name = "orders")
    interface Orders {
        @GetMapping("/x")
        String get();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableFeignClients(clients = Orders.class)
    static class FeignByName {}

    /** Spring Cloud itself refuses to make such an interface: "Did you forget to include spring-cloud-starter-loadbalancer?" */
    @Test
    void aFeignClientByNameNeedsNoLoadBalancer() {
        try (Backend backend = Backend.named("orders")) {
            runner.withConfiguration(AutoConfigurations.of(
                            FeignAutoConfiguration.class, HttpMessageConvertersAutoConfiguration.class))
                    .withUserConfiguration(FeignByName.class)
                    .withPropertyValues("mesh.services.orders.endpoints[0].address=" + backend.address())
                    .withClassLoader(new FilteredClassLoader("org.springframework.cloud.loadbalancer"))
                    .run(context -> {
                        assertThat(context).hasNotFailed();
                        assertThat(context.getBean(Orders.class).get()).isEqualTo("orders");
                    });
        }
    }
}
