package io.inmesh.servlet;

import io.inmesh.call.RequestHead;
import io.inmesh.call.ResponseEdits;
import io.inmesh.call.RouteGate;
import io.inmesh.call.SyntheticResponse;
import io.inmesh.event.ResponseFlag;
import io.inmesh.servlet.internal.answer.GatewayFault;
import io.inmesh.servlet.internal.forward.FaultEdits;
import io.inmesh.servlet.internal.limit.RateLimits;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Stands between one request and its route: limits, and what the route does with answers of the gateway itself. */
final class RequestGate implements RouteGate {
    private final RateLimits limits;
    private final RequestHead head;
    private final Function<GatewayFault, SyntheticResponse> answers;
    private @Nullable ResponseEdits edits;

    RequestGate(RateLimits limits, RequestHead head, Function<GatewayFault, SyntheticResponse> answers) {
        this.limits = limits;
        this.head = head;
        this.answers = answers;
    }

    @Override
    public @Nullable Refusal judge(String virtualService, String route, String virtualHost) {
        long seconds = limits.isEmpty() ? 0 : limits.secondsToWait(head, virtualService, route, virtualHost);
        if (seconds == 0) {
            return null;
        }
        return new Refusal(answers.apply(GatewayFault.limited(seconds)), ResponseFlag.RL);
    }

    @Override
    public void forwarded(ResponseEdits routeEdits) {
        edits = routeEdits;
    }

    /** Why no server has answered, as the client of a request on its route is to see it. */
    GatewayFault edited(GatewayFault fault) {
        ResponseEdits ofRoute = edits;
        return ofRoute == null ? fault : FaultEdits.edited(fault, ofRoute);
    }
}
