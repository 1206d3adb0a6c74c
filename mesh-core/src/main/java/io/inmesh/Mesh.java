package io.inmesh;

import io.inmesh.call.Exchange;
import io.inmesh.call.RequestHead;
import io.inmesh.config.ConfigSource;
import io.inmesh.endpoint.EndpointSource;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.event.MeshObserver;
import io.inmesh.explain.Explanation;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * The mesh of one process. Thread-safe. Made by {@link #builder()}, ended by {@link #close()}.
 */
public final class Mesh implements AutoCloseable {
    private Mesh() {}

    /** Starts to describe a mesh. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Runs one call through the mesh, on the calling thread.
     *
     * @throws io.inmesh.call.MeshException when the mesh ends the call without an answer
     * @throws IOException when the transport fails
     */
    public <R> R execute(Exchange<R> exchange) throws IOException {
        return exchange.passThrough();
    }

    /** Tells what would happen to a request; sends nothing. */
    public Explanation explain(RequestHead head) {
        throw new IllegalStateException("not built yet");
    }

    /**
     * Tells what would happen to a request with given draws; sends nothing.
     *
     * @param random draws destination, delay and abort, in this order, one {@code nextInt()} each
     */
    public Explanation explain(RequestHead head, RandomGenerator random) {
        throw new IllegalStateException("not built yet");
    }

    /**
     * Tells what would happen to a request; sends nothing.
     *
     * @param url absolute, http or https
     * @param headers by name
     * @throws IllegalArgumentException when the URL cannot be read
     */
    public Explanation explain(String method, String url, Map<String, List<String>> headers) {
        throw new IllegalStateException("not built yet");
    }

    /** Whether calls to this authority are routed by the mesh; others are passed through. */
    public boolean knows(String scheme, String authority) {
        return false;
    }

    /** State of configuration and discovery. */
    public MeshStatus status() {
        throw new IllegalStateException("not built yet");
    }

    /** Rules in force, in the order in which hosts are looked up, as text for people: one entry a virtual host. */
    public Map<String, List<String>> routes() {
        return Map.of();
    }

    /** Services known with their endpoints, as discovery told them. */
    public List<ServiceEndpoints> services() {
        return List.of();
    }

    /** Stops watching; calls that are under way go on, new ones are passed through. */
    @Override
    public void close() {}

    /** Describes a mesh. Not thread-safe. */
    public static final class Builder {
        private Builder() {}

        /** Adds a source of rules; later sources count as newer. */
        public Builder config(ConfigSource source) {
            return this;
        }

        /** Adds a source of endpoints; asked in order. */
        public Builder endpoints(EndpointSource source) {
            return this;
        }

        /** Who is calling; {@link WorkloadIdentity#DEFAULT} unless told. */
        public Builder self(WorkloadIdentity self) {
            return this;
        }

        /** What happens to unknown hosts; {@link OutboundTrafficPolicy#ALLOW_ANY} unless told. */
        public Builder outboundTrafficPolicy(OutboundTrafficPolicy policy) {
            return this;
        }

        /** Adds an observer. */
        public Builder observer(MeshObserver observer) {
            return this;
        }

        /**
         * Builds and starts: reads every source, waits (bounded) for the first endpoints.
         *
         * @throws io.inmesh.config.ConfigException when a source has no good configuration to begin with
         */
        public Mesh build() {
            return new Mesh();
        }
    }
}
