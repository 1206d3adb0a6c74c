package io.inmesh.model;

import org.jspecify.annotations.Nullable;

/**
 * Redirect answered by InMesh itself (Istio: HTTPRedirect).
 *
 * @param uri replaces the whole path; null when not given
 * @param prefixRewrite replaces the matched prefix; null when not given; excludes {@code uri}
 * @param authority replaces the authority; null keeps it
 * @param port 0 when not given
 * @param derivePort null when not given
 * @param scheme null keeps it
 * @param redirectCode 301 unless given
 */
public record HttpRedirect(
        @Nullable String uri,
        @Nullable String prefixRewrite,
        @Nullable String authority,
        int port,
        @Nullable DerivePort derivePort,
        @Nullable String scheme,
        int redirectCode) {
    /** How the port of the location is found. */
    public enum DerivePort {
        /** 80 for http, 443 for https. */
        FROM_PROTOCOL_DEFAULT,
        /** The port of the request. */
        FROM_REQUEST_PORT
    }
}
