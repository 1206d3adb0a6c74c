package io.inmesh.spring.boot.client;

import io.inmesh.Mesh;
import io.inmesh.okhttp.MeshInterceptor;
import io.inmesh.spring.boot.MeshAutoConfiguration;
import io.inmesh.spring.boot.MeshProperties;
import io.inmesh.spring.boot.OnPlatformCondition;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.thread.Threading;
import org.springframework.boot.webclient.WebClientCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;
import org.springframework.core.task.VirtualThreadTaskExecutor;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Puts the mesh in front of the HTTP clients that Spring Boot builds: RestClient, RestTemplate, WebClient and HTTP
 * service interfaces all come from one of two builder beans, and each gets a wrapper.
 */
@AutoConfiguration(
        after = MeshAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration",
            "org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration"
        })
@Conditional(OnPlatformCondition.class)
@ConditionalOnClass(ClientHttpRequestFactoryBuilder.class)
@ConditionalOnBean({Mesh.class, MeshInterceptor.class})
@EnableConfigurationProperties(MeshProperties.class)
public final class MeshHttpClientAutoConfiguration {
    /** Each call of a reactive client that waits for an answer takes a platform thread. */
    private static final int MAX_CALLS = 1024;

    private static final String THREAD_NAME = "mesh-call-";

    /** Makes the configuration. */
    public MeshHttpClientAutoConfiguration() {}

    @Bean
    static MeshTransport meshTransport(
            ConfigurableListableBeanFactory beans, Environment environment, MeshProperties properties) {
        boolean virtual = Threading.VIRTUAL.isActive(environment);
        return new MeshTransport(
                new MeshBeans(beans), threads(virtual), virtual ? Integer.MAX_VALUE : MAX_CALLS, properties.http());
    }

    /** Spring Boot has none in a reactive web application, where it builds RestClients all the same. */
    @Bean
    @ConditionalOnMissingBean(ClientHttpRequestFactoryBuilder.class)
    ClientHttpRequestFactoryBuilder<?> meshClientHttpRequestFactoryBuilder(ResourceLoader resources) {
        return ClientHttpRequestFactoryBuilder.detect(resources.getClassLoader());
    }

    @Bean
    static BuilderWrapper meshRequestFactoryBuilderWrapper(ObjectProvider<MeshTransport> transport) {
        return new BuilderWrapper(
                ClientHttpRequestFactoryBuilder.class,
                builder -> new MeshClientHttpRequestFactoryBuilder<>(
                        transport.getObject(), (ClientHttpRequestFactoryBuilder<?>) builder));
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

    /** For applications with WebClient. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({ClientHttpConnector.class, Mono.class})
    static class Reactive {
        @Bean
        static BuilderWrapper meshConnectorBuilderWrapper(ObjectProvider<MeshTransport> transport) {
            return new BuilderWrapper(ClientHttpConnectorBuilder.class, builder -> {
                MeshTransport shared = transport.getObject();
                return new MeshClientHttpConnectorBuilder<>(
                        shared,
                        // As a plain executor, of which a cancellation interrupts no thread: the call is cancelled
                        // itself.
                        Schedulers.fromExecutor(shared.executor()::execute),
                        (ClientHttpConnectorBuilder<?>) builder);
            });
        }
    }

    /** For applications with WebClient of Spring Boot's builder. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({WebClientCustomizer.class, Mono.class})
    static class WebClients {
        /** The last customizer puts its filter around all others. */
        @Bean
        @Order(Ordered.LOWEST_PRECEDENCE)
        WebClientCustomizer meshExchangeScopeCustomizer() {
            return builder -> builder.filters(ExchangeScope::around);
        }
    }
}
