package io.inmesh.servlet;

import io.inmesh.Mesh;
import io.inmesh.observe.InboundObserver;
import io.inmesh.okhttp.GatewayCalls;
import io.inmesh.okhttp.MeshOkHttp;
import io.inmesh.servlet.internal.answer.ServerHeader;
import io.inmesh.servlet.internal.forward.Forwarder;
import io.inmesh.servlet.policy.PathPolicy;
import io.inmesh.servlet.policy.RateLimit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntUnaryOperator;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/** Describes a {@link GatewayServlet}. Not thread-safe. */
public final class GatewayServletBuilder {
    /** Requests at a time, unless told otherwise. */
    public static final int DEFAULT_MAX_CALLS = 10_000;

    /** How long nothing may come from or go to a server, unless told otherwise. */
    public static final Duration DEFAULT_IDLE_TIMEOUT = Duration.ofMinutes(5);

    private static final int MAX_PORT = 65_535;

    final Mesh mesh;
    private final Map<Integer, Integer> ports = new LinkedHashMap<>();
    final List<RateLimit> rateLimits = new ArrayList<>();
    final List<InboundObserver> observers = new ArrayList<>();
    PathPolicy pathPolicy = PathPolicy.STRICT;
    int trustedHops;
    int maxCalls = DEFAULT_MAX_CALLS;
    boolean responseFlags;
    ServerHeader serverHeader = ServerHeader.PASS;
    private long maxBodyBytes = -1;
    private int retryBodyBytes = GatewayCalls.RETRY_BODY_BYTES;
    private Duration idleTimeout = DEFAULT_IDLE_TIMEOUT;
    private int otherPorts;
    private @Nullable OkHttpClient client;
    private @Nullable OkHttpClient ownClient;

    GatewayServletBuilder(Mesh mesh) {
        this.mesh = mesh;
    }

    /**
     * The client whose connections, threads, TLS and interceptors are used, and which its maker ends. Unless told, the servlet
     * makes one with {@link MeshOkHttp#connectionPool}. Redirects, cookies, caches and authenticators of it do nothing.
     */
    public GatewayServletBuilder client(OkHttpClient newClient) {
        client = newClient;
        return this;
    }

    /**
     * Requests that come in at one port of the container belong to another port of Gateways, such as 8080 to 80. A port that
     * is not told is the same at both.
     *
     * @throws IllegalArgumentException unless both are 1 to 65535
     */
    public GatewayServletBuilder port(int containerPort, int gatewayPort) {
        requirePort(containerPort);
        requirePort(gatewayPort);
        ports.put(containerPort, gatewayPort);
        return this;
    }

    /**
     * Requests that come in at any other port of the container belong to this port of Gateways.
     *
     * @throws IllegalArgumentException unless it is 1 to 65535
     */
    public GatewayServletBuilder otherPorts(int gatewayPort) {
        requirePort(gatewayPort);
        otherPorts = gatewayPort;
        return this;
    }

    /**
     * How many proxies before this gateway are trusted to tell the truth in {@code X-Forwarded-*} (Istio:
     * numTrustedProxies). With 0, as unless told, the client is whoever is connected. With n it is the nth address from the
     * right of {@code X-Forwarded-For}, and {@code X-Forwarded-Proto}, {@code -Host}, {@code -Port} and {@code Forwarded}
     * are taken as they come.
     */
    public GatewayServletBuilder trustedHops(int hops) {
        if (hops < 0) {
            throw new IllegalArgumentException("trustedHops is " + hops + "; give 0 or more");
        }
        trustedHops = hops;
        return this;
    }

    /** Which paths come in, and the one form that they are brought to; {@link PathPolicy#STRICT} unless told. */
    public GatewayServletBuilder pathPolicy(PathPolicy policy) {
        pathPolicy = policy;
        return this;
    }

    /** Lets no more requests pass than a limit says, beside the limits that were told before; no limit unless told. */
    public GatewayServletBuilder rateLimit(RateLimit limit) {
        rateLimits.add(limit);
        return this;
    }

