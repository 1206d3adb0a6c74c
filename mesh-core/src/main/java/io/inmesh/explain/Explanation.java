package io.inmesh.explain;

import io.inmesh.model.Origin;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why a request goes where it goes: the decision that the call path itself would take, and how it came about. Keys that
 * do not apply are null or empty.
 *
 * @param virtualService {@code namespace/name} of the rule that took the request
 * @param route name of the route; empty when it has none; {@code default} without a rule
 * @param routeOrigin place of the route
 * @param cluster {@code outbound|port|subset|fqdn}; null when none was chosen or the one chosen does not exist
 * @param authority Host that would be sent
 * @param path path that would be sent, with query
 * @param requestHeaders all headers that would be sent, lower-case names
 * @param responseHeaders what the rules would leave on a response that had none
 * @param timeout null when there is none
 * @param retries null when nothing would be sent
 * @param fault null when the route has none
 * @param mirrors as text, {@code cluster percent}
 * @param status of an answer that InMesh gives by itself, or that a sidecar would give; 0 when a server answers
 * @param location of a redirect
 * @param body of a direct response or abort
 * @param endpoints of the cluster, with their state
 * @param candidates destinations of the route with their weights
 * @param policies policies in force, by name: balancer, subset labels
 * @param routes the routes that were tried, in order
 * @param why the story in sentences, in order
 */
public record Explanation(
        Decision decision,
        @Nullable String virtualService,
        @Nullable String route,
        @Nullable Origin routeOrigin,
        @Nullable String cluster,
        @Nullable String authority,
        @Nullable String path,
        Map<String, List<String>> requestHeaders,
        Map<String, List<String>> responseHeaders,
        @Nullable Duration timeout,
        @Nullable Retries retries,
        @Nullable Fault fault,
        List<String> mirrors,
        int status,
        @Nullable String location,
        @Nullable String body,
        List<EndpointState> endpoints,
        List<Candidate> candidates,
        Map<String, String> policies,
        List<RouteVerdict> routes,
        List<String> why) {
    /** What happens to the request. */
    public enum Decision {
        /** Sent to an endpoint of the cluster. */
        FORWARD,
        /** Answered with a redirect. */
        REDIRECT,
        /** Answered with a fixed response. */
        DIRECT_RESPONSE,
        /** Answered with an injected status. */
        FAULT_ABORT,
        /** The host has rules, none matches. */
        NO_ROUTE,
        /** The route names a destination or subset that is not known. */
        NO_CLUSTER,
        /** A rule asks for something that is not executed and that is not safe to send the call without. */
        REFUSED,
        /** The cluster has no endpoint to use. */
        NO_ENDPOINTS,
        /** The host is not known and is called as it is. */
        PASSTHROUGH,
        /** The host is not known and may not be called. */
        BLOCKED,
        /** The request could not be read. */
        ERROR
    }

    /** Retry policy in force. */
    public record Retries(
            int attempts, List<String> on, @Nullable Duration perTryTimeout) {}

    /**
     * Faults drawn for this request.
     *
     * @param delay null when none is injected
     * @param abortStatus 0 when none is injected
     */
    public record Fault(@Nullable Duration delay, int abortStatus) {}

    /**
     * An endpoint of the cluster.
     *
     * @param state {@code ready}, or why it gets nothing
     * @param used whether the balancer may pick it
     */
    public record EndpointState(
            String hostPort, String state, boolean used, int weight, int activeRequests, Map<String, String> labels) {}

    /** A destination of the route. */
    public record Candidate(String cluster, int weight, boolean chosen) {}

    /**
     * A route that was looked at.
     *
     * @param matched whether it took the request
     * @param reason which clause matched, or why none did
     */
    public record RouteVerdict(String name, Origin origin, boolean matched, String reason) {}
}
