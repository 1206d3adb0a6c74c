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

    /** Starts a redirect to the same place with status 301. */
    public static Builder builder() {
        return new Builder();
    }

    /** Starts a copy. */
    public Builder toBuilder() {
        return new Builder()
                .uri(uri)
                .prefixRewrite(prefixRewrite)
                .authority(authority)
                .port(port)
                .derivePort(derivePort)
                .scheme(scheme)
                .redirectCode(redirectCode);
    }

    /** Collects a redirect; not thread-safe. */
    public static final class Builder {
        private @Nullable String uri;
        private @Nullable String prefixRewrite;
        private @Nullable String authority;
        private int port;
        private @Nullable DerivePort derivePort;
        private @Nullable String scheme;
        private int redirectCode = 301;

        private Builder() {}

        /** Replaces the whole path; null when not given. */
        public Builder uri(@Nullable String newUri) {
            uri = newUri;
            return this;
        }

        /** Replaces the matched prefix; null when not given; excludes {@code uri}. */
        public Builder prefixRewrite(@Nullable String newPrefixRewrite) {
            prefixRewrite = newPrefixRewrite;
            return this;
        }

        /** Replaces the authority; null keeps it. */
        public Builder authority(@Nullable String newAuthority) {
            authority = newAuthority;
            return this;
        }

        /** 0 when not given. */
        public Builder port(int newPort) {
            port = newPort;
            return this;
        }

        /** Null when not given. */
        public Builder derivePort(@Nullable DerivePort newDerivePort) {
            derivePort = newDerivePort;
            return this;
        }

        /** Null keeps it. */
        public Builder scheme(@Nullable String newScheme) {
            scheme = newScheme;
            return this;
        }

        /** 301 unless given. */
        public Builder redirectCode(int newRedirectCode) {
            redirectCode = newRedirectCode;
            return this;
        }

        /** The redirect. */
        public HttpRedirect build() {
            return new HttpRedirect(uri, prefixRewrite, authority, port, derivePort, scheme, redirectCode);
        }
    }
}
