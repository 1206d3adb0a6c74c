package io.inmesh.spring.boot.telemetry;

import io.inmesh.Mesh;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.spring.boot.MeshAutoConfiguration;
import io.inmesh.spring.boot.MeshBuilderCustomizer;
import io.inmesh.telemetry.metrics.IstioInboundMetrics;
import io.inmesh.telemetry.metrics.IstioMetrics;
import io.inmesh.telemetry.metrics.MeshMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Meters of the mesh in the application's meter registry, where it has one, of whichever line of Spring Boot. The mesh takes
 * both kinds of metrics as its observers, as it does every bean that is one.
 */
@AutoConfiguration(
        after = MeshAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
            "org.springframework.boot.actuate.autoconfigure.metrics.CompositeMeterRegistryAutoConfiguration"
        })
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean(Mesh.class)
@ConditionalOnSingleCandidate(MeterRegistry.class)
public final class MeshMetricsAutoConfiguration {
    /** Makes the configuration. */
    public MeshMetricsAutoConfiguration() {}

    /** The mesh's own metrics. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(name = "mesh.telemetry.metrics", havingValue = "true", matchIfMissing = true)
    static class Own {
        @Bean
        @ConditionalOnMissingBean
        MeshMetrics meshMetrics(MeterRegistry registry) {
            return MeshMetrics.of(registry);
        }

        /** Not lazy in an application that is: nobody asks for it. */
        @Bean
        @Lazy(false)
        SmartInitializingSingleton meshMetricsBinding(MeshMetrics metrics, Mesh mesh) {
            return () -> metrics.bindTo(mesh);
        }
    }

    /** Istio's metrics. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(name = "mesh.telemetry.istio-metrics", havingValue = "true")
    static class Istio {
        /** How many are told apart. */
        private static final int CALLERS = 1000;

        private static final String APP = "app";
        private static final String CANONICAL_NAME = "service.istio.io/canonical-name";

        @Bean
        @ConditionalOnMissingBean
        IstioMetrics istioMetrics(MeterRegistry registry, WorkloadIdentity self, Environment environment) {
            return IstioMetrics.builder(registry, named(self, environment))
                    .podName(podName(environment))
                    .build();
        }

        /** A gateway only sends on, and Istio's reports the calls that it makes for it. */
        @Bean
        @ConditionalOnMissingBean
        @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
        @ConditionalOnProperty(name = "mesh.gateway.enabled", havingValue = "false", matchIfMissing = true)
        IstioInboundMetrics istioInboundMetrics(
                MeterRegistry registry, WorkloadIdentity self, Environment environment) {
            return IstioInboundMetrics.of(registry, named(self, environment), podName(environment), CALLERS);
        }

        /** Workloads are named by labels. */
        @Bean
        MeshBuilderCustomizer meshLabelsForIstioMetrics() {
            return Mesh.Builder::endpointLabels;
        }

        @Bean
        @Lazy(false)
        SmartInitializingSingleton istioMetricsBinding(IstioMetrics metrics, Mesh mesh) {
            return () -> metrics.bindTo(mesh);
        }

        private static String podName(Environment environment) {
            return environment.getProperty("HOSTNAME", "");
        }

        /** Outside of a cluster nothing else tells applications apart. */
        private static WorkloadIdentity named(WorkloadIdentity self, Environment environment) {
            String application = environment.getProperty("spring.application.name");
            if (!StringUtils.hasText(application)
                    || self.labels().containsKey(APP)
                    || self.labels().containsKey(CANONICAL_NAME)) {
                return self;
            }
            Map<String, String> labels = new HashMap<>(self.labels());
            labels.put(APP, application);
            return self.with(self.namespace(), labels);
        }
    }
}
