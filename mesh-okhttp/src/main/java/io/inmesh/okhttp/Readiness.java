package io.inmesh.okhttp;

import io.inmesh.okhttp.internal.time.Ticker;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Waits until a channel that does not block is ready for an operation. An interrupt neither closes the channel nor ends
 * the wait: the thread finds it afterwards.
 *
 * <p>Opens a selector when somebody waits for the first time, and keeps it for the next time. One thread can wait at a
 * time; {@link #close} is for any thread, and ends the wait.
 */
final class Readiness {
    private static final int NOTHING = 0;

    private final SocketChannel channel;
    private @Nullable SelectionKey key;
    private boolean closed;

    Readiness(SocketChannel channel) {
        this.channel = channel;
    }

    /**
     * Waits for an operation.
     *
     * @param operation of {@link SelectionKey}
     * @param timeoutMillis 0 to wait for ever
     * @return false when the time is over
     * @throws ClosedChannelException when the channel is closed, also by another thread meanwhile
     * @throws java.nio.channels.ClosedSelectorException instead, if it is closed at the same time
     */
    boolean await(int operation, int timeoutMillis) throws IOException {
        Selector selector = selectorFor(operation);
        long started = timeoutMillis == 0 ? 0 : Ticker.SYSTEM.getAsLong();
        long left = timeoutMillis;
        boolean interrupted = false;
        try {
            while (true) {
                if (Thread.interrupted()) {
                    interrupted = true;
                }
                if (selector.select(ready -> {}, left) != NOTHING) {
                    return true;
                }
                if (!channel.isOpen()) {
                    throw new ClosedChannelException();
                }
                if (timeoutMillis != 0) {
                    left = timeoutMillis - TimeUnit.NANOSECONDS.toMillis(Ticker.SYSTEM.getAsLong() - started);
                    if (left <= 0) {
                        return false;
                    }
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private synchronized Selector selectorFor(int operation) throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        SelectionKey known = key;
        if (known == null) {
            Selector opened = Selector.open();
            try {
                known = channel.register(opened, operation);
            } finally {
                if (known == null) {
                    opened.close();
                }
            }
            key = known;
        } else if (known.interestOps() != operation) {
            known.interestOps(operation);
        }
        return known.selector();
    }

    /** Gives the selector back until the next wait, for which there may be none at the moment. */
    void release() throws IOException {
        SelectionKey known;
        synchronized (this) {
            known = key;
            key = null;
        }
        if (known != null) {
            known.selector().close();
        }
    }

    /** Ends a wait and every later one. Comes after the close of the channel, whose descriptor goes with the last key. */
    void close() throws IOException {
        synchronized (this) {
            closed = true;
        }
        release();
    }
}
