package io.inmesh.internal.engine;

import io.inmesh.call.Attempt;
import io.inmesh.call.AttemptTraffic;
import io.inmesh.call.HeaderField;
import io.inmesh.call.RequestHead;
import io.inmesh.internal.snapshot.CallPlan;
import io.inmesh.observe.CallObservation;
import io.inmesh.observe.StartedAttempt;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the transport is told to send for one attempt; observers hear of it and may add headers. */
final class OutgoingAttempt {
    private OutgoingAttempt() {}

    /**
     * Writes down what to send.
     *
     * @param request as the caller made it
     * @param expected tells the server how long its answer is waited for; null for nothing
     */
    static Attempt of(
            RunningAttempt attempt,
            RequestHead request,
            CallPlan plan,
            CallObservation observation,
            @Nullable HeaderField expected) {
        CallPlan.Request planned = plan.request();
        AttemptTraffic traffic = null;
        List<HeaderField> observers = List.of();
        if (observation != CallObservation.NONE) {
            traffic = new AttemptTraffic();
            observers = observation.attemptStarted(new StartedAttempt(
                    attempt.number(), attempt.endpoint(), planned.authority(), planned.pathAndQuery(), traffic));
        }
        return Attempt.builder(attempt.number(), request)
                .count(attempt.count())
                .endpoint(attempt.endpoint())
                .originalPort(plan.originalPort())
                .connectTimeoutNanos(plan.connections().connectTimeoutNanos())
                .connection(plan.connections().settings())
                .http2(plan.http2())
                .scheme(planned.scheme())
                .authority(planned.authority())
                .pathAndQuery(planned.pathAndQuery())
                .headers(AttemptHeaders.of(request, planned.headers(), expected, observers))
                .traffic(traffic)
                .build();
    }
}
