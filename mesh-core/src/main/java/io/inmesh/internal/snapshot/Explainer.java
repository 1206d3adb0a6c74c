package io.inmesh.internal.snapshot;

import io.inmesh.call.HeaderField;
import io.inmesh.call.RequestHead;
import io.inmesh.call.SyntheticResponse;
import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.event.ResponseFlag;
import io.inmesh.explain.EndpointState;
import io.inmesh.explain.Explanation;
import io.inmesh.explain.Explanation.Candidate;
import io.inmesh.explain.Explanation.PolicyBlock;
import io.inmesh.explain.Explanation.RouteVerdict;
import io.inmesh.explain.LimitUse;
import io.inmesh.explain.Retries;
import io.inmesh.internal.cluster.Cluster;
import io.inmesh.internal.route.ClusterKey;
import io.inmesh.internal.route.CompiledRoute;
import io.inmesh.internal.route.RetryPlan;
import io.inmesh.internal.route.VirtualHost;
import io.inmesh.model.Origin;
import io.inmesh.model.PathNormalization;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Tells how a decision came about. Used once, for one request. */
final class Explainer {
    private final MeshSnapshot snapshot;
    private final RequestHead head;
    private final Circumstances circumstances;
    private final NearestRule nearestRule;

    /** Null for a call of this process. */
    private final @Nullable GatewayStory gateway;

    private final List<String> why = new ArrayList<>();
    private final List<RouteVerdict> verdicts = new ArrayList<>();
    private final Map<String, String> policies = new LinkedHashMap<>();

    private Explanation.Decision kind = Explanation.Decision.PASSTHROUGH;
    private @Nullable String virtualService;
    private @Nullable CompiledRoute route;
    private @Nullable CallPlan plan;
    private @Nullable String location;
    private @Nullable String body;
    private int status;
    private Map<String, List<String>> responseHeaders = Map.of();
    private List<EndpointState> endpoints = List.of();
    private List<Candidate> candidates = List.of();
    private List<PolicyBlock> clusterPolicy = List.of();
    private List<LimitUse> limits = List.of();

    /** @param gateway null for a call of this process */
    Explainer(MeshSnapshot snapshot, RequestHead head, Circumstances circumstances, @Nullable GatewayStory gateway) {
        this.snapshot = snapshot;
        this.head = head;
        this.circumstances = circumstances;
        this.gateway = gateway;
        this.nearestRule = new NearestRule(snapshot.background());
    }

    Explanation explain(Decision decision, @Nullable VirtualHost host) {
        if (host == null) {
            unknownHost(decision);
            return result();
        }
        String path = head.pathAndQuery();
        if (gateway == null) {
            why.addAll(nearestRule.host(head, host));
            path = PathNormalization.BASE.canonical(path);
            if (!path.equals(head.pathAndQuery())) {
                why.add("the path is normalised to " + path);
            }
        } else {
            why.addAll(gateway.host(host));
        }
        if (host.redirects(head)) {
            why.add("a server that takes the host redirects requests without TLS (tls.httpsRedirect)");
        } else {
            virtualService = host.virtualService().isEmpty() ? null : host.virtualService();
            judgeRoutes(host, path);
        }
        if (decision instanceof Decision.NoRoute) {
            kind = Explanation.Decision.NO_ROUTE;
            status = ResponseFlag.NR.status();
            why.add("no route matches: NR");
            why.addAll(nearestRule.skipped(host.virtualService(), List.of(), host.name()));
        } else if (decision instanceof Decision.Answer answer) {
            answer(answer);
            why.addAll(nearestRule.skipped(answer.virtualService(), List.of(), host.name()));
        } else if (decision instanceof Decision.Forward forward) {
            forward(forward.plan());
        }
        return result();
    }

