package io.inmesh.internal.engine;

import io.inmesh.call.RequestHead;
import io.inmesh.internal.snapshot.CallPlan;
import io.inmesh.internal.snapshot.Decision;
import io.inmesh.observe.StartedCall;
import io.inmesh.observe.StartedCall.Handling;

/** A decision in the words of observers. */
final class ObservedDecision {
    private ObservedDecision() {}

    static StartedCall started(Decision decision, RequestHead head) {
        if (decision instanceof Decision.Forward forward) {
            CallPlan plan = forward.plan();
            return new StartedCall(
                    head,
                    Handling.FORWARDED,
                    plan.virtualService(),
                    plan.route(),
                    plan.clusterKey().toString());
        }
        if (decision instanceof Decision.Answer answer) {
            return new StartedCall(head, Handling.ANSWERED, answer.virtualService(), answer.route(), null);
        }
        if (decision instanceof Decision.NoRoute none) {
            return new StartedCall(head, Handling.REFUSED, none.virtualService(), "", null);
        }
        if (decision instanceof Decision.Refused refused) {
            return new StartedCall(head, Handling.REFUSED, refused.virtualService(), refused.route(), null);
        }
        if (decision instanceof Decision.NoHost) {
            return new StartedCall(head, Handling.REFUSED, "", "", null);
        }
        Handling handling = decision instanceof Decision.Blocked ? Handling.REFUSED : Handling.PASSED_THROUGH;
        return new StartedCall(head, handling, "", "", null);
    }
}
