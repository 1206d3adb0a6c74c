package io.inmesh.spring.boot.cloud.loadbalancer;

import io.inmesh.spring.boot.client.BalancerPasses;
import io.inmesh.spring.boot.client.MeshHttpClientAutoConfiguration;
import io.inmesh.spring.boot.client.ReactiveBalancerPasses;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.cloud.client.loadbalancer.RestTemplateCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.support.RestClientHttpServiceGroupConfigurer;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.support.WebClientHttpServiceGroupConfigurer;

/**
 * Reaches the clients that Spring Cloud gives its load balancer to after they were made, or that are no beans. All others
 * are reached where the mesh gets in front of them.
 */
@AutoConfiguration(
        after = MeshHttpClientAutoConfiguration.class,
        afterName = "org.springframework.cloud.client.loadbalancer.LoadBalancerAutoConfiguration")
@ConditionalOnClass(RestTemplateCustomizer.class)
@ConditionalOnBean(BalancerPasses.class)
public final class MeshLoadBalancerAutoConfiguration {
    /** Makes the configuration. */
    public MeshLoadBalancerAutoConfiguration() {}

    /** After the one that adds the load balancer. */
    @Bean
    @Order(Ordered.LOWEST_PRECEDENCE)
    RestTemplateCustomizer meshBalancerPassCustomizer(BalancerPasses passes) {
        return passes::around;
    }

    /** For HTTP service interfaces of Spring Boot 4. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(RestClientHttpServiceGroupConfigurer.class)
    static class Groups {
        @Bean
        RestClientHttpServiceGroupConfigurer meshBalancerPassGroups(BalancerPasses passes) {
            return new LastRestClientGroups(passes);
        }
    }

    /** For those over WebClient. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({WebClientHttpServiceGroupConfigurer.class, WebClient.class})
    static class ReactiveGroups {
        @Bean
        WebClientHttpServiceGroupConfigurer meshReactiveBalancerPassGroups(BalancerPasses passes) {
            return new LastWebClientGroups(new ReactiveBalancerPasses(passes));
        }
    }

    /** After those that add the load balancer. */
    private record LastRestClientGroups(BalancerPasses passes) implements RestClientHttpServiceGroupConfigurer {
        @Override
        public void configureGroups(Groups<RestClient.Builder> groups) {
            groups.forEachClient((group, builder) -> {
                boolean unused = passes.around(builder);
            });
        }

        @Override
        public int getOrder() {
            return Ordered.LOWEST_PRECEDENCE;
        }
    }

    /** After those that add the load balancer. */
    private record LastWebClientGroups(ReactiveBalancerPasses passes) implements WebClientHttpServiceGroupConfigurer {
        @Override
        public void configureGroups(Groups<WebClient.Builder> groups) {
            groups.forEachClient((group, builder) -> {
                boolean unused = passes.around(builder);
            });
        }

        @Override
        public int getOrder() {
            return Ordered.LOWEST_PRECEDENCE;
        }
    }
}
