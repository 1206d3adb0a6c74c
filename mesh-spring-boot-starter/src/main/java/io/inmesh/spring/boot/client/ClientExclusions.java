package io.inmesh.spring.boot.client;

import io.inmesh.spring.boot.client.ClientBeans.ClientBean;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.env.Environment;
import org.springframework.util.PatternMatchUtils;

/**
 * Which HTTP clients the mesh leaves as they are, by {@code mesh.clients.exclude} and {@link NotMeshed}. When all singletons
 * are made, a pattern that no bean's name matches is told of, once. Thread-safe.
 */
public final class ClientExclusions implements SmartInitializingSingleton {
    /** What is told of such a client. */
    public static final String REASON = "excluded by mesh.clients.exclude or @NotMeshed";

    private static final String PROPERTY = "mesh.clients.exclude";
    private static final String SCOPED_TARGET = "scopedTarget.";
    private static final Logger LOG = LoggerFactory.getLogger(ClientExclusions.class);

    private final String[] patterns;
    private final ConfigurableListableBeanFactory beans;
    private final ClientBeans clients;

    ClientExclusions(Environment environment, ConfigurableListableBeanFactory beans, ClientBeans clients) {
        this.patterns = Binder.get(environment)
                .bind(PROPERTY, Bindable.listOf(String.class))
                .orElse(List.of())
                .toArray(String[]::new);
        this.beans = beans;
        this.clients = clients;
    }

    /** The name that the application knows. Scopes such as refresh put the name of their proxy in front of the one behind it. */
    static String plain(String name) {
        return name.startsWith(SCOPED_TARGET) ? name.substring(SCOPED_TARGET.length()) : name;
    }

    /** Whether a bean stands for those that a scope makes. */
    boolean isScopesProxy(String name) {
        return beans.containsBeanDefinition(SCOPED_TARGET + name);
    }

    /**
     * Whether a client stays as it is.
     *
     * @param name of the bean, as the factory calls it
     * @param type class of the client, or the interface that it is called by
     */
    public boolean excludes(String name, Class<?> type) {
        String plain = plain(name);
        return PatternMatchUtils.simpleMatch(patterns, plain)
                || AnnotatedElementUtils.hasAnnotation(type, NotMeshed.class)
                || Stream.of(name, plain, SCOPED_TARGET + plain).anyMatch(this::isAnnotated);
    }

    private boolean isAnnotated(String name) {
        return beans.containsBean(name) && beans.findAnnotationOnBean(name, NotMeshed.class, false) != null;
    }

    @Override
    public void afterSingletonsInstantiated() {
        List<String> names = new ArrayList<>();
        beans.getBeanNamesIterator().forEachRemaining(name -> names.add(plain(name)));
        for (String pattern : patterns) {
            if (names.stream().noneMatch(name -> PatternMatchUtils.simpleMatch(pattern, name))) {
                LOG.warn(
                        "{}: no bean has the name {}, so nothing is excluded by it. The HTTP clients among the beans are {}.",
                        PROPERTY,
                        pattern,
                        clients.list().stream().map(ClientBean::name).toList());
            }
        }
    }
}
