package io.inmesh.internal.snapshot;

import io.inmesh.call.HeaderField;
import io.inmesh.call.RequestHead;
import io.inmesh.call.RouteGate;
import io.inmesh.call.SyntheticResponse;
import io.inmesh.internal.route.CompiledRoute;
import io.inmesh.internal.route.CompiledRoute.WeightedDestination;
import io.inmesh.internal.route.RoutedRequest;
import io.inmesh.internal.route.VirtualHost;
import io.inmesh.internal.time.TimeSource;
import io.inmesh.model.HttpFaultInjection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Turns a matched route into what is to be done. Pure but for the draws and the time. */
final class Planner {
    /** Envoy's text for an injected abort. */
    private static final byte[] ABORT_BODY = "fault filter abort".getBytes(StandardCharsets.UTF_8);

    private static final byte[] BAD_PATH_BODY = "400 Bad Request".getBytes(StandardCharsets.UTF_8);
    private static final int MILLION = 1_000_000;

    private Planner() {}

    /**
     * Plans.
     *
     * @param gate asked before a request is forwarded that has come in at a gateway; null for a call of this process
     */
    static Decision plan(
            RequestHead head,
            String path,
            VirtualHost host,
            CompiledRoute route,
            Target[] targets,
            @Nullable RouteGate gate,
            RandomGenerator random,
            TimeSource time) {
        RoutedRequest routed = new RoutedRequest(head, path, route, time);
        String location = routed.location();
        if (location != null) {
            List<HeaderField> headers = new ArrayList<>();
            headers.add(new HeaderField("location", location));
            return answer(routed, routed.redirectStatus(), headers, new byte[0], location);
        }
        if (route.direct() != null) {
            byte[] body = route.direct().body();
            List<HeaderField> headers = new ArrayList<>();
            if (body.length > 0) {
                headers.add(new HeaderField("content-type", "text/plain"));
            }
            return answer(routed, route.direct().status(), headers, body, null);
        }
        SyntheticResponse preflight = preflight(routed);
        RouteGate.Refusal refusal = gate == null || preflight != null
                ? null
                : gate.judge(route.virtualService(), route.name(), host.name());
        if (refusal != null) {
            return new Decision.Refused(readable(refusal, routed), route.virtualService(), route.name());
        }
        WeightedDestination destination = routed.draw(Integer.toUnsignedLong(random.nextInt()));
        Target target = targets[destination.slot()].seenFrom(host);
        if (gate != null) {
            target = target.atGateway();
        }
        CallPlan.Faults faults = faults(routed, target, preflight, random);
        if (preflight != null && preflight == faults.abort() && faults.delayNanos() == 0) {
            return new Decision.Answer(preflight, route.virtualService(), route.name(), null);
        }
        CallPlan plan = new CallPlan(
                route.virtualService(),
                route.name(),
                destination.cluster(),
                target,
                faults,
                route.timeoutNanos(),
                route.retries(),
                new CallPlan.Request(
                        gate == null ? head.scheme() : "http",
                        routed.authority(),
                        routed.path(),
                        routed.requestHeaders(!target.external())),
                routed.hasResponseEdits() ? routed::responseHeaders : null,
                List.of());
        boolean copied = !route.mirrors().isEmpty() && faults.abort() == null;
        return new Decision.Forward(copied ? plan.with(MirrorPlans.drawn(routed, plan, targets, random)) : plan);
    }

    /** Null for a request that is none. Envoy's filter answers, which knows nothing of the route's own edits. */
    private static @Nullable SyntheticResponse preflight(RoutedRequest routed) {
        List<HeaderField> headers = routed.preflightHeaders();
        return headers == null ? null : new SyntheticResponse(200, headers, new byte[0]);
    }

