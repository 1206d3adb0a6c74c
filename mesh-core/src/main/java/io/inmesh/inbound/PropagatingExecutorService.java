package io.inmesh.inbound;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Wraps the work, and leaves all else to the executor that it stands in front of. */
class PropagatingExecutorService implements ExecutorService {
    private final ExecutorService delegate;

    PropagatingExecutorService(ExecutorService delegate) {
        this.delegate = delegate;
    }

    @Override
    public void execute(Runnable work) {
        delegate.execute(InboundContext.propagating(work));
    }

    @Override
    public <T extends @Nullable Object> Future<T> submit(Callable<T> work) {
        return delegate.submit(InboundContext.propagating(work));
    }

    @Override
    public <T extends @Nullable Object> Future<T> submit(Runnable work, T result) {
        return delegate.submit(InboundContext.propagating(work), result);
    }

    @Override
    public Future<?> submit(Runnable work) {
        return delegate.submit(InboundContext.propagating(work));
    }

    @Override
    public <T extends @Nullable Object> List<Future<T>> invokeAll(Collection<? extends Callable<T>> work)
            throws InterruptedException {
        return delegate.invokeAll(all(work));
    }

    @Override
    public <T extends @Nullable Object> List<Future<T>> invokeAll(
            Collection<? extends Callable<T>> work, long timeout, TimeUnit unit) throws InterruptedException {
        return delegate.invokeAll(all(work), timeout, unit);
    }

    @Override
    public <T extends @Nullable Object> T invokeAny(Collection<? extends Callable<T>> work)
            throws InterruptedException, ExecutionException {
        return delegate.invokeAny(all(work));
    }

    @Override
    public <T extends @Nullable Object> T invokeAny(Collection<? extends Callable<T>> work, long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException {
        return delegate.invokeAny(all(work), timeout, unit);
    }

    private static <T extends @Nullable Object> List<Callable<T>> all(Collection<? extends Callable<T>> work) {
        return work.stream().<Callable<T>>map(InboundContext::propagating).toList();
    }

    @Override
    public void shutdown() {
        delegate.shutdown();
    }

    @Override
    public List<Runnable> shutdownNow() {
        return delegate.shutdownNow();
    }

    @Override
    public boolean isShutdown() {
        return delegate.isShutdown();
    }

    @Override
    public boolean isTerminated() {
        return delegate.isTerminated();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return delegate.awaitTermination(timeout, unit);
    }
}
