package io.inmesh.servlet.internal.console;

import io.inmesh.console.ConsoleEvents;
import jakarta.servlet.AsyncContext;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All readers of events, a bounded number, and the one thread that writes to them. Thread-safe. */
public final class EventStreams implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventStreams.class);

    private final Semaphore free;
    private final Set<EventStream> streams = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService timer;
    private final ScheduledFuture<?> ticking;
    private volatile boolean closed;

    /**
     * Starts the thread.
     *
     * @param most readers at a time
     * @param pause between two times of sending
     */
    public EventStreams(int most, Duration pause) {
        free = new Semaphore(most);
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "inmesh-console");
            thread.setDaemon(true);
            return thread;
        });
        timer = executor;
        ticking = timer.scheduleWithFixedDelay(
                () -> streams.forEach(EventStreams::tick), pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** What one reader brings up is not to end the others: nothing would be sent to anybody after it. */
    private static void tick(EventStream stream) {
        try {
            stream.tick();
        } catch (RuntimeException | Error e) {
            LOG.warn("A reader of the console's events is dropped", e);
            end(stream);
        }
    }

    /** Whatever its container brings up. */
    private static void end(EventStream stream) {
        try {
            stream.end();
        } catch (RuntimeException | Error e) {
            LOG.debug("A reader of the console's events cannot be ended", e);
            stream.drop();
        }
    }

    /** Whether there is room for one more, which {@link #open} then takes. */
    public boolean reserve() {
        return !closed && free.tryAcquire();
    }

    /**
     * Sends events to a reader for which there is room, until it goes, or is too slow, or this is closed. A failure to begin gives
     * the room back and leaves the context to the caller.
     */
    public void open(AsyncContext context, ConsoleEvents events) throws IOException {
        EventStream stream;
        try {
            stream = new EventStream(context, events, this::ended);
        } catch (IOException | RuntimeException e) {
            free.release();
            throw e;
        }
        streams.add(stream);
        try {
            stream.start();
        } catch (RuntimeException e) {
            stream.drop();
            throw e;
        }
        if (closed) {
            stream.end();
        }
    }

    /** Gives back the room that was reserved and not used. */
    public void unreserve() {
        free.release();
    }

    private void ended(EventStream stream) {
        if (streams.remove(stream)) {
            free.release();
        }
    }

    /** Readers at this moment. */
    public int size() {
        return streams.size();
    }

    /** Ends all readers and the thread. Idempotent. */
    @Override
    public void close() {
        closed = true;
        boolean unused = ticking.cancel(false);
        timer.shutdown();
        streams.forEach(EventStreams::end);
    }
}
