package io.inmesh.model;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One alternative of a route's match; all conditions given must hold (Istio: HTTPMatchRequest).
 *
 * @param name empty when not named
 * @param uri against the path without query; null means any
 * @param scheme null means any
 * @param method null means any
 * @param authority against the authority as sent, port included; null means any
 * @param headers by lower-case name; an absent header never matches
 * @param withoutHeaders by lower-case name; the route is excluded when one matches
 * @param queryParams first value of each, not decoded
 * @param port service port that was called; 0 means any
 * @param sourceLabels labels of the calling workload, ignored when {@code gateways} is given
 * @param sourceNamespace namespace of the calling workload, null means any
 * @param gateways overrides the VirtualService's; empty means inherit
 * @param ignoreUriCase concerns exact and prefix, not regex
 * @param statPrefix null when not given
 * @param origin place of the block
 */
public record HttpMatchRequest(
        String name,
        @Nullable StringMatch uri,
        @Nullable StringMatch scheme,
        @Nullable StringMatch method,
        @Nullable StringMatch authority,
        Map<String, StringMatch> headers,
        Map<String, StringMatch> withoutHeaders,
        Map<String, StringMatch> queryParams,
        int port,
        Map<String, String> sourceLabels,
        @Nullable String sourceNamespace,
        List<String> gateways,
        boolean ignoreUriCase,
        @Nullable String statPrefix,
        Origin origin) {
    public HttpMatchRequest {
        headers = Map.copyOf(headers);
        withoutHeaders = Map.copyOf(withoutHeaders);
        queryParams = Map.copyOf(queryParams);
        sourceLabels = Map.copyOf(sourceLabels);
        gateways = List.copyOf(gateways);
    }

    /** Starts a match that takes every request. */
    public static Builder builder() {
        return new Builder();
    }

    /** Starts a copy. */
    public Builder toBuilder() {
        return new Builder()
                .name(name)
                .uri(uri)
                .scheme(scheme)
                .method(method)
                .authority(authority)
                .headers(headers)
                .withoutHeaders(withoutHeaders)
                .queryParams(queryParams)
                .port(port)
                .sourceLabels(sourceLabels)
                .sourceNamespace(sourceNamespace)
                .gateways(gateways)
                .ignoreUriCase(ignoreUriCase)
                .statPrefix(statPrefix)
                .origin(origin);
    }

    /** Collects a match; not thread-safe. */
    public static final class Builder {
        private String name = "";
        private @Nullable StringMatch uri;
        private @Nullable StringMatch scheme;
        private @Nullable StringMatch method;
        private @Nullable StringMatch authority;
        private Map<String, StringMatch> headers = Map.of();
        private Map<String, StringMatch> withoutHeaders = Map.of();
        private Map<String, StringMatch> queryParams = Map.of();
        private int port;
        private Map<String, String> sourceLabels = Map.of();
        private @Nullable String sourceNamespace;
        private List<String> gateways = List.of();
        private boolean ignoreUriCase;
        private @Nullable String statPrefix;
        private Origin origin = Origin.NONE;

        private Builder() {}

        /** Empty when not named. */
        public Builder name(String newName) {
            name = newName;
            return this;
        }

        /** Against the path without query; null for any. */
        public Builder uri(@Nullable StringMatch newUri) {
            uri = newUri;
            return this;
        }

        /** Null for any. */
        public Builder scheme(@Nullable StringMatch newScheme) {
            scheme = newScheme;
            return this;
        }

        /** Null for any. */
        public Builder method(@Nullable StringMatch newMethod) {
            method = newMethod;
            return this;
        }

        /** Against the authority as sent, port included; null means any. */
        public Builder authority(@Nullable StringMatch newAuthority) {
            authority = newAuthority;
            return this;
        }

        /** By lower-case name; an absent header never matches. */
        public Builder headers(Map<String, StringMatch> newHeaders) {
            headers = newHeaders;
            return this;
        }

        /** By lower-case name; the route is excluded when one matches. */
        public Builder withoutHeaders(Map<String, StringMatch> newWithoutHeaders) {
            withoutHeaders = newWithoutHeaders;
            return this;
        }

        /** First value of each, not decoded. */
        public Builder queryParams(Map<String, StringMatch> newQueryParams) {
            queryParams = newQueryParams;
            return this;
        }

        /** Service port that was called; 0 means any. */
        public Builder port(int newPort) {
            port = newPort;
            return this;
        }

        /** Labels of the calling workload, ignored when {@code gateways} is given. */
        public Builder sourceLabels(Map<String, String> newSourceLabels) {
            sourceLabels = newSourceLabels;
            return this;
        }

        /** Namespace of the calling workload, null means any. */
        public Builder sourceNamespace(@Nullable String newSourceNamespace) {
            sourceNamespace = newSourceNamespace;
            return this;
        }

        /** Overrides the VirtualService's; empty means inherit. */
        public Builder gateways(List<String> newGateways) {
            gateways = newGateways;
            return this;
        }

        /** Concerns exact and prefix, not regex. */
        public Builder ignoreUriCase(boolean newIgnoreUriCase) {
            ignoreUriCase = newIgnoreUriCase;
            return this;
        }

        /** Null when not given. */
        public Builder statPrefix(@Nullable String newStatPrefix) {
            statPrefix = newStatPrefix;
            return this;
        }

        /** Place of the block. */
        public Builder origin(Origin newOrigin) {
            origin = newOrigin;
            return this;
        }

        /** The match. */
        public HttpMatchRequest build() {
            return new HttpMatchRequest(
                    name,
                    uri,
                    scheme,
                    method,
                    authority,
                    headers,
                    withoutHeaders,
                    queryParams,
                    port,
                    sourceLabels,
                    sourceNamespace,
                    gateways,
                    ignoreUriCase,
                    statPrefix,
                    origin);
        }
    }
}
