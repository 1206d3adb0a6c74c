package io.inmesh.console;

import io.inmesh.endpoint.Endpoint;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

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
    final LongAdder inFlight = new LongAdder();

    /** By the id of the endpoint. */
    final ConcurrentHashMap<String, EndpointCalls> endpoints = new ConcurrentHashMap<>();

    ServiceCalls(Kind kind, String host, int port, String subset) {
        this.kind = kind;
        this.host = host;
        this.port = port;
        this.subset = subset;
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
