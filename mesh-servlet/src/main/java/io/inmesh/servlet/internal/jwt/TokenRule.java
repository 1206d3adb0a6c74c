package io.inmesh.servlet.internal.jwt;

import com.nimbusds.jose.JWSAlgorithm;
import io.inmesh.model.JwtRule;
import io.inmesh.servlet.internal.arrival.Token;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A rule of a RequestAuthentication made ready: one issuer, its keys, and what becomes of its tokens. Thread-safe. */
final class TokenRule {
    private static final Set<String> ALGORITHMS =
            Set.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519");

    private static final List<String> TEXTS = List.of("iss", "sub", "jti");

    /** Seconds since 1970 that an unsigned number of 64 bits does not hold. */
    private static final double LATEST = 0x1p64;

    private final JwtRule rule;
    private final KeySource keys;
    private final List<TokenPlace> places;
    private final Set<String> lists;
    private final ClaimHeaders outputs;

    TokenRule(JwtRule rule, KeySource keys) {
        this.rule = rule;
        this.keys = keys;
        this.places = TokenPlace.of(rule);
        this.lists = new TreeSet<>(List.of("scope", "permission"));
        this.lists.addAll(rule.spaceDelimitedClaims());
        this.outputs = new ClaimHeaders(rule);
    }

    List<TokenPlace> places() {
        return places;
    }

    /** Whether the rule is for tokens with this claim; one without an issuer is for all. */
    boolean isOf(@Nullable Object issuer) {
        return rule.issuer().isEmpty() || rule.issuer().equals(issuer);
    }

    boolean forwardsToken() {
        return rule.forwardOriginalToken();
    }

    ClaimHeaders outputs() {
        return outputs;
    }

    /** The keys in force; null when there are none. */
    @Nullable
    KeySet keys() {
        return keys.current();
    }

    /**
     * Checks a token of this issuer.
     *
     * @param nowMillis since 1970
     */
    VerifiedToken verify(CompactToken token, long nowMillis) throws TokenRefused {
        Map<String, Object> header = token.header();
        if (header.containsKey("crit")) {
            throw TokenRefused.because("Jwt demands an extension that is not known");
        }
        if (!(header.get("alg") instanceof String name) || !ALGORITHMS.contains(name)) {
            throw TokenRefused.because("Jwt header [alg] is not supported");
        }
        Object id = header.get("kid");
        if (id != null && !(id instanceof String)) {
            throw TokenRefused.because("Jwt header [kid] field is not a string");
        }
        requireShapes(token.claims());
        Double notBefore = time(token.claims(), "nbf");
        Double expires = time(token.claims(), "exp");
        VerifiedToken.requireTime(notBefore, expires, nowMillis);
        KeySet signer = signer(JWSAlgorithm.parse(name), (String) id, token);
        if (!rule.audiences().isEmpty() && audiences(token.claims()).stream().noneMatch(rule.audiences()::contains)) {
            throw TokenRefused.forOthers();
        }
        Object subject = token.claims().get("sub");
        return new VerifiedToken(
                new Token(
                        token.claims().get("iss") instanceof String issuer ? issuer : "",
                        subject instanceof String text ? text : null,
                        claims(token.claims())),
                token.claims(),
                token.payloadPart(),
                this,
                signer,
                notBefore,
                expires);
    }

    private KeySet signer(JWSAlgorithm algorithm, @Nullable String id, CompactToken token) throws TokenRefused {
        KeySet known = keys.current();
        if (known != null && !known.has(algorithm, id)) {
            known = keys.newerThan(known);
        }
        if (known == null) {
            throw TokenRefused.because("Jwks remote fetch is failed");
        }
        if (!known.has(algorithm, id)) {
            throw TokenRefused.because("Jwks doesn't have key to match kid or alg from Jwt");
        }
        if (!known.signed(algorithm, id, token)) {
            throw TokenRefused.because("Jwt verification fails");
        }
        return known;
    }

    private static @Nullable Double time(Map<String, Object> claims, String name) throws TokenRefused {
        Object value = claims.get(name);
        if (value == null) {
            if (claims.containsKey(name)) {
                throw TokenRefused.because("Jwt payload [" + name + "] field is not a number");
            }
            return null;
        }
        if (value instanceof Number number) {
            double seconds = number.doubleValue();
            if (seconds >= 0 && seconds < LATEST) {
                return seconds;
            }
            throw TokenRefused.because("Jwt payload [" + name + "] field is out of range");
        }
        throw TokenRefused.because("Jwt payload [" + name + "] field is not a number");
    }

    /** Of the claims that RFC 7519 (4.1) gives a form; whoever reads another one may read what he likes. */
    private static void requireShapes(Map<String, Object> claims) throws TokenRefused {
        for (String name : TEXTS) {
            if (claims.containsKey(name) && !(claims.get(name) instanceof String)) {
                throw TokenRefused.because("Jwt payload [" + name + "] field is not a string");
            }
        }
        boolean proper = !claims.containsKey("aud")
                || claims.get("aud") instanceof String
                || claims.get("aud") instanceof Collection<?> several
                        && several.stream().allMatch(String.class::isInstance);
        if (!proper) {
            throw TokenRefused.because("Jwt payload [aud] field is not a string or string list");
        }
        time(claims, "iat");
    }

    private static Collection<?> audiences(Map<String, Object> claims) {
        Object audience = claims.get("aud");
        return audience instanceof Collection<?> several ? several : audience == null ? List.of() : List.of(audience);
    }

    private Map<String, Object> claims(Map<String, Object> payload) {
        Map<String, Object> claims = new LinkedHashMap<>(payload);
        claims.values().removeIf(java.util.Objects::isNull);
        for (String name : lists) {
            if (claims.get(name) instanceof String text) {
                List<String> parts = new ArrayList<>(Arrays.asList(text.split(" ", -1)));
                parts.removeIf(String::isEmpty);
                claims.put(name, parts);
            }
        }
        return claims;
    }
}
