package io.inmesh.internal.control;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.inmesh.endpoint.EndpointSource;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.internal.route.HostNames;
import io.inmesh.internal.time.TimeSource;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hosts that calls name and no snapshot knows, and what came of asking. Remembers the answer, so that a host is not
 * asked for with each call. Used by callers' threads; thread-safe.
 */
final class UnknownHosts {
    private static final int MOST = 10_000;

    private final List<EndpointSource> sources;
    private final WorkloadIdentity self;
    private final TimeSource time;
    private final Consumer<Inquiry> follow;
    private final Cache<String, Inquiry> inquiries;

    /**
     * Remembers nothing yet.
     *
     * @param follow has a service followed; called on the thread that asks, so it only hands on
     */
    UnknownHosts(List<EndpointSource> sources, ControlSettings settings, TimeSource time, Consumer<Inquiry> follow) {
        this.sources = List.copyOf(sources);
        this.self = settings.self();
        this.time = time;
        this.follow = follow;
        this.inquiries = Caffeine.newBuilder()
                .maximumSize(MOST)
                // A service without virtual host (BY_NAME) shows its use by being asked for again.
                .expireAfterWrite(settings.memoryOfAbsence())
                .ticker(time::nanoTime)
                .executor(Runnable::run)
                .build();
    }

    /** Asks for a host unless that has just been done; neither waits nor looks anything up. */
    Inquiry ask(String authority) {
        Inquiry known = inquiries.getIfPresent(authority);
        if (known != null) {
            return known;
        }
        Inquiry inquiry = new Inquiry(service(authority), time.nanoTime());
        Inquiry before = inquiries.asMap().putIfAbsent(authority, inquiry);
        if (before != null) {
            return before;
        }
        if (inquiry.service() != null) {
            follow.accept(inquiry);
        }
        return inquiry;
    }

    /** Forgets that a service was asked for: the next call may ask again. */
    void forget(ServiceName service) {
        inquiries.asMap().values().removeIf(inquiry -> service.equals(inquiry.service()));
    }

    /** The service that some source may know under this name; null for none. */
    private @Nullable ServiceName service(String authority) {
        String host = host(authority);
        if (host.isEmpty() || IpLiteral.is(host)) {
            return null;
        }
        for (String name : HostNames.fullNames(host, self)) {
            ServiceName service = new ServiceName(name);
            if (sources.stream().anyMatch(source -> Inquiry.mayKnow(source, service))) {
                return service;
            }
        }
        return null;
    }

    /** Lower case, without port and trailing dot; with colons for an IPv6 address. */
    private static String host(String authority) {
        int colon = authority.lastIndexOf(':');
        boolean hasPort = colon >= 0 && authority.indexOf(']', colon) < 0;
        return new ServiceName(hasPort ? authority.substring(0, colon) : authority).host();
    }
}
