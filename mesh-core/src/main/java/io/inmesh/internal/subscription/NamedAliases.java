package io.inmesh.internal.subscription;

import io.inmesh.config.ConfigProblem;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.internal.route.HostNames;
import io.inmesh.internal.serviceentry.DnsAnswers;
import io.inmesh.model.Origin;
import io.inmesh.model.ServiceEntry;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where the aliases that rules name lead to. A target inside the cluster is a service like any other; one outside that no
 * source and no ServiceEntry knows is found by DNS. Immutable.
 */
final class NamedAliases {
    private final Map<ServiceName, ServiceName> targets;
    private final Set<ServiceName> reached = new TreeSet<>();

    /** Last names of the chains, by the alias that a rule names; null for a chain that leads back into itself, by any. */
    private final Map<ServiceName, @Nullable ServiceName> ends = new TreeMap<>();

    private final Set<String> outside = new LinkedHashSet<>();
    private final Set<ServiceName> missing = new TreeSet<>();

    /**
     * Follows the chains.
     *
     * @param targets what each alias leads to
     * @param answers what sources say about a service
     */
    NamedAliases(
            Map<ServiceName, ServiceName> targets,
            Subscriptions.Needs needs,
            String clusterDomain,
            Function<ServiceName, CalledServices.Answer> answers) {
        this.targets = targets;
        for (ServiceName alias : targets.keySet()) {
            if (needs.services().names().contains(alias)) {
                List<ServiceName> chain = chain(alias, targets);
                reached.addAll(chain);
                ends.put(alias, end(chain));
            }
        }
        Set<ServiceName> seen = new TreeSet<>(reached);
        for (ServiceName alias : targets.keySet()) {
            List<ServiceName> chain = chain(alias, targets);
            // Each circle is told once.
            if (end(chain) == null && seen.addAll(chain) && !reached.contains(alias)) {
                ends.put(alias, null);
            }
        }
        for (ServiceName end : ends.values()) {
            CalledServices.Answer answer = end == null ? CalledServices.Answer.KNOWN : answers.apply(end);
            if (end == null || answer == CalledServices.Answer.KNOWN || isEntry(end, needs)) {
                continue;
            }
            if (HostNames.isName(end.host()) && ServiceName.serviceAndNamespace(end.host(), clusterDomain) == null) {
                outside.add(end.host());
            } else if (answer == CalledServices.Answer.ABSENT) {
                missing.add(end);
            }
        }
    }

    private @Nullable ServiceName end(List<ServiceName> chain) {
        ServiceName last = chain.get(chain.size() - 1);
        return targets.containsKey(last) ? null : last;
    }

    private static boolean isEntry(ServiceName name, Subscriptions.Needs needs) {
        for (ServiceEntry entry : needs.config().serviceEntries()) {
            for (String host : entry.hosts()) {
                if (new ServiceName(host).equals(name)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** From an alias to the first name that is none, or that comes again. */
    static List<ServiceName> chain(ServiceName alias, Map<ServiceName, ServiceName> targets) {
        Set<ServiceName> seen = new LinkedHashSet<>();
        ServiceName name = alias;
        while (name != null && seen.add(name)) {
            name = targets.get(name);
        }
        return new ArrayList<>(seen);
    }

    /** Services with those that aliases among them lead to. */
    static Set<ServiceKey> withTargets(
            Set<ServiceKey> keys, Map<ServiceName, ServiceName> targets, NamedServices services) {
        if (targets.isEmpty()) {
            return keys;
        }
        Set<ServiceKey> all = new TreeSet<>(keys);
        for (ServiceName alias : targets.keySet()) {
            if (keys.contains(services.key(alias))) {
                chain(alias, targets).forEach(name -> all.add(services.key(name)));
            }
        }
        return all;
    }

    /** What sources say about a service; an alias is known when it is known what it leads to. */
    static CalledServices.Answer answer(
            ServiceName service,
            Map<ServiceName, ServiceName> targets,
            Function<ServiceName, CalledServices.Answer> answers) {
        for (ServiceName name : chain(service, targets)) {
            if (answers.apply(name) == CalledServices.Answer.PENDING) {
                return CalledServices.Answer.PENDING;
            }
        }
        return answers.apply(service);
    }

    /** Whether a rule leads to a service by way of an alias. */
    boolean reaches(ServiceName service) {
        return reached.contains(service);
    }

    /** The hosts that are to be found by DNS. */
    Set<String> outside() {
        return outside;
    }

    /** An alias with the target in force, and with the addresses of one outside; every other service as it is. */
    ServiceEndpoints resolved(ServiceEndpoints told, DnsAnswers dns) {
        if (told.state() != ServiceEndpoints.State.ALIAS) {
            return told;
        }
        ServiceName target = targets.getOrDefault(told.service(), told.target());
        ServiceEndpoints service = target == null || target.equals(told.target())
                ? told
                : ServiceEndpoints.alias(told.service(), told.namespace(), target, told.ports(), told.exportTo());
        if (outside.isEmpty()) {
            return service;
        }
        List<ServiceName> chain = chain(service.service(), targets);
        String end = chain.get(chain.size() - 1).host();
        return outside.contains(end) ? service.withAddresses(dns.addresses(end)) : service;
    }

    /** Aliases that lead to nothing. */
    List<ConfigProblem> problems(DnsAnswers dns) {
        List<ConfigProblem> problems = new ArrayList<>();
        ends.forEach((alias, end) -> {
            if (end == null) {
                List<String> names =
                        chain(alias, targets).stream().map(ServiceName::host).toList();
                problems.add(warning(
                        alias,
                        "the alias leads back into itself: " + String.join(" -> ", names),
                        "make one of them lead to a service"));
            } else if (missing.contains(end)) {
                problems.add(warning(
                        alias,
                        "the alias leads to " + end + ", which is no service that is known",
                        HostNames.isName(end.host())
                                ? "create that service, or correct the alias"
                                : "an alias leads to a name; give an address by a ServiceEntry or an EndpointSlice"));
            } else if (outside.contains(end.host())) {
                String failure = dns.failure(end.host());
                if (failure != null) {
                    problems.add(warning(
                            alias,
                            end + " cannot be resolved (" + failure + "); "
                                    + (dns.addresses(end.host()).isEmpty()
                                            ? "the alias has no address yet"
                                            : "its last known addresses stay in use"),
                            dns.fix(end.host())));
                }
            }
        });
        return problems;
    }

    private static ConfigProblem warning(ServiceName alias, String message, String fix) {
        return new ConfigProblem(ConfigProblem.Severity.WARNING, new Origin(alias.host(), 0, 0), "", message, fix);
    }
}
