package io.inmesh.spring.boot.three;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.Mesh;
import io.inmesh.MeshHealth;
import io.inmesh.config.ConfigUpdate;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.testing.FakeConfigSource;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.actuate.autoconfigure.availability.AvailabilityHealthContributorAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.availability.AvailabilityProbesAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.health.HealthContributorAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.health.HealthEndpointAutoConfiguration;
import org.springframework.boot.actuate.availability.ReadinessStateHealthIndicator;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthComponent;
import org.springframework.boot.actuate.health.HealthEndpoint;
import org.springframework.boot.actuate.health.Status;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Health and readiness on the oldest supported Spring Boot, with a mesh whose rules come bad and are mended. */
class MeshHealthAutoConfigurationTest {
    private static final String TLS = """
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: secret}
            spec: {host: reviews, trafficPolicy: {tls: {mode: SIMPLE}}}
            """;

    private static final String PLAIN = TLS.replace("SIMPLE", "DISABLE");

    private final FakeConfigSource rules = new FakeConfigSource("rules");

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    ApplicationAvailabilityAutoConfiguration.class,
                    HealthContributorAutoConfiguration.class,
                    HealthEndpointAutoConfiguration.class,
                    AvailabilityHealthContributorAutoConfiguration.class,
                    AvailabilityProbesAutoConfiguration.class,
                    MeshHealthAutoConfiguration.class))
            .withBean(
                    Mesh.class,
                    () -> Mesh.builder().config(rules).failFast(false).build())
            .withUserConfiguration(Sources.class)
            .withPropertyValues(
                    "management.endpoints.web.exposure.include=health",
                    "management.endpoint.health.probes.enabled=true");

    @Configuration(proxyBeanMethods = false)
    static class Sources {
        @Bean
        MeshHealth.Source meshHealth(Mesh mesh) {
            return () -> MeshHealth.of(mesh.status());
        }
    }

    private void tell(String yaml) {
        ConfigReader.Result result = ConfigReader.sensible().read("rules", yaml);
        rules.tell(
                result.hasErrors()
                        ? new ConfigUpdate.Partial(result.config(), result.problems())
                        : new ConfigUpdate.Valid(result.config(), result.problems()));
    }

    private static Health health(AssertableApplicationContext context, String path) {
        return (Health) context.getBean(HealthEndpoint.class).healthForPath(path);
    }

    private static void awaitErrors(AssertableApplicationContext context, boolean errors) {
        Mesh mesh = context.getBean(Mesh.class);
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> mesh.status().hasErrors() == errors);
    }

    @Test
    void runsOnTheOldestSpringBoot() {
        assertThat(SpringBootVersion.getVersion()).isEqualTo("3.2.12");
    }

    @Test
    void healthIsUpOrDegradedWithTheObjects() {
        tell(PLAIN);
        runner.run(context -> {
            assertThat(health(context, "mesh").getStatus()).isEqualTo(Status.UP);
            assertThat(health(context, "mesh").getDetails()).containsKey("generation");

            tell(TLS);
            awaitErrors(context, true);
            Health degraded = health(context, "mesh");
            assertThat(degraded.getStatus().getCode()).isEqualTo("DEGRADED");
            assertThat(degraded.getStatus().getDescription()).startsWith("Rules have errors");
            assertThat(degraded.getDetails())
                    .containsEntry("rulesWithErrors", List.of("DestinationRule default/secret"));
            AvailabilityChangeEvent.publish(context, LivenessState.CORRECT);
            AvailabilityChangeEvent.publish(context, ReadinessState.ACCEPTING_TRAFFIC);
            HealthComponent whole = context.getBean(HealthEndpoint.class).health();
            assertThat(whole.getStatus()).isEqualTo(Status.UP);
        });
    }

    @Test
    void readinessWaitsForTheFirstGoodRulesAndForNoLaterOnes() {
        tell(TLS);
        runner.withPropertyValues("mesh.health.readiness-waits-for-rules=true").run(context -> {
            AvailabilityChangeEvent.publish(context, ReadinessState.ACCEPTING_TRAFFIC);
            assertThat(context).hasSingleBean(ReadinessStateHealthIndicator.class);
            assertThat(health(context, "readinessState").getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
            assertThat(health(context, "readinessState").getDetails())
                    .containsEntry("waitsForRulesOf", List.of("rules"));

            tell(PLAIN);
            awaitErrors(context, false);
            assertThat(health(context, "readinessState").getStatus()).isEqualTo(Status.UP);

            tell(TLS);
            awaitErrors(context, true);
            assertThat(health(context, "readinessState").getStatus()).isEqualTo(Status.UP);
        });
    }

    @Test
    void readinessIsSpringBootsOwnUnlessAskedFor() {
        tell(TLS);
        runner.run(context -> {
            AvailabilityChangeEvent.publish(context, ReadinessState.ACCEPTING_TRAFFIC);
            assertThat(health(context, "readinessState").getStatus()).isEqualTo(Status.UP);
        });
    }

    @Test
    void thereIsNoIndicatorWhereItIsSwitchedOff() {
        tell(PLAIN);
        runner.withPropertyValues("management.health.mesh.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean("meshHealthIndicator"));
    }

    @Test
    void doesNothingWhereHealthHasOtherNames() {
        tell(PLAIN);
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(MeshHealthAutoConfiguration.class))
                .withBean(Mesh.class, () -> Mesh.builder().config(rules).build())
                .withUserConfiguration(Sources.class)
                .withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate.health"))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(MeshHealthAutoConfiguration.class));
    }
}
