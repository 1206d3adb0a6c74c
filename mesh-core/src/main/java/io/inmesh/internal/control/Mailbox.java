package io.inmesh.internal.control;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hands the latest of many values to the control thread. Since every value is a full state, those that are overtaken
 * before they are looked at are dropped, and a source in a hurry fills no queue. Thread-safe.
 */
final class Mailbox<T> {
    private final Executor control;
    private final Consumer<T> reader;
    private final AtomicReference<@Nullable T> latest = new AtomicReference<>();

    Mailbox(Executor control, Consumer<T> reader) {
        this.control = control;
        this.reader = reader;
    }

    void put(T value) {
        if (latest.getAndSet(value) == null) {
            control.execute(this::read);
        }
    }

    private void read() {
        T value = latest.getAndSet(null);
        if (value != null) {
            reader.accept(value);
        }
    }
}
