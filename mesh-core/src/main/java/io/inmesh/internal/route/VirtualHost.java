package io.inmesh.internal.route;

import io.inmesh.call.RequestHead;
import io.inmesh.model.Origin;
import io.inmesh.model.PathNormalization;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Routes of one host at one port. Immutable.
 *
 * @param name full name of the host
 * @param domains every name, address and block of addresses under which it is found
 * @param virtualService {@code namespace/name}, empty for a service without a rule; at a gateway there may be several, with
 *     commas between
 * @param origin of the rule, the first if there are several
 * @param sequence of its routes, first match wins
 * @param dropped routes of the rule that do not concern this caller or port, with the reason, for explain
 * @param alias full name of the alias of {@code name} whose domains these are, empty for the host's own
 * @param ofInstances whether the domains are those of the service's instances, which have names of their own
 * @param used set by calls
 * @param httpsRedirect whether a gateway redirects requests without TLS before it looks at routes
 */
public record VirtualHost(
        String name,
        int port,
        List<String> domains,
        String virtualService,
        Origin origin,
        RouteSequence sequence,
        List<DroppedRoute> dropped,
        String alias,
        boolean ofInstances,
        UseMark used,
        boolean httpsRedirect) {
    /**
     * A route or alternative that was left out while compiling.
     *
     * @param position of the route that comes next; the number of routes for those behind the last
     */
    public record DroppedRoute(int position, String name, Origin origin, String reason) {}

    /** Whether a request is redirected to https, whatever its route is. */
    public boolean redirects(RequestHead head) {
        return httpsRedirect && head.scheme().equals("http");
    }

    /** The name that is called: the alias, else the host itself. */
    public String calledName() {
        return alias.isEmpty() ? name : alias;
    }

    /** The routes, in order. */
    public List<CompiledRoute> routes() {
        return sequence.list();
    }

    /** The first route that matches, null when none does. */
    public @Nullable CompiledRoute match(RequestHead head, String pathAndQuery) {
        return sequence.first(head, pathAndQuery, PathNormalization.pathEnd(pathAndQuery));
    }

    /** Why a route does not match, null when it does. */
    public @Nullable String mismatch(CompiledRoute route, RequestHead head, String pathAndQuery) {
        return route.matcher().mismatch(head, pathAndQuery, PathNormalization.pathEnd(pathAndQuery));
    }
}
