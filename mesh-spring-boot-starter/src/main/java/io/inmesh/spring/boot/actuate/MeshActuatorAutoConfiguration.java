package io.inmesh.spring.boot.actuate;

import io.inmesh.FirstRules;
import io.inmesh.Mesh;
import io.inmesh.MeshHealth;
import io.inmesh.kubernetes.KubernetesConfigSource;
import io.inmesh.kubernetes.KubernetesConnection;
import io.inmesh.kubernetes.KubernetesEndpointSource;
import io.inmesh.spring.boot.MeshAutoConfiguration;
import io.inmesh.spring.boot.MeshKubernetesAutoConfiguration;
import io.inmesh.spring.boot.OnPlatformCondition;
import io.inmesh.spring.boot.client.BalancerDecisions;
import io.inmesh.spring.boot.client.ClientBeans;
import io.inmesh.spring.boot.client.OwnRegistries;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.health.application.ReadinessStateHealthIndicator;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/**
 * The actuator endpoint {@code mesh} and the health indicator {@code mesh}. Loads on every Spring Boot from 3.2 on: what is
 * in one line only stands in nested classes.
 */
@AutoConfiguration(
        after = {MeshAutoConfiguration.class, MeshKubernetesAutoConfiguration.class},
        afterName = "org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration",
        beforeName = {
            "org.springframework.boot.health.autoconfigure.application.AvailabilityHealthContributorAutoConfiguration",
            "org.springframework.boot.health.autoconfigure.actuate.endpoint.AvailabilityProbesAutoConfiguration"
        })
@Conditional(OnPlatformCondition.class)
@ConditionalOnBean(Mesh.class)
public final class MeshActuatorAutoConfiguration {
    private static final Logger LOG = LoggerFactory.getLogger(MeshActuatorAutoConfiguration.class);

    /** Makes the configuration. */
    public MeshActuatorAutoConfiguration() {}

    /** Asked by the health indicator, of whichever line of Spring Boot. */
    @Bean
    @ConditionalOnMissingBean
    MeshHealth.Source meshHealth(Mesh mesh, ObjectProvider<ClusterView> cluster) {
        return new ClusterHealth(mesh, cluster::getIfAvailable);
    }

    /** For applications that watch a cluster. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(KubernetesEndpointSource.class)
    @ConditionalOnBean(KubernetesConnection.class)
    static class Clusters {
        @Bean
        ClusterView meshClusterView(
                ObjectProvider<KubernetesEndpointSource> endpoints, ObjectProvider<KubernetesConfigSource> rules) {
            return new KubernetesView(endpoints, rules);
        }
    }

    /** For applications with actuator. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({Endpoint.class, ConditionalOnAvailableEndpoint.class})
    static class Endpoints {
        @Bean
        @ConditionalOnMissingBean
        @ConditionalOnAvailableEndpoint
        MeshEndpoint meshEndpoint(
                Mesh mesh,
                ObjectProvider<ClusterView> cluster,
                ObjectProvider<ClientBeans> clients,
                ObjectProvider<BalancerDecisions> decisions,
                ObjectProvider<OwnRegistries> registries) {
            return new MeshEndpoint(
                    mesh, cluster::getIfAvailable, clients::getIfAvailable, new BalancersView(decisions, registries));
        }
    }

    /** For applications with health indicators of Spring Boot 4; those of Spring Boot 3 are in mesh-spring-boot-3. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
    static class Indicators {
        @Bean
        @ConditionalOnMissingBean(name = "meshHealthIndicator")
        @ConditionalOnEnabledHealthIndicator("mesh")
        HealthIndicator meshHealthIndicator(MeshHealth.Source health) {
            return new MeshHealthIndicator(health);
        }
    }

    /** For applications whose readiness waits for rules: stands in for Spring Boot's own indicator of the same name. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ReadinessStateHealthIndicator.class)
    @ConditionalOnProperty(name = "mesh.health.readiness-waits-for-rules", havingValue = "true")
    static class Readiness {
        @Bean
        @ConditionalOnMissingBean(name = "readinessStateHealthIndicator")
        ReadinessStateHealthIndicator readinessStateHealthIndicator(ApplicationAvailability availability, Mesh mesh) {
            return new RulesReadiness(availability, new FirstRules(mesh));
        }
    }

    /** Says that there is no readiness to wait, instead of accepting the property in silence. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingClass({
        "org.springframework.boot.health.application.ReadinessStateHealthIndicator",
        "org.springframework.boot.actuate.availability.ReadinessStateHealthIndicator"
    })
    @ConditionalOnProperty(name = "mesh.health.readiness-waits-for-rules", havingValue = "true")
    static class NoReadiness {
        NoReadiness() {
            LOG.warn("mesh.health.readiness-waits-for-rules has no effect, because the application has no readiness"
                    + " probe; add spring-boot-starter-actuator");
        }
    }
}
