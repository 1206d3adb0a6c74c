package io.inmesh.telemetry.metrics;

import io.inmesh.call.RequestHead;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.event.ResponseFlag;
import io.inmesh.observe.EndedRequest;
import io.inmesh.observe.InboundObservation;
import io.inmesh.observe.InboundObserver;
import io.inmesh.observe.StartedRequest;
import io.inmesh.telemetry.metrics.PeerMetadata.Peer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Istio's standard metrics of the requests that come in to this process, as its sidecar would report them: the reporter is
 * {@code destination}, each attempt of a caller is a request of its own. The source is what the caller's mesh has told of it
 * in {@code x-envoy-peer-metadata}, which {@link IstioMetrics} and Istio's sidecars send, where that is {@linkplain
 * Builder#believePeers believed}; {@code unknown} else. The
 * service is taken to have the canonical name of the workload, as is usual. What a gateway sends on is not counted: it
 * reports its calls. Thread-safe.
 */
public final class IstioInboundMetrics implements InboundObserver, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IstioInboundMetrics.class);

    private final OwnMeters own;
    private final boolean believesPeers;
    private final Tags destination;
    private final int limit;
    private final AtomicInteger toldApart = new AtomicInteger();
    private final AtomicBoolean warned = new AtomicBoolean();
    private final ConcurrentMap<String, Peer> byHeader = new ConcurrentHashMap<>();
    private final ConcurrentMap<Caller, IstioEdge> edges = new ConcurrentHashMap<>();

    /** Who a request comes from, and how. */
    private record Caller(Peer peer, String principal, String security) {
        static final String MUTUAL_TLS = "mutual_tls";
        static final String NO_SECURITY = "none";

        static Caller of(Peer peer, @Nullable String principal) {
            return principal == null
                    ? new Caller(peer, Workload.UNKNOWN, NO_SECURITY)
                    : new Caller(peer, principal, MUTUAL_TLS);
        }
    }

    private IstioInboundMetrics(Builder builder) {
        this.own = new OwnMeters(builder.registry);
        this.believesPeers = builder.believesPeers;
        this.limit = builder.limit;
        WorkloadIdentity self = builder.self;
        Workload workload = Workload.of(self.labels(), builder.podName);
        String service = workload.canonicalService();
        this.destination = IstioLabels.destination(workload, self.namespace())
                .and(
                        "reporter",
                        "destination",
                        "destination_service",
                        service.equals(Workload.UNKNOWN)
                                ? service
                                : ServiceName.inCluster(service + "." + self.namespace(), self.clusterDomain()),
                        "destination_service_name",
                        service,
                        "destination_service_namespace",
                        self.namespace());
    }

    /**
     * Starts to describe metrics.
     *
     * @param self whose requests they are of
     */
    public static Builder builder(MeterRegistry registry, WorkloadIdentity self) {
        return new Builder(registry, self);
    }

    /** Counts nothing any more, and takes all of its meters out of the registry. Idempotent. */
    @Override
    public void close() {
        own.close();
    }

    @Override
    public InboundObservation requestStarted(StartedRequest request) {
        if (own.isClosed()) {
            return InboundObservation.NONE;
        }
        Peer peer = believesPeers ? peer(request.head()) : Peer.NOT_KNOWN;
        return new ReportedRequest(Caller.of(peer, request.principal()), IstioLabels.isGrpc(request.head()));
    }

    private Peer peer(RequestHead head) {
        for (int i = 0; i < head.headerCount(); i++) {
            if (head.headerName(i).equalsIgnoreCase(PeerMetadata.HEADER)) {
                return peer(head.headerValue(i));
            }
        }
        return Peer.NOT_KNOWN;
    }

    private Peer peer(String header) {
        Peer known = byHeader.get(header);
        if (known != null) {
            return known;
        }
        Peer read = PeerMetadata.read(header);
        // Whoever makes up headers fills no more than this.
        if (!read.equals(Peer.NOT_KNOWN) && byHeader.size() < limit) {
            byHeader.put(header, read);
        }
        return read;
    }

    private IstioEdge edge(Caller caller) {
        IstioEdge known = edges.get(caller);
        if (known != null) {
            return known;
        }
        boolean unknown =
                caller.peer().equals(Peer.NOT_KNOWN) && caller.principal().equals(Workload.UNKNOWN);
        if (!unknown && toldApart.incrementAndGet() > limit) {
            toldApart.decrementAndGet();
            warnOnce();
            return edge(Caller.of(Peer.NOT_KNOWN, null));
        }
        return edges.computeIfAbsent(caller, this::newEdge);
    }

    private void warnOnce() {
        if (!warned.get() && warned.compareAndSet(false, true)) {
            LOG.warn(
                    "More than {} callers have told of themselves; those beyond them are {} in Istio's metrics, and no more"
                            + " is said of it",
                    limit,
                    Workload.UNKNOWN);
        }
    }

    private IstioEdge newEdge(Caller caller) {
        Tags source = IstioLabels.source(caller.peer().workload(), caller.peer().namespace());
        return new IstioEdge(
                own,
                destination
                        .and(source)
                        .and("source_principal", caller.principal(), "connection_security_policy", caller.security()));
    }

    /** One request under way. */
    private final class ReportedRequest implements InboundObservation {
        private final Caller caller;
        private final boolean grpc;
        private boolean sentOn;

        ReportedRequest(Caller caller, boolean grpc) {
            this.caller = caller;
            this.grpc = grpc;
        }

        @Override
        public void forwardingStarted() {
            sentOn = true;
        }

        @Override
        public void ended(EndedRequest request) {
            if (sentOn) {
                return;
            }
            // Who is refused takes no place of those who are served.
            IstioEdge edge = isRefused(request.flag()) ? edge(Caller.of(Peer.NOT_KNOWN, null)) : edge(caller);
            IstioSeries series = edge.series(grpc, request.status(), request.flag());
            series.count(request.totalNanos());
            series.bytes(request.requestBytes(), request.responseBytes());
        }

        private static boolean isRefused(@Nullable ResponseFlag flag) {
            return flag == ResponseFlag.UAEX || flag == ResponseFlag.RL || flag == ResponseFlag.DPE;
        }
    }

    /** Collects what metrics need; not thread-safe. */
    public static final class Builder {
        private final MeterRegistry registry;
        private final WorkloadIdentity self;
        private String podName = "";
        private int limit = 1000;
        private boolean believesPeers;

        private Builder(MeterRegistry registry, WorkloadIdentity self) {
            this.registry = registry;
            this.self = self;
        }

        /** Name of the pod that this process runs in; not known unless told. */
        public Builder podName(String name) {
            podName = name;
            return this;
        }

        /**
         * Callers are named as {@code x-envoy-peer-metadata} says. Not so unless told: anybody can send it, and whoever sends
         * many makes as many series, up to the limit.
         */
        public Builder believePeers() {
            believesPeers = true;
            return this;
        }

        /**
         * How many callers are told apart; 1000 unless told. Those beyond are {@code unknown}.
         *
         * @throws IllegalArgumentException when not positive
         */
        public Builder limit(int callers) {
            if (callers < 1) {
                throw new IllegalArgumentException("limit is " + callers + "; at least 1 is needed");
            }
            limit = callers;
            return this;
        }

        /** The metrics. */
        public IstioInboundMetrics build() {
            return new IstioInboundMetrics(this);
        }
    }
}
