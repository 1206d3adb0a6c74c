package io.inmesh.model;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An issuer of tokens and how they come (Istio: JWTRule). A request without a token passes; one with a bad token does not.
 *
 * @param issuer value of the claim {@code iss}; empty for any, where there is {@code jwksUri}
 * @param audiences a token must be for one of these; empty for any
 * @param jwks keys as text, a JSON Web Key Set; null when not given
 * @param jwksUri address of the keys, http, https or an absolute file; null when not given, or beside {@code jwks}; with
 *     neither of the two the OpenID configuration of the issuer says it, where that is a URL; else no token is believed
 * @param fromHeaders where tokens stand; with no place given at all, {@code Authorization: Bearer} and the parameter {@code access_token}
 * @param fromParams query parameters with tokens
 * @param fromCookies cookies with tokens
 * @param outputPayloadToHeader header that the payload is sent on in, as base64url; null for none
 * @param forwardOriginalToken whether the token is sent on
 * @param outputClaimToHeaders claims that are sent on as headers
 * @param spaceDelimitedClaims claims whose text is a list with spaces
 * @param timeout for fetching keys; null for 5 s
 * @param origin place of the rule
 */
public record JwtRule(
        String issuer,
        List<String> audiences,
        @Nullable String jwks,
        @Nullable String jwksUri,
        List<TokenHeader> fromHeaders,
        List<String> fromParams,
        List<String> fromCookies,
        @Nullable String outputPayloadToHeader,
        boolean forwardOriginalToken,
        List<ClaimHeader> outputClaimToHeaders,
        List<String> spaceDelimitedClaims,
        @Nullable Duration timeout,
        Origin origin) {
    public JwtRule {
        audiences = List.copyOf(audiences);
        fromHeaders = List.copyOf(fromHeaders);
        fromParams = List.copyOf(fromParams);
        fromCookies = List.copyOf(fromCookies);
        outputClaimToHeaders = List.copyOf(outputClaimToHeaders);
        spaceDelimitedClaims = List.copyOf(spaceDelimitedClaims);
    }

    /**
     * A header with tokens.
     *
     * @param prefix before the token, such as {@code "Bearer "}; empty for none
     */
    public record TokenHeader(String name, String prefix) {}

    /**
     * A header that is made of a claim.
     *
     * @param claim name, with dots between levels
     */
    public record ClaimHeader(String header, String claim) {}

    /** Starts one of which only this is given. */
    public static Builder builder(String issuer) {
        return new Builder(issuer);
    }

    /** Starts a copy. */
    public Builder toBuilder() {
        return new Builder(issuer)
                .audiences(audiences)
                .jwks(jwks)
                .jwksUri(jwksUri)
                .fromHeaders(fromHeaders)
                .fromParams(fromParams)
                .fromCookies(fromCookies)
                .outputPayloadToHeader(outputPayloadToHeader)
                .forwardOriginalToken(forwardOriginalToken)
                .outputClaimToHeaders(outputClaimToHeaders)
                .spaceDelimitedClaims(spaceDelimitedClaims)
                .timeout(timeout)
                .origin(origin);
    }

    /** Collects the parts; not thread-safe. */
    public static final class Builder {
        private final String issuer;
        private List<String> audiences = List.of();
        private @Nullable String jwks;
        private @Nullable String jwksUri;
        private List<TokenHeader> fromHeaders = List.of();
        private List<String> fromParams = List.of();
        private List<String> fromCookies = List.of();
        private @Nullable String outputPayloadToHeader;
        private boolean forwardOriginalToken;
        private List<ClaimHeader> outputClaimToHeaders = List.of();
        private List<String> spaceDelimitedClaims = List.of();
        private @Nullable Duration timeout;
        private Origin origin = Origin.NONE;

        private Builder(String issuer) {
            this.issuer = issuer;
        }

        /** A token must be for one of these; empty for any. */
        public Builder audiences(List<String> newAudiences) {
            audiences = newAudiences;
            return this;
        }

        /** Keys as text, a JSON Web Key Set; null when not given. */
        public Builder jwks(@Nullable String newJwks) {
            jwks = newJwks;
            return this;
        }

        /** Address of the keys, http or https; null when not given. */
        public Builder jwksUri(@Nullable String newJwksUri) {
            jwksUri = newJwksUri;
            return this;
        }

        /** Where tokens stand; with no place given at all, {@code Authorization: Bearer} and the parameter {@code access_token}. */
        public Builder fromHeaders(List<TokenHeader> newFromHeaders) {
            fromHeaders = newFromHeaders;
            return this;
        }

        /** Query parameters with tokens. */
        public Builder fromParams(List<String> newFromParams) {
            fromParams = newFromParams;
            return this;
        }

        /** Cookies with tokens. */
        public Builder fromCookies(List<String> newFromCookies) {
            fromCookies = newFromCookies;
            return this;
        }

        /** Header that the payload is sent on in, as base64url; null for none. */
        public Builder outputPayloadToHeader(@Nullable String newOutputPayloadToHeader) {
            outputPayloadToHeader = newOutputPayloadToHeader;
            return this;
        }

        /** Whether the token is sent on. */
        public Builder forwardOriginalToken(boolean newForwardOriginalToken) {
            forwardOriginalToken = newForwardOriginalToken;
            return this;
        }

        /** Claims that are sent on as headers. */
        public Builder outputClaimToHeaders(List<ClaimHeader> newOutputClaimToHeaders) {
            outputClaimToHeaders = newOutputClaimToHeaders;
            return this;
        }

        /** Claims whose text is a list with spaces. */
        public Builder spaceDelimitedClaims(List<String> newSpaceDelimitedClaims) {
            spaceDelimitedClaims = newSpaceDelimitedClaims;
            return this;
        }

        /** For fetching keys; null for 5 s. */
        public Builder timeout(@Nullable Duration newTimeout) {
            timeout = newTimeout;
            return this;
        }

        /** Place of the rule. */
        public Builder origin(Origin newOrigin) {
            origin = newOrigin;
            return this;
        }

        /** The jwt rule. */
        public JwtRule build() {
            return new JwtRule(
                    issuer,
                    audiences,
                    jwks,
                    jwksUri,
                    fromHeaders,
                    fromParams,
                    fromCookies,
                    outputPayloadToHeader,
                    forwardOriginalToken,
                    outputClaimToHeaders,
                    spaceDelimitedClaims,
                    timeout,
                    origin);
        }
    }
}