    /**
     * Tells an observer of each request, beside those that were told before, whatever becomes of it. One that this observer
     * has heard of from a {@link MeshServletFilter} before this servlet is not told again, but for its flag.
     */
    public GatewayServletBuilder observer(InboundObserver observer) {
        observers.add(Objects.requireNonNull(observer));
        return this;
    }

    /** Answers have this name as {@code Server}. Unless told, that of the server goes through. */
    public GatewayServletBuilder serverHeader(String name) {
        serverHeader = new ServerHeader(false, name);
        return this;
    }

    /**
     * Answers have no {@code Server}. Jetty does not let its own be taken away by an application:
     * {@code HttpConfiguration.setSendServerVersion(false)} does it there.
     */
    public GatewayServletBuilder noServerHeader() {
        serverHeader = ServerHeader.REMOVE;
        return this;
    }

    /**
     * Largest body of a request in bytes; a larger one is answered with 413, before anything of it is sent on where its
     * length is told. No limit unless told, since bodies are streamed.
     */
    public GatewayServletBuilder maxBodyBytes(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("maxBodyBytes is " + bytes + "; give 0 or more");
        }
        maxBodyBytes = bytes;
        return this;
    }

    /**
     * How much of the beginning of a request's body is kept until the answer begins, in bytes, so that a call can be made
     * again; {@value GatewayCalls#RETRY_BODY_BYTES} unless told. A request of which more was sent is not sent again.
     */
    public GatewayServletBuilder retryBodyBytes(int bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("retryBodyBytes is " + bytes + "; give 0 or more");
        }
        retryBodyBytes = bytes;
        return this;
    }

    /**
     * How long a server may neither send nor take anything before its call is ended, in whole milliseconds; 5 minutes unless
     * told. How long a client may do nothing is the container's to set.
     */
    public GatewayServletBuilder idleTimeout(Duration timeout) {
        if (timeout.toMillis() < 1) {
            throw new IllegalArgumentException("idleTimeout is " + timeout + "; give 1 ms or more");
        }
        idleTimeout = timeout;
        return this;
    }

    /** Most requests at a time; more are answered with 503. {@value #DEFAULT_MAX_CALLS} unless told. */
    public GatewayServletBuilder maxCalls(int calls) {
        if (calls < 1) {
            throw new IllegalArgumentException("maxCalls is " + calls + "; give 1 or more");
        }
        maxCalls = calls;
        return this;
    }

    /**
     * Whether answers that the gateway gives by itself tell why, by Envoy's response flags in {@code x-inmesh-response-flags}.
     * Not so unless told: it tells strangers about what is behind the gateway.
     */
    public GatewayServletBuilder responseFlags(boolean told) {
        responseFlags = told;
        return this;
    }

    private static void requirePort(int port) {
        if (port < 1 || port > MAX_PORT) {
            throw new IllegalArgumentException("a port is 1 to 65535, and not " + port);
        }
    }

    /** Gateway ports by those of the container. */
    IntUnaryOperator ports() {
        Map<Integer, Integer> told = Map.copyOf(ports);
        int others = otherPorts;
        return port -> {
            Integer gateway = told.get(port);
            return gateway != null ? gateway : others == 0 ? port : others;
        };
    }

    /** The servlet. */
    public GatewayServlet build() {
        return new GatewayServlet(this);
    }

    Forwarder forwarder() {
        OkHttpClient given = client;
        OkHttpClient base = given;
        if (base == null) {
            base = new OkHttpClient.Builder()
                    .connectionPool(MeshOkHttp.connectionPool())
                    .build();
            ownClient = base;
        }
        OkHttpClient timed = base.newBuilder()
                .readTimeout(idleTimeout)
                .writeTimeout(idleTimeout)
                .build();
        return new Forwarder(GatewayCalls.over(timed, retryBodyBytes), trustedHops, serverHeader, maxBodyBytes);
    }

    /** Ends what {@link #forwarder} has made. */
    Runnable end() {
        OkHttpClient own = ownClient;
        return () -> {
            if (own != null) {
                own.connectionPool().evictAll();
                own.dispatcher().executorService().shutdown();
            }
        };
    }
}
