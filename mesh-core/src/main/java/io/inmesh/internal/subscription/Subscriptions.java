package io.inmesh.internal.subscription;

import io.inmesh.config.ConfigProblem;
import io.inmesh.endpoint.EndpointSource;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.WorkloadSelector;
import io.inmesh.internal.route.RouteTable;
import io.inmesh.internal.serviceentry.DnsTable;
import io.inmesh.internal.serviceentry.ServiceEntries;
import io.inmesh.internal.snapshot.Circumstances;
import io.inmesh.internal.time.ControlThread;
import io.inmesh.model.MeshConfig;
import io.inmesh.observe.SourceStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is followed at endpoint sources and resolvers, and what they say about it: the services that rules need, those
 * that sources tell of by themselves, and those that calls name. Control thread only.
 */
public final class Subscriptions {
    private final String clusterDomain;
    private final boolean allLabels;
    private final long waitNanos;
    private final EndpointWatches watches;
    private final DnsTable dns;
    private final CalledServices called;
    private final AliasTargets targets = new AliasTargets();

    /** Hosts outside that aliases lead to by what sources tell, whether that is in force yet or not. */
    private final Set<String> toldOutside = new HashSet<>();

    /** Endpoints change more often than what is followed. */
    private @Nullable Keys lastKeys;

    /** Services of entries as they were told last: what has not changed stays the same object, so nobody looks into it. */
    private List<ServiceEndpoints> lastEntries = List.of();

    private record Keys(
            Needs needs,
            Set<ServiceName> told,
            Set<ServiceName> called,
            Map<ServiceName, ServiceName> aliases,
            Map<ServiceName, ServiceName> toldAliases,
            Set<ServiceKey> keys) {}

    /** A configuration with what its rules need. */
    public record Needs(MeshConfig config, NamedServices services, Set<WorkloadSelector> selectors) {}

    /** The services of a configuration at one moment, and what was noticed about its entries. */
    public record Table(
            List<ServiceEndpoints> services, List<ConfigProblem> problems, Map<String, Set<String>> unreachable) {}

    /**
     * Follows nothing yet.
     *
     * @param dropped hears of services that are not followed any more because nobody calls them
     * @param changed told on the control thread when something has changed
     */
    public Subscriptions(
            List<EndpointSource> sources,
            SubscriptionSettings settings,
            ControlThread thread,
            DnsTable dns,
            Consumer<ServiceName> dropped,
            Runnable changed) {
        this.clusterDomain = settings.self().clusterDomain();
        this.allLabels = settings.allLabels();
        this.waitNanos = settings.firstAnswerWait().toNanos();
        this.watches = new EndpointWatches(sources, thread, changed);
        this.dns = dns;
        this.called = new CalledServices(settings, thread.time(), dropped);
    }

    /** What a configuration needs. */
    public Needs of(MeshConfig config) {
        return new Needs(config, NamedServices.of(config, clusterDomain, allLabels), ServiceEntries.selectors(config));
    }

    /**
     * Follows what is needed and nothing else.
     *
     * @param inForce null for nothing
     * @param next to be put in force, null for nothing
     */
    public void follow(@Nullable Needs inForce, @Nullable Needs next) {
        Set<ServiceKey> keys = new TreeSet<>();
        Set<WorkloadSelector> selectors = new HashSet<>();
        Set<String> names = new TreeSet<>();
        called.judge(watches::answer);
        toldOutside.clear();
        for (Needs needs : Stream.of(inForce, next).filter(Objects::nonNull).toList()) {
            toldOutside.addAll(aliases(watches.aliases(), needs).outside());
        }
        for (Needs needs : Stream.of(inForce, next).filter(Objects::nonNull).toList()) {
            keys.addAll(keys(needs));
            selectors.addAll(needs.selectors());
            names.addAll(names(needs));
        }
        watches.follow(keys, selectors);
        dns.follow(names);
    }

    private Set<ServiceKey> keys(Needs needs) {
        Set<ServiceName> told = watches.names();
        Set<ServiceName> byCall = called.names();
        Map<ServiceName, ServiceName> aliases = aliasTargets();
        Map<ServiceName, ServiceName> toldAliases = watches.aliases();
        Keys known = lastKeys;
        if (known != null
                && known.needs() == needs
                && known.told() == told
                && known.aliases() == aliases
                && known.toldAliases() == toldAliases
                && known.called().equals(byCall)) {
            return known.keys();
        }
        Set<ServiceKey> keys = new TreeSet<>();
        Stream.of(needs.services().names(), told, byCall)
                .flatMap(Set::stream)
                .forEach(service -> keys.add(needs.services().key(service)));
        Set<ServiceKey> all = new TreeSet<>(NamedAliases.withTargets(keys, aliases, needs.services()));
        all.addAll(NamedAliases.withTargets(keys, toldAliases, needs.services()));
        lastKeys = new Keys(needs, told, byCall, aliases, toldAliases, all);
        return all;
    }

    private Map<ServiceName, ServiceName> aliasTargets() {
        return targets.of(watches.aliases(), this::isAwaited);
    }

    /** Whether somebody who has not told of a service yet may know it. Nobody but DNS may ever answer about a host outside. */
    public boolean isAwaited(ServiceName service) {
        String host = service.host();
        return ServiceName.serviceAndNamespace(host, clusterDomain) != null
                ? watches.answer(service) == CalledServices.Answer.PENDING
                : toldOutside.contains(host) && dns.isAwaited(host);
    }

