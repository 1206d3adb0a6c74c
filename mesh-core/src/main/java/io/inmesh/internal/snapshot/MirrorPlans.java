package io.inmesh.internal.snapshot;

import io.inmesh.internal.route.CompiledRoute.MirrorDestination;
import io.inmesh.internal.route.RetryConditions;
import io.inmesh.internal.route.RetryPlan;
import io.inmesh.internal.route.RoutedRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Plans the calls that a route wants made with copies of a request. Pure but for the draws. */
final class MirrorPlans {
    private static final RetryPlan ONE_ATTEMPT = RetryPlan.of(0, RetryConditions.DEFAULT);

    private MirrorPlans() {}

    /**
     * Those that this request gets; each destination is drawn by itself. What is sent is what the request's own call sends, but
     * for what may not be handed on to a place outside of the mesh.
     *
     * @param call of the request itself
     * @param targets by slot
     */
    static List<CallPlan> drawn(RoutedRequest routed, CallPlan call, Target[] targets, RandomGenerator random) {
        List<CallPlan> plans = new ArrayList<>();
        for (MirrorDestination mirror : routed.route().mirrors()) {
            if (Planner.hit(random, mirror.partsPerMillion())) {
                Target target = targets[mirror.slot()].forCopies();
                plans.add(new CallPlan(
                        call.virtualService(),
                        call.route(),
                        mirror.cluster(),
                        target,
                        CallPlan.Faults.NONE,
                        call.timeoutNanos(),
                        ONE_ATTEMPT,
                        request(routed, call, target),
                        null,
                        List.of()));
            }
        }
        return plans;
    }

    private static CallPlan.Request request(RoutedRequest routed, CallPlan call, Target target) {
        CallPlan.Request sent = call.request();
        return target.external() == call.target().external()
                ? sent
                : new CallPlan.Request(
                        sent.scheme(),
                        sent.authority(),
                        sent.pathAndQuery(),
                        routed.requestHeaders(!target.external()));
    }
}
