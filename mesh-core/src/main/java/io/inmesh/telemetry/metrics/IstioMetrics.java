package io.inmesh.telemetry.metrics;

import io.inmesh.Mesh;
import io.inmesh.call.AttemptTraffic;
import io.inmesh.call.HeaderField;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.event.ResponseFlag;
import io.inmesh.observe.CallObservation;
import io.inmesh.observe.EndedAttempt;
import io.inmesh.observe.EndedCall;
import io.inmesh.observe.MeshObserver;
import io.inmesh.observe.StartedAttempt;
import io.inmesh.observe.StartedCall;
import io.inmesh.observe.ToldAttempt;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Istio's standard metrics of the calls that this process makes, with the names and labels that Kiali and dashboards for
 * Istio ask for; Prometheus shows them as {@code istio_requests_total} and so on. As with a sidecar, the reporter is {@code
 * source}, a call counts once however often it is tried, and the destination is the workload that answered last, by the
 * labels of its endpoint. What is not known is {@code unknown}. Thread-safe.
 *
 * <p>Where that is {@linkplain Builder#tellPeers asked for}, servers of services that have a name of the cluster's own are told
 * who calls in the header {@code x-envoy-peer-metadata}, as Istio's sidecars tell each other; {@link IstioInboundMetrics} reads
 * it there.
 *
 * <p>Hosts that the mesh does not know are {@code PassthroughCluster}, those that may not be called {@code BlackHoleCluster},
 * without their names, of which there may be any number. (Istio has the name in {@code destination_service}.)
 */
public final class IstioMetrics implements MeshObserver, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IstioMetrics.class);

    private final OwnMeters own;
    private final Tags reporter;

    /** What servers of the cluster are told of the caller; empty for nothing. */
    private final List<HeaderField> introduction;

    private final String clusterDomain;
    private final int limit;
    private final AtomicInteger edges = new AtomicInteger();
    private final AtomicBoolean warned = new AtomicBoolean();
    private final ConcurrentMap<String, IstioService> byCluster = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, IstioService> byHost = new ConcurrentHashMap<>();
    private final IstioEdge other;
    private final IstioService nowhere;
    private final IstioService passthrough;
    private final IstioService blackHole;
    private volatile @Nullable Mesh mesh;

    private IstioMetrics(Builder builder) {
        this.own = new OwnMeters(builder.registry);
        this.limit = builder.limit;
        this.clusterDomain = builder.self.clusterDomain();
        Workload workload = Workload.of(builder.self.labels(), builder.podName);
        this.introduction = builder.tellsPeers
                ? List.of(new HeaderField(
                        PeerMetadata.HEADER,
                        PeerMetadata.of(new PeerMetadata.Peer(workload, builder.self.namespace()))))
                : List.of();
        this.reporter = IstioLabels.source(workload, builder.self.namespace())
                .and("reporter", "source", "connection_security_policy", Workload.UNKNOWN);
        IstioService unknown =
                new IstioService(Workload.UNKNOWN, Workload.UNKNOWN, Workload.UNKNOWN, false, this::uncountedEdge);
        this.nowhere = unknown;
        this.other = unknown.to(null);
        this.passthrough =
                new IstioService(Workload.UNKNOWN, "PassthroughCluster", Workload.UNKNOWN, false, this::uncountedEdge);
        this.blackHole =
                new IstioService(Workload.UNKNOWN, "BlackHoleCluster", Workload.UNKNOWN, false, this::uncountedEdge);
    }

    /**
     * Starts to describe metrics.
     *
     * @param self whose calls they are of
     */
    public static Builder builder(MeterRegistry registry, WorkloadIdentity self) {
        return new Builder(registry, self);
    }

    /** Takes namespaces of services that have none in their names from a mesh. */
    public void bindTo(Mesh newMesh) {
        mesh = newMesh;
        // Those that were called before have the namespace that was known then.
        byCluster.clear();
        byHost.clear();
    }

    /** Counts nothing any more, and takes all of its meters out of the registry. Idempotent. */
    @Override
    public void close() {
        own.close();
    }

    @Override
    public CallObservation callStarted(StartedCall call) {
        if (own.isClosed()) {
            return CallObservation.NONE;
        }
        IstioService service = service(call);
        return new ReportedCall(
                service, IstioLabels.isGrpc(call.head()), service.isInCluster() ? introduction : List.of());
    }

    private IstioService service(StartedCall call) {
        String cluster = call.cluster();
        if (cluster != null) {
            IstioService known = byCluster.get(cluster);
            return known == null ? add(cluster) : known;
        }
        return switch (call.handling()) {
            case PASSED_THROUGH -> passthrough;
            case REFUSED, ANSWERED, FORWARDED -> nowhere;
        };
    }

    private IstioService add(String cluster) {
        IstioService service = byHost.get(CallMeters.ClusterName.of(cluster).host());
        if (service == null) {
            if (edges.get() >= limit) {
                warnOnce();
                service = nowhere;
            }
        }
        if (service == null) {
            service = byHost.computeIfAbsent(CallMeters.ClusterName.of(cluster).host(), this::named);
        }
        // Beyond the limit, too, so that it is found at once; rules have only so many.
        byCluster.put(cluster, service);
        return service;
    }

    private IstioService named(String host) {
        String inCluster = ServiceName.serviceAndNamespace(host, clusterDomain);
        int dot = inCluster == null ? -1 : inCluster.indexOf('.');
        if (inCluster != null && dot > 0) {
            return new IstioService(host, inCluster.substring(0, dot), inCluster.substring(dot + 1), true, this::edge);
        }
        return new IstioService(host, host, namespace(host), false, this::edge);
    }

    private String namespace(String host) {
        Mesh bound = mesh;
        if (bound == null) {
            return Workload.UNKNOWN;
        }
        return bound.services().stream()
                .filter(service -> service.service().host().equals(host))
                .map(ServiceEndpoints::namespace)
                .filter(namespace -> !namespace.isEmpty())
                .findFirst()
                .orElse(Workload.UNKNOWN);
    }

    private IstioEdge edge(IstioService service, Workload workload) {
        if (edges.incrementAndGet() > limit) {
            warnOnce();
            return other;
        }
        return uncountedEdge(service, workload);
    }

    private IstioEdge uncountedEdge(IstioService service, Workload workload) {
        return new IstioEdge(own, reporter.and(service.labels(workload)));
    }

    private void warnOnce() {
        if (!warned.get() && warned.compareAndSet(false, true)) {
            LOG.warn(
                    "There are more than {} services and workloads that are called; those beyond them are {} in Istio's"
                            + " metrics, and no more is said of it",
                    limit,
                    Workload.UNKNOWN);
        }
    }

    /** One call under way. */
    private final class ReportedCall implements CallObservation {
        private final IstioService service;
        private final boolean grpc;
        private final List<HeaderField> headers;
        private @Nullable Endpoint last;
        private final ToldAttempt attempts = new ToldAttempt();

        ReportedCall(IstioService service, boolean grpc, List<HeaderField> headers) {
            this.service = service;
            this.grpc = grpc;
            this.headers = headers;
        }

        @Override
        public List<HeaderField> attemptStarted(StartedAttempt attempt) {
            attempts.started(attempt);
            return headers;
        }

        @Override
        public void responseStarted(int attempt, int status, long nanos) {
            boolean unused = attempts.answered(attempt);
        }

        @Override
        public void attemptEnded(EndedAttempt attempt) {
            last = attempt.endpoint();
            boolean unused = attempts.ended(attempt.number());
        }

        @Override
        public void ended(EndedCall call) {
            ResponseFlag flag = call.flag();
            IstioService reached = flag == ResponseFlag.BLOCKED ? blackHole : service;
            IstioSeries series = reached.to(last).series(grpc, call.status(), flag);
            series.count(call.totalNanos());
            StartedAttempt told = attempts.get();
            if (told != null) {
                AttemptTraffic traffic = told.traffic();
                series.bytes(traffic.requestBytes(), traffic.responseBytes());
            }
        }
    }

    /** Collects what metrics need; not thread-safe. */
    public static final class Builder {
        private final MeterRegistry registry;
        private final WorkloadIdentity self;
        private String podName = "";
        private boolean tellsPeers;
        private int limit = 1000;

        private Builder(MeterRegistry registry, WorkloadIdentity self) {
            this.registry = registry;
            this.self = self;
        }

        /** Name of the pod that this process runs in, which tells that of its Deployment; not known unless told. */
        public Builder podName(String name) {
            podName = name;
            return this;
        }

        /**
         * Servers of the cluster are told who calls, in the header {@code x-envoy-peer-metadata}. Not so unless told: the
         * request is copied for it, which costs more than the metrics do.
         */
        public Builder tellPeers() {
            tellsPeers = true;
            return this;
        }

        /**
         * How many workloads that are called are told apart; 1000 unless told.
         *
         * @throws IllegalArgumentException when not positive
         */
        public Builder limit(int workloads) {
            if (workloads < 1) {
                throw new IllegalArgumentException("limit is " + workloads + "; at least 1 is needed");
            }
            limit = workloads;
            return this;
        }

        /** The metrics. */
        public IstioMetrics build() {
            return new IstioMetrics(this);
        }
    }
}
