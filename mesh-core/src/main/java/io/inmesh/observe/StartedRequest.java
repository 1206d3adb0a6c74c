package io.inmesh.observe;

import io.inmesh.call.RequestHead;
import org.jspecify.annotations.Nullable;

/**
 * A request that has come in.
 *
 * @param head as it came, neither judged nor changed, with what may be no text a rule would take: its values are for showing
 *     alone. To be read before {@link InboundObserver#requestStarted} returns only
 * @param principal SPIFFE id of the caller's verified certificate, {@code spiffe://...}; null without one
 */
public record StartedRequest(
        RequestHead head,
        InboundConnection connection,
        @Nullable String principal) {}
