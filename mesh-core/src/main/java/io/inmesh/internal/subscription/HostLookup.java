package io.inmesh.internal.subscription;

import io.inmesh.endpoint.EndpointSource;
import io.inmesh.endpoint.ServiceName;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A question to sources about one unknown host, asked by a call, and whether it is answered. Thread-safe. */
public final class HostLookup {
    private static final Logger LOG = LoggerFactory.getLogger(HostLookup.class);

    private final List<ServiceName> services;
    private final long askedNanos;
    private volatile boolean settled;

    /**
     * Makes a question that is open, unless there is nobody to ask.
     *
     * @param services that may have the host, none when nobody may know it
     */
    HostLookup(List<ServiceName> services, long askedNanos) {
        this.services = List.copyOf(services);
        this.askedNanos = askedNanos;
        this.settled = services.isEmpty();
    }

    List<ServiceName> services() {
        return services;
    }

    /** When the first call asked. */
    long askedNanos() {
        return askedNanos;
    }

    /** Whether waiting is of no use any more: the snapshot in force has the answer, or there will be none. */
    boolean settled() {
        return settled;
    }

    /** Ends all waits for it. */
    public void settle() {
        settled = true;
    }

    /** Whether calls may ask a source for a service; one that fails to say so may not be asked. */
    static boolean mayKnow(EndpointSource source, ServiceName service) {
        try {
            return source.mayKnow(service);
        } catch (RuntimeException broken) {
            LOG.warn("{} cannot say whether it may know {}", source.name(), service, broken);
            return false;
        }
    }
}
