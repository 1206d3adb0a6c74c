package io.inmesh.spring.boot;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;

/**
 * Refuses to start where the class path lacks something that InMesh needs, and says how to get it. Loads on every Spring
 * Boot from 2.7 on, while all other configurations stay away where {@link OnPlatformCondition} does not match.
 */
@AutoConfiguration
@ConditionalOnProperty(name = "mesh.enabled", havingValue = "true", matchIfMissing = true)
public final class MeshPlatformAutoConfiguration {
    /** Makes the configuration. */
    public MeshPlatformAutoConfiguration() {}

    @Bean
    static BeanFactoryPostProcessor meshPlatformCheck() {
        return beanFactory -> Platform.problem().ifPresent(problem -> {
            throw new MeshPlatformException(problem);
        });
    }
}
