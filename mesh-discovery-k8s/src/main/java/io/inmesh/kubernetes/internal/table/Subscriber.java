package io.inmesh.kubernetes.internal.table;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Somebody who is told each new state of something, and nothing more once he has left. Thread-safe. */
final class Subscriber<T> {
    private static final Logger LOG = LoggerFactory.getLogger(Subscriber.class);

    private final Consumer<T> consumer;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable T told;
    private boolean left;

    Subscriber(Consumer<T> consumer) {
        this.consumer = consumer;
    }

    /** Tells what is not the same as what was told last. */
    void tell(T state) {
        lock.lock();
        try {
            if (!left && !state.equals(told)) {
                told = state;
                consumer.accept(state);
            }
        } catch (RuntimeException broken) {
            LOG.error("Who listens to the endpoint table failed", broken);
        } finally {
            lock.unlock();
        }
    }

    /** Waits for what is being told right now, unless it is told on this very thread. */
    void leave() {
        lock.lock();
        left = true;
        lock.unlock();
    }
}
