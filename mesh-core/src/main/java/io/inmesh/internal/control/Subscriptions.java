package io.inmesh.internal.control;

import io.inmesh.config.ConfigProblem;
import io.inmesh.endpoint.EndpointSource;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.model.MeshConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What is followed at endpoint sources and resolvers, and what they say about it. Control thread only. */
final class Subscriptions {
    private final String clusterDomain;
    private final long waitNanos;
    private final EndpointWatches watches;
    private final DnsTable dns;

    /**
     * A configuration with what its rules need.
     *
     * @param names to be resolved
     */
    record Needs(MeshConfig config, NamedServices services, Set<String> names) {}

    /** The services of a configuration at one moment, and what was noticed about its entries. */
    record Table(List<ServiceEndpoints> services, List<ConfigProblem> problems) {}

    /**
     * Follows nothing yet.
     *
     * @param changed told on the control thread when something has changed
     */
    Subscriptions(
            List<EndpointSource> sources,
            ControlSettings settings,
            ControlThread thread,
            DnsTable dns,
            Runnable changed) {
        this.clusterDomain = settings.clusterDomain();
        this.waitNanos = settings.firstAnswerWait().toNanos();
        this.watches = new EndpointWatches(sources, thread, changed);
        this.dns = dns;
    }

    /** What a configuration needs. */
    Needs of(MeshConfig config) {
        return new Needs(config, NamedServices.of(config, clusterDomain), ServiceEntries.dnsNames(config));
    }

    /**
     * Follows what is needed and nothing else.
     *
     * @param inForce null for nothing
     * @param next to be put in force, null for nothing
     */
    void follow(@Nullable Needs inForce, @Nullable Needs next) {
        Set<ServiceKey> keys = new TreeSet<>();
        Set<String> names = new TreeSet<>();
        for (Needs needs : both(inForce, next)) {
            keys.addAll(keys(needs));
            names.addAll(needs.names());
        }
        watches.follow(keys);
        dns.follow(names);
    }

    private static List<Needs> both(@Nullable Needs inForce, @Nullable Needs next) {
        List<Needs> both = new ArrayList<>();
        if (inForce != null) {
            both.add(inForce);
        }
        if (next != null) {
            both.add(next);
        }
        return both;
    }

    private static Set<ServiceKey> keys(Needs needs) {
        Set<ServiceKey> keys = new TreeSet<>();
        for (ServiceName service : needs.services().names()) {
            keys.add(needs.services().key(service));
        }
        return keys;
    }

    /** How long the first answers that a configuration needs are still to be waited for; 0 or less when they need not. */
    long waitNanos(Needs next) {
        return Math.max(watches.waitNanos(keys(next), waitNanos), dns.waitNanos(next.names(), waitNanos));
    }

    /** What is known at this moment. */
    Table table(Needs needs) {
        ServiceEntries.Result entries = ServiceEntries.read(needs.config(), dns);
        List<ServiceEndpoints> services = new ArrayList<>(entries.services());
        services.addAll(watches.services(keys(needs)));
        return new Table(List.copyOf(services), entries.problems());
    }

    List<ConfigProblem> problems() {
        return watches.problems();
    }

    List<ControlStatus.Source> status() {
        return watches.status();
    }

    void close() {
        watches.close();
        dns.follow(Set.of());
    }
}
