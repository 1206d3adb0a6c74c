package io.inmesh.internal.control;

import io.inmesh.config.ConfigException;
import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigSource;
import io.inmesh.endpoint.EndpointSource;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.internal.cluster.HostRegistry;
import io.inmesh.internal.control.Publication.Outcome;
import io.inmesh.internal.control.Publication.Published;
import io.inmesh.internal.serviceentry.DnsTable;
import io.inmesh.internal.snapshot.Circumstances;
import io.inmesh.internal.snapshot.MeshSnapshot;
import io.inmesh.internal.snapshot.UnknownHosts;
import io.inmesh.internal.subscription.CalledHosts;
import io.inmesh.internal.subscription.HostLookup;
import io.inmesh.internal.subscription.Subscriptions;
import io.inmesh.internal.subscription.Subscriptions.Needs;
import io.inmesh.internal.time.ControlThread;
import io.inmesh.internal.time.SerialExecutor;
import io.inmesh.internal.time.Threads;
import io.inmesh.internal.time.TimeSource;
import io.inmesh.model.MeshConfig;
import io.inmesh.observe.MeshObserver;
import io.inmesh.observe.SourceStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The work of the control thread: it takes in what sources say, and decides when a snapshot of which rules is made of it. All
 * state but the volatile fields belongs to that thread; callers read {@link #snapshot} with one volatile read.
 *
 * <p>Updates that arrive while a snapshot is being built are taken in together before the next one is, and so are those
 * that come sooner after it than {@link ControlSettings#publishInterval}. A configuration
 * that names something new is put in force only when the new services have had a first answer or the wait for it is
 * over; until then endpoints go on changing under the configuration before it.
 */
public final class ControlLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlLoop.class);
    private static final long CLOSE_WAIT_SECONDS = 5;

    private final List<ConfigSource> configSources;
    private final List<EndpointSource> endpointSources;
    private final ControlSettings settings;
    private final TimeSource time;
    private final Threads threads;
    private final MeshObserver observer;
    private final SerialExecutor control;
    private final ConfigSlots slots;
    private final ControlThread thread;
    private final Subscriptions subscriptions;
    private final CalledHosts calledHosts;
    private final Publication publication;
    private final PacedTask pacedRebuild;
    private final ProblemReport report = new ProblemReport();
    private final CompletableFuture<@Nullable Void> first = new CompletableFuture<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    private volatile ControlStatus status = ControlStatus.NONE;
    private volatile @Nullable StartReport startReport;
    private volatile Circumstances circumstances = Circumstances.NONE;

    /** The thread that is at work as the control thread right now, for telling whether that is us. */
    private volatile @Nullable Thread working;

    private List<ConfigProblem> entryProblems = List.of();
    private @Nullable Future<?> wake;
    private @Nullable Future<?> look;
    private long startedNanos;
    private boolean closing;

    /** Makes a loop that does nothing until it is started. */
    public ControlLoop(
            List<ConfigSource> configSources,
            List<EndpointSource> endpointSources,
            SnapshotBuilder builder,
            ControlSettings settings,
            TimeSource time,
            RandomGenerator random,
            Threads threads,
            MeshObserver observer) {
        this.configSources = List.copyOf(configSources);
        this.endpointSources = List.copyOf(endpointSources);
        this.settings = settings;
        this.time = time;
        this.threads = threads;
        this.observer = observer;
        this.control = new SerialExecutor(
                task -> threads.control().execute(() -> work(task)),
                failure -> LOG.error("A task of the control thread failed; the last good snapshot stays", failure));
        this.thread = new ControlThread(control, time, threads.timer(), random);
        this.pacedRebuild = new PacedTask(this::rebuild, settings.publishInterval(), thread);
        HostRegistry hosts = new HostRegistry(new EjectionReport(thread, settings.balancingWindow(), observer));
        this.publication = new Publication(builder, hosts, time, pacedRebuild::rest);
        this.slots = new ConfigSlots(
                configSources, settings, time, report, observer, () -> publication.published() != null, this::changed);
        this.calledHosts = new CalledHosts(
                endpointSources,
                settings.subscriptions(),
                time,
                asked -> control.execute(() -> follow(asked)),
                this::snapshot);
        DnsTable dns = new DnsTable(settings.dns(), hosts::rests, thread, threads.blocking(), this::changed);
        this.subscriptions = new Subscriptions(
                endpointSources, settings.subscriptions(), thread, dns, calledHosts::forget, this::changed);
    }

    /**
     * Starts watching and waits for the first snapshot, which comes within the wait for first answers.
     *
     * @throws ConfigException when a source has no good configuration to begin with; everything is closed then
     */
    public void start() {
        boolean started = false;
        try {
            begin();
            awaitFirst();
            started = true;
        } finally {
            if (!started) {
                close();
            }
        }
    }

    /** Starts watching. */
    void begin() {
        startedNanos = time.nanoTime();
        slots.watch(control);
        control.execute(() -> {
            wakeAfter(settings.firstAnswerWait().toNanos());
            changed();
        });
    }

    /** Waits for the first snapshot. */
    void awaitFirst() {
        try {
            first.get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the first snapshot", interrupted);
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof ConfigException refused
                    ? refused
                    : new IllegalStateException("no first snapshot", failure.getCause());
        }
    }

    /** The snapshot in force; one volatile read. */
    public MeshSnapshot snapshot() {
        return publication.current().snapshot();
    }

    /** What is known beside the snapshot, for explain. */
    public Circumstances circumstances() {
        return circumstances;
    }

    /** Services of the snapshot in force, in the order in which they were compiled. */
    public List<ServiceEndpoints> services() {
        return publication.current().services();
    }

    /**
     * What was in force when the first snapshot was there, in one line; empty before.
     *
     * @param emptyPlaces where else rules were looked for and are not, with the reason
     */
    public String startReport(Map<String, String> emptyPlaces) {
        StartReport begun = startReport;
        return begun == null ? "" : begun.text(emptyPlaces);
    }

    /** State of configuration and discovery. */
    public ControlStatus status() {
        return SourceStates.at(status, configSources, endpointSources);
    }

    /** Asks sources about hosts that the snapshot in force does not know. */
    public UnknownHosts unknownHosts() {
        return calledHosts;
    }

    /** Closes all sources and threads; the last snapshot stays readable. Idempotent. */
    @Override
    public void close() {
        control.execute(this::shutDown);
        if (working != Thread.currentThread()) {
            awaitShutDown();
        }
        threads.close();
    }

    private void awaitShutDown() {
        try {
            if (!closed.await(CLOSE_WAIT_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("The control thread is busy; its sources are closed when it is done");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void work(Runnable task) {
        working = Thread.currentThread();
        try {
            task.run();
        } finally {
            working = null;
        }
    }

    private void shutDown() {
        if (closing) {
            return;
        }
        closing = true;
        cancelWake();
        if (look != null) {
            look.cancel(false);
        }
        pacedRebuild.cancel();
        slots.close();
        subscriptions.close();
        publication.close();
        closed.countDown();
    }

    private void follow(HostLookup lookup) {
        if (closing) {
            lookup.settle();
            return;
        }
        subscriptions.add(lookup);
        lookLater();
        changed();
    }

    private void lookLater() {
        if (look == null && subscriptions.anyCalled()) {
            look = thread.after(subscriptions.betweenLooks().toNanos(), this::dropIdle);
        }
    }

    /** Whether a service is followed because of calls now that rules were the reason for so far. */
    private boolean keepUsed(Published table, Needs next) {
        boolean taken = subscriptions.keepUsed(table.snapshot().routes(), table.needs(), next);
        lookLater();
        return taken;
    }

    private void dropIdle() {
        look = null;
        if (!closing) {
            Published current = publication.current();
            boolean unused = keepUsed(current, current.needs());
            changed();
        }
    }

    /** Asks for a snapshot after everything that waits already has been taken in. */
    private void changed() {
        pacedRebuild.ask();
    }

    private void rebuild() {
        Published before = publication.published();
        if (closing || first.isCompletedExceptionally() || (before == null && !readyToBegin())) {
            return;
        }
        cancelWake();
        Needs inForce = before == null ? null : before.needs();
        Needs next = next();
        if (before != null && next != null) {
            boolean unused = keepUsed(before, next);
        }
        subscriptions.follow(inForce, next);
        if (next != null && !mustWait(next) && publish(next)) {
            subscriptions.follow(next, null);
        } else if (inForce != null) {
            publish(inForce);
        }
        Published now = publication.published();
        if (now != null) {
            subscriptions.settle();
            refreshStatus(now);
            if (!first.isDone()) {
                startReport = startReport(now);
                first.complete(null);
            }
        }
    }

    private StartReport startReport(Published begun) {
        return new StartReport(
                settings.subscriptions().self().namespace(),
                begun.needs().config(),
                begun.snapshot().inboundPolicy(),
                begun.services(),
                slots.places(),
                subscriptions.status().stream().map(SourceStatus::name).toList());
    }

    /** Whether every configuration source has said something usable; ends the start when one has not. */
    private boolean readyToBegin() {
        long waited = time.nanoTime() - startedNanos;
        if (waited < settings.firstAnswerWait().toNanos() && !slots.heard()) {
            return false;
        }
        boolean good = slots.usable();
        if (!good) {
            first.completeExceptionally(new ConfigException(ProblemReport.errorsFirst(slots.problems())));
        }
        return good;
    }

    /** What is to come in force; null when that is so already, or cannot be compiled. */
    private @Nullable Needs next() {
        MeshConfig newest = slots.merged();
        return publication.hasTried(newest) ? null : subscriptions.of(newest);
    }

    private boolean mustWait(Needs next) {
        long wait = subscriptions.waitNanos(next, publication.published() == null);
        if (wait > 0) {
            wakeAfter(wait);
        }
        return wait > 0;
    }

    /** Puts a configuration in force with the endpoints of this moment; false when it cannot be compiled. */
    private boolean publish(Needs needs) {
        Published before = publication.published();
        Subscriptions.Table table = subscriptions.table(needs);
        entryProblems = table.problems();
        calledHosts.nowUnreachable(table.unreachable());
        Outcome outcome = publication.publish(needs, table, slots.isNewest(needs.config()));
        if (outcome == Outcome.PUBLISHED) {
            // What the calls of the old snapshot have left there would be lost with it.
            if (before != null && keepUsed(before, needs)) {
                changed();
            }
            observer.snapshotPublished(publication.current().snapshot().version());
        }
        ConfigProblem failure = publication.failure();
        if (before == null && failure != null) {
            first.completeExceptionally(new ConfigException(List.of(failure)));
        }
        return outcome != Outcome.NOT_COMPILED;
    }

    private void refreshStatus(Published now) {
        List<ConfigProblem> problems = new ArrayList<>(slots.problems());
        ConfigProblem failure = publication.failure();
        if (failure != null) {
            problems.add(failure);
        }
        problems.addAll(entryProblems);
        problems.addAll(subscriptions.problems());
        problems.addAll(publication.problems());
        problems.addAll(
                now.snapshot().lostDestinations(() -> subscriptions.circumstances(problems), subscriptions::isAwaited));
        problems.addAll(now.snapshot().detectionsWithoutEffect());
        problems.addAll(now.snapshot().doubtfulBreakers());
        List<SourceStatus> sources = new ArrayList<>(slots.status());
        sources.addAll(subscriptions.status());
        ControlStatus next =
                new ControlStatus(now.snapshot().version(), now.at(), sources, ProblemReport.errorsFirst(problems));
        report.noticed(next.problems());
        circumstances = subscriptions.circumstances(next.problems());
        boolean news = !next.problems().equals(status.problems());
        status = next;
        if (news) {
            observer.problemsChanged(next.problems());
        }
    }

    private void wakeAfter(long nanos) {
        cancelWake();
        wake = thread.after(nanos, this::changed);
    }

    private void cancelWake() {
        if (wake != null) {
            wake.cancel(false);
            wake = null;
        }
    }
}
