package io.inmesh;

import io.inmesh.call.Exchange;
import io.inmesh.call.RouteGate;
import io.inmesh.internal.engine.CallEngine;
import io.inmesh.internal.snapshot.MeshSnapshot;
import io.inmesh.model.InboundPolicy;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What gateways do with requests, by the rules of one moment: a request that is judged and routed by the same instance meets
 * one state of them. Immutable and thread-safe; made by
 * {@link Mesh#gatewayRules()}, which is asked again for each request.
 */
public final class GatewayRules {
    private final MeshSnapshot snapshot;
    private final CallEngine engine;

    GatewayRules(MeshSnapshot snapshot, CallEngine engine) {
        this.snapshot = snapshot;
        this.engine = engine;
    }

    /** Who may come in; the same instance as long as nothing in it has changed. */
    public InboundPolicy policy() {
        return snapshot.inboundPolicy();
    }

    /** Whether a Gateway has a server for HTTP at a port. */
    public boolean serves(int port) {
        return snapshot.gateway().serves(port);
    }

    /**
     * Whether a client has to have shown a certificate, which whoever ends TLS has verified, for what it asks for: the Gateway's
     * server has {@code tls.mode: MUTUAL} (Envoy: require_client_certificate). Where several servers of a port take the host,
     * the one that names it most exactly counts.
     *
     * @param port as for {@link #execute}
     * @param authority host of the request, with or without a port
     */
    public boolean needsClientCertificate(int port, String authority) {
        return snapshot.gateway().needsClientCertificate(port, authority);
    }

    /** The ports at which Gateways have servers for HTTP, in order; never changes. */
    public Set<Integer> ports() {
        return snapshot.gateway().ports();
    }

    /** The routes, as text for people, in the form of {@link Mesh#routes}; ports are those of the Gateways' servers. */
    public Map<String, List<String>> routes() {
        return RouteListing.of(snapshot.gateway().routes());
    }

    /** {@link #execute(int, Exchange, RouteGate, int)} for a request that has not been repeated. */
    public <R> R execute(int port, Exchange<R> exchange, RouteGate gate) throws IOException {
        return execute(port, exchange, gate, 1);
    }

    /**
     * Routes one request that has come in, on the calling thread; policies have let it pass. Redirects, direct responses,
     * preflights and injected aborts are answered by the exchange's {@code synthesize}; {@code passThrough} is never called.
     * The path of the request is taken as it is: the caller has brought it to the one form by which it was judged
     * ({@link io.inmesh.model.PathNormalization}).
     *
     * @param port {@code port.number} of the Gateway's server, whatever port the request's authority names
     * @param gate asked before the request is forwarded; {@link RouteGate#OPEN} for none
     * @param attempt by which attempt of its client the request came, as {@link io.inmesh.call.Attempt#COUNT_HEADER} told; 1 when
     *     it did not. One of more than 1 is sent again only where its server has seen nothing of it, as with
     *     {@link io.inmesh.inbound.InboundContext#attempt}
     * @throws io.inmesh.call.MeshException when there is no answer of a server; its flag says why and with which status to
     *     answer, 404 ({@code NR}) where no server has the port, no rule the host or no route the request
     * @throws IOException when the transport fails
     */
    public <R> R execute(int port, Exchange<R> exchange, RouteGate gate, int attempt) throws IOException {
        return engine.executeAtGateway(snapshot, port, exchange, gate, attempt);
    }

    /** Whether these are the rules of a snapshot. */
    boolean areOf(MeshSnapshot other) {
        return snapshot == other;
    }
}