    private void unknownHost(Decision decision) {
        if (gateway != null) {
            kind = Explanation.Decision.NO_ROUTE;
            status = ResponseFlag.NR.status();
            why.addAll(gateway.noHost());
            return;
        }
        boolean blocked = decision instanceof Decision.Blocked;
        kind = blocked ? Explanation.Decision.BLOCKED : Explanation.Decision.PASSTHROUGH;
        status = blocked ? ResponseFlag.BLOCKED.status() : 0;
        if (snapshot.routes().isByName(head.authority())) {
            why.add(head.authority()
                    + " is a service whose endpoints discovery cannot see now and has not seen before, so"
                    + " the call goes out to its own name, without any rule, as if there were no mesh");
            return;
        }
        List<Integer> ports = snapshot.routes().ports(head.authority());
        why.add((ports.isEmpty()
                        ? "no service and no rule has host " + head.authority() + " at port " + head.port()
                        : head.authority() + " is known, but not at port " + head.port() + ", only at port "
                                + Decision.words(ports))
                + (blocked
                        ? ", and only known hosts may be called (REGISTRY_ONLY)"
                        : ", so the call goes out as if there were no mesh"));
        why.addAll(nearestHost().dialled(head.authority(), head.port()));
    }

    private NearestHost nearestHost() {
        return new NearestHost(
                snapshot.background(), snapshot.routes(), circumstances, kind == Explanation.Decision.BLOCKED);
    }

    private void judgeRoutes(VirtualHost host, String path) {
        for (int i = 0; i < host.routes().size() && route == null; i++) {
            dropped(host, i);
            CompiledRoute candidate = host.routes().get(i);
            String mismatch = host.mismatch(candidate, head, path);
            String reason = mismatch == null ? "matches " + candidate.matcher() : mismatch;
            verdicts.add(new RouteVerdict(candidate.name(), candidate.origin(), mismatch == null, reason));
            route = mismatch == null ? candidate : null;
        }
        CompiledRoute matched = route;
        if (matched == null) {
            dropped(host, host.routes().size());
        } else if (!matched.virtualService().isEmpty()) {
            virtualService = matched.virtualService();
        }
        for (RouteVerdict verdict : verdicts) {
            why.add("route " + (verdict.name().isEmpty() ? "" : verdict.name() + " ")
                    + (verdict.origin() == Origin.NONE ? "" : "at " + verdict.origin() + " ")
                    + (verdict.matched() ? "" : "does not match: ") + verdict.reason());
        }
        String cors = matched == null ? null : matched.corsVerdict(head);
        if (cors != null) {
            why.add(cors);
        }
    }

    /** What was left out just before a route. */
    private void dropped(VirtualHost host, int position) {
        for (VirtualHost.DroppedRoute dropped : host.dropped()) {
            if (dropped.position() == position) {
                verdicts.add(new RouteVerdict(dropped.name(), dropped.origin(), false, dropped.reason()));
            }
        }
    }

    private void answer(Decision.Answer answer) {
        location = answer.location();
        kind = location == null ? Explanation.Decision.DIRECT_RESPONSE : Explanation.Decision.REDIRECT;
        status = answer.response().status();
        if (location == null) {
            body = new String(answer.response().body(), StandardCharsets.UTF_8);
        }
        responseHeaders = headersOf(answer.response());
        why.add("answered by the mesh with " + status + (location == null ? "" : " to " + location));
    }

    private static Map<String, List<String>> headersOf(SyntheticResponse response) {
        return grouped(response.headers().stream()
                .filter(field -> !field.name().equals("location") && !isImplicitType(field))
                .toList());
    }

    private static boolean isImplicitType(HeaderField field) {
        return field.name().equals("content-type") && field.value().equals("text/plain");
    }

