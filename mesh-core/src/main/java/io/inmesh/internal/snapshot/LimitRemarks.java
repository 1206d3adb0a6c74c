package io.inmesh.internal.snapshot;

import io.inmesh.explain.LimitUse;
import io.inmesh.explain.LimitUse.Limited;
import java.util.ArrayList;
import java.util.List;

/** What limits that are used up mean to a call that is made now, for people. */
final class LimitRemarks {
    private LimitRemarks() {}

    static List<String> of(List<LimitUse> limits) {
        boolean noConnection = limits.stream().anyMatch(use -> use.limited() == Limited.CONNECTIONS && use.isUsedUp());
        List<String> remarks = new ArrayList<>();
        for (LimitUse use : limits) {
            // Nobody waits while there are connections.
            if (use.isUsedUp() && (use.limited() != Limited.PENDING || noConnection)) {
                String what = use.field() + " is used up (" + use.inUse() + " of " + use.most() + ")";
                remarks.add(
                        switch (use.limited()) {
                            case REQUESTS, PENDING -> what + ": a call now would end with UO";
                            case CONNECTIONS -> what + ": a call now would wait for a connection";
                            case RETRIES -> what + ": a call that fails now would not be retried";
                        });
            }
        }
        return remarks;
    }
}
