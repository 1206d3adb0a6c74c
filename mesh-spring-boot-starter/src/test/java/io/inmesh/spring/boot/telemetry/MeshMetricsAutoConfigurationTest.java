package io.inmesh.spring.boot.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.Mesh;
import io.inmesh.spring.boot.MeshAutoConfiguration;
import io.inmesh.telemetry.metrics.IstioMetrics;
import io.inmesh.telemetry.metrics.MeshMetrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.util.List;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;

class MeshMetricsAutoConfigurationTest {
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(MeshAutoConfiguration.class, MeshMetricsAutoConfiguration.class));

    @Test
    void isThereWhereThereIsARegistryUnlessSwitchedOff() {
        ApplicationContextRunner metered = runner.withBean(SimpleMeterRegistry.class);

        metered.run(context -> {
            assertThat(context).hasSingleBean(MeshMetrics.class).doesNotHaveBean(IstioMetrics.class);
            assertThat(context.getBean(MeterRegistry.class)
                            .get("mesh.snapshot.generation")
                            .gauge()
                            .value())
                    .isEqualTo(1);
        });
        metered.withPropertyValues("mesh.telemetry.metrics=false", "mesh.telemetry.istio-metrics=true")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(MeshMetrics.class)
                        .hasSingleBean(IstioMetrics.class));
        metered.withPropertyValues("mesh.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(MeshMetrics.class));
    }

    @Test
    void aChildContextLeavesThoseOfItsParentAlone() {
        runner.withBean(SimpleMeterRegistry.class)
                .withPropertyValues("mesh.telemetry.istio-metrics=true")
                .run(parent -> runner.withParent(parent)
                        .withPropertyValues("mesh.telemetry.istio-metrics=true")
                        .run(child -> assertThat(child).hasNotFailed()));
    }

    @Test
    void aRegistryMayBeMadeWithTheMesh() {
        runner.withPropertyValues("mesh.telemetry.istio-metrics=true")
                .withBean("registry", RegistryOfTheMesh.class)
                .run(context -> assertThat(context.getBean(MeterRegistry.class)
                                .get("mesh.snapshot.generation")
                                .gauge()
                                .value())
                        .isEqualTo(1));
    }

    static final class RegistryOfTheMesh extends SimpleMeterRegistry {
        RegistryOfTheMesh(Mesh mesh) {
            assertThat(mesh.status().generation()).isEqualTo(1);
        }
    }

    @Test
    void metricsOfTheApplicationsOwnTakeTheirPlace() {
        runner.withBean(SimpleMeterRegistry.class)
                .withBean("own", MeshMetrics.class, () -> MeshMetrics.of(new SimpleMeterRegistry()))
                .run(context ->
                        assertThat(context).hasSingleBean(MeshMetrics.class).doesNotHaveBean("meshMetrics"));
    }

    @Test
    void isAwayWithoutARegistryOrWithoutMicrometer() {
        runner.run(context ->
                assertThat(context).hasNotFailed().hasSingleBean(Mesh.class).doesNotHaveBean(MeshMetrics.class));
        runner.withPropertyValues("mesh.telemetry.istio-metrics=true")
                .withClassLoader(new FilteredClassLoader("io.micrometer.core"))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(Mesh.class)
                        .doesNotHaveBean("meshMetrics")
                        .doesNotHaveBean("istioMetrics"));
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {
        @Bean
        PrometheusMeterRegistry registry() {
            return new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        }
    }

    /** The client's own meter counts a call and the mesh's count it too, each under its name, and one that comes in apart. */
    @Test
    void countsBesideTheClientsOwnMeter() throws IOException, InterruptedException {
        try (MockWebServer server = new MockWebServer()) {
            server.enqueue(new MockResponse.Builder().code(200).body("one").build());
            server.enqueue(new MockResponse.Builder().code(404).body("none").build());
            server.start();
            try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
                    .web(WebApplicationType.SERVLET)
                    .properties(
                            "spring.main.banner-mode=off",
                            "server.port=0",
                            "spring.application.name=caller",
                            "mesh.telemetry.istio-metrics=true",
                            "mesh.telemetry.istio-peers=true",
                            "management.metrics.distribution.slo[mesh.client.requests]=5s",
                            "mesh.services.orders.endpoints[0].address=127.0.0.1:" + server.getPort())
                    .run()) {
                RestClient client = context.getBean(RestClient.Builder.class)
                        .baseUrl("http://orders")
                        .build();
                MeterRegistry registry = context.getBean(MeterRegistry.class);

                assertThat(client.get().uri("/{id}", 1).retrieve().body(String.class))
                        .isEqualTo("one");
                client.get()
                        .uri("/{id}", 2)
                        .retrieve()
                        .onStatus(status -> true, (in, out) -> {})
                        .toBodilessEntity();

                assertThat(registry.get("http.client.requests").timers())
                        .extracting(Timer::count)
                        .containsExactly(1L, 1L);
                assertThat(registry.get("mesh.client.requests").timers())
                        .extracting(timer -> timer.getId().getTag("code") + " " + timer.count())
                        .containsExactlyInAnyOrder("200 1", "404 1");
                assertThat(registry.get("mesh.client.attempts").timers())
                        .extracting(Timer::count)
                        .containsExactly(1L, 1L);
                assertThat(registry.get("istio.requests").counters())
                        .extracting(Counter::count)
                        .containsExactly(1.0, 1.0);
                String scrape = context.getBean(PrometheusMeterRegistry.class).scrape();
                assertThat(List.of(
                                "mesh_client_requests_seconds_count{",
                                "istio_requests_total{",
                                "istio_request_duration_milliseconds_bucket{",
                                "source_app=\"caller\"",
                                "mesh_snapshot_generation ",
                                "mesh_client_requests_seconds_bucket{"))
                        .allSatisfy(part -> assertThat(scrape).contains(part));
                assertThat(scrape.lines().filter(line -> line.startsWith("istio_response_bytes_sum")))
                        .anySatisfy(line -> assertThat(line).endsWith(" 3.0"))
                        .hasSize(2);

                // What it tells of itself to others is told to itself here.
                String peer = server.takeRequest().getHeaders().get("x-envoy-peer-metadata");
                assertThat(peer).isNotNull();
                RestClient.create("http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port"))
                        .get()
                        .header("x-envoy-peer-metadata", peer)
                        .retrieve()
                        .onStatus(status -> true, (in, out) -> {})
                        .toBodilessEntity();
                assertThat(registry.get("istio.requests")
                                .tag("reporter", "destination")
                                .counters())
                        .singleElement()
                        .satisfies(counter -> {
                            assertThat(counter.count()).isEqualTo(1);
                            assertThat(counter.getId().getTag("source_app")).isEqualTo("caller");
                            assertThat(counter.getId().getTag("response_code")).isEqualTo("404");
                        });
            }
        }
    }
}
