package io.inmesh.spring.boot.telemetry;

import io.inmesh.Mesh;
import io.inmesh.observe.CallObservation;
import io.inmesh.observe.MeshObserver;
import io.inmesh.observe.StartedCall;
import io.inmesh.spring.boot.MeshBuilderCustomizer;
import io.inmesh.spring.boot.MeshPropertiesException;
import io.inmesh.spring.boot.TelemetryProperties.Spans;
import io.inmesh.telemetry.trace.CurrentSpanAttributes;
import io.inmesh.telemetry.trace.OpenTelemetryAgent;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.util.ClassUtils;

/**
 * Chooses what makes spans when the mesh is made, and has it begin when all beans are there: what exports spans may itself
 * be made of HTTP clients that ask for the mesh. Thread-safe.
 */
final class MeshTraces implements MeshBuilderCustomizer, SmartInitializingSingleton {
    private static final String KEY = "mesh.telemetry.spans";
    private static final String REGISTRY = "io.micrometer.observation.ObservationRegistry";
    private static final String API = "io.opentelemetry.api.OpenTelemetry";

    private final Spans wanted;
    private final ConfigurableListableBeanFactory beans;
    private final ConfigurableEnvironment environment;

    /** Null where nothing is made. */
    private volatile @Nullable Supplier<MeshObserver> chosen;

    private volatile MeshObserver made = MeshObserver.NONE;

    MeshTraces(Spans wanted, ConfigurableListableBeanFactory beans, ConfigurableEnvironment environment) {
        this.wanted = wanted;
        this.beans = beans;
        this.environment = environment;
    }

    @Override
    public void customize(Mesh.Builder builder) {
        Supplier<MeshObserver> choice = switch (wanted) {
            case AUTO -> auto();
            case OBSERVATION -> observation();
            case OTEL -> openTelemetry();
            case NONE -> null;
        };
        if (choice != null) {
            chosen = choice;
            builder.observer(new Late());
        }
    }

    private @Nullable Supplier<MeshObserver> auto() {
        if (OpenTelemetryAgent.isAttached()) {
            return has(API) ? CurrentSpanAttributes::new : null;
        }
        if (has(REGISTRY) && ObservedBeans.makeMoreThanMeters(beans)) {
            return () -> ObservedBeans.traces(beans);
        }
        return has(API) && OpenTelemetryBeans.areThere(beans) ? () -> OpenTelemetryBeans.traces(beans) : null;
    }

    private Supplier<MeshObserver> observation() {
        if (!has(REGISTRY) || !ObservedBeans.haveRegistry(beans)) {
            throw missing(
                    "is observation, but there is no ObservationRegistry",
                    "add spring-boot-starter-actuator and what traces with it, or set it to auto");
        }
        return () -> ObservedBeans.traces(beans);
    }

    private Supplier<MeshObserver> openTelemetry() {
        if (!has(API)) {
            throw missing(
                    "is otel, but the OpenTelemetry API is not on the class path",
                    "add io.opentelemetry:opentelemetry-api and an SDK, or set it to auto");
        }
        return () -> {
            // Not sooner: a bean may set the one of the process up.
            if (!OpenTelemetryBeans.mayBeThere(beans)) {
                throw missing(
                        "is otel, but there is no bean of type OpenTelemetry, and GlobalOpenTelemetry is not set up",
                        "set one of them up, or set it to auto");
            }
            return OpenTelemetryBeans.traces(beans);
        };
    }

    private MeshPropertiesException missing(String message, String fix) {
        return MeshPropertiesException.of(environment, KEY, message, fix);
    }

    private boolean has(String type) {
        return ClassUtils.isPresent(type, beans.getBeanClassLoader());
    }

    @Override
    public void afterSingletonsInstantiated() {
        Supplier<MeshObserver> choice = chosen;
        if (choice != null) {
            made = choice.get();
        }
    }

    /** What makes spans now. */
    MeshObserver made() {
        return made;
    }

    /** Calls of beans that are being made have no spans. */
    private final class Late implements MeshObserver {
        @Override
        public CallObservation callStarted(StartedCall call) {
            return made.callStarted(call);
        }

        @Override
        public String toString() {
            return made.toString();
        }
    }
}
