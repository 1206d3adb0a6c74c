package io.inmesh.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.Mesh;
import io.inmesh.endpoint.Condition;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.Locality;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.ServicePort;
import io.inmesh.model.MeshConfig;
import io.inmesh.observe.MeshObserver;
import io.inmesh.spring.boot.actuate.MeshActuatorAutoConfiguration;
import io.inmesh.spring.boot.client.MeshHttpClientAutoConfiguration;
import io.inmesh.spring.boot.four.MeshBootFourAutoConfiguration;
import io.inmesh.testing.FakeConfigSource;
import io.inmesh.testing.FakeEndpointSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.reactive.ClientHttpConnector;
import reactor.core.publisher.Mono;

/** Which beans there are, and which are not. */
class MeshAutoConfigurationTest extends MeshContextFixture {
    @Test
    void withoutAnyPropertyThereIsAMeshThatKnowsNothing() {
        runner.run(context -> {
            assertThat(context)
                    .hasNotFailed()
                    .hasSingleBean(Mesh.class)
                    .hasSingleBean(HealthIndicator.class)
                    .doesNotHaveBean(OkHttpClient.class);
            assertThat(context.getBean(Mesh.class).knows("http", "reviews")).isFalse();
            assertThat(context.getBean(Mesh.class).status().problems()).isEmpty();
        });
    }

    @Test
    void whenDisabledThereIsNothing() {
        runner.withPropertyValues("mesh.enabled=false", "mesh.typo=1").run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(context.getBeanDefinitionNames()).noneMatch(name -> name.contains("mesh"));
            assertThat(context.getBean(ClientHttpRequestFactoryBuilder.class)
                            .getClass()
                            .getName())
                    .startsWith("org.springframework.boot.");
        });
    }

    @Test
    void theContextClosesTheMesh() {
        FakeConfigSource source = new FakeConfigSource("fake", MeshConfig.EMPTY);
        runner.withBean(FakeConfigSource.class, () -> source).run(context -> {
            assertThat(source.watched()).isTrue();
            context.close();
            assertThat(source.watched()).isFalse();
            assertThat(source.closed()).isTrue();
        });
    }

    @Test
    void bothBuildersGetTheMeshInFront() {
        runner.run(context -> {
            assertThat(context.getBean(ClientHttpRequestFactoryBuilder.class)
                            .getClass()
                            .getName())
                    .isEqualTo("io.inmesh.spring.boot.four.MeshClientHttpRequestFactoryBuilder");
            assertThat(context.getBean(ClientHttpConnectorBuilder.class)
                            .getClass()
                            .getName())
                    .isEqualTo("io.inmesh.spring.boot.four.MeshClientHttpConnectorBuilder");
        });
    }

    @Test
    void aBuilderOfTheApplicationGetsTheMeshInFrontToo() {
        runner.withBean(ClientHttpRequestFactoryBuilder.class, ClientHttpRequestFactoryBuilder::simple)
                .run(context -> assertThat(context.getBean(ClientHttpRequestFactoryBuilder.class)
                                .getClass()
                                .getName())
                        .isEqualTo("io.inmesh.spring.boot.four.MeshClientHttpRequestFactoryBuilder"));
    }

    @Test
    void withoutSpringBootsHttpClientsTheMeshIsThereAlone() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        MeshAutoConfiguration.class,
                        MeshHttpClientAutoConfiguration.class,
                        MeshBootFourAutoConfiguration.class))
                .withClassLoader(new FilteredClassLoader("org.springframework.boot.http.client"))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(Mesh.class)
                        .doesNotHaveBean("meshRequestFactoryBuilderWrapper"));
    }

    @Test
    void withoutReactorOnlyTheBlockingClientsAreWrapped() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        MeshAutoConfiguration.class,
                        MeshHttpClientAutoConfiguration.class,
                        MeshBootFourAutoConfiguration.class,
                        ImperativeHttpClientAutoConfiguration.class))
                .withClassLoader(new FilteredClassLoader(Mono.class, ClientHttpConnector.class))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasBean("meshRequestFactoryBuilderWrapper")
                        .doesNotHaveBean("meshConnectorBuilderWrapper"));
    }

    @Test
    void withoutActuatorThereIsNoEndpoint() {
        new ApplicationContextRunner()
                .withConfiguration(
                        AutoConfigurations.of(MeshAutoConfiguration.class, MeshActuatorAutoConfiguration.class))
                .withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate"))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(Mesh.class)
                        .doesNotHaveBean("meshEndpoint")
                        .hasSingleBean(HealthIndicator.class));
    }

    @Test
    void withoutHealthThereIsNoIndicator() {
        runner.withClassLoader(new FilteredClassLoader("org.springframework.boot.health"))
                .run(context -> assertThat(context).hasNotFailed().hasSingleBean(Mesh.class));
    }

    @Test
    void theIndicatorCanBeTurnedOff() {
        runner.withPropertyValues("management.health.mesh.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(HealthIndicator.class));
    }

    @Test
    void aMeshOfTheApplicationIsUsedInstead() {
        runner.withUserConfiguration(OwnMesh.class).run(context -> {
            assertThat(context).hasSingleBean(Mesh.class).hasBean("ownMesh");
            assertThat(context).hasBean("meshRequestFactoryBuilderWrapper");
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnMesh {
        @Bean
        Mesh ownMesh() {
            return Mesh.builder().build();
        }
    }

    @Test
    void sourcesObserversAndCustomizersAmongTheBeansTakePart() {
        AtomicLong published = new AtomicLong();
        FakeEndpointSource endpoints = new FakeEndpointSource("fake");
        ServiceName name = new ServiceName("reviews.default.svc.cluster.local");
        endpoints.tell(new ServiceEndpoints(
                name,
                "default",
                ServiceEndpoints.State.ENDPOINTS,
                List.of(),
                List.of(new ServicePort(80, "http", "HTTP")),
                Map.of(80, List.of(new Endpoint("1", "127.0.0.1", 1, Locality.UNKNOWN, 1, Map.of(), Condition.READY))),
                List.of()));
        runner.withBean(FakeEndpointSource.class, () -> endpoints)
                .withBean(MeshObserver.class, () -> new MeshObserver() {
                    @Override
                    public void snapshotPublished(long version) {
                        published.set(version);
                    }
                })
                .withBean(
                        MeshBuilderCustomizer.class,
                        () -> builder -> builder.config(new FakeConfigSource("customized", MeshConfig.EMPTY)))
                .withPropertyValues("mesh.services.reviews.timeout=2s")
                .run(context -> {
                    Mesh mesh = context.getBean(Mesh.class);
                    assertThat(published).hasValue(mesh.status().generation());
                    assertThat(mesh.status().sources())
                            .extracting(source -> source.name())
                            .contains("mesh.services", "customized", "fake");
                    assertThat(explain(mesh, "http://reviews/x").endpoints()).hasSize(1);
                });
    }
}
