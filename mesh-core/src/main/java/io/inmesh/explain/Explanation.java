package io.inmesh.explain;

import io.inmesh.model.Origin;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
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
 * @param retries null when no route forwards the request
 * @param fault null when the route has none
 * @param mirrors that the rule asks for, as text, {@code cluster percent}; {@code why} says which get a copy
 * @param status of an answer that InMesh gives by itself, or that a sidecar would give; 0 when a server answers
 * @param location of a redirect
 * @param body of a direct response or abort
 * @param endpoints of the cluster, with their state
 * @param candidates destinations of the route with their weights
 * @param policies policies in force, by name: balancer, subset labels
 * @param clusterPolicy what the DestinationRules of the destination say, merged over rule, subset and port, and what of it
 *     is in force; empty where no DestinationRule concerns it
 * @param limits to what runs at the destination at once, and how much of them is in use
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
        List<PolicyBlock> clusterPolicy,
        List<LimitUse> limits,
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

    /**
     * One block of a traffic policy.
     *
     * @param name field of Istio's {@code TrafficPolicy}, such as {@code outlierDetection}
     * @param asked what the rules give, by path within the block such as {@code http.maxRetries}; empty when nothing
     * @param inForce what calls are carried with, null when the block has no effect
     */
    public record PolicyBlock(
            String name,
            Map<String, String> asked,
            @Nullable String inForce) {
        public PolicyBlock {
            asked = Collections.unmodifiableMap(new LinkedHashMap<>(asked));
        }
    }

    /**
     * Faults drawn for this request.
     *
     * @param delay null when none is injected
     * @param abortStatus 0 when none is injected
     */
    public record Fault(@Nullable Duration delay, int abortStatus) {}

    /** A destination of the route. */
    public record Candidate(String cluster, int weight, boolean chosen) {}

    /**
     * A route that was looked at.
     *
     * @param matched whether it took the request
     * @param reason which clause matched, or why none did
     */
    public record RouteVerdict(String name, Origin origin, boolean matched, String reason) {}

    /** Starts an explanation of which only the decision is known. */
    public static Builder builder(Decision decision) {
        return new Builder(decision);
    }

    /** Starts a copy. */
    public Builder toBuilder() {
        return new Builder(decision)
                .virtualService(virtualService)
                .route(route)
                .routeOrigin(routeOrigin)
                .cluster(cluster)
                .authority(authority)
                .path(path)
                .requestHeaders(requestHeaders)
                .responseHeaders(responseHeaders)
                .timeout(timeout)
                .retries(retries)
                .fault(fault)
                .mirrors(mirrors)
                .status(status)
                .location(location)
                .body(body)
                .endpoints(endpoints)
                .candidates(candidates)
                .policies(policies)
                .clusterPolicy(clusterPolicy)
                .limits(limits)
                .routes(routes)
                .why(why);
    }

    /** Collects an explanation; not thread-safe. */
    public static final class Builder {
        private final Decision decision;
        private @Nullable String virtualService;
        private @Nullable String route;
        private @Nullable Origin routeOrigin;
        private @Nullable String cluster;
        private @Nullable String authority;
        private @Nullable String path;
        private Map<String, List<String>> requestHeaders = Map.of();
        private Map<String, List<String>> responseHeaders = Map.of();
        private @Nullable Duration timeout;
        private @Nullable Retries retries;
        private @Nullable Fault fault;
        private List<String> mirrors = List.of();
        private int status;
        private @Nullable String location;
        private @Nullable String body;
        private List<EndpointState> endpoints = List.of();
        private List<Candidate> candidates = List.of();
        private Map<String, String> policies = Map.of();
        private List<PolicyBlock> clusterPolicy = List.of();
        private List<LimitUse> limits = List.of();
        private List<RouteVerdict> routes = List.of();
        private List<String> why = List.of();

        private Builder(Decision decision) {
            this.decision = decision;
        }

        /** {@code namespace/name} of the rule that took the request. */
        public Builder virtualService(@Nullable String newVirtualService) {
            virtualService = newVirtualService;
            return this;
        }

        /** Name of the route; empty when it has none; {@code default} without a rule. */
        public Builder route(@Nullable String newRoute) {
            route = newRoute;
            return this;
        }

        /** Place of the route. */
        public Builder routeOrigin(@Nullable Origin newRouteOrigin) {
            routeOrigin = newRouteOrigin;
            return this;
        }

        /** {@code outbound|port|subset|fqdn}; null when none was chosen or the one chosen does not exist. */
        public Builder cluster(@Nullable String newCluster) {
            cluster = newCluster;
            return this;
        }

        /** Host that would be sent. */
        public Builder authority(@Nullable String newAuthority) {
            authority = newAuthority;
            return this;
        }

        /** Path that would be sent, with query. */
        public Builder path(@Nullable String newPath) {
            path = newPath;
            return this;
        }

        /** All headers that would be sent, lower-case names. */
        public Builder requestHeaders(Map<String, List<String>> newRequestHeaders) {
            requestHeaders = newRequestHeaders;
            return this;
        }

        /** What the rules would leave on a response that had none. */
        public Builder responseHeaders(Map<String, List<String>> newResponseHeaders) {
            responseHeaders = newResponseHeaders;
            return this;
        }

        /** Null when there is none. */
        public Builder timeout(@Nullable Duration newTimeout) {
            timeout = newTimeout;
            return this;
        }

        /** Null when no route forwards the request. */
        public Builder retries(@Nullable Retries newRetries) {
            retries = newRetries;
            return this;
        }

        /** Null when the route has none. */
        public Builder fault(@Nullable Fault newFault) {
            fault = newFault;
            return this;
        }

        /** That the rule asks for, as text, {@code cluster percent}; {@code why} says which get a copy. */
        public Builder mirrors(List<String> newMirrors) {
            mirrors = newMirrors;
            return this;
        }

        /** Of an answer that InMesh gives by itself, or that a sidecar would give; 0 when a server answers. */
        public Builder status(int newStatus) {
            status = newStatus;
            return this;
        }

        /** Of a redirect. */
        public Builder location(@Nullable String newLocation) {
            location = newLocation;
            return this;
        }

        /** Of a direct response or abort. */
        public Builder body(@Nullable String newBody) {
            body = newBody;
            return this;
        }

        /** Of the cluster, with their state. */
        public Builder endpoints(List<EndpointState> newEndpoints) {
            endpoints = newEndpoints;
            return this;
        }

        /** Destinations of the route with their weights. */
        public Builder candidates(List<Candidate> newCandidates) {
            candidates = newCandidates;
            return this;
        }

        /** Policies in force, by name: balancer, subset labels. */
        public Builder policies(Map<String, String> newPolicies) {
            policies = newPolicies;
            return this;
        }

        /**
         * What the DestinationRules of the destination say, merged over rule, subset and port, and what of it is in force;
         * empty where no DestinationRule concerns it.
         */
        public Builder clusterPolicy(List<PolicyBlock> newClusterPolicy) {
            clusterPolicy = newClusterPolicy;
            return this;
        }

        /** To what runs at the destination at once, and how much of them is in use. */
        public Builder limits(List<LimitUse> newLimits) {
            limits = newLimits;
            return this;
        }

        /** The routes that were tried, in order. */
        public Builder routes(List<RouteVerdict> newRoutes) {
            routes = newRoutes;
            return this;
        }

        /** The story in sentences, in order. */
        public Builder why(List<String> newWhy) {
            why = newWhy;
            return this;
        }

        /** The explanation. */
        public Explanation build() {
            return new Explanation(
                    decision,
                    virtualService,
                    route,
                    routeOrigin,
                    cluster,
                    authority,
                    path,
                    requestHeaders,
                    responseHeaders,
                    timeout,
                    retries,
                    fault,
                    mirrors,
                    status,
                    location,
                    body,
                    endpoints,
                    candidates,
                    policies,
                    clusterPolicy,
                    limits,
                    routes,
                    why);
        }
    }
}
