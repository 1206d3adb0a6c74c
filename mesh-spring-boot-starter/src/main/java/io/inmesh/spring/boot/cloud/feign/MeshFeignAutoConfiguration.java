package io.inmesh.spring.boot.cloud.feign;

import feign.Capability;
import feign.Client;
import io.inmesh.spring.boot.client.BalancerDecisions;
import io.inmesh.spring.boot.client.ClientBeans;
import io.inmesh.spring.boot.client.ClientExclusions;
import io.inmesh.spring.boot.client.LazyTransport;
import io.inmesh.spring.boot.client.MeshHttpClientAutoConfiguration;
import io.inmesh.spring.boot.client.MeshTransport;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.cloud.openfeign.FeignClient;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ImportRuntimeHints;

/** Puts the mesh in front of the clients of Spring Cloud OpenFeign. */
@AutoConfiguration(
        after = MeshHttpClientAutoConfiguration.class,
        afterName = {
            "org.springframework.cloud.openfeign.FeignAutoConfiguration",
            "org.springframework.cloud.openfeign.loadbalancer.FeignLoadBalancerAutoConfiguration"
        })
@ConditionalOnClass({Capability.class, FeignClient.class})
@ConditionalOnBean(MeshTransport.class)
@ImportRuntimeHints(MeshFeignAutoConfiguration.Hints.class)
public final class MeshFeignAutoConfiguration {
    /** Makes the configuration. */
    public MeshFeignAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    MeshFeignCapability meshFeignCapability(
            LazyTransport transport, ClientExclusions exclusions, BalancerDecisions decisions) {
        return new MeshFeignCapability(transport, type -> exclusions.excludes(type.getName(), type), decisions);
    }

    /** What a Feign interface by name needs that no load balancer serves: unknown names are then looked up in DNS. */
    @Bean
    @ConditionalOnMissingBean
    Client meshFeignClient() {
        return new Client.Default(null, null);
    }

    @Bean
    static FeignClientBeans meshFeignClientBeans(
            ObjectProvider<ClientBeans> beans, ObjectProvider<ClientExclusions> exclusions) {
        return new FeignClientBeans(beans, exclusions);
    }

    /** Feign calls the methods of a capability by reflection. */
    static final class Hints implements RuntimeHintsRegistrar {
        @Override
        public void registerHints(RuntimeHints hints, @Nullable ClassLoader loader) {
            hints.reflection().registerType(MeshFeignCapability.class, MemberCategory.INVOKE_PUBLIC_METHODS);
        }
    }
}