    private Set<String> names(Needs needs) {
        Set<String> names = ServiceEntries.dnsNames(needs.config(), watches::workloads);
        NamedAliases aliases = aliases(needs);
        for (ServiceEndpoints service : watches.services(keys(needs))) {
            if (isDestination(service, needs, aliases)) {
                names.add(service.service().host());
            }
        }
        names.addAll(aliases.outside());
        names.addAll(toldOutside);
        return names;
    }

    private NamedAliases aliases(Needs needs) {
        return aliases(aliasTargets(), needs);
    }

    private NamedAliases aliases(Map<ServiceName, ServiceName> leading, Needs needs) {
        return new NamedAliases(leading, needs, clusterDomain, watches::answer);
    }

    private CalledServices.Answer answer(ServiceName service) {
        return NamedAliases.answer(service, aliasTargets(), watches::answer);
    }

    /** Whether rules may send calls of other hosts to a service that can be called by its own name only. */
    private static boolean isDestination(ServiceEndpoints service, Needs needs, NamedAliases aliases) {
        return service.state() == ServiceEndpoints.State.BY_NAME
                && (needs.services().names().contains(service.service()) || aliases.reaches(service.service()));
    }

    /**
     * How long the first answers that a configuration needs are still to be waited for; 0 or less when they need not.
     *
     * @param first whether there is no configuration in force yet: then the services that sources tell of are waited for,
     *     while later their calls pass through until they are known
     */
    public long waitNanos(Needs next, boolean first) {
        Set<ServiceKey> keys = new TreeSet<>();
        if (first) {
            keys.addAll(keys(next));
        } else {
            Set<ServiceKey> named = new TreeSet<>();
            next.services().names().forEach(service -> named.add(next.services().key(service)));
            keys.addAll(NamedAliases.withTargets(named, watches.aliases(), next.services()));
        }
        return Math.max(
                Math.max(
                        watches.waitNanos(keys, next.selectors(), waitNanos),
                        first ? watches.namesWaitNanos(waitNanos) : 0),
                dns.waitNanos(names(next), waitNanos));
    }

    /** What is known at this moment. */
    public Table table(Needs needs) {
        ServiceEntries.Result entries =
                ServiceEntries.read(needs.config(), dns, watches.isEmpty() ? null : watches::workloads);
        List<ServiceEndpoints> services = new ArrayList<>(sameAsBefore(entries.services()));
        NamedAliases aliases = aliases(needs);
        for (ServiceEndpoints service : watches.services(keys(needs))) {
            services.add(
                    isDestination(service, needs, aliases)
                            ? service.withAddresses(
                                    dns.addresses(service.service().host()))
                            : aliases.resolved(service, dns));
        }
        List<ConfigProblem> problems = new ArrayList<>(entries.problems());
        problems.addAll(aliases.problems(dns));
        return new Table(List.copyOf(services), List.copyOf(problems), entries.unreachable());
    }

    private List<ServiceEndpoints> sameAsBefore(List<ServiceEndpoints> entries) {
        List<ServiceEndpoints> same = new ArrayList<>(entries);
        for (int i = 0; i < Math.min(entries.size(), lastEntries.size()); i++) {
            if (entries.get(i).equals(lastEntries.get(i))) {
                same.set(i, lastEntries.get(i));
            }
        }
        lastEntries = same;
        return same;
    }

    /** Follows a service because a call has named it. */
    public void add(HostLookup lookup) {
        called.add(lookup);
    }

    /** How often {@link #keepUsed} should look. */
    public Duration betweenLooks() {
        return called.betweenLooks();
    }

    /**
     * Looks which services were called; of those that the next configuration does not need any more, they stay for as long
     * as they are called.
     *
     * @param routes in force
     * @param inForce what the rules in force need
     * @param next the same when they stay in force
     * @return whether such a service is followed now that was not followed for calls before
     */
    public boolean keepUsed(RouteTable routes, Needs inForce, Needs next) {
        called.keepUsed(routes, inForce.services().names());
        boolean taken = false;
        if (inForce != next) {
            for (ServiceName service : inForce.services().names()) {
                if (!next.services().names().contains(service) && watches.mayKnow(service)) {
                    taken |= called.takeOver(service);
                }
            }
        }
        return taken;
    }

    /** Whether something is followed only because it is called. */
    public boolean anyCalled() {
        return !called.names().isEmpty();
    }

    /** Ends the waits for answers that are in force by now. */
    public void settle() {
        called.settle(this::answer);
    }

    /** What bears on why something is missing in a snapshot. */
    public Circumstances circumstances(List<ConfigProblem> problems) {
        Map<String, String> aliases = new HashMap<>();
        aliasTargets().forEach((alias, target) -> aliases.put(alias.host(), target.host()));
        return new Circumstances(problems, watches.silent(), aliases);
    }

    /** What is wrong with the watches. */
    public List<ConfigProblem> problems() {
        return watches.problems();
    }

    /** State of each endpoint source, in their order. */
    public List<SourceStatus> status() {
        return watches.status();
    }

    /** Follows nothing any more and closes the sources. */
    public void close() {
        called.close();
        watches.close();
        dns.follow(Set.of());
    }
}
