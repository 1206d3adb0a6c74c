package io.inmesh.servlet.internal.console;

import io.inmesh.console.ConsoleEvents;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * One reader of events. Written to once a second and never waited for: what it could not take in yet it is not sent, and after ten
 * such seconds it is dropped. Thread-safe.
 */
final class EventStream implements WriteListener, AsyncListener {
    private static final int MOST_MISSED = 10;

    /** After so many seconds a reader has to come again, so that none stays for ever on a connection that nobody closes. */
    private static final int LONGEST_SECONDS = 600;

    private final AsyncContext context;
    private final ServletOutputStream out;
    private final ConsoleEvents events;
    private final Consumer<EventStream> onEnd;
    private final ReentrantLock lock = new ReentrantLock();
    private boolean unflushed;
    private boolean ended;
    private int missed;
    private int seconds;

    /** @param onEnd told once */
    EventStream(AsyncContext context, ConsoleEvents events, Consumer<EventStream> onEnd) throws IOException {
        this.context = context;
        this.events = events;
        this.onEnd = onEnd;
        out = context.getResponse().getOutputStream();
    }

    void start() {
        context.addListener(this);
        context.setTimeout(0);
        out.setWriteListener(this);
    }

    /** Sends what has happened since the last time, if the reader can take it in. */
    void tick() {
        lock.lock();
        try {
            if (ended) {
                return;
            }
            if (++seconds > LONGEST_SECONDS) {
                end();
            } else if (out.isReady()) {
                missed = 0;
                send(events.next());
            } else if (++missed >= MOST_MISSED) {
                end();
            }
        } catch (IOException | RuntimeException gone) {
            end();
        } finally {
            lock.unlock();
        }
    }

    private void send(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        unflushed = true;
        flush();
    }

    private void flush() throws IOException {
        if (unflushed && out.isReady()) {
            unflushed = false;
            out.flush();
        }
    }

    /** Ends it; what was sent arrives if the reader takes it in. Idempotent. */
    void end() {
        lock.lock();
        try {
            if (ended) {
                return;
            }
            ended = true;
            try {
                context.complete();
            } catch (IllegalStateException over) {
                // The container was first.
            }
        } finally {
            lock.unlock();
        }
        onEnd.accept(this);
    }

    /** Counts no more, whatever the container says of it. */
    void drop() {
        onEnd.accept(this);
    }

    @Override
    public void onWritePossible() throws IOException {
        lock.lock();
        try {
            if (!ended) {
                flush();
                if (seconds == 0) {
                    tick();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onError(Throwable failure) {
        end();
    }

    @Override
    public void onComplete(AsyncEvent event) {
        end();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        end();
    }

    @Override
    public void onError(AsyncEvent event) {
        end();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // Nobody starts it again.
    }
}
