package io.inmesh.spring.boot.client;

import io.inmesh.inbound.InboundContext;
import io.inmesh.inbound.Scope;
import io.micrometer.context.ThreadLocalAccessor;
import org.jspecify.annotations.Nullable;

/**
 * Lets Micrometer's context propagation take the current {@link InboundContext} along, and with it Reactor, Spring MVC and
 * whatever else asks it; found by it as a service. Thread-safe.
 */
public final class InboundContextAccessor implements ThreadLocalAccessor<InboundContext> {
    /** Under which Reactor's context has it. */
    public static final String KEY = "io.inmesh.inbound.InboundContext";

    /** What was set on a thread and is to be taken back, the last first. */
    private static final ThreadLocal<@Nullable Opened> OPENED = new ThreadLocal<>();

    private record Opened(Scope scope, @Nullable Opened before) {}

    /** Made as a service. */
    public InboundContextAccessor() {}

    @Override
    public Object key() {
        return KEY;
    }

    @Override
    public @Nullable InboundContext getValue() {
        return InboundContext.current();
    }

    @Override
    public void setValue(InboundContext value) {
        OPENED.set(new Opened(value.open(), OPENED.get()));
    }

    @Override
    public void setValue() {
        OPENED.set(new Opened(InboundContext.open(null), OPENED.get()));
    }

    @Override
    public void restore(InboundContext previous) {
        restore();
    }

    @Override
    public void restore() {
        Opened opened = OPENED.get();
        if (opened == null) {
            return;
        }
        opened.scope().close();
        if (opened.before() == null) {
            OPENED.remove();
        } else {
            OPENED.set(opened.before());
        }
    }
}