    private void forward(CallPlan chosen) {
        plan = chosen;
        CompiledRoute matched = Objects.requireNonNull(route);
        candidates = matched.destinations().stream()
                .map(destination -> new Candidate(
                        destination.cluster().toString(),
                        Math.toIntExact(Math.min(destination.weight(), Integer.MAX_VALUE)),
                        destination.cluster().equals(chosen.clusterKey())))
                .toList();
        if (candidates.size() > 1) {
            why.add("drawn by weight among " + candidates.size() + ": " + chosen.clusterKey());
        }
        tellAlias(matched, chosen);
        Target target = chosen.target();
        if (chosen.faults().delayNanos() > 0) {
            why.add("a delay of "
                    + Duration.ofNanos(chosen.faults().delayNanos()).toMillis() + " ms is injected first");
        }
        SyntheticResponse abort = chosen.faults().abort();
        if (abort != null) {
            kind = chosen.faults().abortInjected()
                    ? Explanation.Decision.FAULT_ABORT
                    : Explanation.Decision.DIRECT_RESPONSE;
            status = abort.status();
            body = new String(abort.body(), StandardCharsets.UTF_8);
            if (chosen.faults().abortInjected()) {
                why.add("an abort with " + status + " is injected");
            } else if (Planner.isRefusedPath(chosen)) {
                why.add("the rewritten path " + chosen.request().pathAndQuery()
                        + " does not start with a slash and cannot be sent: 400");
            } else {
                why.add("answered by the mesh with " + status);
            }
        } else if (chosen.refusal() != null) {
            kind = Explanation.Decision.REFUSED;
            status = ResponseFlag.UNEXECUTED.status();
            why.add(chosen.refusal() + ": UNEXECUTED");
        } else if (target.isUnknown()) {
            kind = Explanation.Decision.NO_CLUSTER;
            status = ResponseFlag.NC.status();
            why.add(target.whyUnknown() + ": NC");
            why.addAll(nearest(chosen.clusterKey()));
        } else {
            kind = Explanation.Decision.FORWARD;
        }
        describe(chosen.clusterKey(), target, abort == null && chosen.refusal() == null);
        if (kind == Explanation.Decision.FORWARD) {
            why.addAll(new MirrorStory(snapshot, matched).copies(chosen));
        }
        if (abort != null) {
            responseHeaders = headersOf(abort);
        } else if (chosen.responseEdits() != null) {
            responseHeaders = grouped(chosen.responseEdits().apply(status == 0 ? 200 : status, List.of()));
        }
    }

    private List<String> nearest(ClusterKey unknown) {
        ServiceEndpoints service = snapshot.background().visible().get(unknown.host());
        if (service == null) {
            return nearestHost().destination(unknown.host());
        }
        return service.ports().stream().noneMatch(port -> port.number() == unknown.port())
                ? List.of("its ports are " + Background.ports(service))
                : nearestRule.subsets(unknown.host(), unknown.subset());
    }

    private void tellAlias(CompiledRoute matched, CallPlan chosen) {
        matched.destinations().stream()
                .filter(destination -> destination.cluster().equals(chosen.clusterKey()))
                .findFirst()
                .filter(destination -> !destination.alias().isEmpty()
                        && !destination.alias().equals(destination.cluster().host()))
                .ifPresent(destination -> why.add("destination " + destination.alias() + " is an alias of "
                        + destination.cluster().host()));
    }

    private void describe(ClusterKey key, Target target, boolean toBeSent) {
        Cluster cluster = target.cluster();
        if (!target.asked().rules().isEmpty()) {
            policies.put("destinationRules", String.join(", ", target.asked().rules()));
            clusterPolicy = PolicyBlocks.of(target.asked().policy(), target.balancer(), target.http2());
        } else if (!target.isUnknown()) {
            why.addAll(nearestRule.destinationRules(key.host()));
        }
        tellBreaker(target.asked());
        why.addAll(nearestRule.skipped(
                Objects.requireNonNullElse(virtualService, ""), target.asked().rules(), key.host()));
        if (target.originalDestination() && target.refusal() == null) {
            policies.put("loadBalancer", "PASSTHROUGH");
            why.add("the address of the request itself is dialled"
                    + (target.originalPort() == 0 ? "" : ", at port " + target.originalPort()));
        }
        if (target.http2() && (gateway != null || head.scheme().equals("http"))) {
            policies.put("protocol", "HTTP/2");
        }
        if (cluster == null) {
            return;
        }
        if (target.byName()) {
            why.add(cluster.key().host()
                    + " is taken as a whole at the addresses of its DNS name, because discovery cannot"
                    + " see its endpoints now and has not seen them before");
        }
        policies.putAll(cluster.policyWords());
        endpoints = cluster.endpointStates();
        limits = target.limits();
        if (toBeSent) {
            why.addAll(LimitRemarks.of(limits));
        }
        why.addAll(cluster.ejectionRemarks());
        if (toBeSent && cluster.members().stream().noneMatch(cluster::isPickable)) {
            kind = Explanation.Decision.NO_ENDPOINTS;
            status = ResponseFlag.UH.status();
            why.add("cluster " + cluster.key() + " has no endpoint to use: UH");
            why.addAll(new NearestEndpoint(snapshot.background(), circumstances).reasons(cluster));
        } else if (toBeSent) {
            why.add("sent to " + cluster.key() + ", balanced by " + cluster.policyName() + " over " + endpoints.size()
                    + (endpoints.size() == 1 ? " endpoint" : " endpoints"));
        }
    }

