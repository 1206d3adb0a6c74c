package io.inmesh.internal.route;

import io.inmesh.call.RequestHead;
import io.inmesh.model.Authority;
import io.inmesh.model.HttpRedirect;
import io.inmesh.model.PathNormalization;
import org.jspecify.annotations.Nullable;

/**
 * Compiled redirect (Envoy: RedirectAction as istiod writes it).
 *
 * @param port 0 when the location carries none
 */
record Redirect(
        int status,
        @Nullable String scheme,
        @Nullable String authority,
        int port,
        @Nullable String path,
        @Nullable String prefix) {
    static Redirect of(HttpRedirect redirect, RouteScope scope) {
        int port = redirect.derivePort() == HttpRedirect.DerivePort.FROM_REQUEST_PORT
                ? scope.port()
                : redirect.derivePort() == null ? redirect.port() : 0;
        String scheme = empty(redirect.scheme());
        boolean https = scheme == null ? scope.tls() : scheme.equals("https");
        if (port == 80 && !https || port == 443 && https) {
            port = 0;
        }
        return new Redirect(
                redirect.redirectCode(),
                scheme,
                empty(redirect.authority()),
                port,
                empty(redirect.uri()),
                empty(redirect.prefixRewrite()));
    }

    private static @Nullable String empty(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }

    String location(RequestHead head, String pathAndQuery, PathMatcher matched) {
        String targetScheme = scheme == null ? head.scheme() : scheme;
        String host = authority == null ? hostOfRequest(head, targetScheme) : authority;
        return targetScheme + "://" + host + (port == 0 ? "" : ":" + port) + target(pathAndQuery, matched);
    }

    private String hostOfRequest(RequestHead head, String targetScheme) {
        Authority called = Authority.of(head.authority());
        boolean drop = port != 0
                || !targetScheme.equals(head.scheme())
                        && (head.scheme().equals("https") && "443".equals(called.port())
                                || head.scheme().equals("http") && "80".equals(called.port()));
        return drop ? called.host() : head.authority();
    }

    private String target(String pathAndQuery, PathMatcher matched) {
        int end = PathNormalization.pathEnd(pathAndQuery);
        if (path != null) {
            return path.indexOf('?') >= 0 ? path : path + pathAndQuery.substring(end);
        }
        return prefix == null ? pathAndQuery : prefix + pathAndQuery.substring(matched.matchedLength(end));
    }
}
