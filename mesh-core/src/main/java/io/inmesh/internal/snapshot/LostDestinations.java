package io.inmesh.internal.snapshot;

import io.inmesh.config.ConfigCheck;
import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigProblem.Severity;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.internal.cluster.Cluster;
import io.inmesh.internal.route.Aliases;
import io.inmesh.internal.route.ClusterKey;
import io.inmesh.model.Destination;
import io.inmesh.model.HttpRoute;
import io.inmesh.model.VirtualService;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Destinations of rules that lead nowhere as things stand: to no service, to a port that the service has not, or to a
 * subset of which there is no endpoint. What a rule alone shows to be wrong is found by the checks of rules. Used once.
 */
final class LostDestinations {
    private final MeshSnapshot snapshot;
    private final Background background;
    private final Circumstances circumstances;
    private final Predicate<ServiceName> awaited;
    private final Aliases aliases;

    /** Clusters that routes lead to and that cannot answer, by what a rule writes of them. */
    private final Map<Written, List<ClusterKey>> lost = new HashMap<>();

    /** Ports at which rules are used, by their qualified names; delegates have none of their own. */
    private final Map<String, Set<Integer>> ports = new HashMap<>();

    private final List<ConfigProblem> problems = new ArrayList<>();

    /** A destination without its port, which a rule may leave to the call. */
    private record Written(String host, String subset) {}

    /** @param awaited whether a source that has not told of a service yet may know it */
    LostDestinations(MeshSnapshot snapshot, Circumstances circumstances, Predicate<ServiceName> awaited) {
        this.snapshot = snapshot;
        this.background = snapshot.background();
        this.circumstances = circumstances;
        this.awaited = awaited;
        this.aliases = new Aliases(background.visible().values());
    }

    /**
     * Warnings, in the order of the rules.
     *
     * @param keys of the clusters that routes lead to, by slot
     */
    List<ConfigProblem> find(List<ClusterKey> keys) {
        for (int slot = 0; slot < keys.size(); slot++) {
            ClusterKey key = keys.get(slot);
            if (isLost(key, snapshot.target(slot))) {
                lost.computeIfAbsent(new Written(key.host(), key.subset()), any -> new ArrayList<>())
                        .add(key);
            }
        }
        if (!lost.isEmpty()) {
            Stream.of(snapshot.routes(), snapshot.gateway().routes())
                    .flatMap(table -> table.virtualHosts().stream())
                    .forEach(host -> ports.computeIfAbsent(host.virtualService(), any -> new HashSet<>())
                            .add(host.port()));
            background.config().virtualServices().stream()
                    .filter(this::concernsSelf)
                    .forEach(this::rule);
        }
        return List.copyOf(problems);
    }

    private boolean isLost(ClusterKey key, Target target) {
        Cluster cluster = target.cluster();
        boolean lostNow = cluster == null ? !target.whyUnknown().isEmpty() : selectsNothing(key, cluster);
        return lostNow && !awaited.test(new ServiceName(key.host()));
    }

    /** Whether there are endpoints at the port and a subset has none of them. */
    private boolean selectsNothing(ClusterKey key, Cluster cluster) {
        ServiceEndpoints service = background.visible().get(key.host());
        return cluster.members().isEmpty()
                && !cluster.subsetLabels().isEmpty()
                && service != null
                && !service.endpoints().getOrDefault(key.port(), List.of()).isEmpty();
    }

    /** Whether the caller may use the rule; a delegate is used by whoever uses the rule that leads to it. */
    private boolean concernsSelf(VirtualService rule) {
        return rule.hosts().isEmpty()
                || background.sees(rule.exportTo(), rule.meta().namespace());
    }

    private void rule(VirtualService rule) {
        for (int i = 0; i < rule.http().size(); i++) {
            HttpRoute route = rule.http().get(i);
            for (int j = 0; j < route.route().size(); j++) {
                Destination destination = route.route().get(j).destination();
                String written = background.resolve(destination.host(), rule.meta());
                String host = aliases.end(written);
                String subset = Objects.requireNonNullElse(destination.subset(), "");
                ClusterKey key = host == null ? null : first(new Written(host, subset), destination.port(), rule);
                // Of an alias that leads to no service it is said what it leads to, wherever it is used.
                boolean told = !written.equals(host) && !background.visible().containsKey(host);
                if (key != null && !told) {
                    boolean alone = route.route().size() == 1;
                    if (alone || route.route().get(j).weight() > 0) {
                        tell(rule, route, "spec.http[" + i + "].route[" + j + "].destination", destination, key, alone);
                    }
                }
            }
        }
    }

    /** @param port 0 for that of the call, which is one at which the rule is used */
    private @Nullable ClusterKey first(Written written, int port, VirtualService rule) {
        for (ClusterKey key : lost.getOrDefault(written, List.of())) {
            Set<Integer> called = ports.get(rule.meta().qualifiedName());
            if (port == 0 ? called == null || called.contains(key.port()) : key.port() == port) {
                return key;
            }
        }
        return null;
    }

    private void tell(
            VirtualService rule, HttpRoute route, String path, Destination destination, ClusterKey key, boolean alone) {
        String answered = alone ? ": calls are answered 503" : ": its share of the calls is answered 503";
        Cluster cluster = snapshot.clusters().get(key);
        ServiceEndpoints service = background.visible().get(key.host());
        if (cluster != null) {
            add(
                    ConfigCheck.SUBSET_SELECTS_NOTHING,
                    rule,
                    route,
                    path + ".subset",
                    String.join("; ", new NearestEndpoint(background, circumstances).reasons(cluster)) + answered,
                    "compare the subset's labels with those of the pods");
        } else if (service == null) {
            List<String> near =
                    new NearestHost(background, snapshot.routes(), circumstances, false).destination(key.host());
            add(
                    ConfigCheck.HOST_NOT_FOUND,
                    rule,
                    route,
                    path + ".host",
                    "no service " + key.host() + " is known" + answered,
                    near.isEmpty()
                            ? "correct the name, or see to it that discovery or a ServiceEntry has the service"
                            : near.get(0));
        } else if (service.ports().stream().noneMatch(port -> port.number() == key.port())) {
            boolean chosen = destination.port() != 0;
            add(
                    chosen ? ConfigCheck.PORT_NOT_FOUND : ConfigCheck.PORT_REQUIRED,
                    rule,
                    route,
                    chosen ? path + ".port.number" : path,
                    chosen
                            ? key.host() + " has no port " + key.port() + answered
                            : "no port is chosen, so that a call keeps its own, and " + key.host() + " has no port "
                                    + key.port() + answered.replace("calls are", "calls to that port are"),
                    (chosen ? "" : "add port: {number: ...}; ") + "its ports are " + Background.ports(service));
        }
    }

    private void add(ConfigCheck check, VirtualService rule, HttpRoute route, String path, String message, String fix) {
        problems.add(ConfigProblem.builder(Severity.WARNING, message)
                .check(check)
                .origin(rule.meta().originOf(path, route.origin()))
                .path(path)
                .object(rule.kind() + " " + rule.meta().qualifiedName())
                .fix(fix)
                .build());
    }
}
