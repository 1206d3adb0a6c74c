package io.inmesh.console;

import io.inmesh.endpoint.Endpoint;
import io.inmesh.event.ResponseFlag;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A call in the live tail. Neither headers nor a query are kept.
 *
 * @param number grows by one with each call
 * @param at when the call ended
 * @param path without its query
 * @param hasQuery whether there was one
 * @param status 0 when there was no answer
 * @param flag null when the answer stands
 * @param service name of the service, or the authority where there is none
 * @param rule {@code namespace/name} of the rule that decided, empty without one
 * @param route name of the route, empty when it has none
 * @param endpoint of the last attempt, null when none was chosen
 */
record TailEntry(
        long number,
        Instant at,
        String method,
        String authority,
        String path,
        boolean hasQuery,
        int status,
        @Nullable ResponseFlag flag,
        String service,
        String rule,
        String route,
        @Nullable Endpoint endpoint,
        int attempts,
        long tookNanos) {}
