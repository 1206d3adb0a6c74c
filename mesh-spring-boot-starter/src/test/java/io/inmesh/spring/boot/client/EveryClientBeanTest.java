package io.inmesh.spring.boot.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.spring.boot.AnyClient;
import io.inmesh.spring.boot.Backend;
import io.inmesh.spring.boot.TestApplication;
import io.inmesh.spring.boot.actuate.MeshEndpoint;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.aopalliance.intercept.MethodInterceptor;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.aop.framework.autoproxy.BeanNameAutoProxyCreator;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.ObjectFactory;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.Scope;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.http.client.BufferingClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClient.Builder;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.reactive.function.client.WebClient;

/** However a bean that is one of Spring's HTTP clients was made, the whole of a service's rules hold for its calls. */
class EveryClientBeanTest {
    private static final List<URI> SEEN_BY_INTERCEPTOR = new CopyOnWriteArrayList<>();
    private static final List<String> PROXIED = new CopyOnWriteArrayList<>();

    private static Backend backend;
    private static Backend outside;
    private static ConfigurableApplicationContext application;

    /** A subclass as applications have. */
    static class AuditedTemplate extends RestTemplate {}

    @Configuration(proxyBeanMethods = false)
    static class Clients {
        @Bean
        RestTemplate plainTemplate() {
            return new RestTemplate();
        }

        @Bean
        RestTemplate subclassTemplate() {
            return new AuditedTemplate();
        }

        @Bean
        RestTemplate interceptedTemplate() {
            SimpleClientHttpRequestFactory factory = new SimpleClientHttpRequestFactory();
            factory.setReadTimeout(Duration.ofSeconds(20));
            RestTemplate template = new RestTemplate(factory);
            template.getInterceptors().add((request, body, execution) -> {
                SEEN_BY_INTERCEPTOR.add(request.getURI());
                return execution.execute(request, body);
            });
            return template;
        }

        @Bean
        RestTemplate bufferingTemplate() {
            RestTemplate template =
                    new RestTemplate(new BufferingClientHttpRequestFactory(new JdkClientHttpRequestFactory()));
            template.getInterceptors().add((request, body, execution) -> {
                var response = execution.execute(request, body);
                // Reads twice, as loggers do.
                response.getBody().readAllBytes();
                return response;
            });
            return template;
        }

        @Bean
        RestTemplate builtTemplate(RestTemplateBuilder builder) {
            return builder.readTimeout(Duration.ofSeconds(20)).build();
        }

        @Bean
        RestTemplateBuilder ownTemplateBuilder() {
            return new RestTemplateBuilder().requestFactory(() -> new SimpleClientHttpRequestFactory());
        }

        @Bean
        RestClient createdClient() {
            return RestClient.create("http://reviews");
        }

        @Bean
        RestClient staticallyBuiltClient() {
            return RestClient.builder()
                    .requestFactory(new JdkClientHttpRequestFactory(HttpClient.newHttpClient()))
                    .defaultHeader("X-Own", "kept")
                    .build();
        }

        @Bean
        @org.springframework.context.annotation.Scope("prototype")
        Builder ownClientBuilder() {
            return RestClient.builder().defaultHeader("X-Own", "kept");
        }

        @Bean
        FactoryBean<RestClient> factoryMadeClient() {
            return new FactoryBean<>() {
                @Override
                public RestClient getObject() {
                    return RestClient.create();
                }

                @Override
                public Class<?> getObjectType() {
                    return RestClient.class;
                }
            };
        }

        @Bean
        @org.springframework.context.annotation.Scope(scopeName = "refreshed", proxyMode = ScopedProxyMode.INTERFACES)
        RestClient scopedClient() {
            return RestClient.create();
        }

        @Bean
        RestTemplate proxiedTemplate() {
            return new RestTemplate();
        }

        @Bean
        static BeanNameAutoProxyCreator proxies() {
            BeanNameAutoProxyCreator creator = new BeanNameAutoProxyCreator();
            creator.setBeanNames("proxiedTemplate");
            creator.setInterceptorNames("recorder");
            return creator;
        }

        @Bean
        static MethodInterceptor recorder() {
            return invocation -> {
                PROXIED.add(invocation.getMethod().getName());
                return invocation.proceed();
            };
        }

        @Bean
        WebClient createdWebClient() {
            return WebClient.create();
        }

        @Bean
        WebClient staticallyBuiltWebClient() {
            return WebClient.builder().defaultHeader("X-Own", "kept").build();
        }

        @Bean
        WebClient.Builder ownWebClientBuilder() {
            return WebClient.builder();
        }

        @Bean
        @NotMeshed
        RestTemplate markedTemplate() {
            return new RestTemplate();
        }

        @Bean
        RestClient excludedClient() {
            return RestClient.create();
        }

        @Bean
        static BeanFactoryPostProcessor renewedScope() {
            return beans -> beans.registerScope("refreshed", new OneEach());
        }
    }

    /** One object for each name. */
    static final class OneEach implements Scope {
        private final Map<String, Object> objects = new ConcurrentHashMap<>();

        @Override
        public Object get(String name, ObjectFactory<?> factory) {
            return objects.computeIfAbsent(name, key -> factory.getObject());
        }

        @Override
        public Object remove(String name) {
            return objects.remove(name);
        }

        @Override
        public void registerDestructionCallback(String name, Runnable callback) {}

        @Override
        public Object resolveContextualObject(String key) {
            return null;
        }

        @Override
        public String getConversationId() {
            return null;
        }
    }

