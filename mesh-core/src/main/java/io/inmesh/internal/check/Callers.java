package io.inmesh.internal.check;

import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.internal.check.RouteUsers.Way;
import io.inmesh.internal.route.DestinationRuleScope;
import io.inmesh.internal.route.HostNames;
import io.inmesh.model.ConfigObject;
import io.inmesh.model.DestinationRule;
import io.inmesh.model.VirtualService;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** For whose calls rules are judged: those of one workload, or those of every namespace that rules are for. */
final class Callers {
    /** Stands for the namespaces that no rule names, which see what is exported to all. */
    static final String OTHERS = "";

    private final @Nullable WorkloadIdentity only;
    private final String clusterDomain;

    private Callers(@Nullable WorkloadIdentity only, String clusterDomain) {
        this.only = only;
        this.clusterDomain = clusterDomain;
    }

    static Callers all(String clusterDomain) {
        return new Callers(null, clusterDomain);
    }

    static Callers of(WorkloadIdentity caller) {
        return new Callers(caller, caller.clusterDomain());
    }

    /** Whether all are judged for, and so what is found concerns the rules as they are written. */
    boolean areAll() {
        return only == null;
    }

    /** The namespaces to judge for: of those given the ones that are concerned. */
    Collection<String> among(Set<String> namespaces) {
        return only == null ? namespaces : List.of(only.namespace());
    }

    /** Whether a rule is there for them. */
    boolean see(VirtualService rule) {
        return only == null || HostNames.isVisible(rule.exportTo(), rule.meta().namespace(), only.namespace());
    }

    boolean see(DestinationRule rule) {
        return only == null || DestinationRuleScope.isVisible(rule, only.namespace());
    }

    /** Whether a route to which some ways lead is theirs; what is of gateways is that of those who see its rule. */
    boolean use(List<Way> ways) {
        return only == null
                || ways.stream().anyMatch(way -> see(way.root()) && (way.isOfGatewaysOnly() || way.isFor(only)));
    }

    /** A workload of a namespace; without labels unless it is the one. */
    WorkloadIdentity in(String namespace) {
        WorkloadIdentity any = WorkloadIdentity.DEFAULT;
        return only != null
                ? only
                : new WorkloadIdentity(namespace, any.labels(), any.locality(), any.node(), clusterDomain);
    }

    /** The namespaces that an object is exported to, {@link #OTHERS} where that is all. */
    static Set<String> targets(List<String> exportTo, ConfigObject object) {
        Set<String> targets = new TreeSet<>();
        String own = object.meta().namespace();
        if (HostNames.isVisible(exportTo, own, OTHERS)) {
            targets.add(OTHERS);
        } else {
            exportTo.forEach(target -> targets.add(target.equals(".") ? own : target));
        }
        return targets;
    }
}
