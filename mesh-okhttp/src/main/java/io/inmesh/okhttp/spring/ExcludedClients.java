package io.inmesh.okhttp.spring;

import java.lang.annotation.Annotation;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;
import org.springframework.util.PatternMatchUtils;

/** The beans that the mesh leaves as they are: by a pattern of {@code mesh.clients.exclude}, or by annotation. */
final class ExcludedClients {
    private static final String SCOPED_TARGET = "scopedTarget.";

    /** Of the starter, which may be absent. */
    private static final String NOT_MESHED = "io.inmesh.spring.boot.client.NotMeshed";

    private final ListableBeanFactory beans;
    private final String[] patterns;
    private final @Nullable Class<?> notMeshed;

    ExcludedClients(ListableBeanFactory beans, Environment environment) {
        this.beans = beans;
        this.patterns = Binder.get(environment)
                .bind("mesh.clients.exclude", Bindable.listOf(String.class))
                .orElse(List.of())
                .toArray(String[]::new);
        ClassLoader loader = getClass().getClassLoader();
        this.notMeshed =
                ClassUtils.isPresent(NOT_MESHED, loader) ? ClassUtils.resolveClassName(NOT_MESHED, loader) : null;
    }

    /**
     * Whether a bean is one of them.
     *
     * @param name as the factory calls it; scopes such as refresh put one in front of the name that the application knows
     */
    boolean has(String name) {
        String plain = name.startsWith(SCOPED_TARGET) ? name.substring(SCOPED_TARGET.length()) : name;
        return PatternMatchUtils.simpleMatch(patterns, plain) || isAnnotated(name) || isAnnotated(plain);
    }

    private boolean isAnnotated(String name) {
        if (notMeshed == null || !beans.containsBean(name)) {
            return false;
        }
        Class<? extends Annotation> annotation = notMeshed.asSubclass(Annotation.class);
        return beans.findAnnotationOnBean(name, annotation, false) != null;
    }
}
