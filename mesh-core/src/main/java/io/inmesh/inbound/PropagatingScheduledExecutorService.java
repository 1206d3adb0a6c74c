package io.inmesh.inbound;

import java.util.concurrent.Callable;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The same for work that waits. */
final class PropagatingScheduledExecutorService extends PropagatingExecutorService implements ScheduledExecutorService {
    private final ScheduledExecutorService delegate;

    PropagatingScheduledExecutorService(ScheduledExecutorService delegate) {
        super(delegate);
        this.delegate = delegate;
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable work, long delay, TimeUnit unit) {
        return delegate.schedule(InboundContext.propagating(work), delay, unit);
    }

    @Override
    public <V extends @Nullable Object> ScheduledFuture<V> schedule(Callable<V> work, long delay, TimeUnit unit) {
        return delegate.schedule(InboundContext.propagating(work), delay, unit);
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable work, long initialDelay, long period, TimeUnit unit) {
        return delegate.scheduleAtFixedRate(repeated(work), initialDelay, period, unit);
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable work, long initialDelay, long delay, TimeUnit unit) {
        return delegate.scheduleWithFixedDelay(repeated(work), initialDelay, delay, unit);
    }

    private static Runnable repeated(Runnable work) {
        InboundContext current = InboundContext.current();
        return InboundContext.propagating(current == null ? null : current.withoutDeadline(), work);
    }
}
