package io.inmesh.spring.boot.client;

import java.util.List;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.env.Environment;
import org.springframework.util.PatternMatchUtils;

/** Which HTTP clients the mesh leaves as they are, by {@code mesh.clients.exclude} and {@link NotMeshed}. Thread-safe. */
public final class ClientExclusions {
    /** What is told of such a client. */
    public static final String REASON = "excluded by mesh.clients.exclude or @NotMeshed";

    private final String[] patterns;
    private final ConfigurableListableBeanFactory beans;

    ClientExclusions(Environment environment, ConfigurableListableBeanFactory beans) {
        this.patterns = Binder.get(environment)
                .bind("mesh.clients.exclude", Bindable.listOf(String.class))
                .orElse(List.of())
                .toArray(String[]::new);
        this.beans = beans;
    }

    /**
     * Whether a client stays as it is.
     *
     * @param name of the bean
     * @param type class of the client, or the interface that it is called by
     */
    public boolean excludes(String name, Class<?> type) {
        return PatternMatchUtils.simpleMatch(patterns, name)
                || AnnotatedElementUtils.hasAnnotation(type, NotMeshed.class)
                || (beans.containsBean(name) && beans.findAnnotationOnBean(name, NotMeshed.class, false) != null);
    }
}
