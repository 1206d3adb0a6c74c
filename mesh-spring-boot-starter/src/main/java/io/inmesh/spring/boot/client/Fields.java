package io.inmesh.spring.boot.client;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/** Reads what Spring's clients do not show. What is not there, or may not be read, is null. Stateless. */
final class Fields {
    private Fields() {}

    /** Whether an object's class, or one above it, has a field. */
    static boolean has(Object owner, String name) {
        return find(owner.getClass(), name) != null;
    }

    /** Whether one of Spring's own classes has a field, that of an object or one above it. */
    static boolean hasOfSpring(Object owner, String name) {
        Field field = find(owner.getClass(), name);
        return field != null && field.getDeclaringClass().getName().startsWith("org.springframework.");
    }

    /** Value of a field of an object's class or of those above it. */
    static @Nullable Object read(Object owner, String name) {
        return read(owner.getClass(), owner, name);
    }

    /** Value of a field that one of Spring's own classes has; what others call the same may mean another thing. */
    static @Nullable Object readOfSpring(Object owner, String name) {
        return hasOfSpring(owner, name) ? read(owner, name) : null;
    }

    /** Value of a field of a class or of those above it, where a subclass may have one of the same name. */
    static @Nullable Object read(Class<?> type, Object owner, String name) {
        Field field = find(type, name);
        if (field == null) {
            return null;
        }
        try {
            field.setAccessible(true);
            return field.get(owner);
        } catch (IllegalAccessException | RuntimeException unreadable) {
            return null;
        }
    }

    /** Result of a method without parameters. */
    static @Nullable Object call(Object owner, String name) {
        Method method = unlessUnreadable(() -> ReflectionUtils.findMethod(owner.getClass(), name));
        return method == null ? null : invoke(method, owner);
    }

    /** Result of a method that one of an object's interfaces has. */
    static @Nullable Object result(Object owner, String name, @Nullable Object... arguments) {
        Method found = unlessUnreadable(() -> Stream.of(ClassUtils.getAllInterfacesForClass(owner.getClass()))
                .flatMap(type -> Stream.of(type.getMethods()))
                .filter(method -> method.getName().equals(name) && method.getParameterCount() == arguments.length)
                .findFirst()
                .orElse(null));
        return found == null ? null : invoke(found, owner, arguments);
    }

    /** Result of a static method without parameters; null where the class is not there. */
    static @Nullable Object callStatic(String type, @Nullable ClassLoader loader, String name) {
        if (!ClassUtils.isPresent(type, loader)) {
            return null;
        }
        Method method =
                unlessUnreadable(() -> ReflectionUtils.findMethod(ClassUtils.resolveClassName(type, loader), name));
        return method == null ? null : invoke(method, null);
    }

    private static @Nullable Field find(Class<?> type, String name) {
        return unlessUnreadable(() -> ReflectionUtils.findField(type, name));
    }

    /** Null too where somebody's code fails, or a class names another one that the application does not have. */
    static <T> @Nullable T unlessUnreadable(Supplier<@Nullable T> reading) {
        try {
            return reading.get();
        } catch (RuntimeException | LinkageError unreadable) {
            return null;
        }
    }

    private static @Nullable Object invoke(Method method, @Nullable Object owner, @Nullable Object... arguments) {
        try {
            method.setAccessible(true);
            return method.invoke(owner, arguments);
        } catch (ReflectiveOperationException | RuntimeException | LinkageError unreadable) {
            return null;
        }
    }
}
