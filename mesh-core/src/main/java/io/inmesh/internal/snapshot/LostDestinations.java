package io.inmesh.internal.snapshot;

import io.inmesh.config.ConfigCheck;
import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigProblem.Severity;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.internal.cluster.Cluster;
import io.inmesh.internal.route.ClusterKey;
import io.inmesh.internal.route.CompiledRoute;
import io.inmesh.internal.route.CompiledRoute.MirrorDestination;
import io.inmesh.internal.route.CompiledRoute.WeightedDestination;
import io.inmesh.internal.route.VirtualHost;
import io.inmesh.internal.text.ProblemList;
import io.inmesh.model.Destination;
import io.inmesh.model.HttpFaultInjection;
import io.inmesh.model.HttpMirrorPolicy;
import io.inmesh.model.HttpRoute;
import io.inmesh.model.HttpRouteDestination;
import io.inmesh.model.Origin;
import io.inmesh.model.VirtualService;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Destinations of the caller's routes that lead nowhere as things stand: to no service, to a port that the service has not,
 * or to a subset of which there is no endpoint. What a rule alone shows to be wrong is found by the checks of rules. Used
 * once.
 */
final class LostDestinations {
    /** Looking for a name that is near takes long where there are thousands, and this is asked at each publication. */
    private static final int MOST_HINTS = 10;

    private static final int EVERY_REQUEST = 1_000_000;

    private final MeshSnapshot snapshot;
    private final Background background;
    private final Supplier<Circumstances> circumstances;
    private final Predicate<ServiceName> awaited;

    /** What is near a host, by its full name. */
    private final Map<String, String> hints = new HashMap<>();

    /** Routes as they are written, by their places; several where a source has no lines. */
    private final Map<Origin, List<WrittenRoute>> written = new HashMap<>();

    private final Set<Told> told = new HashSet<>();
    private final List<ConfigProblem> problems = new ArrayList<>();

    private record WrittenRoute(VirtualService rule, HttpRoute route, int position) {}

    private record Told(Origin object, String path) {}

    /**
     * Where a route leads.
     *
     * @param alias full name that the rule has written where that is an alias of the cluster's host, else empty
     */
    private record Lost(ClusterKey cluster, String alias) {}

    /** What is lost with a destination. */
    private enum Loss {
        CALLS("calls are answered 503", "calls to that port are answered 503"),
        SHARE("its share of the calls is answered 503", "its share of calls to that port is answered 503"),
        COPIES("no copies are sent there", "no copies of calls to that port are sent there");

        private final String always;
        private final String atThePort;

        Loss(String always, String atThePort) {
            this.always = always;
            this.atThePort = atThePort;
        }
    }

    /**
     * Looks at a snapshot.
     *
     * @param circumstances asked for when something is lost
     * @param awaited whether a source that has not told of a service yet may know it
     */
    LostDestinations(MeshSnapshot snapshot, Supplier<Circumstances> circumstances, Predicate<ServiceName> awaited) {
        this.snapshot = snapshot;
        this.background = snapshot.background();
        this.circumstances = circumstances;
        this.awaited = awaited;
    }

