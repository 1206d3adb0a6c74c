package io.inmesh.internal.snapshot;

import io.inmesh.explain.LimitUse;
import io.inmesh.explain.LimitUse.Limited;
import java.util.ArrayList;
import java.util.List;

/** What limits that are used up mean to a call that is made now, for people. */
final class LimitRemarks {
    private LimitRemarks() {}

    static List<String> of(List<LimitUse> limits) {
        boolean noConnection = isUsedUp(limits, Limited.CONNECTIONS);
        boolean noPlaceToWait = noConnection && isUsedUp(limits, Limited.PENDING);
        List<String> remarks = new ArrayList<>();
        for (LimitUse use : limits) {
            // A connection is asked for first: who waits for one is sent when a request ends, which leaves room for it.
            boolean decides = switch (use.limited()) {
                case REQUESTS -> !noConnection;
                case CONNECTIONS -> !noPlaceToWait;
                case PENDING -> noPlaceToWait;
                case RETRIES -> true;
            };
            if (use.isUsedUp() && decides) {
                String what = use.field() + " is used up (" + use.inUse() + " of " + use.most() + ")";
                remarks.add(
                        switch (use.limited()) {
                            case REQUESTS, PENDING -> what + ": a call now would end with UO";
                            case CONNECTIONS -> what + ": a call now would wait for a connection";
                            case RETRIES -> what + ": what was sent and fails now would not be retried";
                        });
            }
        }
        return remarks;
    }

    private static boolean isUsedUp(List<LimitUse> limits, Limited limited) {
        return limits.stream().anyMatch(use -> use.limited() == limited && use.isUsedUp());
    }
}