    private void tellBreaker(Target.Asked asked) {
        String name = asked.policy().extras().circuitBreaker();
        DestinationBreaker breaker = asked.breaker();
        if (breaker != null) {
            String state = breaker.find().state();
            policies.put("circuitBreaker", name + ": " + state);
            why.add(breaker.words() + ": " + state);
        } else if (name != null) {
            policies.put("circuitBreaker", name + ": none");
            why.add("circuit breaker " + name + " guards no call, because the mesh was given no circuit breakers");
        }
    }

    private Explanation result() {
        Explanation.Builder result = Explanation.builder(kind)
                .virtualService(virtualService)
                .responseHeaders(responseHeaders)
                .status(status)
                .location(location)
                .body(body)
                .endpoints(endpoints)
                .candidates(candidates)
                .policies(policies)
                .clusterPolicy(clusterPolicy)
                .limits(limits)
                .routes(verdicts)
                .why(why);
        CompiledRoute matched = route;
        if (matched != null) {
            result.route(matched.name())
                    .routeOrigin(matched.origin() == Origin.NONE ? null : matched.origin())
                    .mirrors(new MirrorStory(snapshot, matched).mirrors());
        }
        CallPlan chosen = plan;
        if (chosen != null) {
            result.cluster(
                            chosen.target().isUnknown()
                                    ? null
                                    : chosen.clusterKey().toString())
                    .authority(chosen.request().authority())
                    .path(chosen.request().pathAndQuery())
                    .requestHeaders(requestHeaders(chosen))
                    .timeout(chosen.timeoutNanos() == 0 ? null : Duration.ofNanos(chosen.timeoutNanos()))
                    .retries(retries(chosen))
                    .fault(matched == null || matched.fault() == null ? null : fault(chosen));
        }
        return result.build();
    }

    private Explanation.Fault fault(CallPlan chosen) {
        return new Explanation.Fault(
                chosen.faults().delayNanos() == 0
                        ? null
                        : Duration.ofNanos(chosen.faults().delayNanos()),
                chosen.faults().abortInjected() ? status : 0);
    }

    /** What is in force, and what the rule asks for beyond it. */
    private static Retries retries(CallPlan chosen) {
        RetryPlan plan = chosen.retries();
        int attempts = chosen.attempts() - 1;
        return Retries.builder(attempts)
                .on(attempts == 0 ? List.of() : plan.on().inForce())
                .perTryTimeout(chosen.perTryNanos() == 0 ? null : Duration.ofNanos(chosen.perTryNanos()))
                .backoff(attempts == 0 ? null : Duration.ofNanos(plan.backoffNanos()))
                .sparesPreviousHosts(attempts == 0 || plan.sparesPreviousHosts())
                .notInForce(plan.notInForce())
                .build();
    }

    private Map<String, List<String>> requestHeaders(CallPlan chosen) {
        return grouped(
                chosen.request().headers() == null
                        ? head.headerFields()
                        : chosen.request().headers());
    }

    private static Map<String, List<String>> grouped(List<HeaderField> fields) {
        Map<String, List<String>> grouped = new LinkedHashMap<>();
        for (HeaderField field : fields) {
            grouped.computeIfAbsent(field.name().toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(field.value());
        }
        return grouped;
    }
}
