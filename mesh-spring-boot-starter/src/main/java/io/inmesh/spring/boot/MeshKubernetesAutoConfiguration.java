package io.inmesh.spring.boot;

import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigProblem.Severity;
import io.inmesh.config.RuleUser;
import io.inmesh.endpoint.Locality;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.kubernetes.EndpointResource;
import io.inmesh.kubernetes.KubernetesConfigSource;
import io.inmesh.kubernetes.KubernetesConnection;
import io.inmesh.kubernetes.KubernetesEndpointSource;
import io.inmesh.kubernetes.KubernetesIdentity;
import io.inmesh.kubernetes.KubernetesSettings;
import io.inmesh.kubernetes.KubernetesSettingsException;
import io.inmesh.kubernetes.ServiceScope;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Services, endpoints, rules and the application's own identity from the Kubernetes cluster that it runs in, or from one
 * that the properties under {@code mesh.kubernetes.} name. A bean of the application takes the place of each bean here.
 */
@AutoConfiguration(before = MeshAutoConfiguration.class)
@ConditionalOnClass(KubernetesConnection.class)
@ConditionalOnProperty(name = "mesh.enabled", havingValue = "true", matchIfMissing = true)
@Conditional({OnPlatformCondition.class, OnKubernetesCondition.class})
@EnableConfigurationProperties(MeshProperties.class)
public final class MeshKubernetesAutoConfiguration {
    private static final Logger LOG = LoggerFactory.getLogger(MeshKubernetesAutoConfiguration.class);

    private static final Duration START_GRACE = Duration.ofSeconds(1);

    /** Makes the configuration. */
    public MeshKubernetesAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    WorkloadIdentity meshIdentity(MeshProperties properties, Environment environment) {
        String locality = properties.locality();
        KubernetesIdentity identity = KubernetesIdentity.builder()
                .namespace(properties.namespace())
                .labels(properties.labels())
                .locality(StringUtils.hasText(locality) ? Locality.parse(locality) : null)
                .node(properties.node())
                .clusterDomain(properties.clusterDomain())
                .podInfo(Path.of(properties.kubernetes().podInfo()))
                .variables(environment::getProperty)
                .read();
        LOG.info("Running as {}", identity.summary());
        identity.problems().forEach(problem -> LOG.warn("Own identity: {}", problem));
        return identity.workload();
    }

    @Bean
    @ConditionalOnMissingBean
    KubernetesSettings meshKubernetesSettings(
            MeshProperties properties, WorkloadIdentity self, ConfigurableEnvironment environment) {
        try {
            return settings(properties.kubernetes(), self);
        } catch (KubernetesSettingsException refused) {
            PropertyPlaces places =
                    PropertyCheck.run(environment, MeshProperties.class).places();
            throw new MeshPropertiesException(refused.problems().stream()
                    .map(problem -> located(problem, places))
                    .toList());
        }
    }

    /** Closed after the sources that use it, because they are made from it. */
    @Bean
    @ConditionalOnMissingBean
    KubernetesConnection kubernetesConnection(KubernetesSettings settings) {
        return KubernetesConnection.of(settings);
    }

    @Bean
    @ConditionalOnMissingBean
    KubernetesEndpointSource kubernetesEndpointSource(KubernetesConnection connection) {
        return new KubernetesEndpointSource(connection);
    }

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnProperty(name = "mesh.kubernetes.rules", havingValue = "true", matchIfMissing = true)
    KubernetesConfigSource kubernetesConfigSource(
            KubernetesConnection connection, MeshProperties properties, ObjectProvider<JudgedRequests> judged) {
        JudgedRequests requests = judged.getIfAvailable();
        RuleUser user = requests == null
                ? RuleUser.CALLER
                : requests.ruleUserInCluster(properties.kubernetes().policies());
        return new KubernetesConfigSource(
                connection, properties.reader(connection.settings().self(), user));
    }

    /** The mesh waits a little longer than the sources do, so that what they say at the end of their wait is heard. */
    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    MeshBuilderCustomizer meshKubernetesStart(KubernetesConnection connection) {
        return builder ->
                builder.firstAnswerWait(connection.settings().startWait().plus(START_GRACE));
    }

    private static KubernetesSettings settings(KubernetesProperties properties, WorkloadIdentity self) {
        KubernetesSettings.Builder settings = KubernetesSettings.builder()
                .self(self)
                .namespaces(properties.namespaces())
                .services(
                        switch (properties.services()) {
                            case NEEDED -> ServiceScope.NEEDED;
                            case ALL -> ServiceScope.ALL;
                        })
                .endpoints(
                        switch (properties.source()) {
                            case AUTO -> EndpointResource.AUTO;
                            case SLICES -> EndpointResource.ENDPOINT_SLICES;
                            case ENDPOINTS -> EndpointResource.ENDPOINTS;
                        })
                .nodes(properties.nodes())
                .policies(properties.policies())
                .snapshotMaxAge(properties.snapshotMaxAge())
                .startWait(properties.startWait())
                .watchTimeout(properties.watchTimeout())
                .silence(properties.silence())
                .backoff(properties.minBackoff(), properties.maxBackoff())
                .safetyRelist(properties.safetyRelist());
        if (StringUtils.hasText(properties.kubeconfig())) {
            settings.kubeconfig(Path.of(properties.kubeconfig()));
        }
        if (StringUtils.hasText(properties.context())) {
            settings.context(properties.context());
        }
        if (StringUtils.hasText(properties.snapshotFile())) {
            settings.snapshotFile(Path.of(properties.snapshotFile()));
        }
        return settings.build();
    }

    private static ConfigProblem located(KubernetesSettingsException.Problem problem, PropertyPlaces places) {
        String path = switch (problem.setting()) {
            case "self.namespace" -> "mesh.namespace";
            case "self.clusterDomain" -> "mesh.cluster-domain";
            default -> "mesh.kubernetes." + PropertySchema.dashed(problem.setting());
        };
        return new ConfigProblem(Severity.ERROR, places.of(path), path, problem.text(), "");
    }
}
