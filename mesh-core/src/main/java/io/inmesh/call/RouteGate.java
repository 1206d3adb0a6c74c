package io.inmesh.call;

import io.inmesh.event.ResponseFlag;
import org.jspecify.annotations.Nullable;

/**
 * Has the last word on a request that came in at a gateway and is about to be forwarded, such as a limit of requests. Asked
 * once for each request, on its thread, after a route with a destination was chosen and before faults and attempts; not
 * asked about requests that the gateway answers by itself. Thread-safe; must neither block nor throw.
 */
@FunctionalInterface
public interface RouteGate {
    /** Lets everything pass. */
    RouteGate OPEN = (virtualService, route, virtualHost) -> null;

    /**
     * Judges.
     *
     * @param virtualService whose route it is, {@code namespace/name}
     * @param route its name, {@code route} or {@code route.match}; empty when it has none
     * @param virtualHost under which the host of the request was found, in lower case, such as {@code *.example.com}
     * @return null lets the request pass
     */
    @Nullable
    Refusal judge(String virtualService, String route, String virtualHost);

    /**
     * Told of a request that is forwarded on a route that edits answers, or that pages of other origins may read answers of:
     * whoever answers it because no server does edits the headers likewise, as Envoy does with answers of its own. Not told
     * where there is nothing to edit.
     *
     * @param edits of the route; for any thread
     */
    default void forwarded(ResponseEdits edits) {}

    /**
     * A request that is not forwarded.
     *
     * @param response what the caller gets
     * @param flag what observers are told, such as {@link ResponseFlag#RL}
     */
    record Refusal(SyntheticResponse response, ResponseFlag flag) {}
}
