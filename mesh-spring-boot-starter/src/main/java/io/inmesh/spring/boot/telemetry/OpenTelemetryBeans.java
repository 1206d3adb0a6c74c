package io.inmesh.spring.boot.telemetry;

import io.inmesh.observe.MeshObserver;
import io.inmesh.telemetry.trace.OpenTelemetryTraces;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.util.ClassUtils;

/** OpenTelemetry as a bean, or as the one of the process; not loaded where its API is absent. */
final class OpenTelemetryBeans {
    private OpenTelemetryBeans() {}

    /** Makes neither to find out. */
    static boolean areThere(ConfigurableListableBeanFactory beans) {
        return beans.getBeanNamesForType(OpenTelemetry.class, true, false).length > 0
                || OpenTelemetryTraces.isGlobalSet();
    }

    /** The same, but that the one of the process counts where its API is too old to be asked. */
    static boolean mayBeThere(ConfigurableListableBeanFactory beans) {
        return areThere(beans) || !ClassUtils.hasMethod(GlobalOpenTelemetry.class, "isSet");
    }

    static MeshObserver traces(ConfigurableListableBeanFactory beans) {
        OpenTelemetry bean = beans.getBeanProvider(OpenTelemetry.class).getIfUnique();
        return OpenTelemetryTraces.of(bean == null ? GlobalOpenTelemetry.get() : bean);
    }
}
