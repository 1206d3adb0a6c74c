package io.inmesh.servlet.internal.jwt;

import java.io.IOException;
import java.text.ParseException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys that are fetched from elsewhere, in the background and one fetch at a time, when somebody asks for them. The last
 * good ones stay while they cannot be fetched, for a bounded time; after that there are none.
 */
final class RemoteKeys implements KeySource {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteKeys.class);

    private final String name;
    private final Fetch fetch;
    private final Timing timing;
    private final Executor background;
    private final LongSupplier nanos;

    private final Object lock = new Object();
    /** Under the lock. */
    private @Nullable CompletableFuture<Void> flight;
    /** Under the lock. */
    private long nextAttempt;
    /** Under the lock. */
    private int failures;

    private volatile @Nullable Held held;

    /** Fetches the text of a key set; on a background thread. */
    @FunctionalInterface
    interface Fetch {
        String fetch() throws IOException;
    }

    /**
     * When keys are fetched.
     *
     * @param refresh age at which keys are fetched anew
     * @param longest age up to which they are used when they cannot be fetched
     * @param between shortest time between two fetches, of which the second is for a key that is not known
     * @param waitForFirst longest time that a request waits for the first keys
     * @param waitForUnknown longest time that a request waits for a key that is not known
     */
    record Timing(
            Duration refresh, Duration longest, Duration between, Duration waitForFirst, Duration waitForUnknown) {}

    private record Held(KeySet keys, long since) {}

    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final int MOST_DOUBLINGS = 5;

    /**
     * Makes a source; fetches nothing yet.
     *
     * @param name for logs
     */
    RemoteKeys(String name, Fetch fetch, Timing timing, Executor background, LongSupplier nanos) {
        this.name = name;
        this.fetch = fetch;
        this.timing = timing;
        this.background = background;
        this.nanos = nanos;
        this.nextAttempt = nanos.getAsLong();
    }

    @Override
    public @Nullable KeySet current() {
        long now = nanos.getAsLong();
        Held known = held;
        if (known != null && now - known.since < timing.refresh.toNanos()) {
            return known.keys;
        }
        CompletableFuture<Void> running = fetchIfDue(now);
        if (known == null || now - known.since >= timing.longest.toNanos()) {
            await(running, timing.waitForFirst);
        }
        return usable();
    }

    @Override
    public @Nullable KeySet newerThan(KeySet known) {
        Held current = held;
        if (current == null || current.keys == known) {
            await(fetchIfDue(nanos.getAsLong()), timing.waitForUnknown);
        }
        return usable();
    }

    private @Nullable KeySet usable() {
        Held known = held;
        return known != null && nanos.getAsLong() - known.since < timing.longest.toNanos() ? known.keys : null;
    }

    /** The fetch that is running, or one that begins because it is time; null when there is none. */
    private @Nullable CompletableFuture<Void> fetchIfDue(long now) {
        CompletableFuture<Void> mine;
        synchronized (lock) {
            if (flight != null) {
                return flight;
            }
            if (now - nextAttempt < 0) {
                return null;
            }
            mine = new CompletableFuture<>();
            flight = mine;
        }
        try {
            background.execute(() -> run(mine));
        } catch (RejectedExecutionException busyOrClosed) {
            ended(mine, null, "there is no thread for it");
        }
        return mine;
    }

    private void run(CompletableFuture<Void> mine) {
        KeySet fetched = null;
        String problem = "it failed";
        try {
            String text = fetch.fetch();
            Held known = held;
            fetched = known != null && known.keys.isOf(text) ? known.keys : KeySet.parse(text);
        } catch (IOException | ParseException | RuntimeException e) {
            problem = String.valueOf(e.getMessage());
            LOG.debug("Keys were not fetched from {}", name, e);
        } finally {
            ended(mine, fetched, problem);
        }
    }

    private void ended(CompletableFuture<Void> mine, @Nullable KeySet fetched, String problem) {
        boolean firstFailure;
        synchronized (lock) {
            long now = nanos.getAsLong();
            flight = null;
            if (fetched != null) {
                held = new Held(fetched, now);
                failures = 0;
                nextAttempt = now + timing.between.toNanos();
            } else {
                nextAttempt = now + (FIRST_RETRY.toNanos() << Math.min(failures, MOST_DOUBLINGS));
                failures++;
            }
            firstFailure = failures == 1;
        }
        if (firstFailure) {
            LOG.warn("Keys of tokens could not be fetched from {}: {}", name, problem);
        }
        mine.complete(null);
    }

    private void await(@Nullable CompletableFuture<Void> running, Duration longest) {
        if (running == null) {
            return;
        }
        try {
            running.get(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException notYet) {
            LOG.debug("Keys from {} have not come in time", name);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
