package io.inmesh.spring.boot.cloud.discovery;

import io.inmesh.Mesh;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.spring.boot.MeshAutoConfiguration;
import io.inmesh.spring.boot.client.OwnRegistries;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.cloud.client.ConditionalOnBlockingDiscoveryEnabled;
import org.springframework.cloud.client.ConditionalOnDiscoveryEnabled;
import org.springframework.cloud.client.ConditionalOnReactiveDiscoveryEnabled;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.discovery.ReactiveDiscoveryClient;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Flux;

/** Tells Spring Cloud's discovery of the mesh's services, beside those that the application's own registries know. */
@AutoConfiguration(
        after = MeshAutoConfiguration.class,
        beforeName = {
            "org.springframework.cloud.client.discovery.simple.SimpleDiscoveryClientAutoConfiguration",
            "org.springframework.cloud.client.discovery.simple.reactive.SimpleReactiveDiscoveryClientAutoConfiguration",
            "org.springframework.cloud.client.CommonsClientAutoConfiguration",
            "org.springframework.cloud.client.ReactiveCommonsClientAutoConfiguration"
        })
@ConditionalOnClass(DiscoveryClient.class)
@ConditionalOnDiscoveryEnabled
@ConditionalOnBean({Mesh.class, WorkloadIdentity.class})
public final class MeshDiscoveryAutoConfiguration {
    /** Makes the configuration. */
    public MeshDiscoveryAutoConfiguration() {}

    @Bean
    MeshInstances meshInstances(ObjectProvider<Mesh> mesh, ObjectProvider<WorkloadIdentity> self) {
        return new MeshInstances(mesh::getObject, self::getObject);
    }

    /** For blocking code. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnBlockingDiscoveryEnabled
    static class Blocking {
        @Bean
        OwnRegistries meshOwnRegistries(ObjectProvider<DiscoveryClient> clients) {
            return new RegisteredInstances(clients);
        }

        @Bean
        DiscoveryClient meshDiscoveryClient(MeshInstances instances) {
            return new MeshDiscoveryClient(instances);
        }
    }

    /** For reactive code. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({ReactiveDiscoveryClient.class, Flux.class})
    @ConditionalOnReactiveDiscoveryEnabled
    static class Reactive {
        @Bean
        ReactiveDiscoveryClient meshReactiveDiscoveryClient(MeshInstances instances) {
            return new MeshReactiveDiscoveryClient(instances);
        }
    }
}
