package io.inmesh.spring.boot;

import io.inmesh.Mesh;
import io.inmesh.config.ConfigSource;
import io.inmesh.endpoint.EndpointSource;
import io.inmesh.endpoint.Locality;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.event.MeshObserver;
import io.inmesh.okhttp.MeshInterceptor;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;
import org.springframework.core.io.support.ResourcePatternUtils;
import org.springframework.util.StringUtils;

/**
 * Makes the {@link Mesh} of the application from the properties under {@code mesh.} and from beans: every
 * {@link ConfigSource}, {@link EndpointSource}, {@link MeshObserver} and {@link MeshBuilderCustomizer} takes part.
 */
@AutoConfiguration
@ConditionalOnBooleanProperty(name = "mesh.enabled", matchIfMissing = true)
@EnableConfigurationProperties(MeshProperties.class)
public final class MeshAutoConfiguration {
    /** Makes the configuration. */
    public MeshAutoConfiguration() {}

    /** Looks at what is written before anything is bound to it. */
    @Bean
    static BeanFactoryPostProcessor meshPropertyCheck(ConfigurableEnvironment environment) {
        return beanFactory -> {
            PropertyCheck.Result result = PropertyCheck.run(environment, MeshProperties.class);
            if (!result.problems().isEmpty()) {
                throw new MeshPropertiesException(result.problems());
            }
        };
    }

    @Bean
    @ConditionalOnMissingBean
    Mesh mesh(
            MeshProperties properties,
            ConfigurableEnvironment environment,
            ResourceLoader resources,
            ObjectProvider<ConfigSource> configSources,
            ObjectProvider<EndpointSource> endpointSources,
            ObjectProvider<MeshObserver> observers,
            ObjectProvider<MeshBuilderCustomizer> customizers) {
        String namespace = namespace(properties, environment);
        PropertyPlaces places =
                PropertyCheck.run(environment, MeshProperties.class).places();
        Mesh.Builder builder = Mesh.builder()
                .self(self(properties, namespace, environment))
                .outboundTrafficPolicy(properties.outboundTrafficPolicy());
        new PropertyRules(properties, namespace, places)
                .sources(ResourcePatternUtils.getResourcePatternResolver(resources))
                .forEach(builder::config);
        configSources.orderedStream().forEach(builder::config);
        endpointSources.orderedStream().forEach(builder::endpoints);
        observers.orderedStream().forEach(builder::observer);
        customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
        return builder.build();
    }

    /** For an application's own OkHttp clients. */
    @Bean
    @ConditionalOnMissingBean
    MeshInterceptor meshInterceptor(Mesh mesh) {
        return new MeshInterceptor(mesh);
    }

    private static String namespace(MeshProperties properties, Environment environment) {
        String namespace = properties.namespace();
        return StringUtils.hasText(namespace)
                ? namespace
                : environment.getProperty("POD_NAMESPACE", WorkloadIdentity.DEFAULT.namespace());
    }

    private static WorkloadIdentity self(MeshProperties properties, String namespace, Environment environment) {
        String node = properties.node();
        return new WorkloadIdentity(
                namespace,
                properties.labels(),
                properties.locality() == null ? Locality.UNKNOWN : Locality.parse(properties.locality()),
                node == null ? environment.getProperty("NODE_NAME", "") : node,
                properties.clusterDomain());
    }
}
