package io.inmesh.model;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What pages of other origins may do with the answers of a route (Istio: CorsPolicy).
 *
 * @param allowOrigins conditions of which an origin has to hold one; empty allows none
 * @param allowMethods of {@code Access-Control-Allow-Methods}; empty leaves the header away
 * @param allowHeaders of {@code Access-Control-Allow-Headers}; empty leaves the header away
 * @param exposeHeaders of {@code Access-Control-Expose-Headers}; empty leaves the header away
 * @param maxAge how long a preflight may be remembered; null leaves the header away
 * @param allowCredentials null when not given: none
 * @param ignoreUnmatchedPreflights whether preflights of other origins are answered here instead of being forwarded
 */
public record CorsPolicy(
        List<StringMatch> allowOrigins,
        List<String> allowMethods,
        List<String> allowHeaders,
        List<String> exposeHeaders,
        @Nullable Duration maxAge,
        @Nullable Boolean allowCredentials,
        boolean ignoreUnmatchedPreflights) {
    public CorsPolicy {
        allowOrigins = List.copyOf(allowOrigins);
        allowMethods = List.copyOf(allowMethods);
        allowHeaders = List.copyOf(allowHeaders);
        exposeHeaders = List.copyOf(exposeHeaders);
    }

    /** Starts one of which only this is given. */
    public static Builder builder(List<StringMatch> allowOrigins) {
        return new Builder(allowOrigins);
    }

    /** Starts a copy. */
    public Builder toBuilder() {
        return new Builder(allowOrigins)
                .allowMethods(allowMethods)
                .allowHeaders(allowHeaders)
                .exposeHeaders(exposeHeaders)
                .maxAge(maxAge)
                .allowCredentials(allowCredentials)
                .ignoreUnmatchedPreflights(ignoreUnmatchedPreflights);
    }

    /** Collects the parts; not thread-safe. */
    public static final class Builder {
        private final List<StringMatch> allowOrigins;
        private List<String> allowMethods = List.of();
        private List<String> allowHeaders = List.of();
        private List<String> exposeHeaders = List.of();
        private @Nullable Duration maxAge;
        private @Nullable Boolean allowCredentials;
        private boolean ignoreUnmatchedPreflights;

        private Builder(List<StringMatch> allowOrigins) {
            this.allowOrigins = allowOrigins;
        }

        /** Of {@code Access-Control-Allow-Methods}; empty leaves the header away. */
        public Builder allowMethods(List<String> newAllowMethods) {
            allowMethods = newAllowMethods;
            return this;
        }

        /** Of {@code Access-Control-Allow-Headers}; empty leaves the header away. */
        public Builder allowHeaders(List<String> newAllowHeaders) {
            allowHeaders = newAllowHeaders;
            return this;
        }

        /** Of {@code Access-Control-Expose-Headers}; empty leaves the header away. */
        public Builder exposeHeaders(List<String> newExposeHeaders) {
            exposeHeaders = newExposeHeaders;
            return this;
        }

        /** How long a preflight may be remembered; null leaves the header away. */
        public Builder maxAge(@Nullable Duration newMaxAge) {
            maxAge = newMaxAge;
            return this;
        }

        /** Null when not given: none. */
        public Builder allowCredentials(@Nullable Boolean newAllowCredentials) {
            allowCredentials = newAllowCredentials;
            return this;
        }

        /** Whether preflights of other origins are answered here instead of being forwarded. */
        public Builder ignoreUnmatchedPreflights(boolean newIgnoreUnmatchedPreflights) {
            ignoreUnmatchedPreflights = newIgnoreUnmatchedPreflights;
            return this;
        }

        /** The cors policy. */
        public CorsPolicy build() {
            return new CorsPolicy(
                    allowOrigins,
                    allowMethods,
                    allowHeaders,
                    exposeHeaders,
                    maxAge,
                    allowCredentials,
                    ignoreUnmatchedPreflights);
        }
    }
}
