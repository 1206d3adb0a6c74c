package io.inmesh.spring.boot.three;

import io.inmesh.FirstRules;
import io.inmesh.Mesh;
import io.inmesh.MeshHealth;
import org.springframework.boot.actuate.autoconfigure.health.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.actuate.availability.ReadinessStateHealthIndicator;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The health indicator {@code mesh} and the readiness that waits for rules, on Spring Boot 3. Not loaded where Spring Boot
 * is newer: the classes that it asks for have other names there.
 */
@AutoConfiguration(
        afterName = {
            "io.inmesh.spring.boot.MeshAutoConfiguration",
            "io.inmesh.spring.boot.actuate.MeshActuatorAutoConfiguration",
            "org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration"
        },
        beforeName = {
            "org.springframework.boot.actuate.autoconfigure.availability.AvailabilityHealthContributorAutoConfiguration",
            "org.springframework.boot.actuate.autoconfigure.availability.AvailabilityProbesAutoConfiguration"
        })
@ConditionalOnClass(
        name = {
            "org.springframework.boot.actuate.health.HealthIndicator",
            "org.springframework.boot.actuate.autoconfigure.health.ConditionalOnEnabledHealthIndicator"
        })
@ConditionalOnBean(Mesh.class)
public final class MeshHealthAutoConfiguration {
    /** Makes the configuration. */
    public MeshHealthAutoConfiguration() {}

    @Bean
    @ConditionalOnBean(MeshHealth.Source.class)
    @ConditionalOnMissingBean(name = "meshHealthIndicator")
    @ConditionalOnEnabledHealthIndicator("mesh")
    HealthIndicator meshHealthIndicator(MeshHealth.Source source) {
        return new MeshHealthIndicator(source);
    }

    /** For applications whose readiness waits for rules: stands in for Spring Boot's own indicator of the same name. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "org.springframework.boot.actuate.availability.ReadinessStateHealthIndicator")
    @ConditionalOnProperty(name = "mesh.health.readiness-waits-for-rules", havingValue = "true")
    static class Readiness {
        @Bean
        @ConditionalOnMissingBean(name = "readinessStateHealthIndicator")
        ReadinessStateHealthIndicator readinessStateHealthIndicator(ApplicationAvailability availability, Mesh mesh) {
            return new RulesReadiness(availability, new FirstRules(mesh));
        }
    }
}
