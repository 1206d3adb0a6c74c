package io.inmesh.servlet.internal.inbound;

import io.inmesh.call.Attempt;
import jakarta.servlet.http.HttpServletRequest;

/** How often a request has been sent, as its caller says itself. */
public final class AttemptCount {
    private static final int MOST_DIGITS = 9;

    private AttemptCount() {}

    /**
     * 1 for a request that is sent for the first time, or says nothing that can be read. Whoever says more than is true only has
     * what is done for its request be tried less often.
     */
    public static int of(HttpServletRequest request) {
        String count = request.getHeader(Attempt.COUNT_HEADER);
        if (count == null || count.isEmpty() || count.length() > MOST_DIGITS) {
            return 1;
        }
        return count.chars().allMatch(c -> c >= '0' && c <= '9') ? Math.max(1, Integer.parseInt(count)) : 1;
    }
}
