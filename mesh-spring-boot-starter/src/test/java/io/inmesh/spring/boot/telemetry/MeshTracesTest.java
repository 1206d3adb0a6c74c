package io.inmesh.spring.boot.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.Mesh;
import io.inmesh.observe.MeshObserver;
import io.inmesh.spring.boot.MeshAutoConfiguration;
import io.inmesh.telemetry.trace.ObservationTraces;
import io.inmesh.telemetry.trace.OpenTelemetryTraces;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.util.ClassUtils;

/** What makes spans, by what an application has and says. */
class MeshTracesTest {
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(MeshAutoConfiguration.class, MeshTracingAutoConfiguration.class));

    private final ApplicationContextRunner metered = runner.withBean(
                    ObservationRegistry.class, ObservationRegistry::create)
            .withBean(
                    DefaultMeterObservationHandler.class,
                    () -> new DefaultMeterObservationHandler(new SimpleMeterRegistry()));

    private final ApplicationContextRunner traced =
            metered.withBean("spans", ObservationHandler.class, () -> context -> true);

    private static void assertMakes(ApplicationContextRunner runner, Class<? extends MeshObserver> type) {
        runner.run(context -> {
            assertThat(context).hasSingleBean(Mesh.class);
            assertThat(context.getBean(MeshTraces.class).made()).isInstanceOf(type);
        });
    }

    private static void assertMakesNothing(ApplicationContextRunner runner) {
        runner.run(context -> {
            assertThat(context).hasSingleBean(Mesh.class);
            assertThat(context.getBean(MeshTraces.class).made()).isSameAs(MeshObserver.NONE);
        });
    }

    @Test
    void nothingIsMadeWhereNothingTraces() {
        assertMakesNothing(runner);
        assertMakesNothing(metered);
        assertMakesNothing(runner.withClassLoader(
                new FilteredClassLoader("io.opentelemetry", "io.micrometer.observation", "io.micrometer.tracing")));
    }

    @Test
    void observationsComeFirst() {
        assertMakes(traced, ObservationTraces.class);
        assertMakes(traced.withBean(OpenTelemetry.class, OpenTelemetry::noop), ObservationTraces.class);
        assertMakes(metered.withPropertyValues("mesh.telemetry.spans=observation"), ObservationTraces.class);
    }

    @Test
    void openTelemetryComesNext() {
        assertMakes(metered.withBean(OpenTelemetry.class, OpenTelemetry::noop), OpenTelemetryTraces.class);
        assertMakes(
                traced.withBean(OpenTelemetry.class, OpenTelemetry::noop)
                        .withPropertyValues("mesh.telemetry.spans=otel"),
                OpenTelemetryTraces.class);
    }

    @Test
    void nothingIsMadeWhereThatIsWished() {
        assertMakesNothing(traced.withPropertyValues("mesh.telemetry.spans=none"));
    }

    @Test
    void whatIsNotThereCannotBeAskedFor() {
        runner.withPropertyValues("mesh.telemetry.spans=observation")
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .hasMessageContaining("mesh.telemetry.spans")
                        .hasMessageContaining("no ObservationRegistry")
                        .hasMessageContaining("spring-boot-starter-actuator"));
        runner.withPropertyValues("mesh.telemetry.spans=otel").run(context -> {
            if (ClassUtils.hasMethod(GlobalOpenTelemetry.class, "isSet")) {
                assertThat(context.getStartupFailure()).hasStackTraceContaining("no bean of type OpenTelemetry");
            } else {
                // An API that cannot be asked without setting the one of the process up.
                assertThat(context).hasNotFailed();
            }
        });
        runner.withPropertyValues("mesh.telemetry.spans=otel")
                .withClassLoader(new FilteredClassLoader("io.opentelemetry"))
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .hasMessageContaining("io.opentelemetry:opentelemetry-api"));
    }
}
