package io.inmesh.internal.subscription;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.inmesh.endpoint.EndpointSource;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.internal.route.HostNames;
import io.inmesh.internal.snapshot.MeshSnapshot;
import io.inmesh.internal.snapshot.UnknownHosts;
import io.inmesh.internal.time.TimeSource;
import io.inmesh.model.Authority;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The unknown hosts that calls have named, each with what came of asking sources about it, so that a host is not asked for
 * with each call. Used by callers' threads; thread-safe.
 */
public final class CalledHosts implements UnknownHosts {
    private static final int MOST = 10_000;

    private final List<EndpointSource> sources;
    private final SubscriptionSettings settings;
    private final TimeSource time;
    private final Consumer<HostLookup> follow;
    private final Supplier<MeshSnapshot> inForce;
    private final Cache<String, HostLookup> lookups;
    private volatile Map<String, Set<String>> unreachable = Map.of();

    /**
     * Remembers nothing yet.
     *
     * @param follow has a service followed; called on the thread that asks, so it only hands on
     * @param inForce the snapshot of this moment
     */
    public CalledHosts(
            List<EndpointSource> sources,
            SubscriptionSettings settings,
            TimeSource time,
            Consumer<HostLookup> follow,
            Supplier<MeshSnapshot> inForce) {
        this.sources = List.copyOf(sources);
        this.settings = settings;
        this.time = time;
        this.follow = follow;
        this.inForce = inForce;
        this.lookups = Caffeine.newBuilder()
                .maximumSize(MOST)
                // A service without virtual host (BY_NAME) shows its use by being asked for again.
                .expireAfterWrite(settings.memoryOfAbsence())
                .ticker(time::nanoTime)
                .executor(Runnable::run)
                .build();
    }

    /** Where unknown hosts pass, a call to a host that may name an instance of a service is no other than one that passes. */
    @Override
    public void passed(String authority) {
        HostLookup unused = ask(authority, false);
    }

    /** The wait ends when the wait for first answers has passed since somebody asked first. */
    @Override
    public MeshSnapshot refused(String authority, BooleanSupplier canceled) throws InterruptedIOException {
        HostLookup lookup = ask(authority, true);
        if (!lookup.settled()) {
            long end = lookup.askedNanos() + settings.firstAnswerWait().toNanos();
            try {
                boolean unused = time.sleep(end - time.nanoTime(), () -> lookup.settled() || canceled.getAsBoolean());
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                InterruptedIOException failure =
                        new InterruptedIOException("interrupted while waiting for what is known about " + authority);
                failure.initCause(interrupted);
                throw failure;
            }
        }
        return inForce.get();
    }

    @Override
    public Set<String> unreachable(String service) {
        return unreachable.getOrDefault(service, Set.of());
    }

    /** From now on this is why endpoints have no address, by full name of the service. */
    public void nowUnreachable(Map<String, Set<String>> reasons) {
        unreachable = reasons;
    }

    /** Forgets that a service was asked for: the next call may ask again. */
    public void forget(ServiceName service) {
        lookups.asMap().values().removeIf(lookup -> lookup.services().contains(service));
    }

    /**
     * Asks for a host unless that has just been done; neither waits nor looks anything up.
     *
     * @param instances whether a service counts as well of which the host may name an instance
     */
    private HostLookup ask(String authority, boolean instances) {
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

    /** The services that some source may know under this name. */
    private List<ServiceName> services(String authority, boolean instances) {
        String host = new ServiceName(Authority.host(authority)).host();
        if (host.isEmpty() || !HostNames.isName(host)) {
            return List.of();
        }
        Stream<ServiceName> own = likeliest(HostNames.fullNames(host, settings.self()));
        return instances
                ? Stream.concat(own, likeliest(HostNames.servicesOfInstance(host, settings.self())))
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
