package io.inmesh.kubernetes.internal.file;

import com.google.gson.JsonElement;
import com.google.gson.stream.JsonWriter;
import io.inmesh.kubernetes.internal.time.Timing;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file with what the API server said last, in sections, for a start without it. All reading and writing happens on a
 * thread of its own. Thread-safe.
 *
 * <p>A section holds only what the server itself has confirmed: what was taken from the file is never written back with
 * a new date. A file that is broken, too old, too large, of another cluster, of another user or writable by others is not
 * used, which is one warning.
 */
public final class SnapshotFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotFile.class);
    private static final Duration WRITE_PERIOD = Duration.ofSeconds(30);
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(2);

    /** An unchanged section is written again after this part of the greatest age, so that it does not grow too old. */
    private static final int REFRESHES_IN_AGE = 4;

    private final SnapshotFormat format;
    private final Path file;
    private final Duration maxAge;
    private final Timing timing;
    private final ScheduledExecutorService thread;
    private final CompletableFuture<Map<String, SnapshotFormat.Section>> previous = new CompletableFuture<>();
    private final Map<String, WrittenSection> written = new ConcurrentHashMap<>();

    /** Of the sections that were read, until they are too old. File's thread only. */
    private final Map<String, Instant> ages = new HashMap<>();

    private volatile String problem = "";
    private boolean writeFails;

    /** What is to be written into one section. Called on the file's thread. */
    public interface Content {
        /** When the server last confirmed all of it; null when there is nothing to keep, and then the file stays. */
        @Nullable
        Instant confirmedAt();

        /** Writes one JSON value. */
        void write(JsonWriter json) throws IOException;

        /** What was left by a process before this one is too old by now. */
        default void tooOld() {}
    }

    private static final class WrittenSection {
        private final Content content;
        private volatile boolean changed;
        private @Nullable Instant writtenAt;

        WrittenSection(Content content) {
            this.content = content;
        }
    }

    /**
     * Opens a file, which need not exist, and begins to read it.
     *
     * @param cluster tells which cluster is talked to, so that the file of another one is not used
     * @param thread for reading and writing; ended by {@link #close}
     */
    public static SnapshotFile open(
            Path file, Duration maxAge, Callable<String> cluster, Timing timing, ScheduledExecutorService thread) {
        SnapshotFile opened = new SnapshotFile(file, maxAge, cluster, timing, thread);
        thread.execute(opened::read);
        long period = WRITE_PERIOD.toNanos();
        var unused = thread.scheduleWithFixedDelay(opened::writeWhatChanged, period, period, TimeUnit.NANOSECONDS);
        return opened;
    }

    private SnapshotFile(
            Path file, Duration maxAge, Callable<String> cluster, Timing timing, ScheduledExecutorService thread) {
        this.file = file;
        this.maxAge = maxAge;
        this.timing = timing;
        this.thread = thread;
        this.format = new SnapshotFormat(file, cluster);
    }

    /**
     * What a process before this one has left in a section; null when there is nothing that may be used, or what this one
     * has written has taken its place.
     */
    public CompletableFuture<@Nullable JsonElement> previous(String section) {
        return previous.thenApply(sections -> {
            SnapshotFormat.Section found = sections.get(section);
            return found == null ? null : found.content();
        });
    }

    /** Makes a section part of the file; says who writes it. */
    public void keep(String section, Content content) {
        written.put(section, new WrittenSection(content));
    }

    /** Tells that a section is to be written anew, which happens within half a minute. */
    public void changed(String section) {
        WrittenSection part = written.get(section);
        if (part != null) {
            part.changed = true;
        }
    }

    /** Why the file could not be read or written, empty when all is well. */
    public String problem() {
        return problem;
    }

    /** Writes what has changed now and waits for it, for a bounded time. */
    public void flush() {
        try {
            thread.submit(this::writeWhatChanged).get(CLOSE_WAIT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (RejectedExecutionException closed) {
            LOG.debug("{} is closed already", file);
        } catch (ExecutionException | TimeoutException late) {
            LOG.warn("{} could not be brought up to date: {}", file, late.toString());
        }
    }

    /** Writes what has changed and ends the thread. Idempotent. */
    @Override
    public void close() {
        if (!thread.isShutdown()) {
            flush();
            thread.shutdownNow();
        }
    }

    private void read() {
        Map<String, SnapshotFormat.Section> found = new ConcurrentHashMap<>();
        try {
            found.putAll(format.read());
            int all = found.size();
            Instant oldest = timing.now().minus(maxAge);
            found.values().removeIf(section -> section.confirmedAt().isBefore(oldest));
            if (found.size() < all) {
                refuse("it is older than " + maxAge);
            }
            found.forEach((name, section) -> ages.put(name, section.confirmedAt()));
        } catch (IOException | RuntimeException unusable) {
            refuse(unusable.getMessage() == null ? unusable.toString() : unusable.getMessage());
        } finally {
            previous.complete(found);
        }
    }

    private void refuse(String reason) {
        problem = "the snapshot file " + file + " is not used: " + reason;
        LOG.warn("What was kept for a start without the API server cannot be used: {}", problem);
    }

    private void writeWhatChanged() {
        Instant now = timing.now();
        dropWhatIsTooOld(now.minus(maxAge));
        Duration refresh = maxAge.dividedBy(REFRESHES_IN_AGE);
        boolean due = written.values().stream()
                .anyMatch(part -> (part.changed
                                || part.writtenAt == null
                                || part.writtenAt.plus(refresh).isBefore(now))
                        && part.content.confirmedAt() != null);
        if (due) {
            write(now);
        }
    }

    private void dropWhatIsTooOld(Instant oldest) {
        ages.entrySet().removeIf(age -> {
            boolean tooOld = age.getValue().isBefore(oldest);
            if (tooOld) {
                before().remove(age.getKey());
                WrittenSection part = written.get(age.getKey());
                if (part != null) {
                    part.content.tooOld();
                }
            }
            return tooOld;
        });
    }

    /** What was read and still has to be carried over. */
    private Map<String, SnapshotFormat.Section> before() {
        return previous.getNow(Map.of());
    }

    private void write(Instant now) {
        List<SnapshotFormat.Part> parts = new ArrayList<>();
        Set<String> replaced = new HashSet<>();
        before().forEach((name, section) -> parts.add(SnapshotFormat.Part.of(name, section)));
        for (Map.Entry<String, WrittenSection> entry : written.entrySet()) {
            WrittenSection part = entry.getValue();
            Instant confirmedAt = part.content.confirmedAt();
            if (confirmedAt != null) {
                // Lowered before the content is read: what changes meanwhile is written the next time.
                part.changed = false;
                part.writtenAt = now;
                parts.removeIf(old -> old.name().equals(entry.getKey()));
                parts.add(new SnapshotFormat.Part(entry.getKey(), confirmedAt, part.content::write));
                replaced.add(entry.getKey());
            }
        }
        if (!replaced.isEmpty() && write(parts)) {
            before().keySet().removeAll(replaced);
        }
    }

    private boolean write(List<SnapshotFormat.Part> parts) {
        try {
            format.write(parts);
            if (writeFails) {
                LOG.info("{} can be written again", file);
            }
            writeFails = false;
            problem = "";
            return true;
        } catch (IOException | RuntimeException failure) {
            problem = "the snapshot file " + file + " cannot be written: " + failure;
            written.values().forEach(part -> part.changed = true);
            if (!writeFails) {
                LOG.warn("The table cannot be kept for a start without the API server: {}", problem);
            }
            writeFails = true;
            return false;
        }
    }
}
