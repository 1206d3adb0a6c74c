package io.inmesh.internal.control;

import io.inmesh.config.ConfigProblem;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.internal.cluster.HostRegistry;
import io.inmesh.internal.snapshot.MeshSnapshot;
import io.inmesh.internal.snapshot.SnapshotCompiler;
import io.inmesh.internal.subscription.Subscriptions.Needs;
import io.inmesh.internal.subscription.Subscriptions.Table;
import io.inmesh.internal.time.TimeSource;
import io.inmesh.model.MeshConfig;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The snapshot in force, how the next one comes in its place, and what the compiler has complained of. Control thread only,
 * but for reading what is {@link #published}.
 */
final class Publication {
    private static final Logger LOG = LoggerFactory.getLogger(Publication.class);

    private final SnapshotBuilder builder;
    private final HostRegistry hosts;
    private final TimeSource time;
    private final Runnable compiled;
    private volatile @Nullable Published published;

    /** A configuration that could not be compiled, so that it is not tried again and again. */
    private @Nullable MeshConfig uncompilable;

    private @Nullable ConfigProblem failure;
    private List<ConfigProblem> problems = List.of();

    /** A snapshot with what it was made of, and when it was put in force. */
    record Published(MeshSnapshot snapshot, Needs needs, List<ServiceEndpoints> services, Instant at) {}

    /** What came of an attempt to publish. */
    enum Outcome {
        /** The snapshot in force was made of the same. */
        UNCHANGED,
        /** There is a new snapshot in force. */
        PUBLISHED,
        /** The snapshot in force stays, if there is one. */
        NOT_COMPILED
    }

    /**
     * Has published nothing.
     *
     * @param compiled told after each compilation, whether it has come to a snapshot or not
     */
    Publication(SnapshotBuilder builder, HostRegistry hosts, TimeSource time, Runnable compiled) {
        this.builder = builder;
        this.hosts = hosts;
        this.time = time;
        this.compiled = compiled;
    }

    /** What is in force, null before the first; one volatile read, from any thread. */
    @Nullable
    Published published() {
        return published;
    }

    /**
     * What is in force; one volatile read, from any thread.
     *
     * @throws IllegalStateException before the first
     */
    Published current() {
        Published current = published;
        if (current == null) {
            throw new IllegalStateException("not started");
        }
        return current;
    }

    /**
     * Puts a configuration in force with the services of this moment.
     *
     * @param newest whether there is no newer configuration
     */
    Outcome publish(Needs needs, Table table, boolean newest) {
        Published before = published;
        if (before != null && before.needs() == needs && before.services().equals(table.services())) {
            return Outcome.UNCHANGED;
        }
        MeshSnapshot previous = before == null ? null : before.snapshot();
        SnapshotCompiler.Result result;
        try {
            result = builder.build(
                    needs.config(), table.services(), hosts, previous, previous == null ? 1 : previous.version() + 1);
        } catch (RuntimeException | StackOverflowError thrown) {
            notCompiled(needs, thrown);
            return Outcome.NOT_COMPILED;
        } finally {
            compiled.run();
        }
        MeshSnapshot snapshot = result.snapshot();
        problems = result.problems();
        if (newest) {
            failure = null;
        }
        published = new Published(snapshot, needs, table.services(), time.now());
        hosts.retire(snapshot.clusters());
        LOG.debug(
                "Snapshot {} published: {} services",
                snapshot.version(),
                table.services().size());
        return Outcome.PUBLISHED;
    }

    /** What is published stays; nothing happens by itself in it. */
    void close() {
        hosts.close();
    }

    private void notCompiled(Needs needs, Throwable thrown) {
        ConfigProblem problem = ProblemReport.compileFailure(thrown);
        if (!problem.equals(failure)) {
            LOG.error("A snapshot could not be built; the last good one stays in force", thrown);
        }
        failure = problem;
        Published inForce = published;
        if (inForce != null && inForce.needs() != needs) {
            uncompilable = needs.config();
        }
    }

    /** Whether a configuration need not be tried: it has been, in vain, or is in force. */
    boolean hasTried(MeshConfig config) {
        Published inForce = published;
        return config == uncompilable
                || (inForce != null && config == inForce.needs().config());
    }

    /** Why the newest configuration that was tried could not be compiled; null when it could. */
    @Nullable
    ConfigProblem failure() {
        return failure;
    }

    /** What the compiler has noticed in what is in force. */
    List<ConfigProblem> problems() {
        return problems;
    }
}
