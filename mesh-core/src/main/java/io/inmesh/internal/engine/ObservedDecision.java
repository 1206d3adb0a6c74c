package io.inmesh.internal.engine;

import io.inmesh.call.RequestHead;
import io.inmesh.event.Outcome;
import io.inmesh.event.ResponseFlag;
import io.inmesh.internal.snapshot.CallPlan;
import io.inmesh.internal.snapshot.Decision;
import io.inmesh.observe.StartedCall;
import io.inmesh.observe.StartedCall.Handling;
import org.jspecify.annotations.Nullable;

/** A decision and its outcomes in the words of observers. */
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

    /** 0 where there is no response. */
    static int status(Outcome outcome) {
        return outcome instanceof Outcome.Responded responded ? responded.status() : 0;
    }

    /** Null for a response. */
    static @Nullable ResponseFlag flag(Outcome outcome) {
        if (outcome instanceof Outcome.NeverSent neverSent) {
            return neverSent.flag();
        }
        if (outcome instanceof Outcome.Failed failed) {
            return failed.flag();
        }
        if (outcome instanceof Outcome.TimedOut) {
            return ResponseFlag.UT;
        }
        return outcome instanceof Outcome.Canceled ? ResponseFlag.DC : null;
    }
}
