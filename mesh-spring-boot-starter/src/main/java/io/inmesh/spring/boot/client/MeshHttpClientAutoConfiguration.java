package io.inmesh.spring.boot.client;

import io.inmesh.Mesh;
import io.inmesh.spring.boot.MeshAutoConfiguration;
import io.inmesh.spring.boot.MeshProperties;
import io.inmesh.spring.boot.OnPlatformCondition;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.Environment;
import org.springframework.core.task.VirtualThreadTaskExecutor;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/** Puts the mesh in front of the application's HTTP clients: RestClient, RestTemplate, WebClient and their builders. */
@AutoConfiguration(
        after = MeshAutoConfiguration.class,
        // Without the starter the alphabet alone brings it before Spring Cloud's load balancer, which configures HTTP
        // service groups only where it finds it; whatever comes after that load balancer comes after this class.
        afterName =
                "org.springframework.boot.http.client.autoconfigure.service.HttpServiceClientPropertiesAutoConfiguration")
@Conditional(OnPlatformCondition.class)
@ConditionalOnClass(ClientHttpRequestFactory.class)
@ConditionalOnBean(Mesh.class)
@EnableConfigurationProperties(MeshProperties.class)
@ImportRuntimeHints(ClientHints.class)
public final class MeshHttpClientAutoConfiguration {
    /** Each call of a reactive client that waits for an answer takes a platform thread. */
    private static final int MAX_CALLS = 1024;

    private static final int FIRST_JAVA_WITH_VIRTUAL_THREADS = 21;
    private static final String THREAD_NAME = "mesh-call-";

    /** Makes the configuration. */
    public MeshHttpClientAutoConfiguration() {}

    @Bean
    static MeshTransport meshTransport(
            ConfigurableListableBeanFactory beans, Environment environment, MeshProperties properties) {
        boolean virtual = environment.getProperty("spring.threads.virtual.enabled", Boolean.class, false)
                && Runtime.version().feature() >= FIRST_JAVA_WITH_VIRTUAL_THREADS;
        return new MeshTransport(
                new MeshBeans(beans), threads(virtual), virtual ? Integer.MAX_VALUE : MAX_CALLS, properties.http());
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static ClientBeans meshClientBeans() {
        return new ClientBeans();
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static ClientExclusions meshClientExclusions(
            Environment environment, ConfigurableListableBeanFactory beans, ClientBeans clients) {
        return new ClientExclusions(environment, beans, clients);
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static BalancerDecisions meshBalancerDecisions() {
        return new BalancerDecisions();
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static LazyTransport meshLazyTransport(
            ObjectProvider<MeshTransport> transport, ConfigurableListableBeanFactory beans) {
        return new LazyTransport(transport, beans);
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static BalancerPasses meshBalancerPasses(
            LazyTransport transport, BalancerDecisions decisions, ConfigurableListableBeanFactory beans) {
        return new BalancerPasses(transport, decisions, beans.getBeanClassLoader());
    }

    @Bean
    static MeshedClients meshedClients(
            LazyTransport transport,
            ClientExclusions exclusions,
            BalancerPasses passes,
            ClientBeans clients,
            ConfigurableListableBeanFactory beans) {
        return new MeshedClients(transport, exclusions, passes, clients, beans.getBeanClassLoader());
    }

    @Bean
    static AgentTransport meshAgentTransport(ObjectProvider<MeshTransport> transport) {
        return new AgentTransport(transport);
    }

    private static ExecutorService threads(boolean virtual) {
        ThreadFactory factory;
        if (virtual) {
            factory = new VirtualThreadTaskExecutor(THREAD_NAME).getVirtualThreadFactory();
        } else {
            CustomizableThreadFactory daemons = new CustomizableThreadFactory(THREAD_NAME);
            daemons.setDaemon(true);
            factory = daemons;
        }
        return new ThreadPoolExecutor(0, Integer.MAX_VALUE, 60, TimeUnit.SECONDS, new SynchronousQueue<>(), factory);
    }
}
