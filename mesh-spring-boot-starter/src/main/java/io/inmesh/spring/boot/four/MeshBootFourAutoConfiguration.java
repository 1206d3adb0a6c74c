package io.inmesh.spring.boot.four;

import io.inmesh.spring.boot.client.BeanWrapper;
import io.inmesh.spring.boot.client.ClientExclusions;
import io.inmesh.spring.boot.client.ExchangeScope;
import io.inmesh.spring.boot.client.LazyTransport;
import io.inmesh.spring.boot.client.MeshHttpClientAutoConfiguration;
import io.inmesh.spring.boot.client.MeshTransport;
import io.inmesh.spring.boot.client.MeshedClients;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.http.converter.autoconfigure.ClientHttpMessageConvertersCustomizer;
import org.springframework.boot.webclient.WebClientCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.ResourceLoader;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.support.RestClientHttpServiceGroupConfigurer;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.support.WebClientHttpServiceGroupConfigurer;
import org.springframework.web.service.registry.HttpServiceGroup;
import reactor.core.publisher.Mono;

/**
 * Puts the mesh in front of what Spring Boot 4 makes its clients with, those of HTTP service interfaces among them, which
 * are no beans. What the builders of factories and connectors are told, TLS for example, holds for calls by the mesh too.
 */
@AutoConfiguration(
        after = MeshHttpClientAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration",
            "org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration",
            "org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration"
        })
@ConditionalOnBean(MeshTransport.class)
public final class MeshBootFourAutoConfiguration {
    /** Spring Boot 3.5 has classes of the names below too, with other methods. */
    private static final String BOOT_4 = "org.springframework.boot.bootstrap.BootstrapRegistry";

    /** Makes the configuration. */
    public MeshBootFourAutoConfiguration() {}

    /** For RestTemplate and RestClient. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(
            value = {HttpClientSettings.class, ClientHttpRequestFactoryBuilder.class},
            name = BOOT_4)
    static class Blocking {
        /** Spring Boot has none in a reactive web application, where it builds RestClients all the same. */
        @Bean
        @ConditionalOnMissingBean(ClientHttpRequestFactoryBuilder.class)
        ClientHttpRequestFactoryBuilder<?> meshClientHttpRequestFactoryBuilder(ResourceLoader resources) {
            return ClientHttpRequestFactoryBuilder.detect(resources.getClassLoader());
        }

        @Bean
        static BeanWrapper meshRequestFactoryBuilderWrapper(LazyTransport transport, ClientExclusions exclusions) {
            return BeanWrapper.ofType(
                    ClientHttpRequestFactoryBuilder.class,
                    exclusions,
                    builder -> new MeshClientHttpRequestFactoryBuilder<>(
                            transport, (ClientHttpRequestFactoryBuilder<?>) builder));
        }
    }

    /** For applications with WebClient. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(
            value = {HttpClientSettings.class, ClientHttpConnectorBuilder.class, ClientHttpConnector.class, Mono.class},
            name = BOOT_4)
    static class Reactive {
        @Bean
        static BeanWrapper meshConnectorBuilderWrapper(LazyTransport transport, ClientExclusions exclusions) {
            return BeanWrapper.ofType(
                    ClientHttpConnectorBuilder.class,
                    exclusions,
                    builder ->
                            new MeshClientHttpConnectorBuilder<>(transport, (ClientHttpConnectorBuilder<?>) builder));
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

    /** For HTTP service interfaces over RestClient. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(RestClientHttpServiceGroupConfigurer.class)
    static class Groups {
        @Bean
        RestClientHttpServiceGroupConfigurer meshHttpServiceGroups(MeshedClients clients) {
            return new RestClientGroups(clients);
        }
    }

    /** For those over WebClient. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({WebClientHttpServiceGroupConfigurer.class, WebClient.class, Mono.class})
    static class ReactiveGroups {
        @Bean
        WebClientHttpServiceGroupConfigurer meshReactiveHttpServiceGroups(MeshedClients clients) {
            return new WebClientGroups(clients);
        }
    }

    /** After all that configure the client of a group, Spring Cloud's load balancer for one. */
    private record RestClientGroups(MeshedClients clients) implements RestClientHttpServiceGroupConfigurer {
        @Override
        public void configureGroups(Groups<RestClient.Builder> groups) {
            groups.forEachClient((group, builder) -> clients.group(ServicesOf.group(group), builder));
        }

        @Override
        public int getOrder() {
            return Ordered.LOWEST_PRECEDENCE;
        }
    }

    /** The same. */
    private record WebClientGroups(MeshedClients clients) implements WebClientHttpServiceGroupConfigurer {
        @Override
        public void configureGroups(Groups<WebClient.Builder> groups) {
            groups.forEachClient((group, builder) -> clients.group(ServicesOf.group(group), builder));
        }

        @Override
        public int getOrder() {
            return Ordered.LOWEST_PRECEDENCE;
        }
    }

    /** Apart from the class around, which Spring looks through on lines that have no such groups. */
    private static final class ServicesOf {
        private ServicesOf() {}

        /** By the names that Spring gives to their beans. */
        static Map<String, Class<?>> group(HttpServiceGroup group) {
            return group.httpServiceTypes().stream()
                    .collect(Collectors.toMap(type -> group.name() + "#" + type.getName(), type -> type));
        }
    }

    /** Spring Boot 4 keeps its RestClient.Builder in a module that an application with Spring Web alone does not have. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = BOOT_4)
    @ConditionalOnMissingClass("org.springframework.boot.restclient.RestClientCustomizer")
    static class Builders {
        @Bean
        @Scope("prototype")
        @ConditionalOnMissingBean
        RestClient.Builder meshRestClientBuilder(ObjectProvider<RestClientDefaults> defaults) {
            RestClient.Builder builder = RestClient.builder();
            defaults.ifAvailable(these -> these.apply(builder));
            return builder;
        }
    }

    /** What Spring Boot would give to a RestClient.Builder of its own. */
    interface RestClientDefaults {
        void apply(RestClient.Builder builder);
    }

    /** The application's JSON and other converters. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ClientHttpMessageConvertersCustomizer.class)
    static class Converters {
        @Bean
        RestClientDefaults meshRestClientDefaults(ObjectProvider<ClientHttpMessageConvertersCustomizer> customizers) {
            return builder -> builder.configureMessageConverters(
                    converters -> customizers.orderedStream().forEach(each -> each.customize(converters)));
        }
    }
}
