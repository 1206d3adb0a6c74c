package io.inmesh.telemetry.metrics;

import io.inmesh.call.RequestHead;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.observe.EndedRequest;
import io.inmesh.observe.InboundObservation;
import io.inmesh.observe.InboundObserver;
import io.inmesh.observe.StartedRequest;
import io.inmesh.telemetry.metrics.PeerMetadata.Peer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Istio's standard metrics of the requests that come in to this process, as its sidecar would report them: the reporter is
 * {@code destination}, each attempt of a caller is a request of its own. The source is what the caller's mesh has told of it
 * in {@code x-envoy-peer-metadata}, which {@link IstioMetrics} and Istio's sidecars send; {@code unknown} without it. The
 * service is taken to have the canonical name of the workload, as is usual. What a gateway sends on is not counted: it
 * reports its calls. Thread-safe.
 */
public final class IstioInboundMetrics implements InboundObserver {
    private final MeterRegistry registry;
    private final Tags destination;
    private final int limit;
    private final AtomicInteger toldApart = new AtomicInteger();
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

    private IstioInboundMetrics(MeterRegistry registry, WorkloadIdentity self, String podName, int limit) {
        this.registry = registry;
        this.limit = limit;
        Workload workload = Workload.of(self.labels(), podName);
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
     * Makes metrics.
     *
     * @param self whose requests they are of
     * @param podName name of the pod that this process runs in, empty when not known
     * @param limit how many callers are told apart; those beyond are {@code unknown}
     */
    public static IstioInboundMetrics of(MeterRegistry registry, WorkloadIdentity self, String podName, int limit) {
        return new IstioInboundMetrics(registry, self, podName, limit);
    }

    @Override
    public InboundObservation requestStarted(StartedRequest request) {
        IstioEdge edge = edge(Caller.of(peer(request.head()), request.principal()));
        return new ReportedRequest(edge, IstioLabels.isGrpc(request.head()));
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
        if (byHeader.size() < limit) {
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
            return edge(Caller.of(Peer.NOT_KNOWN, null));
        }
        return edges.computeIfAbsent(caller, this::newEdge);
    }

    private IstioEdge newEdge(Caller caller) {
        Tags source = IstioLabels.source(caller.peer().workload(), caller.peer().namespace());
        return new IstioEdge(
                registry,
                destination
                        .and(source)
                        .and("source_principal", caller.principal(), "connection_security_policy", caller.security()));
    }

    /** One request under way. */
    private static final class ReportedRequest implements InboundObservation {
        private final IstioEdge edge;
        private final boolean grpc;
        private boolean sentOn;

        ReportedRequest(IstioEdge edge, boolean grpc) {
            this.edge = edge;
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
            IstioSeries series = edge.series(grpc, request.status(), request.flag());
            series.count(request.totalNanos());
            series.bytes(Math.max(0, request.requestBytes()), Math.max(0, request.responseBytes()));
        }
    }
}
