package io.inmesh.spring.boot.telemetry;

import io.inmesh.observe.MeshObserver;
import io.inmesh.telemetry.trace.HeaderParents;
import io.inmesh.telemetry.trace.ObservationTraces;
import io.inmesh.telemetry.trace.ObservedParents;
import io.micrometer.core.instrument.observation.MeterObservationHandler;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.util.ClassUtils;

/** Micrometer's beans; not loaded where Micrometer is absent. */
final class ObservedBeans {
    private static final String METERS = "io.micrometer.core.instrument.observation.MeterObservationHandler";
    private static final String TRACER = "io.micrometer.tracing.Tracer";

    private ObservedBeans() {}

    static boolean haveRegistry(ConfigurableListableBeanFactory beans) {
        return beans.getBeanNamesForType(ObservationRegistry.class, true, false).length > 0;
    }

    /** Whether observations come to more than meters, which are not made of attempts; makes no bean to find out. */
    static boolean makeMoreThanMeters(ConfigurableListableBeanFactory beans) {
        if (!haveRegistry(beans)) {
            return false;
        }
        boolean meters = ClassUtils.isPresent(METERS, beans.getBeanClassLoader());
        for (String name : beans.getBeanNamesForType(ObservationHandler.class, true, false)) {
            if (!meters || !Meters.areMadeBy(beans, name)) {
                return true;
            }
        }
        return false;
    }

    static MeshObserver traces(ConfigurableListableBeanFactory beans) {
        ObservedParents parents = ClassUtils.isPresent(TRACER, beans.getBeanClassLoader())
                ? Tracing.parents(beans)
                : ObservedParents.NONE;
        return ObservationTraces.of(beans.getBean(ObservationRegistry.class), parents);
    }

    private static final class Meters {
        static boolean areMadeBy(ConfigurableListableBeanFactory beans, String name) {
            return beans.isTypeMatch(name, MeterObservationHandler.class);
        }
    }

    private static final class Tracing {
        static ObservedParents parents(ConfigurableListableBeanFactory beans) {
            Tracer tracer = beans.getBeanProvider(Tracer.class).getIfUnique();
            return tracer == null ? ObservedParents.NONE : HeaderParents.of(tracer);
        }
    }
}
