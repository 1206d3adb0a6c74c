package io.inmesh.internal.time;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A place for the latest of many values on their way to the control thread. Since every value is a full state, those that
 * are overtaken before they are looked at are dropped, and a source in a hurry fills no queue. Thread-safe.
 */
public final class Mailbox<T> {
    private final Executor control;
    private final Consumer<T> reader;
    private final AtomicReference<@Nullable T> latest = new AtomicReference<>();

    /**
     * Makes an empty one.
     *
     * @param control runs the reader
     */
    public Mailbox(Executor control, Consumer<T> reader) {
        this.control = control;
        this.reader = reader;
    }

    /** Replaces what is not read yet. */
    public void put(T value) {
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