    /**
     * What comes before a call, or instead of it. istiod has the filter of faults before that of other origins: an abort says
     * nothing to pages, and preflights meet faults like all requests.
     *
     * @param preflight answer in place of a call, unless there is an abort; null for none
     */
    private static CallPlan.Faults faults(
            RoutedRequest routed, Target target, @Nullable SyntheticResponse preflight, RandomGenerator random) {
        HttpFaultInjection fault = routed.route().fault();
        long delay = fault != null
                        && fault.delay() != null
                        && hit(random, fault.delay().partsPerMillion())
                ? fault.delay().fixedDelay().toNanos()
                : 0;
        HttpFaultInjection.Abort drawn = drawnAbort(fault, random);
        if (drawn != null && drawn.httpStatus() != 0) {
            int status = drawn.httpStatus();
            SyntheticResponse abort = new SyntheticResponse(
                    status, routed.editedHeaders(status, plainText()), bodyFor(routed, ABORT_BODY));
            return new CallPlan.Faults(delay, abort, true, null);
        }
        if (drawn != null) {
            String refusal =
                    "VirtualService " + routed.route().virtualService() + " asks for an abort with gRPC status "
                            + drawn.grpcStatus() + ", which this version of InMesh does not execute";
            return new CallPlan.Faults(delay, null, false, refusal);
        }
        if (preflight != null) {
            return new CallPlan.Faults(delay, preflight, false, null);
        }
        if (!target.isUnknown() && !routed.path().startsWith("/")) {
            // No HTTP client can send such a path; a server behind Envoy answers 400 to it.
            SyntheticResponse refused = new SyntheticResponse(
                    400, routed.responseHeaders(400, plainText()), bodyFor(routed, BAD_PATH_BODY));
            return new CallPlan.Faults(delay, refused, false, null);
        }
        return delay == 0 ? CallPlan.Faults.NONE : new CallPlan.Faults(delay, null, false, null);
    }

    /** Whether the plan answers 400 because its rewritten path is none. */
    static boolean isRefusedPath(CallPlan plan) {
        return plan.faults().abort() != null
                && !plan.faults().abortInjected()
                && !plan.request().pathAndQuery().startsWith("/");
    }

    private static Decision answer(
            RoutedRequest routed, int status, List<HeaderField> headers, byte[] body, @Nullable String location) {
        SyntheticResponse response =
                new SyntheticResponse(status, routed.directHeaders(status, headers), bodyFor(routed, body));
        return new Decision.Answer(
                response, routed.route().virtualService(), routed.route().name(), location);
    }

    /** Sends a request without TLS to the same place with it, by whatever route (Envoy: require_tls). */
    static Decision.Answer httpsRedirect(RequestHead head) {
        String location = "https://" + head.authority() + head.pathAndQuery();
        SyntheticResponse response =
                new SyntheticResponse(301, List.of(new HeaderField("location", location)), new byte[0]);
        return new Decision.Answer(response, "", "", location);
    }

    /** The same for a page of another origin that may read answers of the route. */
    private static RouteGate.Refusal readable(RouteGate.Refusal refusal, RoutedRequest routed) {
        SyntheticResponse response = refusal.response();
        return routed.hasAllowedOrigin()
                ? new RouteGate.Refusal(
                        new SyntheticResponse(
                                response.status(), routed.refusalHeaders(response.headers()), response.body()),
                        refusal.flag())
                : refusal;
    }

    private static List<HeaderField> plainText() {
        return List.of(new HeaderField("content-type", "text/plain"));
    }

    private static byte[] bodyFor(RoutedRequest routed, byte[] body) {
        return routed.isHead() ? new byte[0] : body;
    }

    /** The abort that this call gets, null for none. One without a status does nothing and draws nothing. */
    private static HttpFaultInjection.@Nullable Abort drawnAbort(
            @Nullable HttpFaultInjection fault, RandomGenerator random) {
        HttpFaultInjection.Abort abort = fault == null ? null : fault.abort();
        if (abort == null || (abort.httpStatus() == 0 && abort.grpcStatus() == null)) {
            return null;
        }
        return hit(random, abort.partsPerMillion()) ? abort : null;
    }

    static boolean hit(RandomGenerator random, int partsPerMillion) {
        return partsPerMillion > 0 && Integer.toUnsignedLong(random.nextInt()) % MILLION < partsPerMillion;
    }
}