    @BeforeAll
    static void start() {
        backend = Backend.named("v1");
        backend.handle(exchange -> backend.answer(
                exchange,
                exchange.getRequestURI().getPath().equals("/new/old") ? 200 : 404,
                exchange.getRequestURI().getPath() + " "
                        + exchange.getRequestHeaders().getFirst("X-Own")));
        outside = Backend.named("outside");
        application = new SpringApplicationBuilder(TestApplication.class, Clients.class)
                .web(WebApplicationType.NONE)
                .properties(
                        "spring.main.banner-mode=off",
                        "mesh.clients.exclude=excluded*",
                        "management.endpoints.web.exposure.include=mesh",
                        "mesh.services.reviews.endpoints[0].address=" + backend.address(),
                        "mesh.services.reviews.routes[0].rewrite.path=/new/")
                .run();
    }

    @AfterAll
    static void stop() {
        application.close();
        backend.close();
        outside.close();
    }

    private static String ask(Object client, String url) {
        return AnyClient.get(client, url, "anybody");
    }

    static Stream<String> names() {
        return Stream.of(
                "plainTemplate",
                "subclassTemplate",
                "interceptedTemplate",
                "bufferingTemplate",
                "builtTemplate",
                "ownTemplateBuilder",
                "createdClient",
                "staticallyBuiltClient",
                "ownClientBuilder",
                "factoryMadeClient",
                "scopedClient",
                "proxiedTemplate",
                "createdWebClient",
                "staticallyBuiltWebClient",
                "ownWebClientBuilder");
    }

    @ParameterizedTest
    @MethodSource("names")
    void carriesCallsByTheRules(String name) {
        assertThat(ask(application.getBean(name), "http://reviews/old")).startsWith("/new/old ");
    }

    @ParameterizedTest
    @MethodSource("names")
    void callsOtherHostsAsBefore(String name) {
        assertThat(ask(application.getBean(name), "http://" + outside.address() + "/x"))
                .isEqualTo("outside");
    }

    @Test
    void whatAClientCameWithStays() {
        assertThat(ask(application.getBean("staticallyBuiltClient"), "http://reviews/old"))
                .isEqualTo("/new/old kept");
        assertThat(ask(application.getBean("ownClientBuilder"), "http://reviews/old"))
                .isEqualTo("/new/old kept");
        assertThat(ask(application.getBean("staticallyBuiltWebClient"), "http://reviews/old"))
                .isEqualTo("/new/old kept");
        assertThat(application
                        .getBean("createdClient", RestClient.class)
                        .get()
                        .uri("/old")
                        .retrieve()
                        .body(String.class))
                .startsWith("/new/old ");
    }

    @Test
    void interceptorsSeeTheNameOfTheService() {
        SEEN_BY_INTERCEPTOR.clear();
        ask(application.getBean("interceptedTemplate"), "http://reviews/old");
        assertThat(SEEN_BY_INTERCEPTOR).containsExactly(URI.create("http://reviews/old"));
    }

    @Test
    void proxiesStandInFrontOfTheMeshedClient() {
        PROXIED.clear();
        ask(application.getBean("proxiedTemplate"), "http://reviews/old");
        assertThat(PROXIED).contains("exchange");
    }

    @Test
    void whatBecameOfEachBeanIsTold() {
        // Made when they are first asked for.
        ask(application.getBean("scopedClient"), "http://reviews/old");
        ask(application.getBean("factoryMadeClient"), "http://reviews/old");
        ClientBeans beans = application.getBean(ClientBeans.class);
        assertThat(beans.list())
                .filteredOn(ClientBeans.ClientBean::meshed)
                .extracting(ClientBeans.ClientBean::name)
                .contains("plainTemplate", "createdClient", "createdWebClient", "scopedClient", "factoryMadeClient");
        assertThat(beans.list())
                .filteredOn(bean -> !bean.meshed())
                .extracting(ClientBeans.ClientBean::name)
                .containsExactly("excludedClient", "markedTemplate");
        assertThat(application.getBean(MeshEndpoint.class).view("clients", null, null, null))
                .asInstanceOf(InstanceOfAssertFactories.list(Map.class))
                .contains(
                        Map.of("name", "plainTemplate", "type", RestTemplate.class.getName(), "meshed", true),
                        Map.of(
                                "name",
                                "markedTemplate",
                                "type",
                                RestTemplate.class.getName(),
                                "meshed",
                                false,
                                "why",
                                "excluded by mesh.clients.exclude or @NotMeshed"));
    }

    static Stream<Arguments> excluded() {
        return Stream.of(Arguments.of("markedTemplate"), Arguments.of("excludedClient"));
    }

    @ParameterizedTest
    @MethodSource("excluded")
    void theApplicationsExceptionsStayAsTheyAre(String name) {
        ClientHttpRequestFactory factory = application.getBean(name) instanceof RestTemplate template
                ? template.getRequestFactory()
                : (ClientHttpRequestFactory) Fields.read(application.getBean(name), "clientRequestFactory");
        assertThat(factory).isNotInstanceOf(MeshClientHttpRequestFactory.class);
    }

    @Test
    void nothingIsWrappedTwice() {
        MeshedClients post = application.getBean(MeshedClients.class);
        for (String name : names().toList()) {
            Object bean = application.getBean(name);
            if (bean instanceof RestClient || bean instanceof WebClient) {
                if (!name.equals("scopedClient")) {
                    assertThat(post.postProcessAfterInitialization(bean, name)).isSameAs(bean);
                }
            } else if (bean instanceof RestTemplate template
                    && template.getInterceptors().isEmpty()
                    && !name.equals("proxiedTemplate")) {
                ClientHttpRequestFactory factory = template.getRequestFactory();
                post.postProcessAfterInitialization(bean, name);
                assertThat(template.getRequestFactory()).isSameAs(factory);
            }
        }
    }
}
