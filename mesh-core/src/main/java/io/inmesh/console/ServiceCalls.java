package io.inmesh.console;

import io.inmesh.endpoint.Endpoint;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Calls of one cluster, or of one host that is none. Thread-safe. */
final class ServiceCalls {
    /** What the host is. */
    enum Kind {
        /** A service that the mesh sends to. */
        SERVICE,
        /** Calls that the mesh answers or refuses. */
        MESH,
        /** Called as if there were no mesh. */
        OUTSIDE
    }

    final Kind kind;

    /** Name of the service, or the authority. */
    final String host;

    /** Of the service, 0 where there is none. */
    final int port;

    final String subset;
    final Window window = new Window();
    /** Calls under way; far below 0 once forgotten. */
    private final AtomicLong inFlight = new AtomicLong();

    /** By the id of the endpoint. */
    final ConcurrentHashMap<String, EndpointCalls> endpoints = new ConcurrentHashMap<>();

    ServiceCalls(Kind kind, String host, int port, String subset) {
        this.kind = kind;
        this.host = host;
        this.port = port;
        this.subset = subset;
    }

    /** Counts one more under way, or says that this is forgotten and to be taken for no further calls. */
    boolean begin() {
        return inFlight.incrementAndGet() > 0;
    }

    void end() {
        long unused = inFlight.decrementAndGet();
    }

    long inFlight() {
        return Math.max(0, inFlight.get());
    }

    /** Ends the taking of calls, unless one is under way. */
    boolean forget() {
        return inFlight.compareAndSet(0, Long.MIN_VALUE / 2);
    }

    /** @param name {@code outbound|port|subset|fqdn} */
    static ServiceCalls ofCluster(String name) {
        String[] parts = name.split("\\|", 4);
        return parts.length == 4
                ? new ServiceCalls(Kind.SERVICE, parts[3], Integer.parseInt(parts[1]), parts[2])
                : new ServiceCalls(Kind.SERVICE, name, 0, "");
    }

    /** Attempts at one endpoint. */
    static final class EndpointCalls {
        final Endpoint endpoint;
        final Window window = new Window();

        EndpointCalls(Endpoint endpoint) {
            this.endpoint = endpoint;
        }

        String version() {
            return endpoint.labels().getOrDefault("version", "");
        }
    }
}
