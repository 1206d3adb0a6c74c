package io.inmesh.spring.boot.telemetry;

import io.inmesh.Mesh;
import io.inmesh.spring.boot.MeshAutoConfiguration;
import io.inmesh.spring.boot.MeshProperties;
import io.inmesh.telemetry.trace.NoMeters;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.ConfigurableEnvironment;

/** Has each attempt of a call make a span, by what the application traces with. */
@AutoConfiguration(
        after = MeshAutoConfiguration.class,
        // Of Boot 3 and of Boot 4: a handler for meters that was there before theirs would take its place.
        afterName = {
            "org.springframework.boot.actuate.autoconfigure.observation.ObservationAutoConfiguration",
            "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration",
            "org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration"
        })
@ConditionalOnBean(Mesh.class)
public final class MeshTracingAutoConfiguration {
    /** Makes the configuration. */
    public MeshTracingAutoConfiguration() {}

    @Bean
    static MeshTraces meshTraces(
            MeshProperties properties, ConfigurableListableBeanFactory beans, ConfigurableEnvironment environment) {
        return new MeshTraces(properties.telemetry().spans(), beans, environment);
    }

    /** Keeps observations of attempts out of meters, which {@code mesh.client.attempts} is for. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(
            name = {
                "io.micrometer.core.instrument.observation.MeterObservationHandler",
                "io.micrometer.observation.ObservationRegistry"
            })
    static class WithMeters {
        @Bean
        @Order(Ordered.HIGHEST_PRECEDENCE)
        static NoMeters meshNoMetersOfSpans() {
            return new NoMeters();
        }
    }
}
