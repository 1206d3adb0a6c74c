package io.inmesh.model;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP route (Istio: HTTPRoute). Exactly one of {@code route} (not empty), {@code redirect},
 * {@code directResponse} and {@code delegate} is given.
 *
 * @param name empty when not named
 * @param match alternatives; empty matches everything
 * @param timeout whole call including retries; null or zero means none (Istio disables Envoy's 15 s)
 * @param retries null means Istio's default policy
 * @param mirrors {@code mirror} and {@code mirrors} alike
 * @param cors {@code corsPolicy}, which only a gateway executes; null for none
 * @param origin place of the route, for explain and problems
 */
public record HttpRoute(
        String name,
        List<HttpMatchRequest> match,
        List<HttpRouteDestination> route,
        @Nullable HttpRedirect redirect,
        @Nullable HttpDirectResponse directResponse,
        @Nullable Delegate delegate,
        @Nullable HttpRewrite rewrite,
        @Nullable Duration timeout,
        @Nullable HttpRetry retries,
        @Nullable HttpFaultInjection fault,
        List<HttpMirrorPolicy> mirrors,
        Headers headers,
        @Nullable CorsPolicy cors,
        Origin origin) {
    public HttpRoute {
        match = List.copyOf(match);
        route = List.copyOf(route);
        mirrors = List.copyOf(mirrors);
    }

    /** Starts a route that takes every request and has no destination. */
    public static Builder builder() {
        return new Builder();
    }

    /** Starts a copy. */
    public Builder toBuilder() {
        return new Builder()
                .name(name)
                .match(match)
                .route(route)
                .redirect(redirect)
                .directResponse(directResponse)
                .delegate(delegate)
                .rewrite(rewrite)
                .timeout(timeout)
                .retries(retries)
                .fault(fault)
                .mirrors(mirrors)
                .headers(headers)
                .cors(cors)
                .origin(origin);
    }

    /** Collects a route; not thread-safe. */
    public static final class Builder {
        private String name = "";
        private List<HttpMatchRequest> match = List.of();
        private List<HttpRouteDestination> route = List.of();
        private @Nullable HttpRedirect redirect;
        private @Nullable HttpDirectResponse directResponse;
        private @Nullable Delegate delegate;
        private @Nullable HttpRewrite rewrite;
        private @Nullable Duration timeout;
        private @Nullable HttpRetry retries;
        private @Nullable HttpFaultInjection fault;
        private List<HttpMirrorPolicy> mirrors = List.of();
        private Headers headers = Headers.NONE;
        private @Nullable CorsPolicy cors;
        private Origin origin = Origin.NONE;

        private Builder() {}

        /** Empty when not named. */
        public Builder name(String newName) {
            name = newName;
            return this;
        }

        /** Alternatives; empty matches everything. */
        public Builder match(List<HttpMatchRequest> newMatch) {
            match = newMatch;
            return this;
        }

        /** Destinations with their weights; empty when something else is given. */
        public Builder route(List<HttpRouteDestination> newRoute) {
            route = newRoute;
            return this;
        }

        /** Null for none. */
        public Builder redirect(@Nullable HttpRedirect newRedirect) {
            redirect = newRedirect;
            return this;
        }

        /** Null for none. */
        public Builder directResponse(@Nullable HttpDirectResponse newDirectResponse) {
            directResponse = newDirectResponse;
            return this;
        }

        /** The rule whose routes take the place of this one; null for none. */
        public Builder delegate(@Nullable Delegate newDelegate) {
            delegate = newDelegate;
            return this;
        }

        /** Null for none. */
        public Builder rewrite(@Nullable HttpRewrite newRewrite) {
            rewrite = newRewrite;
            return this;
        }

        /** For the whole call including retries; null or zero for none. */
        public Builder timeout(@Nullable Duration newTimeout) {
            timeout = newTimeout;
            return this;
        }

        /** Null for Istio's default policy. */
        public Builder retries(@Nullable HttpRetry newRetries) {
            retries = newRetries;
            return this;
        }

        /** Null for none. */
        public Builder fault(@Nullable HttpFaultInjection newFault) {
            fault = newFault;
            return this;
        }

        /** Empty for none. */
        public Builder mirrors(List<HttpMirrorPolicy> newMirrors) {
            mirrors = newMirrors;
            return this;
        }

        /** Edits of request and response. */
        public Builder headers(Headers newHeaders) {
            headers = newHeaders;
            return this;
        }

        /** What pages of other origins may do, at a gateway; null for none. */
        public Builder cors(@Nullable CorsPolicy newCors) {
            cors = newCors;
            return this;
        }

        /** Place of the route. */
        public Builder origin(Origin newOrigin) {
            origin = newOrigin;
            return this;
        }

        /** The route. */
        public HttpRoute build() {
            return new HttpRoute(
                    name,
                    match,
                    route,
                    redirect,
                    directResponse,
                    delegate,
                    rewrite,
                    timeout,
                    retries,
                    fault,
                    mirrors,
                    headers,
                    cors,
                    origin);
        }
    }
}
