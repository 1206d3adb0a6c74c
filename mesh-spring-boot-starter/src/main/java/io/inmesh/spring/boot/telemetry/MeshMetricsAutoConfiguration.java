package io.inmesh.spring.boot.telemetry;

import io.inmesh.Mesh;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.spring.boot.MeshAutoConfiguration;
import io.inmesh.spring.boot.MeshBuilderCustomizer;
import io.inmesh.spring.boot.MeshProperties;
import io.inmesh.telemetry.metrics.IstioInboundMetrics;
import io.inmesh.telemetry.metrics.IstioMetrics;
import io.inmesh.telemetry.metrics.MeshMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Meters of the mesh in the application's meter registry, where it has one, of whichever line of Spring Boot. Metrics of the
 * application's own take the place of those here: as every bean that is an observer the mesh takes them by itself.
 */
@AutoConfiguration(
        after = MeshAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
            "org.springframework.boot.actuate.autoconfigure.metrics.CompositeMeterRegistryAutoConfiguration"
        })
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean(value = Mesh.class, search = SearchStrategy.CURRENT)
@ConditionalOnSingleCandidate(MeterRegistry.class)
public final class MeshMetricsAutoConfiguration {
    /** Makes the configuration. */
    public MeshMetricsAutoConfiguration() {}

    /** The mesh's own metrics. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(name = "mesh.telemetry.metrics", havingValue = "true", matchIfMissing = true)
    @ConditionalOnMissingBean(MeshMetrics.class)
    static class Own {
        /** No candidate, or the mesh, which takes all observers, would wait for the registry. */
        @Bean(autowireCandidate = false)
        MeshMetrics meshMetrics(MeterRegistry registry) {
            return MeshMetrics.of(registry);
        }

        /** Not lazy in an application that is: nobody asks for it. */
        @Bean
        @Lazy(false)
        static LateObserver meshMetricsObserver(BeanFactory beans) {
            return new LateObserver(() -> {
                MeshMetrics metrics = beans.getBean("meshMetrics", MeshMetrics.class);
                metrics.bindTo(beans.getBean(Mesh.class));
                return metrics;
            });
        }
    }

    /** Istio's metrics. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(name = "mesh.telemetry.istio-metrics", havingValue = "true")
    @ConditionalOnMissingBean(IstioMetrics.class)
    static class Istio {
        private static final String APP = "app";
        private static final String CANONICAL_NAME = "service.istio.io/canonical-name";

        @Bean(autowireCandidate = false)
        IstioMetrics istioMetrics(
                MeterRegistry registry, WorkloadIdentity self, Environment environment, MeshProperties properties) {
            IstioMetrics.Builder metrics =
                    IstioMetrics.builder(registry, named(self, environment)).podName(podName(environment));
            return properties.telemetry().istioPeers() ? metrics.tellPeers().build() : metrics.build();
        }

        /** A gateway only sends on, and Istio's reports the calls that it makes for it. */
        @Bean
        @ConditionalOnMissingBean
        @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
        @ConditionalOnProperty(name = "mesh.gateway.enabled", havingValue = "false", matchIfMissing = true)
        IstioInboundMetrics istioInboundMetrics(
                MeterRegistry registry, WorkloadIdentity self, Environment environment, MeshProperties properties) {
            IstioInboundMetrics.Builder metrics = IstioInboundMetrics.builder(registry, named(self, environment))
                    .podName(podName(environment));
            return properties.telemetry().istioPeers() ? metrics.believePeers().build() : metrics.build();
        }

        /** Workloads are named by labels. */
        @Bean
        MeshBuilderCustomizer meshLabelsForIstioMetrics() {
            return Mesh.Builder::endpointLabels;
        }

        @Bean
        @Lazy(false)
        static LateObserver istioMetricsObserver(BeanFactory beans) {
            return new LateObserver(() -> {
                IstioMetrics metrics = beans.getBean("istioMetrics", IstioMetrics.class);
                metrics.bindTo(beans.getBean(Mesh.class));
                return metrics;
            });
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
