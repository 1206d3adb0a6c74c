package io.inmesh.internal.subscription;

import io.inmesh.config.ConfigProblem;
import io.inmesh.internal.time.Backoff;
import io.inmesh.internal.time.ControlThread;
import io.inmesh.internal.time.Mailbox;
import io.inmesh.model.Origin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one endpoint source says about the things of one kind that are followed. A watch that cannot be opened is tried
 * again, later each time. Control thread only.
 */
final class Watches<K, V> {
    private static final Logger LOG = LoggerFactory.getLogger(Watches.class);
    private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(32));

    private final String source;
    private final Opener<K, V> opener;
    private final Function<K, String> description;
    private final ControlThread thread;
    private final Consumer<Boolean> heard;
    private final Map<K, Watch<V>> watches = new LinkedHashMap<>();

    /** Opens a watch at the source. */
    @FunctionalInterface
    interface Opener<K, V> {
        AutoCloseable open(K key, Consumer<V> onUpdate);
    }

    private static final class Watch<V> {
        private final long startedNanos;
        private @Nullable AutoCloseable handle;
        private @Nullable V latest;
        private @Nullable String failure;
        private @Nullable Future<?> retry;
        private int failures;
        private boolean closed;

        Watch(long startedNanos) {
            this.startedNanos = startedNanos;
        }

        /** A source that has refused once is not waited for. */
        boolean answered() {
            return latest != null || failures > 0;
        }
    }

    /**
     * Makes an empty table.
     *
     * @param description names a key in messages, such as {@code the workloads of x}
     * @param heard told on the control thread when the source has spoken, with whether it said something new
     */
    Watches(
            String source,
            Opener<K, V> opener,
            Function<K, String> description,
            ControlThread thread,
            Consumer<Boolean> heard) {
        this.source = source;
        this.opener = opener;
        this.description = description;
        this.thread = thread;
        this.heard = heard;
    }

    /** Follows these and no others. */
    void follow(Set<K> wanted) {
        watches.entrySet().removeIf(entry -> {
            boolean over = !wanted.contains(entry.getKey());
            if (over) {
                end(entry.getValue());
            }
            return over;
        });
        for (K key : wanted) {
            if (!watches.containsKey(key)) {
                Watch<V> watch = new Watch<>(thread.time().nanoTime());
                watches.put(key, watch);
                open(key, watch);
            }
        }
    }

    private void open(K key, Watch<V> watch) {
        if (watch.closed) {
            return;
        }
        Mailbox<V> mailbox = new Mailbox<>(thread.executor(), update -> take(watch, update));
        try {
            watch.handle = opener.open(key, mailbox::put);
            if (watch.failure != null) {
                LOG.info("{} watches {} after all", source, description.apply(key));
                watch.failure = null;
                heard.accept(true);
            }
        } catch (RuntimeException broken) {
            refused(key, watch, broken);
        }
    }

    private void refused(K key, Watch<V> watch, RuntimeException broken) {
        if (watch.failure == null) {
            LOG.error("{} cannot watch {}; it is tried again", source, description.apply(key), broken);
        }
        watch.failures++;
        watch.failure = broken.toString();
        long wait = BACKOFF.nearlyWholeWindow(watch.failures, thread.random());
        watch.retry = thread.after(wait, () -> open(key, watch));
    }

    private void take(Watch<V> watch, V update) {
        if (watch.closed) {
            return;
        }
        boolean news = !update.equals(watch.latest);
        if (news) {
            watch.latest = update;
        }
        heard.accept(news);
    }

    private void end(Watch<V> watch) {
        watch.closed = true;
        if (watch.retry != null) {
            watch.retry.cancel(false);
        }
        Closing.quietly(watch.handle, "a watch of " + source);
    }

    /** What the source last said; null when it has said nothing or is not asked. */
    @Nullable
    V latest(K key) {
        Watch<V> watch = watches.get(key);
        return watch == null ? null : watch.latest;
    }

    /** What the source has been asked about without having said a thing. */
    Set<K> silent() {
        Set<K> silent = new LinkedHashSet<>();
        watches.forEach((key, watch) -> {
            if (!watch.answered()) {
                silent.add(key);
            }
        });
        return silent;
    }

    /** What the source says now of all it is asked about. */
    List<V> latest() {
        List<V> all = new ArrayList<>();
        for (Watch<V> watch : watches.values()) {
            if (watch.latest != null) {
                all.add(watch.latest);
            }
        }
        return all;
    }

    /** Whether the source is asked about it. */
    boolean follows(K key) {
        return watches.containsKey(key);
    }

    /**
     * How long the first answers about these are still to be waited for.
     *
     * @param waitNanos longest wait for one answer
     * @return 0 or less when all are there or have been waited for
     */
    long waitNanos(Collection<K> keys, long waitNanos) {
        long now = thread.time().nanoTime();
        long longest = 0;
        for (K key : keys) {
            Watch<V> watch = watches.get(key);
            if (watch != null && !watch.answered()) {
                longest = Math.max(longest, watch.startedNanos + waitNanos - now);
            }
        }
        return longest;
    }

    /** Watches that could not be opened. */
    List<ConfigProblem> problems() {
        List<ConfigProblem> problems = new ArrayList<>();
        watches.forEach((key, watch) -> {
            if (watch.failure != null) {
                problems.add(new ConfigProblem(
                        ConfigProblem.Severity.WARNING,
                        new Origin(source, 0, 0),
                        "",
                        description.apply(key) + " cannot be watched (" + watch.failure
                                + "), so nothing is known of it from there",
                        "see the log for the cause; it is tried again"));
            }
        });
        return problems;
    }

    void close() {
        follow(Set.of());
    }
}
