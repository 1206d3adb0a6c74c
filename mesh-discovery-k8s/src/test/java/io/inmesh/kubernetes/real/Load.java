package io.inmesh.kubernetes.real;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * Calls services at a constant rate, whether or not earlier calls have been answered: four GETs to a POST, each with an id
 * of its own. Thread-safe.
 */
final class Load implements AutoCloseable {
    private static final AtomicInteger LOADS = new AtomicInteger();

    private final String name = "load-" + LOADS.incrementAndGet() + "-call-";
    private final OkHttpClient client;
    private final List<String> urls;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService callers = Executors.newCachedThreadPool();
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();
    private final List<String> failedGets = Collections.synchronizedList(new ArrayList<>());
    private final List<String> answeredPosts = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, String> failedPosts = new ConcurrentHashMap<>();
    private final Map<String, Integer> byPod = new ConcurrentHashMap<>();

    private Load(OkHttpClient client, List<String> urls) {
        this.client = client;
        this.urls = List.copyOf(urls);
    }

    static Load start(OkHttpClient client, int callsPerSecond, List<String> urls) {
        Load load = new Load(client, urls);
        long period = TimeUnit.SECONDS.toNanos(1) / callsPerSecond;
        ScheduledFuture<?> unused =
                load.clock.scheduleAtFixedRate(() -> load.callers.execute(load::call), 0, period, TimeUnit.NANOSECONDS);
        return load;
    }

    private void call() {
        int number = sent.getAndIncrement();
        String id = name + number;
        boolean post = number % 5 == 4;
        Request.Builder request = new Request.Builder()
                .url(urls.get(number / 5 % urls.size()) + "/" + number)
                .header("x-request-id", id);
        if (post) {
            request.post(RequestBody.create(new byte[] {1, 2, 3}));
        }
        try (Response response = client.newCall(request.build()).execute()) {
            String pod = response.body().string();
            if (response.isSuccessful()) {
                byPod.merge(pod, 1, Integer::sum);
                if (post) {
                    answeredPosts.add(id);
                }
            } else {
                failed(post, id, "status " + response.code() + ": " + pod);
            }
        } catch (IOException e) {
            failed(post, id, e.toString());
        } finally {
            answered.incrementAndGet();
        }
    }

    private void failed(boolean post, String id, String why) {
        if (post) {
            failedPosts.put(id, why);
        } else {
            failedGets.add(id + ": " + why);
        }
    }

    int sent() {
        return sent.get();
    }

    /** GETs that were not answered with 200, and why. */
    List<String> failedGets() {
        return List.copyOf(failedGets);
    }

    /** Ids of POSTs answered with 200. */
    List<String> answeredPosts() {
        return List.copyOf(answeredPosts);
    }

    /** POSTs reported as failed, and why. */
    Map<String, String> failedPosts() {
        return Map.copyOf(failedPosts);
    }

    /** Answers by pod since the last time this was asked. */
    Map<String, Integer> takeByPod() {
        Map<String, Integer> taken = new TreeMap<>();
        for (String pod : List.copyOf(byPod.keySet())) {
            taken.put(pod, byPod.remove(pod));
        }
        return taken;
    }

    /** Sends no more, and waits until each call has ended in one way or the other. */
    @Override
    public void close() {
        try {
            clock.shutdownNow();
            if (!clock.awaitTermination(5, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the clock of the load goes on");
            }
            callers.shutdown();
            if (!callers.awaitTermination(30, TimeUnit.SECONDS)) {
                throw new AssertionError((sent.get() - answered.get()) + " calls hang");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
