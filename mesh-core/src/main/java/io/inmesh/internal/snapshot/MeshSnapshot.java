package io.inmesh.internal.snapshot;

import io.inmesh.call.RequestHead;
import io.inmesh.explain.Explanation;
import io.inmesh.internal.cluster.Cluster;
import io.inmesh.internal.route.ClusterKey;
import io.inmesh.internal.route.CompiledRoute;
import io.inmesh.internal.route.RouteTable;
import io.inmesh.internal.route.VirtualHost;
import io.inmesh.internal.time.TimeSource;
import io.inmesh.model.PathNormalization;
import java.util.Collections;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Routes and clusters of one version. Immutable but for the live state inside hosts and balancers. */
public final class MeshSnapshot {
    private final long version;
    private final RouteTable routes;
    private final Target[] targets;
    private final Map<ClusterKey, Cluster> clusters;
    private final boolean registryOnly;
    private final Background background;

    /** Takes arrays and maps over: who made them writes them no more. */
    MeshSnapshot(
            long version,
            RouteTable routes,
            Target[] targets,
            Map<ClusterKey, Cluster> clusters,
            boolean registryOnly,
            Background background) {
        this.version = version;
        this.routes = routes;
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

    /** Hosts and their routes. */
    public RouteTable routes() {
        return routes;
    }

    /**
     * Decides about a call, which counts as a use of its host.
     *
     * @param random draws destination, delay and abort, in this order, a 32-bit number each
     * @param time asked where a header is to tell when the call began
     */
    public Decision decide(RequestHead head, RandomGenerator random, TimeSource time) {
        VirtualHost host = routes.find(head);
        if (host != null) {
            host.used().set();
        }
        return decide(head, host, random, time);
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
                : Planner.plan(head, path, host, route, targets, random, time);
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
        return new Explainer(this, head, circumstances)
                .explain(decide(head, routes.find(head), random, TimeSource.system()));
    }

    Background background() {
        return background;
    }

    Target target(int slot) {
        return targets[slot];
    }
}