    /** Warnings, in the order of the hosts that are called; at most a thousand. */
    List<ConfigProblem> find() {
        List<ClusterKey> keys = snapshot.clusterKeys();
        BitSet lost = new BitSet(keys.size());
        for (int slot = 0; slot < keys.size(); slot++) {
            if (isLost(keys.get(slot), snapshot.target(slot))) {
                lost.set(slot);
            }
        }
        if (!lost.isEmpty()) {
            for (VirtualService rule : background.config().virtualServices()) {
                for (int i = 0; i < rule.http().size(); i++) {
                    HttpRoute route = rule.http().get(i);
                    written.computeIfAbsent(route.origin(), any -> new ArrayList<>(1))
                            .add(new WrittenRoute(rule, route, i));
                }
            }
            Stream.of(snapshot.routes(), snapshot.gateway().routes())
                    .flatMap(table -> table.virtualHosts().stream())
                    .map(VirtualHost::routes)
                    .flatMap(List::stream)
                    .filter(route -> leadsTo(route, lost))
                    .forEach(route -> route(route, lost));
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

    private static boolean leadsTo(CompiledRoute route, BitSet lost) {
        if (route.virtualService().isEmpty() || abortsAll(route.fault())) {
            return false;
        }
        for (WeightedDestination destination : route.destinations()) {
            if (lost.get(destination.slot())) {
                return true;
            }
        }
        for (MirrorDestination mirror : route.mirrors()) {
            if (lost.get(mirror.slot())) {
                return true;
            }
        }
        return false;
    }

    private static boolean abortsAll(@Nullable HttpFaultInjection fault) {
        return fault != null && fault.abort() != null && fault.abort().partsPerMillion() >= EVERY_REQUEST;
    }

    private void route(CompiledRoute compiled, BitSet lost) {
        for (WeightedDestination destination : compiled.destinations()) {
            if (lost.get(destination.slot())) {
                places(compiled, new Lost(destination.cluster(), destination.alias()), this::place);
            }
        }
        for (MirrorDestination mirror : compiled.mirrors()) {
            if (lost.get(mirror.slot())) {
                places(compiled, new Lost(mirror.cluster(), mirror.alias()), this::placeOfMirror);
            }
        }
    }

    private void places(CompiledRoute compiled, Lost lost, BiConsumer<WrittenRoute, Lost> place) {
        // Of an alias that leads to no service, or back to itself, it is said what it leads to, wherever it is used.
        ServiceEndpoints end = background.visible().get(lost.cluster().host());
        if (!lost.alias().isEmpty() && (end == null || end.state() == ServiceEndpoints.State.ALIAS)) {
            return;
        }
        for (WrittenRoute candidate : written.getOrDefault(compiled.origin(), List.of())) {
            if (problems.size() < ProblemList.MOST && isOf(candidate.rule(), compiled)) {
                place.accept(candidate, lost);
            }
        }
    }

    /** Whether a rule is the route's, or a delegate of it. */
    private static boolean isOf(VirtualService rule, CompiledRoute route) {
        return rule.hosts().isEmpty() || rule.meta().qualifiedName().equals(route.virtualService());
    }

    /** Finds the destination in the route as it is written. */
    private void place(WrittenRoute at, Lost lost) {
        List<HttpRouteDestination> all = at.route().route();
        for (int j = 0; j < all.size(); j++) {
            String path = "spec.http[" + at.position() + "].route[" + j + "].destination";
            boolean used = all.size() == 1 || all.get(j).weight() > 0;
            if (used
                    && isWritten(all.get(j).destination(), at.rule(), lost)
                    && told.add(new Told(at.rule().meta().origin(), path))) {
                tell(at, path, all.get(j).destination(), lost.cluster(), all.size() == 1 ? Loss.CALLS : Loss.SHARE);
            }
        }
    }

    /** The same for a destination of copies. */
    private void placeOfMirror(WrittenRoute at, Lost lost) {
        List<HttpMirrorPolicy> all = at.route().mirrors();
        String route = "spec.http[" + at.position() + "]";
        boolean single = at.rule().meta().fields().containsKey(route + ".mirror");
        for (int j = 0; j < all.size(); j++) {
            String path = single ? route + ".mirror" : route + ".mirrors[" + j + "].destination";
            Destination destination = all.get(j).destination();
            if (all.get(j).partsPerMillion() > 0
                    && isWritten(destination, at.rule(), lost)
                    && told.add(new Told(at.rule().meta().origin(), path))) {
                tell(at, path, destination, lost.cluster(), Loss.COPIES);
            }
        }
    }

    private boolean isWritten(Destination destination, VirtualService rule, Lost lost) {
        ClusterKey key = lost.cluster();
        String called = lost.alias().isEmpty() ? key.host() : lost.alias();
        return background.resolve(destination.host(), rule.meta()).equals(called)
                && Objects.requireNonNullElse(destination.subset(), "").equals(key.subset())
                && (destination.port() == 0 || destination.port() == key.port());
    }

    /** The words stay the same while endpoints come and go, so that each is logged once. */
    private void tell(WrittenRoute at, String path, Destination destination, ClusterKey key, Loss loss) {
        String answered = ": " + loss.always;
        Cluster cluster = snapshot.clusters().get(key);
        ServiceEndpoints service = background.visible().get(key.host());
        if (cluster != null) {
            add(
                    ConfigCheck.SUBSET_SELECTS_NOTHING,
                    at,
                    path + ".subset",
                    "no endpoint of " + key.host() + " at port " + key.port() + " has all labels "
                            + new TreeMap<>(cluster.subsetLabels()) + " of subset " + key.subset() + answered,
                    "compare the subset's labels with those of the pods");
        } else if (service == null) {
            add(
                    ConfigCheck.HOST_NOT_FOUND,
                    at,
                    path + ".host",
                    "no service " + key.host() + " is known" + answered,
                    hint(key.host()));
        } else if (service.ports().stream().noneMatch(port -> port.number() == key.port())) {
            String ports = "its ports are " + Background.ports(service);
            if (destination.port() != 0) {
                add(
                        ConfigCheck.PORT_NOT_FOUND,
                        at,
                        path + ".port.number",
                        key.host() + " has no port " + key.port() + answered,
                        ports);
            } else {
                add(
                        ConfigCheck.PORT_REQUIRED,
                        at,
                        path,
                        "no port is chosen, so that a call keeps its own, and " + key.host() + " has no port "
                                + key.port() + ": " + loss.atThePort,
                        "add port: {number: ...}; " + ports);
            }
        }
    }

    private String hint(String host) {
        String otherwise = "correct the name, or see to it that discovery or a ServiceEntry has the service";
        String known = hints.get(host);
        if (known != null || hints.size() >= MOST_HINTS) {
            return known == null ? otherwise : known;
        }
        List<String> near =
                new NearestHost(background, snapshot.routes(), circumstances.get(), false).destination(host);
        String hint = near.isEmpty() ? otherwise : near.get(0);
        hints.put(host, hint);
        return hint;
    }

    private void add(ConfigCheck check, WrittenRoute at, String path, String message, String fix) {
        VirtualService rule = at.rule();
        problems.add(ConfigProblem.builder(Severity.WARNING, message)
                .check(check)
                .origin(rule.meta().originOf(path, at.route().origin()))
                .path(path)
                .object(rule.kind() + " " + rule.meta().qualifiedName())
                .fix(fix)
                .build());
    }
}
