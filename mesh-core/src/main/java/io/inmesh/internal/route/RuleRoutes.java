package io.inmesh.internal.route;

import io.inmesh.config.ConfigProblem;
import io.inmesh.model.Delegate;
import io.inmesh.model.Destination;
import io.inmesh.model.GatewayName;
import io.inmesh.model.HttpMatchRequest;
import io.inmesh.model.HttpMirrorPolicy;
import io.inmesh.model.HttpRoute;
import io.inmesh.model.HttpRouteDestination;
import io.inmesh.model.Origin;
import io.inmesh.model.VirtualService;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Routes of a rule with full names of destinations and gateways, and with its delegates filled in. */
final class RuleRoutes {
    private final List<VirtualService> virtualServices;
    private final String clusterDomain;
    private final List<ConfigProblem> problems;

    RuleRoutes(List<VirtualService> virtualServices, String clusterDomain, List<ConfigProblem> problems) {
        this.virtualServices = virtualServices;
        this.clusterDomain = clusterDomain;
        this.problems = problems;
    }

    /** The routes of a rule in order, those of its delegates in place of the delegating ones. */
    List<HttpRoute> of(VirtualService rule) {
        List<HttpRoute> routes = new ArrayList<>();
        for (HttpRoute route : rule.http()) {
            if (route.delegate() == null) {
                routes.add(qualified(route, rule.meta().namespace()));
                continue;
            }
            VirtualService delegate = delegateOf(route, rule);
            if (delegate == null) {
                continue;
            }
            HttpRoute delegating = qualified(route, rule.meta().namespace());
            for (int i = 0; i < delegate.http().size(); i++) {
                HttpRoute inner = delegate.http().get(i);
                HttpRoute merged = Delegation.merge(
                        delegating, qualified(inner, delegate.meta().namespace()));
                if (merged == null) {
                    warn(
                            inner.origin(),
                            "spec.http[" + i + "]",
                            "the route's match is not inside that of the delegating route at " + route.origin()
                                    + ", so it is ignored",
                            "narrow the delegate's match to what the root matches");
                } else {
                    routes.add(merged);
                }
            }
        }
        return routes;
    }

    /** Null where there is none that this rule may use: the reader's checks have told of it. */
    private @Nullable VirtualService delegateOf(HttpRoute route, VirtualService rule) {
        Delegate wanted = Objects.requireNonNull(route.delegate());
        String namespace = wanted.namespace() == null || wanted.namespace().isEmpty()
                ? rule.meta().namespace()
                : wanted.namespace();
        for (VirtualService candidate : virtualServices) {
            if (candidate.hosts().isEmpty()
                    && candidate.meta().name().equals(wanted.name())
                    && candidate.meta().namespace().equals(namespace)) {
                return HostNames.isVisible(
                                candidate.exportTo(), namespace, rule.meta().namespace())
                        ? candidate
                        : null;
            }
        }
        return null;
    }

    private void warn(Origin origin, String path, String message, String fix) {
        ConfigProblem problem = new ConfigProblem(ConfigProblem.Severity.WARNING, origin, path, message, fix);
        if (!problems.contains(problem)) {
            problems.add(problem);
        }
    }

    /**
     * The route with the full names of its destinations and gateways: short names are relative to the rule that wrote
     * them.
     */
    private HttpRoute qualified(HttpRoute route, String namespace) {
        List<HttpRouteDestination> destinations = new ArrayList<>();
        for (HttpRouteDestination destination : route.route()) {
            destinations.add(new HttpRouteDestination(
                    new Destination(
                            HostNames.resolve(destination.destination().host(), namespace, clusterDomain),
                            destination.destination().subset(),
                            destination.destination().port()),
                    destination.weight(),
                    destination.headers()));
        }
        List<HttpMirrorPolicy> mirrors = new ArrayList<>();
        for (HttpMirrorPolicy mirror : route.mirrors()) {
            mirrors.add(new HttpMirrorPolicy(
                    new Destination(
                            HostNames.resolve(mirror.destination().host(), namespace, clusterDomain),
                            mirror.destination().subset(),
                            mirror.destination().port()),
                    mirror.partsPerMillion()));
        }
        List<HttpMatchRequest> match = route.match().stream()
                .map(one -> one.gateways().isEmpty()
                        ? one
                        : one.toBuilder()
                                .gateways(one.gateways().stream()
                                        .map(written -> GatewayName.of(written, namespace)
                                                .toString())
                                        .toList())
                                .build())
                .toList();
        return route.toBuilder()
                .match(match)
                .route(destinations)
                .mirrors(mirrors)
                .build();
    }
}
