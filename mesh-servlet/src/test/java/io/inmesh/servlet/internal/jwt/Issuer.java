package io.inmesh.servlet.internal.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Somebody who signs tokens. Keys are drawn once for all tests. */
public final class Issuer {
    /** Of the claim {@code iss}. */
    public static final String NAME = "https://issuer.test";

    /** Milliseconds since 1970 at which its tokens are looked at. */
    public static final long NOW = 2_000_000_000_000L;

    static final RSAKey RSA = rsa("rsa-1");
    static final RSAKey OTHER_RSA = rsa("rsa-2");
    static final ECKey EC = ec();

    private Issuer() {}

    private static RSAKey rsa(String id) {
        try {
            return new RSAKeyGenerator(2048).keyID(id).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ECKey ec() {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID("ec-1").generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The public parts of keys, as an issuer tells them. */
    static String keys(JWK... keys) {
        return new JWKSet(List.of(keys)).toString(true);
    }

    /** The public parts of its own keys. */
    public static String keys() {
        return keys(RSA, EC);
    }

    /** {@code key=value} pairs as an object, after those of a token of alice that is true until the year 2099. */
    static Map<String, Object> claims(Object... pairs) {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", NAME);
        claims.put("sub", "alice");
        claims.put("exp", 4_070_908_800L);
        for (int i = 0; i < pairs.length; i += 2) {
            claims.put((String) pairs[i], pairs[i + 1]);
        }
        return claims;
    }

    /** A token signed with its RSA key. */
    public static String token(Object... claims) {
        return signed("{\"alg\":\"RS256\",\"kid\":\"rsa-1\"}", JSONObjectUtils.toJSONString(claims(claims)), RSA);
    }

    /** A token of any header and payload, signed with a key by the algorithm that fits it. */
    static String signed(String header, String payload, JWK key) {
        try {
            JWSSigner signer = key instanceof RSAKey rsa ? new RSASSASigner(rsa) : new ECDSASigner((ECKey) key);
            String content = encoded(header) + "." + encoded(payload);
            JWSAlgorithm algorithm = key instanceof RSAKey
                    ? header.contains("PS256") ? JWSAlgorithm.PS256 : JWSAlgorithm.RS256
                    : JWSAlgorithm.ES256;
            Base64URL signature = signer.sign(new JWSHeader(algorithm), content.getBytes(StandardCharsets.US_ASCII));
            return content + "." + signature;
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    static String encoded(String text) {
        return Base64URL.encode(text).toString();
    }
}
