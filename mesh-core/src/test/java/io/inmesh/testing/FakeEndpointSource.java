package io.inmesh.testing;

import io.inmesh.endpoint.EndpointSource;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Says what a test tells it to say, on the test's thread; silent about services it was not told of. */
public final class FakeEndpointSource implements EndpointSource {
    private final String name;
    private final Map<ServiceName, Consumer<ServiceEndpoints>> listeners = new TreeMap<>();
    private final Map<ServiceName, ServiceEndpoints> latest = new HashMap<>();
    private boolean closed;

    /** A source that knows nothing yet. */
    public FakeEndpointSource(String name) {
        this.name = name;
    }

    /** Says how a service is now; kept for those who ask later. */
    public void tell(ServiceEndpoints update) {
        Consumer<ServiceEndpoints> listener;
        synchronized (this) {
            latest.put(update.service(), update);
            listener = listeners.get(update.service());
        }
        if (listener != null) {
            listener.accept(update);
        }
    }

    @Override
    public AutoCloseable watch(ServiceName service, Consumer<ServiceEndpoints> onUpdate) {
        ServiceEndpoints known;
        synchronized (this) {
            if (listeners.put(service, onUpdate) != null) {
                throw new IllegalStateException(service + " is watched twice");
            }
            known = latest.get(service);
        }
        if (known != null) {
            onUpdate.accept(known);
        }
        return () -> {
            synchronized (this) {
                listeners.remove(service);
            }
        };
    }

    /** Services that somebody watches. */
    public synchronized Set<ServiceName> watched() {
        return new TreeSet<>(listeners.keySet());
    }

    /** Whether it has been closed. */
    public synchronized boolean closed() {
        return closed;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public synchronized void close() {
        closed = true;
    }
}
