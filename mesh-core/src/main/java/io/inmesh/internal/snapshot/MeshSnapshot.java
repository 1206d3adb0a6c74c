package io.inmesh.internal.snapshot;

import io.inmesh.call.HeaderField;
import io.inmesh.call.RequestHead;
import io.inmesh.call.RouteGate;
import io.inmesh.config.ConfigProblem;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.explain.Explanation;
import io.inmesh.explain.LimitUse;
import io.inmesh.internal.cluster.Cluster;
import io.inmesh.internal.route.CarryingHead;
import io.inmesh.internal.route.ClusterKey;
import io.inmesh.internal.route.CompiledRoute;
import io.inmesh.internal.route.GatewayTable;
import io.inmesh.internal.route.RouteTable;
import io.inmesh.internal.route.VirtualHost;
import io.inmesh.internal.time.TimeSource;
import io.inmesh.model.InboundPolicy;
import io.inmesh.model.PathNormalization;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Routes and clusters of one version. Immutable but for the live state inside hosts and balancers. */
public final class MeshSnapshot {
    private final long version;
    private final RouteTable routes;
    private final GatewayTable gateway;
    private final InboundPolicy inboundPolicy;
    private final Target[] targets;
    private final Map<ClusterKey, Cluster> clusters;
    private final boolean registryOnly;
    private final Background background;

    /** Null until somebody asks. */
    private volatile @Nullable Map<String, Target> targetsByCluster;

    /** Takes arrays and maps over: who made them writes them no more. */
    MeshSnapshot(
            long version,
            RouteTable routes,
            GatewayTable gateway,
            InboundPolicy inboundPolicy,
            Target[] targets,
            Map<ClusterKey, Cluster> clusters,
            boolean registryOnly,
            Background background) {
        this.version = version;
        this.routes = routes;
        this.gateway = gateway;
        this.inboundPolicy = inboundPolicy;
        this.targets = targets;
        this.clusters = Collections.unmodifiableMap(clusters);
        this.registryOnly = registryOnly;
        this.background = background;
    }

    /** Grows by one with each publication. */
    public long version() {
        return version;
    }

    /** Clusters that routes lead to. */
    public Map<ClusterKey, Cluster> clusters() {
        return clusters;
    }

    /** The limits to what runs at once in a cluster, and what is in use of them; none where the cluster is not known. */
    public List<LimitUse> limits(String cluster) {
        Target target = targetsByCluster().get(cluster);
        return target == null ? List.of() : target.limits();
    }

    /** The same of all clusters that have any, in order. */
    public SortedMap<String, List<LimitUse>> limits() {
        SortedMap<String, List<LimitUse>> limits = new TreeMap<>();
        for (Target target : targets) {
            List<LimitUse> uses = target.limits();
            if (target.cluster() != null && !uses.isEmpty()) {
                limits.put(target.cluster().key().toString(), uses);
            }
        }
        return limits;
    }

    /** Made when somebody first asks; two who ask at once may each make one, and both are equal. */
    private Map<String, Target> targetsByCluster() {
        Map<String, Target> known = targetsByCluster;
        if (known == null) {
            known = new HashMap<>();
            for (Target target : targets) {
                if (target.cluster() != null) {
                    known.put(target.cluster().key().toString(), target);
                }
            }
            targetsByCluster = known;
        }
        return known;
    }

    /** Hosts and their routes. */
    public RouteTable routes() {
        return routes;
    }

    /** What comes in at gateways; nothing unless this mesh serves them. */
    public GatewayTable gateway() {
        return gateway;
    }

    /** Policies for requests that come in; the same instance as in the snapshot before unless something in it is new. */
    public InboundPolicy inboundPolicy() {
        return inboundPolicy;
    }

    /** Decides about a call that carries nothing. */
    public Decision decide(RequestHead head, RandomGenerator random, TimeSource time) {
        return decide(head, List.of(), random, time);
    }

    /**
     * Decides about a call, which counts as a use of its host.
     *
     * @param carried headers to send beside those of the request, where it does not have them itself
     * @param random draws destination, delay and abort, in this order, a 32-bit number each
     * @param time asked where a header is to tell when the call began
     */
    public Decision decide(RequestHead head, List<HeaderField> carried, RandomGenerator random, TimeSource time) {
        VirtualHost host = routes.find(head);
        if (host != null) {
            host.used().set();
        }
        return decide(host == null ? head : CarryingHead.of(head, carried), host, random, time);
    }

