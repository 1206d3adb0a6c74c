package io.inmesh.config.source;

import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigProblem.Severity;
import io.inmesh.config.ConfigSource;
import io.inmesh.config.ConfigUpdate;
import io.inmesh.config.SourceTexts;
import io.inmesh.config.source.FileScanner.Scan;
import io.inmesh.config.source.FileScanner.Stamp;
import io.inmesh.model.Origin;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rules in files and directories (their {@code *.yaml} and {@code *.yml}, and those of the directories in them that are
 * not hidden), watched by polling their metadata, which works on every file system, mounted ConfigMaps included.
 *
 * <p>What else a directory holds is skipped with a note: documents without {@code kind}, files of Kustomize's and Helm's,
 * templates. In a file that is named by itself they are errors.
 *
 * <p>A change is read once two polls in a row see the same, so that a file is not read half-written. Where it takes
 * something away (a file that was written in place has fewer rules, is shorter or does not end with a line any more, or a
 * folder has lost all its files) it is read only after ten such polls. Of two objects of the same kind, namespace and name the one in the file that changed or arrived last counts, as if the files had been
 * applied to Kubernetes in that order.
 *
 * <p>A file that cannot be read, a named path that is gone, and a file that had rules and is empty now are errors and no
 * empty configuration: whoever listens keeps the last good one. A rule file that is deleted from its directory is gone,
 * though, and so are rules in whose place a comment stands.
 *
 * <p>Thread-safe.
 */
public final class FileConfigSource implements ConfigSource {
    /** Time between two looks unless told otherwise. */
    public static final Duration DEFAULT_POLL_PERIOD = Duration.ofMillis(200);

    private static final Logger LOG = LoggerFactory.getLogger(FileConfigSource.class);

    /**
     * Quiet polls after which the files are read once more: on file systems with times in whole seconds a second change
     * within the same second leaves no trace in the metadata.
     */
    private static final int POLLS_BEFORE_SECOND_LOOK = 15;

    /** Polls that must see the same before something is taken away, besides the first one. */
    private static final int POLLS_BEFORE_LOSS = 10;

    private static final int FIRST_TRIES = 3;

    private final List<Path> paths;
    private final ConfigReader reader;
    private final FileScanner files;
    private final boolean optional;
    private final Duration pollPeriod;
    private final @Nullable ScheduledExecutorService givenScheduler;

    private final ReentrantLock lock = new ReentrantLock();
    private final Set<Path> seen = new HashSet<>();
    private final HeldRules held = new HeldRules();
    private @Nullable ScheduledExecutorService ownScheduler;
    private @Nullable ScheduledFuture<?> polling;
    private @Nullable Consumer<ConfigUpdate> watcher;
    private @Nullable Scan read;
    private @Nullable Scan pending;
    private @Nullable ConfigUpdate told;
    private volatile SourceTexts texts = SourceTexts.NONE;
    private int quietPolls;
    private int pendingPolls;

    private FileConfigSource(Builder builder) {
        paths = List.copyOf(builder.paths);
        reader = builder.reader;
        files = new FileScanner(paths, reader);
        optional = builder.optional;
        pollPeriod = builder.pollPeriod;
        givenScheduler = builder.scheduler;
    }

    /**
     * Starts to describe a source.
     *
     * @throws IllegalArgumentException when no path is given
     */
    public static Builder builder(Path... paths) {
        if (paths.length == 0) {
            throw new IllegalArgumentException("name at least one file or directory");
        }
        return new Builder(List.of(paths));
    }

