package io.inmesh.spring.boot.client;

import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;
import org.springframework.beans.factory.config.BeanPostProcessor;

/** Puts something in the place of beans. */
public final class BeanWrapper implements BeanPostProcessor {
    private final BiPredicate<Object, String> which;
    private final UnaryOperator<Object> wrap;

    private BeanWrapper(BiPredicate<Object, String> which, UnaryOperator<Object> wrap) {
        this.which = which;
        this.wrap = wrap;
    }

    /** Of every bean of a type. */
    public static BeanWrapper ofType(Class<?> type, UnaryOperator<Object> wrap) {
        return new BeanWrapper((bean, name) -> type.isInstance(bean), wrap);
    }

    /** Of every bean of a type that the application has not excluded. */
    public static BeanWrapper ofType(Class<?> type, ClientExclusions exclusions, UnaryOperator<Object> wrap) {
        return new BeanWrapper(
                (bean, name) -> type.isInstance(bean) && !exclusions.excludes(name, bean.getClass()), wrap);
    }

    /** Of the bean of a name. */
    public static BeanWrapper ofName(String wanted, UnaryOperator<Object> wrap) {
        return new BeanWrapper((bean, name) -> name.equals(wanted), wrap);
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        return which.test(bean, name) ? wrap.apply(bean) : bean;
    }
}
