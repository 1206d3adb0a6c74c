package io.inmesh.spring.boot.client;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Calls under way, which end with the application context. Held weakly: a call whose answer nobody has any more is left
 * to the garbage collector. Thread-safe.
 */
final class OpenCalls {
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<OpenCall, Boolean> calls = new WeakHashMap<>();
    private boolean closed;

    /** One call, compared by identity. */
    interface OpenCall {
        /**
         * Ends the call, whatever it is doing. May come from any thread and at any time, also when the call has ended.
         *
         * @param why what the one who waits for it is told
         */
        void end(IOException why);
    }

    /**
     * Takes a call in.
     *
     * @throws IOException when the context is closed already
     */
    void add(OpenCall call) throws IOException {
        lock.lock();
        try {
            if (closed) {
                throw contextClosed();
            }
            calls.put(call, true);
        } finally {
            lock.unlock();
        }
    }

    void remove(OpenCall call) {
        lock.lock();
        try {
            calls.remove(call);
        } finally {
            lock.unlock();
        }
    }

    /** Ends all, and refuses those to come. */
    void close() {
        List<OpenCall> left;
        lock.lock();
        try {
            closed = true;
            left = List.copyOf(calls.keySet());
            calls.clear();
        } finally {
            lock.unlock();
        }
        left.forEach(call -> call.end(contextClosed()));
    }

    private static IOException contextClosed() {
        return new IOException("Canceled: the application context is closed");
    }
}