    /** Reads the files now, whether or not anybody watches. */
    public ConfigUpdate read() {
        lock.lock();
        try {
            return update(load(files.scan()));
        } finally {
            lock.unlock();
        }
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException when it is watched already
     */
    @Override
    public AutoCloseable watch(Consumer<ConfigUpdate> onUpdate) {
        lock.lock();
        try {
            if (watcher != null) {
                throw new IllegalStateException(name() + " is watched already");
            }
            long nanos = pollPeriod.toNanos();
            polling = scheduler().scheduleWithFixedDelay(this::poll, nanos, nanos, TimeUnit.NANOSECONDS);
            watcher = onUpdate;
            pending = null;
            told = null;
            quietPolls = 0;
            held.take(List.of());
            tell(firstLoad());
        } finally {
            lock.unlock();
        }
        return this::close;
    }

    @Override
    public String name() {
        return paths.stream().map(Path::toString).collect(Collectors.joining(", "));
    }

    @Override
    public String whyEmpty() {
        lock.lock();
        try {
            return whyEmpty(read == null ? files.scan() : read);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public SourceTexts texts() {
        return texts;
    }

    private String whyEmpty(Scan scan) {
        if (scan.missing().size() == paths.size()) {
            return paths.size() == 1 ? "does not exist" : "none of them exists";
        }
        return scan.files().isEmpty() ? "no .yaml file there" : "no rules in its files";
    }

    @Override
    public void close() {
        lock.lock();
        try {
            watcher = null;
            if (polling != null) {
                polling.cancel(false);
                polling = null;
            }
            if (ownScheduler != null) {
                ownScheduler.shutdown();
                ownScheduler = null;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Tries again when something changes meanwhile; if it goes on changing, the polls will see to it. */
    private RuleTexts firstLoad() {
        Scan scan = files.scan();
        RuleTexts rules = load(scan);
        for (int i = 1; i < FIRST_TRIES; i++) {
            Scan after = files.scan();
            if (after.equals(scan)) {
                break;
            }
            scan = after;
            rules = load(scan);
        }
        read = scan;
        return rules;
    }

    private void poll() {
        lock.lock();
        try {
            if (watcher != null) {
                look();
            }
        } catch (RuntimeException e) {
            LOG.warn("Watching {} failed, the next look is in {}", name(), pollPeriod, e);
        } finally {
            lock.unlock();
        }
    }

    private void look() {
        Scan scan = files.scan();
        if (scan.equals(read)) {
            pending = null;
            if (++quietPolls == POLLS_BEFORE_SECOND_LOOK) {
                RuleTexts rules = load(scan);
                Scan after = files.scan();
                if (after.equals(scan)) {
                    tell(rules);
                } else {
                    pendingAgain(after);
                }
            }
        } else if (!scan.equals(pending)) {
            pendingAgain(scan);
        } else if (++pendingPolls == 1 || pendingPolls == POLLS_BEFORE_LOSS) {
            RuleTexts rules = load(scan);
            Scan after = files.scan();
            if (!after.equals(scan)) {
                pendingAgain(after);
            } else if (pendingPolls == POLLS_BEFORE_LOSS || !mayBeUnfinished(scan, rules)) {
                read = scan;
                pending = null;
                quietPolls = 0;
                tell(rules);
            }
        }
    }

    private void pendingAgain(Scan scan) {
        pending = scan;
        pendingPolls = 0;
    }

    /** Errors are told at once: they take nothing away. */
    private boolean mayBeUnfinished(Scan scan, RuleTexts rules) {
        Map<String, Stamp> before = read == null ? Map.of() : read.byName();
        Map<String, Stamp> now = scan.byName();
        return !rules.leavesOut()
                && held.mayBeUnfinished(
                        rules.texts(),
                        name -> isWrittenInPlace(before.get(name), now.get(name)),
                        name -> String.valueOf(Path.of(name).getParent()));
    }

    private static boolean isWrittenInPlace(@Nullable Stamp before, @Nullable Stamp now) {
        return before == null || now == null || (!now.equals(before) && now.isSameFile(before));
    }

    private void tell(RuleTexts rules) {
        ConfigUpdate update = update(rules);
        texts = texts.with(rules.written(), !rules.leavesOut());
        if (!rules.leavesOut()) {
            held.take(rules.texts());
        }
        Consumer<ConfigUpdate> listener = watcher;
        if (listener != null && !update.equals(told)) {
            told = update;
            listener.accept(update);
        }
    }

    private ConfigUpdate update(RuleTexts rules) {
        held.emptied(rules.texts(), this::wayToRemove).forEach(rules::add);
        return rules.update();
    }

    private String wayToRemove(String file) {
        boolean named = paths.stream().anyMatch(path -> path.toString().equals(file));
        return named ? "leave a comment in it" : "delete the file or leave a comment in it";
    }

    private RuleTexts load(Scan scan) {
        RuleTexts rules = new RuleTexts();
        for (Path path : paths) {
            if (!scan.missing().contains(path)) {
                seen.add(path);
            } else if (!optional || seen.contains(path)) {
                ConfigProblem missing = new ConfigProblem(
                        Severity.ERROR,
                        new Origin(path.toString(), 0, 0),
                        "",
                        seen.contains(path) ? "the path is gone" : "the path does not exist",
                        seen.contains(path) ? "bring it back; the last good rules stay in force" : "create it");
                rules.add(reader.unread(missing), 0);
            }
        }
        if (scan.files().isEmpty()
                && scan.failures().isEmpty()
                && scan.missing().isEmpty()) {
            rules.add(new ConfigProblem(
                    Severity.NOTE,
                    new Origin(name(), 0, 0),
                    "",
                    "there are no rule files",
                    "add files named *.yaml or *.yml"));
        }
        files.read(scan, rules);
        return rules;
    }

    private ScheduledExecutorService scheduler() {
        if (givenScheduler != null) {
            return givenScheduler;
        }
        ScheduledExecutorService scheduler = ownScheduler;
        if (scheduler == null) {
            scheduler = Executors.newSingleThreadScheduledExecutor(task -> {
                Thread thread = new Thread(task, "inmesh-config-files");
                thread.setDaemon(true);
                return thread;
            });
            ownScheduler = scheduler;
        }
        return scheduler;
    }

    /** Describes a source. Not thread-safe. */
    public static final class Builder {
        private final List<Path> paths;
        private ConfigReader reader = ConfigReader.sensible();
        private boolean optional;
        private Duration pollPeriod = DEFAULT_POLL_PERIOD;
        private @Nullable ScheduledExecutorService scheduler;

        private Builder(List<Path> paths) {
            this.paths = new ArrayList<>(paths);
        }

        /** How the files are read; {@link ConfigReader#sensible} unless told. */
        public Builder reader(ConfigReader configReader) {
            reader = configReader;
            return this;
        }

        /** Takes a path that does not exist yet for empty. One that was there and is gone is an error all the same. */
        public Builder optional() {
            optional = true;
            return this;
        }

        /**
         * Time between two looks; 200 ms unless told.
         *
         * @throws IllegalArgumentException when it is not positive
         */
        public Builder pollPeriod(Duration period) {
            if (period.isNegative() || period.isZero()) {
                throw new IllegalArgumentException("the poll period must be positive, not " + period);
            }
            pollPeriod = period;
            return this;
        }

        /** Runs the polling; a daemon thread of the source's own unless told. It is not shut down by the source. */
        public Builder scheduler(ScheduledExecutorService executor) {
            scheduler = executor;
            return this;
        }

        /** The source; nothing is read yet. */
        public FileConfigSource build() {
            return new FileConfigSource(this);
        }
    }
}
