package io.inmesh.spring.boot;

import io.inmesh.Mesh;
import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigSource;
import io.inmesh.config.RuleUser;
import io.inmesh.endpoint.EndpointSource;
import io.inmesh.endpoint.Locality;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.observe.MeshObserver;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.ImportRuntimeHints;
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
@Conditional(OnPlatformCondition.class)
@ConditionalOnProperty(name = "mesh.enabled", havingValue = "true", matchIfMissing = true)
@EnableConfigurationProperties(MeshProperties.class)
@ImportRuntimeHints(RuleHints.class)
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

    /** Who is calling, where no cluster tells. */
    @Bean
    @ConditionalOnMissingBean
    WorkloadIdentity meshIdentity(MeshProperties properties, Environment environment) {
        WorkloadIdentity unknown = WorkloadIdentity.DEFAULT;
        String namespace = properties.namespace();
        String node = properties.node();
        String clusterDomain = properties.clusterDomain();
        return new WorkloadIdentity(
                StringUtils.hasText(namespace)
                        ? namespace
                        : environment.getProperty("POD_NAMESPACE", unknown.namespace()),
                properties.labels(),
                properties.locality() == null ? Locality.UNKNOWN : Locality.parse(properties.locality()),
                node == null ? environment.getProperty("NODE_NAME", unknown.node()) : node,
                StringUtils.hasText(clusterDomain) ? clusterDomain : unknown.clusterDomain());
    }

    @Bean
    @ConditionalOnMissingBean
    Mesh mesh(
            MeshProperties properties,
            WorkloadIdentity self,
            ConfigurableEnvironment environment,
            ResourceLoader resources,
            ObjectProvider<JudgedRequests> judged,
            ObjectProvider<ConfigSource> configSources,
            ObjectProvider<EndpointSource> endpointSources,
            ObjectProvider<MeshObserver> observers,
            ObjectProvider<MeshBuilderCustomizer> customizers) {
        PropertyPlaces places =
                PropertyCheck.run(environment, MeshProperties.class).places();
        Mesh.Builder builder = Mesh.builder()
                .self(self)
                .outboundTrafficPolicy(properties.outboundTrafficPolicy())
                .dnsLookupFamily(properties.dns().lookupFamily())
                .failFast(properties.config().failFast());
        if (properties.gateway().enabled()) {
            builder.gateway();
        }
        PropertyRules rules = new PropertyRules(properties, self, user(judged), places);
        rules.sources(ResourcePatternUtils.getResourcePatternResolver(resources))
                .forEach(builder::config);
        builder.retryBodyBytes((int) properties.http().retryBodySize().toBytes());
        rules.emptyPlaces().forEach(builder::emptyPlace);
        configSources.orderedStream().forEach(builder::config);
        endpointSources.orderedStream().forEach(builder::endpoints);
        observers.orderedStream().forEach(builder::observer);
        customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
        return builder.build();
    }

    private static RuleUser user(ObjectProvider<JudgedRequests> judged) {
        JudgedRequests requests = judged.getIfAvailable();
        return requests == null ? RuleUser.CALLER : requests.ruleUser();
    }

    /** Refuses to leave Kubernetes away where it is asked for. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(name = OnKubernetesCondition.ENABLED, havingValue = "true")
    @ConditionalOnMissingClass(WithoutKubernetes.CONNECTION)
    static class WithoutKubernetes {
        static final String CONNECTION = "io.inmesh.kubernetes.KubernetesConnection";

        @Bean
        static BeanFactoryPostProcessor meshKubernetesIsMissing(ConfigurableEnvironment environment) {
            return beanFactory -> {
                String path = OnKubernetesCondition.ENABLED;
                LinkageError broken = broken(beanFactory.getBeanClassLoader());
                throw new MeshPropertiesException(List.of(new ConfigProblem(
                        ConfigProblem.Severity.ERROR,
                        PropertyCheck.run(environment, MeshProperties.class)
                                .places()
                                .of(path),
                        path,
                        broken == null
                                ? "is true, but mesh-discovery-k8s is not on the class path"
                                : "is true, but mesh-discovery-k8s cannot be loaded: " + broken,
                        broken == null
                                ? "add the dependency io.inmesh:mesh-discovery-k8s"
                                : "use the same version of io.inmesh:mesh-discovery-k8s as of the starter, with all that"
                                        + " it depends on")));
            };
        }

        /** Why the class is there and yet of no use, null if it is not there. */
        static @Nullable LinkageError broken(@Nullable ClassLoader loader) {
            try {
                Class.forName(CONNECTION, false, loader);
                return null;
            } catch (ClassNotFoundException missing) {
                return null;
            } catch (LinkageError broken) {
                return broken;
            }
        }
    }
}
