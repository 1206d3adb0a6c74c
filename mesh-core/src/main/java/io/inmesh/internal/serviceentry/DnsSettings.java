package io.inmesh.internal.serviceentry;

import io.inmesh.endpoint.DnsLookupFamily;
import io.inmesh.endpoint.DnsResolver;
import java.time.Duration;

/**
 * How names are resolved.
 *
 * @param resolver that is asked, on a thread of InMesh's
 * @param ttl longest time between two lookups of a name, at least 1 s
 * @param family which addresses of an answer are used
 */
public record DnsSettings(DnsResolver resolver, Duration ttl, DnsLookupFamily family) {
    /** Refuses a time that would ask resolvers all the time. */
    public DnsSettings {
        if (ttl.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("the time to live of DNS answers is below 1 s: " + ttl);
        }
    }
}