    private Decision decide(RequestHead head, @Nullable VirtualHost host, RandomGenerator random, TimeSource time) {
        if (host == null) {
            return registryOnly && !routes.isByName(head.authority())
                    ? new Decision.Blocked(head.authority(), head.port(), routes.ports(head.authority()))
                    : Decision.PassThrough.INSTANCE;
        }
        String path = PathNormalization.BASE.canonical(head.pathAndQuery());
        CompiledRoute route = host.match(head, path);
        return route == null
                ? new Decision.NoRoute(host.virtualService(), host.name())
                : Planner.plan(head, path, host, route, targets, null, random, time);
    }

    /**
     * Decides about a request that has come in at a gateway. Its path is taken as it is: who has let it in has brought it to
     * the one form by which it was judged.
     *
     * @param port of the Gateway's server
     * @param gate asked when a route with a destination has been chosen
     * @param random as for {@link #decide}
     * @param time as for {@link #decide}
     */
    public Decision decideAtGateway(
            int port, RequestHead head, RouteGate gate, RandomGenerator random, TimeSource time) {
        VirtualHost host = gateway.find(head.authority(), port);
        if (host == null) {
            return new Decision.NoHost(head.authority(), port, gateway.serves(port));
        }
        if (host.redirects(head)) {
            return Planner.httpsRedirect(head);
        }
        String path = head.pathAndQuery();
        CompiledRoute route = host.match(head, path);
        return route == null
                ? new Decision.NoRoute(host.virtualService(), host.name())
                : Planner.plan(head, path, host, route, targets, gate, random, time);
    }

    /** The same decision with its reasons. */
    public Explanation explain(RequestHead head, RandomGenerator random) {
        return explain(head, random, Circumstances.NONE);
    }

    /**
     * The same decision with its reasons.
     *
     * @param circumstances what else is known at this moment
     */
    public Explanation explain(RequestHead head, RandomGenerator random, Circumstances circumstances) {
        return new Explainer(this, head, circumstances, null)
                .explain(decide(head, routes.find(head), random, TimeSource.system()), routes.find(head));
    }

    /** The decision about a request that comes in at a gateway, with its reasons. */
    public Explanation explainAtGateway(
            int port, RequestHead head, RandomGenerator random, Circumstances circumstances) {
        GatewayStory story = new GatewayStory(background, gateway, port, head.authority());
        return new Explainer(this, head, circumstances, story)
                .explain(
                        decideAtGateway(port, head, RouteGate.OPEN, random, TimeSource.system()),
                        gateway.find(head.authority(), port));
    }

    /**
     * Destinations of rules that lead nowhere as things stand, as warnings.
     *
     * @param circumstances what else is known at this moment; asked for when something is lost
     * @param awaited whether a source that has not told of a service yet may know it: then nothing is said of it
     */
    public List<ConfigProblem> lostDestinations(Supplier<Circumstances> circumstances, Predicate<ServiceName> awaited) {
        return new LostDestinations(this, circumstances, awaited).find();
    }

    /** Blocks of rules that eject nobody of a service, because it has so few endpoints, as warnings. */
    public List<ConfigProblem> detectionsWithoutEffect() {
        return FewEndpoints.find(this);
    }

    /** Circuit breakers that rules name and that are not there (warnings), or may not be what is meant (notes). */
    public List<ConfigProblem> doubtfulBreakers() {
        return DoubtfulBreakers.find(this);
    }

    /** Clusters that any route leads to, by slot. */
    List<ClusterKey> clusterKeys() {
        return clusterKeys(routes, gateway);
    }

    /** Those of a gateway's table are those of the mesh and, behind them, those that only its own routes lead to. */
    static List<ClusterKey> clusterKeys(RouteTable routes, GatewayTable gateway) {
        return gateway == GatewayTable.NONE
                ? routes.clusterKeys()
                : gateway.routes().clusterKeys();
    }

    Background background() {
        return background;
    }

    Target target(int slot) {
        return targets[slot];
    }
}
