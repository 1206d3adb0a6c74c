package io.inmesh.servlet.internal.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A public key that signatures of tokens are checked with. Immutable and thread-safe. */
final class TrustedKey {
    private static final int SHORTEST_RSA = 2048;
    private static final int ED25519_LENGTH = 32;
    private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");
    private static final Set<JWSAlgorithm> RSA = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512);
    private static final Set<JWSAlgorithm> ED25519 = Set.of(JWSAlgorithm.EdDSA, JWSAlgorithm.Ed25519);

    private final @Nullable String id;
    private final Set<JWSAlgorithm> algorithms;
    private final Check check;

    /** Checks a signature. */
    @FunctionalInterface
    private interface Check {
        boolean verify(JWSAlgorithm algorithm, byte[] signed, Base64URL signature)
                throws JOSEException, GeneralSecurityException;
    }

    private TrustedKey(JWK key, Set<JWSAlgorithm> algorithms, Check check) {
        this.id = key.getKeyID();
        this.check = check;
        this.algorithms = key.getAlgorithm() == null
                ? algorithms
                : algorithms.contains(JWSAlgorithm.parse(key.getAlgorithm().getName()))
                        ? Set.of(JWSAlgorithm.parse(key.getAlgorithm().getName()))
                        : Set.of();
    }

    /**
     * Makes a key ready.
     *
     * @throws IllegalArgumentException when it is not one to check signatures with; the message says why
     */
    static TrustedKey of(JWK key) {
        if (key.getKeyUse() != null && !key.getKeyUse().equals(KeyUse.SIGNATURE)) {
            throw new IllegalArgumentException("its use is not sig");
        }
        try {
            TrustedKey trusted = ofType(key);
            if (trusted.algorithms.isEmpty()) {
                throw new IllegalArgumentException("its alg " + key.getAlgorithm() + " is not one of its type");
            }
            return trusted;
        } catch (JOSEException | GeneralSecurityException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static TrustedKey ofType(JWK key) throws JOSEException, GeneralSecurityException {
        if (key instanceof RSAKey rsa) {
            if (rsa.size() < SHORTEST_RSA) {
                throw new IllegalArgumentException("it has " + rsa.size() + " bits, fewer than " + SHORTEST_RSA);
            }
            return new TrustedKey(key, RSA, by(new RSASSAVerifier(rsa.toRSAPublicKey())));
        }
        if (key instanceof ECKey ec) {
            return new TrustedKey(key, Set.of(algorithm(ec.getCurve())), by(new ECDSAVerifier(ec.toECPublicKey())));
        }
        if (key instanceof OctetKeyPair pair && pair.getCurve().equals(Curve.Ed25519)) {
            PublicKey ed25519 = ed25519(pair.getX().decode());
            return new TrustedKey(key, ED25519, (algorithm, signed, signature) -> {
                Signature edDsa = Signature.getInstance("Ed25519");
                edDsa.initVerify(ed25519);
                edDsa.update(signed);
                return edDsa.verify(signature.decode());
            });
        }
        throw new IllegalArgumentException("its type " + key.getKeyType() + " is not RSA, EC or Ed25519");
    }

    private static JWSAlgorithm algorithm(Curve curve) {
        if (curve.equals(Curve.P_256)) {
            return JWSAlgorithm.ES256;
        }
        if (curve.equals(Curve.P_384)) {
            return JWSAlgorithm.ES384;
        }
        if (curve.equals(Curve.P_521)) {
            return JWSAlgorithm.ES512;
        }
        throw new IllegalArgumentException("its curve " + curve + " is not P-256, P-384 or P-521");
    }

    private static PublicKey ed25519(byte[] point) throws GeneralSecurityException {
        if (point.length != ED25519_LENGTH) {
            throw new IllegalArgumentException("it has " + point.length + " bytes in place of " + ED25519_LENGTH);
        }
        ByteArrayOutputStream encoded = new ByteArrayOutputStream();
        encoded.writeBytes(ED25519_PREFIX);
        encoded.writeBytes(point);
        return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded.toByteArray()));
    }

    private static Check by(JWSVerifier verifier) {
        return (algorithm, signed, signature) -> verifier.verify(new JWSHeader(algorithm), signed, signature);
    }

    /** Whether a token that names this algorithm and this key may be signed with it; a key or a token without a name fits. */
    boolean fits(JWSAlgorithm algorithm, @Nullable String keyId) {
        return algorithms.contains(algorithm) && (keyId == null || id == null || keyId.equals(id));
    }

    /** Whether a token is signed with it. */
    boolean signed(JWSAlgorithm algorithm, CompactToken token) {
        try {
            return check.verify(
                    algorithm, token.signed().getBytes(StandardCharsets.US_ASCII), new Base64URL(token.signature()));
        } catch (JOSEException | GeneralSecurityException | RuntimeException notOne) {
            return false;
        }
    }
}
