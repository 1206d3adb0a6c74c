package io.inmesh.jmh.call;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads that call without pause, all at the same time. They live on between rounds, so that sums over them hold. */
final class Callers implements AutoCloseable {
    /** What their names begin with. */
    static final String NAME = "caller-";

    private final int number;
    private final ExecutorService threads;

    Callers(int number) {
        this.number = number;
        AtomicInteger named = new AtomicInteger();
        threads = Executors.newFixedThreadPool(number, task -> new Thread(task, NAME + named.incrementAndGet()));
    }

    /**
     * Calls for a time.
     *
     * @return calls made
     */
    int callFor(Client client, long nanos) throws Exception {
        long end = System.nanoTime() + nanos;
        return onEachThread(first -> {
            int made = 0;
            do {
                client.call(first + made++);
            } while (System.nanoTime() - end < 0);
            return made;
        });
    }

    /** Makes a number of calls, the same by each thread. */
    void call(Client client, int calls) throws Exception {
        onEachThread(first -> {
            for (int made = 0; made < calls / number; made++) {
                client.call(first + made);
            }
            return calls / number;
        });
    }

    /** What one thread does, told with which endpoint to begin. */
    @FunctionalInterface
    private interface Calling {
        int from(int first) throws IOException;
    }

    private int onEachThread(Calling calling) throws Exception {
        AtomicInteger next = new AtomicInteger();
        List<Future<Integer>> all = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            all.add(threads.submit(() -> calling.from(next.getAndIncrement())));
        }
        int sum = 0;
        for (Future<Integer> one : all) {
            sum += one.get();
        }
        return sum;
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
