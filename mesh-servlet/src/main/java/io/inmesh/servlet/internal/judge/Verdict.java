package io.inmesh.servlet.internal.judge;

import io.inmesh.call.RequestHead;
import io.inmesh.servlet.internal.arrival.Token;
import org.jspecify.annotations.Nullable;

/** What becomes of a request that came in. */
public sealed interface Verdict {
    /**
     * It comes in.
     *
     * @param head of the request as it goes on: without the tokens that are not sent on and without headers that only a
     *     token may set, with those that the token sets, and with its claims; the same instance when nothing changes
     * @param token null without a true one
     */
    record Passed(RequestHead head, @Nullable Token token) implements Verdict {}

    /**
     * It does not.
     *
     * @param status to answer with: 401 or 403
     * @param message for whoever sent it, such as {@code RBAC: access denied}; a sentence without full stop
     * @param challenge value of {@code WWW-Authenticate}; null for none
     * @param reason for logs; nothing for whoever sent it
     */
    record Refused(int status, String message, @Nullable String challenge, String reason) implements Verdict {}
}
