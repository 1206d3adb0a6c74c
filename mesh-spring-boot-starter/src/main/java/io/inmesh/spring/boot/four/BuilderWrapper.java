package io.inmesh.spring.boot.four;

import java.util.function.UnaryOperator;
import org.springframework.beans.factory.config.BeanPostProcessor;

/** Puts the mesh in front of every bean of one type. */
final class BuilderWrapper implements BeanPostProcessor {
    private final Class<?> type;
    private final UnaryOperator<Object> wrap;

    BuilderWrapper(Class<?> type, UnaryOperator<Object> wrap) {
        this.type = type;
        this.wrap = wrap;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        return type.isInstance(bean) ? wrap.apply(bean) : bean;
    }
}
