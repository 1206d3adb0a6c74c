package io.inmesh.internal.check;

import io.inmesh.config.ConfigProblem;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.internal.route.HostNames;
import io.inmesh.model.HttpRoute;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.VirtualService;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Looks for rules that contradict each other or lead nowhere. Never an error: the rules are executed as Istio would, which
 * is not what their writer can have meant. Needs no services.
 *
 * <p>Short host names are relative to the namespace of the rule that has them; a name with a dot is full.
 */
public final class ConfigChecks {
    private final MeshConfig config;
    private final String clusterDomain;
    private final UnaryOperator<String> aliases;
    private final Findings findings = new Findings();
    private final RouteUsers users;
    private final HalfNames halfNames;
    private final SubsetChecks subsets;
    private final DelegateChecks delegates;

    private ConfigChecks(
            MeshConfig config,
            String clusterDomain,
            Callers callers,
            UnaryOperator<String> aliases,
            RefusedRules refused,
            String unless) {
        this.config = config;
        this.clusterDomain = clusterDomain;
        this.aliases = aliases;
        users = new RouteUsers(config);
        halfNames = new HalfNames(config, clusterDomain, findings);
        subsets = new SubsetChecks(config, clusterDomain, callers, refused, unless, findings);
        delegates = new DelegateChecks(config, refused, unless, findings);
    }

    /**
     * Checks a whole configuration for all who call by it.
     *
     * @param clusterDomain suffix of short names, usually {@code cluster.local}
     * @return warnings and notes; at most a thousand
     */
    static List<ConfigProblem> check(MeshConfig config, String clusterDomain) {
        Callers callers = Callers.all(clusterDomain);
        return new ConfigChecks(config, clusterDomain, callers, UnaryOperator.identity(), RefusedRules.NONE, "")
                .found(callers);
    }

    /** Checks files, which may be a part of the configuration, and of whose rules some may have been refused. */
    static List<ConfigProblem> check(CheckContext context) {
        Callers callers = Callers.all(context.files.clusterDomain());
        ConfigChecks checks = new ConfigChecks(
                context.files.config(),
                context.files.clusterDomain(),
                callers,
                context::target,
                context.refusedRules,
                context.unlessElsewhere());
        checks.halfNames.add(context.known.ofServices());
        return checks.found(callers);
    }

    /**
     * Checks a whole configuration for the calls of one workload.
     *
     * @param aliases gives what a full name leads to, the name itself when it is no alias
     * @return warnings; at most a thousand
     */
    public static List<ConfigProblem> checkFor(
            WorkloadIdentity caller, MeshConfig config, UnaryOperator<String> aliases) {
        Callers callers = Callers.of(caller);
        return new ConfigChecks(config, caller.clusterDomain(), callers, aliases, RefusedRules.NONE, "").found(callers);
    }

    private List<ConfigProblem> found(Callers callers) {
        config.destinationRules().stream()
                .filter(callers::see)
                .forEach(rule -> halfNames.host(
                        rule.host(), "spec.host", rule, rule.meta().origin()));
        new DestinationRuleConflicts(clusterDomain, callers, findings).check(config);
        new HostConflicts(clusterDomain, callers, findings).check(config);
        for (VirtualService service : config.virtualServices()) {
            for (int i = 0; i < service.hosts().size() && callers.see(service); i++) {
                halfNames.host(
                        service.hosts().get(i),
                        "spec.hosts[" + i + "]",
                        service,
                        service.meta().origin());
            }
            for (int i = 0; i < service.http().size(); i++) {
                HttpRoute route = service.http().get(i);
                if (callers.use(users.ways(service, route))) {
                    DestinationUse.of(service, i, users).forEach(use -> destination(service, use));
                    delegates.route(service, route, "spec.http[" + i + "]");
                }
            }
        }
        return findings.toList();
    }

    private void destination(VirtualService service, DestinationUse use) {
        halfNames.host(use.host(), use.path() + ".host", service, use.otherwise());
        subsets.check(
                use, aliases.apply(HostNames.resolve(use.host(), use.meta().namespace(), clusterDomain)));
    }
}
