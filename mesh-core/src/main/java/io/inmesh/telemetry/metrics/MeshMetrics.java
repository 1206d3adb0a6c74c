package io.inmesh.telemetry.metrics;

import io.inmesh.Mesh;
import io.inmesh.event.Ejection;
import io.inmesh.observe.CallObservation;
import io.inmesh.observe.EndedAttempt;
import io.inmesh.observe.EndedCall;
import io.inmesh.observe.EndedCopy;
import io.inmesh.observe.HedgeResult;
import io.inmesh.observe.MeshObserver;
import io.inmesh.observe.Overflow;
import io.inmesh.observe.Retry;
import io.inmesh.observe.StartedCall;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The mesh's own metrics in a Micrometer registry. Calls are counted once it is an {@linkplain Mesh.Builder#observer observer}
 * of a mesh; what the mesh runs on is shown once it is {@linkplain #bindTo bound} to it. Never emits {@code
 * http.client.requests}, which is that of the client. Thread-safe.
 *
 * <p>Tags have few values: hosts that the mesh does not know are one service, {@code passthrough}, and combinations of
 * service, subset and route beyond the {@linkplain Builder#limit limit} are {@code other}. All names and tags are in
 * docs/observability.md.
 */
public final class MeshMetrics implements MeshObserver, AutoCloseable {
    private final CallMeters calls;
    private final EjectionMeters ejections;
    private final OwnMeters own;
    private final Tags common;
    private final int limit;

    /** Null before there is one. */
    private @Nullable Mesh mesh;

    private volatile @Nullable MeshGauges gauges;

    private MeshMetrics(Builder builder) {
        this.own = new OwnMeters(builder.registry);
        this.common = builder.common;
        this.limit = builder.limit;
        this.calls = new CallMeters(own, common, limit);
        this.ejections = new EjectionMeters(own, common, limit);
    }

    /** Metrics without further tags. */
    public static MeshMetrics of(MeterRegistry registry) {
        return builder(registry).build();
    }

    /** Starts to describe metrics. */
    public static Builder builder(MeterRegistry registry) {
        return new Builder(registry);
    }

    /**
     * Shows what a mesh runs on, as gauges. They read the mesh's status when they are read, and hold on to the mesh. Does
     * nothing when bound to it already.
     *
     * @throws IllegalStateException when bound to another mesh
     */
    public void bindTo(Mesh newMesh) {
        synchronized (calls) {
            if (mesh == newMesh || own.isClosed()) {
                return;
            }
            if (mesh != null) {
                throw new IllegalStateException(
                        "bound to another mesh already; make other metrics, with a tag of their own, for another mesh");
            }
            mesh = newMesh;
            gauges = new MeshGauges(own, common, limit, newMesh, ejections);
        }
        refresh();
    }

    @Override
    public void snapshotPublished(long version) {
        refresh();
    }

    @Override
    public void hostEjected(Ejection ejection) {
        if (!own.isClosed()) {
            ejections.ejected(ejection);
        }
    }

    @Override
    public void hostReadmitted(Ejection ejection) {
        ejections.readmitted(ejection);
    }

    private void refresh() {
        MeshGauges bound = gauges;
        if (bound != null && !own.isClosed()) {
            bound.refresh();
        }
    }

    @Override
    public CallObservation callStarted(StartedCall call) {
        if (own.isClosed()) {
            return CallObservation.NONE;
        }
        ServiceMeters service = service(call);
        service.active().increment();
        return new MeteredCall(service, calls.requests(service, call.route()));
    }

    @Override
    public void copyEnded(EndedCopy copy) {
        if (!own.isClosed()) {
            calls.of(copy.cluster()).mirrored(copy.result()).increment();
        }
    }

    /** Counts nothing any more, and takes all of its meters out of the registry. Idempotent. */
    @Override
    public void close() {
        own.close();
    }

    private ServiceMeters service(StartedCall call) {
        String cluster = call.cluster();
        if (cluster != null) {
            return calls.of(cluster);
        }
        return call.handling() == StartedCall.Handling.PASSED_THROUGH ? calls.passthrough() : calls.none();
    }

    /** One call under way. */
    private static final class MeteredCall implements CallObservation {
        private final ServiceMeters service;
        private final CodeTable<Timer> requests;

        MeteredCall(ServiceMeters service, CodeTable<Timer> requests) {
            this.service = service;
            this.requests = requests;
        }

        @Override
        public void attemptEnded(EndedAttempt attempt) {
            service.attempts(attempt.outcome().status(), attempt.outcome().flag())
                    .record(attempt.totalNanos(), TimeUnit.NANOSECONDS);
        }

        @Override
        public void retried(Retry retry) {
            service.retries(retry.outcome().status(), retry.outcome().flag()).increment();
        }

        @Override
        public void overflowed(Overflow overflow) {
            service.overflow(overflow).increment();
        }

        @Override
        public void hedged(HedgeResult result) {
            service.hedges(result).increment();
        }

        @Override
        public void ended(EndedCall call) {
            service.active().decrement();
            requests.get(call.status(), call.flag()).record(call.totalNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** Collects what metrics need; not thread-safe. */
    public static final class Builder {
        private final MeterRegistry registry;
        private Tags common = Tags.empty();
        private int limit = 1000;

        private Builder(MeterRegistry registry) {
            this.registry = registry;
        }

        /** Tags of all meters, such as those that tell two meshes of one registry apart; none unless told. */
        public Builder tags(Tags tags) {
            common = tags;
            return this;
        }

        /**
         * How many combinations of service, subset and route are told apart, and how many services' endpoints; 1000 unless
         * told.
         *
         * @throws IllegalArgumentException when not positive
         */
        public Builder limit(int combinations) {
            if (combinations < 1) {
                throw new IllegalArgumentException("limit is " + combinations + "; at least 1 is needed");
            }
            limit = combinations;
            return this;
        }

        /** The metrics. */
        public MeshMetrics build() {
            return new MeshMetrics(this);
        }
    }
}
