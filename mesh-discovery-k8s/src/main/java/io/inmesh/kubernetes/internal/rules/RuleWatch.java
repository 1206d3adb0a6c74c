package io.inmesh.kubernetes.internal.rules;

import com.google.gson.stream.JsonWriter;
import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigUpdate;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.kubernetes.internal.file.SnapshotFile;
import io.inmesh.kubernetes.internal.reflect.ReflectorListener;
import io.inmesh.kubernetes.internal.reflect.ReflectorStatus;
import io.inmesh.kubernetes.internal.reflect.Reflectors;
import io.inmesh.kubernetes.internal.reflect.Reflectors.Running;
import io.inmesh.kubernetes.internal.reflect.Selection;
import io.inmesh.kubernetes.internal.resource.CustomResource;
import io.inmesh.kubernetes.internal.rules.ScopeWatch.State;
import io.inmesh.kubernetes.internal.time.StartWait;
import io.inmesh.kubernetes.internal.time.Timing;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the rules of a cluster and tells each state of them as a whole. Changes that come close together, such as the
 * files of one {@code kubectl apply}, are told together. Thread-safe.
 */
public final class RuleWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RuleWatch.class);

    /** Quiet for so long means: that was all. */
    private static final Duration SETTLE = Duration.ofMillis(100);

    /** Told after so many waits even if it is never quiet. */
    private static final int MOST_WAITS = 10;

    private final String name;
    private final RuleSelection selection;
    private final Reflectors reflectors;
    private final Timing timing;
    private final StartWait startWait;
    private final RulesSection file;
    private final Consumer<ConfigUpdate> listener;
    private final boolean judges;
    private final RuleTable table;
    private final List<KindWatch> kinds;
    private final Thread teller;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();

    // under the lock
    private final List<Running> retired = new ArrayList<>();
    private long changes;
    private long told;
    private boolean closed;
    private @Nullable Instant confirmedAtClose;

    /** Held while the listener is called, so that nothing is told once closing is over. */
    private final ReentrantLock telling = new ReentrantLock();

    // under telling
    private @Nullable ConfigUpdate latest;
    private boolean silenced;

    /**
     * Makes a watch that has not begun.
     *
     * @param name of the source, for problems
     * @param reader of rules
     * @param startWait longest wait of {@link #begin}, shared with all who wait for the server's first word
     * @param file where good rules are kept for a start without the API server, null for nowhere
     * @param listener is called by one thread at a time
     */
    public RuleWatch(
            String name,
            RuleSelection selection,
            ConfigReader reader,
            Reflectors reflectors,
            Timing timing,
            StartWait startWait,
            @Nullable SnapshotFile file,
            Consumer<ConfigUpdate> listener) {
        this.name = name;
        this.selection = selection;
        this.reflectors = reflectors;
        this.timing = timing;
        this.startWait = startWait;
        this.file = new RulesSection(file);
        this.listener = listener;
        this.judges = reader.user().judgesRequests();
        this.table = new RuleTable(name, reader);
        OwnerOfScopes owner = new OwnerOfScopes();
        this.kinds = selection.kinds().stream()
                .map(kind -> new KindWatch(kind, selection, owner))
                .toList();
        this.teller = new Thread(this::tellOn, "inmesh-kubernetes-rules");
        teller.setDaemon(true);
    }

    /**
     * Begins: tells a first state when the server has told it as a whole or refused to, or when the wait for that is over,
     * and later ones on a thread of its own. To be called once.
     */
    public void begin() {
        Duration longestWait = startWait.left();
        long begun = timing.nanoTime();
        List<SavedRules.SavedRule> remembered = file.begin(new Section(), longestWait).stream()
                .filter(this::isWanted)
                .toList();
        lock.lock();
        try {
            if (closed) {
                return;
            }
            table.remember(remembered);
            kinds.forEach(KindWatch::open);
            awaitAnswers(longestWait.toNanos() - (timing.nanoTime() - begun));
        } finally {
            lock.unlock();
        }
        tell();
        teller.start();
    }

    private boolean isWanted(SavedRules.SavedRule rule) {
        List<String> namespaces = selection.namespaces();
        return selection.kinds().contains(rule.kind())
                && (namespaces.isEmpty()
                        || namespaces.contains(rule.object().key().namespace()));
    }

    /** How the watches are doing. */
    public List<ReflectorStatus> watches() {
        return open().stream().map(Running::status).toList();
    }

    /** What is known, in a word. */
    public Knowledge knowledge() {
        lock.lock();
        try {
            boolean waiting = kinds.stream().anyMatch(kind -> kind.isIn(State.WAITING));
            if (!waiting) {
                return Knowledge.TOLD;
            }
            return table.remembers() ? Knowledge.REMEMBERED : Knowledge.NOTHING;
        } finally {
            lock.unlock();
        }
    }

    /** What is to be said of rules that cannot be read. */
    public List<ConfigProblem> problems() {
        String lastFailure = watches().stream()
                .map(ReflectorStatus::lastFailure)
                .filter(failure -> !failure.isEmpty())
                .findFirst()
                .orElse("");
        lock.lock();
        try {
            List<ConfigProblem> problems = new ArrayList<>(ScopeProblems.of(name, kinds, table, lastFailure));
            Set<String> unread = unreadPolicies();
            if (!unread.isEmpty()) {
                problems.add(ScopeProblems.policies(name, unread));
            }
            return problems;
        } finally {
            lock.unlock();
        }
    }

    /** Ends all watches; nothing is told once it returns. Idempotent. */
    @Override
    public void close() {
        telling.lock();
        try {
            silenced = true;
        } finally {
            telling.unlock();
        }
        Instant confirmed = confirmedAt();
        lock.lock();
        try {
            confirmedAtClose = closed ? confirmedAtClose : confirmed;
            closed = true;
            kinds.forEach(KindWatch::retire);
            news.signalAll();
        } finally {
            lock.unlock();
        }
        closeRetired();
        if (Thread.currentThread() != teller) {
            teller.interrupt();
        }
    }

    private void awaitAnswers(long longestNanos) {
        long left = longestNanos;
        try {
            while (left > 0 && !closed && kinds.stream().anyMatch(kind -> kind.isIn(State.WAITING))) {
                left = news.awaitNanos(left);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Body of the thread that tells. */
    private void tellOn() {
        try {
            while (awaitNews()) {
                closeRetired();
                settle();
                tell();
            }
        } catch (InterruptedException closing) {
            LOG.debug("{} is closed", name);
        }
    }

    private boolean awaitNews() throws InterruptedException {
        lock.lock();
        try {
            while (!closed && retired.isEmpty() && changes == told) {
                news.await();
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private void settle() throws InterruptedException {
        long seen = changes();
        for (int waits = 0; waits < MOST_WAITS; waits++) {
            timing.sleep(SETTLE);
            long now = changes();
            if (now == seen) {
                return;
            }
            seen = now;
        }
    }

    private long changes() {
        lock.lock();
        try {
            return changes;
        } finally {
            lock.unlock();
        }
    }

    private void tell() {
        telling.lock();
        try {
            ConfigUpdate update = update();
            if (!silenced && !update.equals(latest)) {
                latest = update;
                listener.accept(update);
                file.changed();
            }
        } catch (RuntimeException failure) {
            LOG.error("Whoever listens to {} failed; the next change is told again", name, failure);
        } finally {
            telling.unlock();
        }
    }

    private ConfigUpdate update() {
        long included = changes();
        List<ConfigProblem> problems = problems();
        lock.lock();
        try {
            told = included;
            return table.update(problems, unreadPolicies());
        } finally {
            lock.unlock();
        }
    }

    /** Where policies may be that nobody has told of. A snapshot file says what they were; without it nobody knows. */
    private Set<String> unreadPolicies() {
        if (!judges) {
            return Set.of();
        }
        return kinds.stream()
                .filter(kind -> kind.kind().isPolicy() && (kind.isIn(State.FORBIDDEN) || table.size(kind.kind()) == 0))
                .flatMap(KindWatch::unread)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** When the server last confirmed everything that is not refused, null when it has not told everything yet. */
    private @Nullable Instant confirmedAt() {
        if (knowledge() != Knowledge.TOLD) {
            return null;
        }
        return ReflectorStatus.oldestConfirmation(watches().stream());
    }

    /** This part of the snapshot file. */
    private final class Section implements SnapshotFile.Content {
        @Override
        public @Nullable Instant confirmedAt() {
            lock.lock();
            try {
                if (closed) {
                    return confirmedAtClose;
                }
            } finally {
                lock.unlock();
            }
            return RuleWatch.this.confirmedAt();
        }

        @Override
        public void write(JsonWriter json) throws IOException {
            List<SavedRules.SavedRule> rules;
            lock.lock();
            try {
                rules = table.confirmed();
            } finally {
                lock.unlock();
            }
            SavedRules.write(rules, json);
        }
    }

    private List<Running> open() {
        lock.lock();
        try {
            return kinds.stream().flatMap(KindWatch::watches).toList();
        } finally {
            lock.unlock();
        }
    }

    private void closeRetired() {
        List<Running> all;
        lock.lock();
        try {
            all = List.copyOf(retired);
            retired.clear();
        } finally {
            lock.unlock();
        }
        all.forEach(Running::close);
    }

    /** What scopes see of this. */
    private final class OwnerOfScopes implements ScopeWatch.Owner {
        @Override
        public Running start(Selection<CustomResource> wanted, ReflectorListener<CustomResource> scope) {
            return reflectors.start(wanted, scope);
        }

        @Override
        public void retire(Running watch) {
            retired.add(watch);
            news.signalAll();
        }

        @Override
        public RuleTable table() {
            return table;
        }

        @Override
        public void answered() {
            startWait.heard();
        }

        @Override
        public void take(Runnable change) {
            lock.lock();
            try {
                if (!closed) {
                    change.run();
                }
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void changed() {
            changes++;
            kinds.forEach(KindWatch::adapt);
            news.signalAll();
        }
    }
}
