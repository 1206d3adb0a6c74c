package io.inmesh.okhttp.traffic;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** Callers that call until they are stopped, each call with an id of its own, every fifth a POST. */
final class CallLoad implements AutoCloseable {
    /** A call that is over. */
    record Call(
            String id, String method, int status, @Nullable IOException failure, long nanos) {
        boolean isGet() {
            return method.equals("GET");
        }

        boolean failed() {
            return failure != null || status != 200;
        }
    }

    private final OkHttpClient client;
    private final List<Thread> callers = new ArrayList<>();
    private final ConcurrentLinkedQueue<Call> calls = new ConcurrentLinkedQueue<>();
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger over = new AtomicInteger();
    private volatile boolean stopped;

    CallLoad(OkHttpClient client, int threads) {
        this.client = client;
        for (int i = 0; i < threads; i++) {
            Thread caller = new Thread(this::run, "caller-" + i);
            caller.setDaemon(true);
            callers.add(caller);
        }
        callers.forEach(Thread::start);
    }

    private void run() {
        while (!stopped) {
            int number = begun.incrementAndGet();
            calls.add(call(client, String.valueOf(number), number % 5 == 0 ? "POST" : "GET"));
            synchronized (over) {
                over.incrementAndGet();
                over.notifyAll();
            }
        }
    }

    static Call call(OkHttpClient client, String id, String method) {
        Request request = new Request.Builder()
                .url(FaultRig.URL)
                .header(FaultRig.ID, id)
                .method(method, method.equals("GET") ? null : RequestBody.create(new byte[10], (MediaType) null))
                .build();
        long start = System.nanoTime();
        int status = 0;
        IOException failure = null;
        try (Response response = client.newCall(request).execute()) {
            status = response.code();
            response.body().bytes();
        } catch (IOException failed) {
            failure = failed;
        }
        return new Call(id, method, status, failure, System.nanoTime() - start);
    }

    /** Lets that many more calls pass. */
    void pass(int more) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        synchronized (over) {
            int until = over.get() + more;
            while (over.get() < until) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("calls do not come back");
                }
                over.wait(1000);
            }
        }
    }

    /** All calls, once the last is over. */
    List<Call> stop() {
        close();
        return List.copyOf(calls);
    }

    @Override
    public void close() {
        stopped = true;
        for (Thread caller : callers) {
            try {
                caller.join(TimeUnit.SECONDS.toMillis(30));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
