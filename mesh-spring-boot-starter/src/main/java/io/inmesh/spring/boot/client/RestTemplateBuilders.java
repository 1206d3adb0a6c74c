package io.inmesh.spring.boot.client;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;
import org.springframework.web.client.RestTemplate;

/**
 * Spring Boot's RestTemplateBuilder, of which each change makes another. Spring Boot 4 has moved it and what customizes it
 * to another package; nothing else about them differs.
 */
final class RestTemplateBuilders implements ClientKind {
    static final List<String> PACKAGES =
            List.of("org.springframework.boot.restclient", "org.springframework.boot.web.client");

    private final Class<?> builder;
    private final Method customize;
    private final Object meshing;
    private final Object leavingAlone;

    private RestTemplateBuilders(RestTemplates templates, Class<?> builder, Method customize, Class<?> customizer) {
        this.builder = builder;
        this.customize = customize;
        this.meshing = customizer(customizer, template -> {
            Meshed unused = templates.mesh(template);
        });
        this.leavingAlone = customizer(customizer, template -> {
            Meshed unused = templates.leaveAlone(template);
        });
    }

    private static Object customizer(Class<?> type, Consumer<RestTemplate> action) {
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
            if (method.getDeclaringClass() == Object.class) {
                return ofObject(proxy, method, arguments);
            }
            action.accept((RestTemplate) arguments[0]);
            return null;
        });
    }

    /** Null where the application has none. */
    static @Nullable RestTemplateBuilders find(RestTemplates templates, @Nullable ClassLoader loader) {
        for (String home : PACKAGES) {
            String builder = home + ".RestTemplateBuilder";
            if (ClassUtils.isPresent(builder, loader)) {
                Class<?> type = ClassUtils.resolveClassName(builder, loader);
                Class<?> customizer = ClassUtils.resolveClassName(home + ".RestTemplateCustomizer", loader);
                Method customize = ReflectionUtils.findMethod(type, "additionalCustomizers", customizer.arrayType());
                if (customize != null) {
                    return new RestTemplateBuilders(templates, type, customize, customizer);
                }
            }
        }
        return null;
    }

    @Override
    public boolean is(Object client) {
        return builder.isInstance(client);
    }

    @Override
    public Meshed mesh(Object client) {
        Object meshed = customized(client, meshing);
        return meshed == null ? Meshed.not(client, "it takes no customizer") : Meshed.as(meshed, null);
    }

    @Override
    public Meshed leaveAlone(Object client) {
        Object leaving = customized(client, leavingAlone);
        return Meshed.excluded(leaving == null ? client : leaving);
    }

    private @Nullable Object customized(Object client, Object customizer) {
        Object customizers =
                java.lang.reflect.Array.newInstance(customize.getParameterTypes()[0].getComponentType(), 1);
        java.lang.reflect.Array.set(customizers, 0, customizer);
        return ReflectionUtils.invokeMethod(customize, client, customizers);
    }

    /** Customizers are kept in a set. */
    private static @Nullable Object ofObject(Object proxy, Method method, Object @Nullable [] arguments) {
        return switch (method.getName()) {
            case "equals" -> arguments != null && proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> "the mesh";
        };
    }
}
