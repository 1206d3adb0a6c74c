package io.inmesh.spring.boot.inbound;

import io.inmesh.inbound.InboundContext;
import java.lang.reflect.Field;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.TaskDecorator;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.util.ReflectionUtils;

/**
 * Has the beans that are Spring's executors take the current {@link InboundContext} along with the work that they are given:
 * those of {@code @Async} methods, of Spring MVC's asynchronous requests, and the application's own. A decorator that an
 * executor has stays, around this one.
 */
public final class CarryingExecutors implements BeanPostProcessor {
    private static final Logger LOG = LoggerFactory.getLogger(CarryingExecutors.class);
    private static final String DECORATOR = "taskDecorator";

    /** Makes it. */
    public CarryingExecutors() {}

    /** Decorates tasks on behalf of a request. */
    private record Carrying(@Nullable TaskDecorator own) implements TaskDecorator {
        @Override
        public Runnable decorate(Runnable task) {
            Runnable carrying = InboundContext.current() == null ? task : InboundContext.propagating(task);
            return own == null ? carrying : own.decorate(carrying);
        }
    }

    /** Where the decorators are, for native images. */
    public static final class Hints implements RuntimeHintsRegistrar {
        /** Made by Spring. */
        public Hints() {}

        @Override
        public void registerHints(RuntimeHints hints, @Nullable ClassLoader loader) {
            for (Class<?> type : List.of(ThreadPoolTaskExecutor.class, SimpleAsyncTaskExecutor.class)) {
                Field field = ReflectionUtils.findField(type, DECORATOR);
                if (field != null) {
                    hints.reflection().registerField(field);
                }
            }
        }
    }

    /** Before it makes its threads, of which some remember what decorates their work. */
    @Override
    public Object postProcessBeforeInitialization(Object bean, String name) {
        if (bean instanceof ThreadPoolTaskExecutor executor) {
            TaskDecorator carrying = carrying(ThreadPoolTaskExecutor.class, executor, name);
            if (carrying != null) {
                executor.setTaskDecorator(carrying);
            }
        } else if (bean instanceof SimpleAsyncTaskExecutor executor) {
            TaskDecorator carrying = carrying(SimpleAsyncTaskExecutor.class, executor, name);
            if (carrying != null) {
                executor.setTaskDecorator(carrying);
            }
        }
        return bean;
    }

    /** Null where it is not to be changed: whose decorator cannot be read would lose it. */
    private static @Nullable TaskDecorator carrying(Class<?> type, Object executor, String name) {
        try {
            Field field = ReflectionUtils.findField(type, DECORATOR);
            if (field != null) {
                field.setAccessible(true);
                TaskDecorator own = (TaskDecorator) field.get(executor);
                return own instanceof Carrying ? null : new Carrying(own);
            }
        } catch (IllegalAccessException | RuntimeException unreadable) {
            LOG.debug("The decorator of the executor {} cannot be read", name, unreadable);
        }
        LOG.warn(
                "Calls that are made by work of the executor {} carry nothing of the request that they are made for: hand the"
                        + " work over by InboundContext.propagating",
                name);
        return null;
    }
}
