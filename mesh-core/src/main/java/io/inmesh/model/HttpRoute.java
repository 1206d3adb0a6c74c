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
        Origin origin) {
    /** Copies the lists. */
    public HttpRoute {
        match = List.copyOf(match);
        route = List.copyOf(route);
        mirrors = List.copyOf(mirrors);
    }
}
