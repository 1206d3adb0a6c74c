package io.inmesh.spring.boot.cloud.loadbalancer;

import io.inmesh.spring.boot.client.BalancerPasses;
import io.inmesh.spring.boot.client.MeshHttpClientAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.cloud.client.loadbalancer.RestTemplateCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

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
}
