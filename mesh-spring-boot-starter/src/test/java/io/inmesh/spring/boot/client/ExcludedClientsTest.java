package io.inmesh.spring.boot.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.spring.boot.AnyClient;
import io.inmesh.spring.boot.Backend;
import io.inmesh.spring.boot.TestApplication;
import io.inmesh.spring.boot.client.ClientBeans.ClientBean;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.context.support.SimpleThreadScope;
import org.springframework.http.client.BufferingClientHttpRequestFactory;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.registry.HttpServiceGroup;
import org.springframework.web.service.registry.ImportHttpServices;

/** Clients that the application has opted out go its own way, whatever they were built from, and the actuator says so. */
@ExtendWith(OutputCaptureExtension.class)
class ExcludedClientsTest {
    private static Backend meshed;
    private static Backend own;
    private static ConfigurableApplicationContext application;

    interface Quiet {
        @GetExchange("/x")
        String get();
    }

    @NotMeshed
    interface QuietReactive {
        @GetExchange("/x")
        String get();
    }

    interface Loud {
        @GetExchange("/x")
        String get();
    }

    @Configuration(proxyBeanMethods = false)
    @ImportHttpServices(group = "quiet", types = Quiet.class)
    @ImportHttpServices(
            group = "quiet-reactive",
            types = QuietReactive.class,
            clientType = HttpServiceGroup.ClientType.WEB_CLIENT)
    @ImportHttpServices(group = "loud", types = Loud.class)
    static class Clients {
        @Bean
        @NotMeshed
        RestTemplate template(RestTemplateBuilder builder) {
            return builder.build();
        }

        @Bean
        @NotMeshed
        RestTemplate bufferingTemplate(ClientHttpRequestFactoryBuilder<?> factories) {
            return new RestTemplate(new BufferingClientHttpRequestFactory(factories.build()));
        }

        @Bean
        RestClient byNameClient(RestClient.Builder builder) {
            return builder.build();
        }

        @Bean
        @NotMeshed
        WebClient webClient(WebClient.Builder builder) {
            return builder.build();
        }

        @Bean
        @NotMeshed
        @Scope(scopeName = "thread", proxyMode = ScopedProxyMode.TARGET_CLASS)
        RestTemplate scopedTemplate() {
            return new RestTemplate();
        }

        @Bean
        @NotMeshed
        @Scope(scopeName = "thread", proxyMode = ScopedProxyMode.INTERFACES)
        RestClient scopedClient(RestClient.Builder builder) {
            return builder.build();
        }

        @Bean
        @Scope(scopeName = "thread", proxyMode = ScopedProxyMode.INTERFACES)
        RestClient scopedMeshedClient() {
            return RestClient.create();
        }

        @Bean
        RestClient meshedClient(RestClient.Builder builder) {
            return builder.build();
        }

        @Bean
        WebClient meshedWebClient(WebClient.Builder builder) {
            return builder.build();
        }

        @Bean
        RestTemplate meshedTemplate(RestTemplateBuilder builder) {
            return builder.build();
        }

        @Bean
        static BeanFactoryPostProcessor threadScope() {
            return beans -> beans.registerScope("thread", new SimpleThreadScope());
        }
    }

    @BeforeAll
    static void start() {
        meshed = Backend.named("meshed");
        own = Backend.named("own");
        application = run("mesh.clients.exclude=byName*,quiet#*");
    }

    /** The mesh knows the address of a real server, and sends calls to it to another. */
    private static ConfigurableApplicationContext run(String... properties) {
        return new SpringApplicationBuilder(TestApplication.class, Clients.class)
                .web(WebApplicationType.NONE)
                .properties(
                        "spring.main.banner-mode=off",
                        "mesh.services.both.host=127.0.0.1",
                        "mesh.services.both.port=" + port(),
                        "mesh.services.both.endpoints[0].address=" + meshed.address(),
                        "spring.http.serviceclient.quiet.base-url=http://" + own.address(),
                        "spring.http.serviceclient.quiet-reactive.base-url=http://" + own.address(),
                        "spring.http.serviceclient.loud.base-url=http://" + own.address())
                .properties(properties)
                .run();
    }

    private static String port() {
        return own.address().substring(own.address().indexOf(':') + 1);
    }

    @AfterAll
    static void stop() {
        application.close();
        meshed.close();
        own.close();
    }

    private static String answerTo(String name) {
        return AnyClient.get(application.getBean(name), "http://" + own.address() + "/x", "anybody");
    }

    private static ClientBean told(String name) {
        return application.getBean(ClientBeans.class).list().stream()
                .filter(bean -> bean.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"template", "bufferingTemplate", "byNameClient", "webClient", "scopedTemplate", "scopedClient"})
    void goTheirOwnWay(String name) {
        assertThat(answerTo(name)).isEqualTo("own");
        assertThat(told(name).leftAlone()).isEqualTo(ClientExclusions.REASON);
    }

    @ParameterizedTest
    @ValueSource(strings = {"meshedTemplate", "meshedClient", "meshedWebClient", "scopedMeshedClient"})
    void othersOfTheSameBuilderStayMeshed(String name) {
        assertThat(answerTo(name)).isEqualTo("meshed");
        assertThat(told(name).meshed()).isTrue();
    }

    @Test
    void groupsOfHttpServicesGoTheirOwnWay() {
        assertThat(application.getBean(Quiet.class).get()).isEqualTo("own");
        assertThat(application.getBean(QuietReactive.class).get()).isEqualTo("own");
        assertThat(application.getBean(Loud.class).get()).isEqualTo("meshed");

        assertThat(told("quiet#" + Quiet.class.getName()).leftAlone()).isEqualTo(ClientExclusions.REASON);
        assertThat(told("quiet-reactive#" + QuietReactive.class.getName()).leftAlone())
                .isEqualTo(ClientExclusions.REASON);
        assertThat(told("loud#" + Loud.class.getName()).meshed()).isTrue();
    }

    @Test
    void whatIsBuiltFromABuilderThatIsExcludedGoesItsOwnWay() {
        List<String> builders = List.of("restTemplateBuilder", "restClientBuilder", "webClientBuilder");
        try (ConfigurableApplicationContext fresh = run("mesh.clients.exclude=" + String.join(",", builders))) {
            for (String name : builders) {
                assertThat(AnyClient.get(fresh.getBean(name), "http://" + own.address() + "/x", "anybody"))
                        .isEqualTo("own");
            }
        }
    }

    @Test
    void aScopesProxyIsNotToldOfAsIfItWereTheClient() {
        try (ConfigurableApplicationContext fresh = run()) {
            assertThat(fresh.getBean("scopedMeshedClient")).isInstanceOf(RestClient.class);
            assertThat(fresh.getBean(ClientBeans.class).list())
                    .filteredOn(bean -> bean.name().equals("scopedMeshedClient"))
                    .singleElement()
                    .satisfies(bean -> assertThat(bean.meshed()).isTrue())
                    .satisfies(bean -> assertThat(bean.remark()).contains("its scope has made none yet"));
        }
    }

    @Test
    void aNameThatNoBeanHasIsTold(CapturedOutput output) {
        List<String> exclusions = List.of("meshedClient", "mashedClient", "sc*");
        run("mesh.clients.exclude=" + String.join(",", exclusions)).close();

        assertThat(output.getOut().lines().filter(line -> line.contains("mesh.clients.exclude: no bean")))
                .singleElement()
                .satisfies(line -> assertThat(line).contains("has the name mashedClient,", "meshedClient, "));
    }
}
