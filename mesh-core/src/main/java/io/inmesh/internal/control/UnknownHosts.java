package io.inmesh.internal.control;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.inmesh.endpoint.EndpointSource;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.internal.route.HostNames;
import io.inmesh.internal.time.TimeSource;
import io.inmesh.model.Authority;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Hosts that calls name and no snapshot knows, and what came of asking. Remembers the answer, so that a host is not
 * asked for with each call. Used by callers' threads; thread-safe.
 */
final class UnknownHosts {
    private static final int MOST = 10_000;

    private final List<EndpointSource> sources;
    private final WorkloadIdentity self;
    private final TimeSource time;
    private final Consumer<HostLookup> follow;
    private final Cache<String, HostLookup> lookups;

    /**
     * Remembers nothing yet.
     *
     * @param follow has a service followed; called on the thread that asks, so it only hands on
     */
    UnknownHosts(List<EndpointSource> sources, ControlSettings settings, TimeSource time, Consumer<HostLookup> follow) {
        this.sources = List.copyOf(sources);
        this.self = settings.self();
        this.time = time;
        this.follow = follow;
        this.lookups = Caffeine.newBuilder()
                .maximumSize(MOST)
                // A service without virtual host (BY_NAME) shows its use by being asked for again.
                .expireAfterWrite(settings.memoryOfAbsence())
                .ticker(time::nanoTime)
                .executor(Runnable::run)
                .build();
    }

    /**
     * Asks for a host unless that has just been done; neither waits nor looks anything up.
     *
     * @param instances whether a service counts as well of which the host may name an instance: where unknown hosts pass,
     *     such a call is no other than one that passes
     */
    HostLookup ask(String authority, boolean instances) {
        HostLookup known = lookups.getIfPresent(authority);
        if (known != null) {
            return known;
        }
        HostLookup lookup = new HostLookup(services(authority, instances), time.nanoTime());
        HostLookup before = lookups.asMap().putIfAbsent(authority, lookup);
        if (before != null) {
            return before;
        }
        if (!lookup.services().isEmpty()) {
            follow.accept(lookup);
        }
        return lookup;
    }

    /** Forgets that a service was asked for: the next call may ask again. */
    void forget(ServiceName service) {
        lookups.asMap().values().removeIf(lookup -> lookup.services().contains(service));
    }

    /** The services that some source may know under this name. */
    private List<ServiceName> services(String authority, boolean instances) {
        String host = new ServiceName(Authority.host(authority)).host();
        if (host.isEmpty() || !HostNames.isName(host)) {
            return List.of();
        }
        Stream<ServiceName> own = likeliest(HostNames.fullNames(host, self));
        return instances
                ? Stream.concat(own, likeliest(HostNames.servicesOfInstance(host, self)))
                        .distinct()
                        .toList()
                : own.toList();
    }

    /** The first that some source may know. */
    private Stream<ServiceName> likeliest(List<String> names) {
        return names.stream()
                .map(ServiceName::new)
                .filter(service -> sources.stream().anyMatch(source -> HostLookup.mayKnow(source, service)))
                .limit(1);
    }
}
