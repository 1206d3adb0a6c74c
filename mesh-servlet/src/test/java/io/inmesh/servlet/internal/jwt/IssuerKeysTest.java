package io.inmesh.servlet.internal.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which keys of an issuer prove something. */
class IssuerKeysTest {
    private final AtomicLong now = new AtomicLong(Issuer.NOW);

    @Test
    void believesEd25519() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        byte[] encoded = pair.getPublic().getEncoded();
        byte[] point = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
        String keys = Issuer.keys(new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(point)).build());
        String content =
                Issuer.encoded("{\"alg\":\"EdDSA\"}") + "." + Issuer.encoded(AuthenticationTest.json(Issuer.claims()));
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(pair.getPrivate());
        signature.update(content.getBytes(StandardCharsets.US_ASCII));
        String token = content + "." + Base64URL.encode(signature.sign());
        Authentication authentication = AuthenticationTest.authentication(
                now, AuthenticationTest.rule().jwks(keys).build());

        assertThat(authentication
                        .judge(AuthenticationTest.head("Authorization", "Bearer " + token))
                        .token())
                .isNotNull();
        assertThatThrownBy(() ->
                        authentication.judge(AuthenticationTest.head("Authorization", "Bearer " + content + ".AAAA")))
                .isInstanceOf(TokenRefused.class);
    }

    /** Keys that prove nothing: too short, secret, for something else, of other kinds, or none at all. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "not json",
                "{}",
                "{\"keys\":[]}",
                "{\"keys\":{}}",
                "{\"keys\":[1]}",
                "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\"}]}",
                "{\"keys\":[{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"AQAB\"}]}",
                "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"AAAA\"}]}",
                "{\"keys\":[{\"kty\":\"new\"}]}",
            })
    void refusesAllTokensWithoutKeys(String keys) {
        assertThatThrownBy(() -> AuthenticationTest.authentication(
                                now, AuthenticationTest.rule().jwks(keys).build())
                        .judge(AuthenticationTest.head("authorization", "Bearer " + Issuer.token())))
                .isInstanceOf(TokenRefused.class);
    }

    @Test
    void usesKeysForNothingElseThanTheySayTheyAreFor() {
        String text = Issuer.RSA.toPublicJWK().toJSONString();
        for (String limit : List.of("\"use\":\"enc\"", "\"alg\":\"RS512\"", "\"alg\":\"HS256\"")) {
            String keys = "{\"keys\":[" + text.substring(0, text.length() - 1) + "," + limit + "}]}";
            assertThatThrownBy(() -> AuthenticationTest.authentication(
                                    now, AuthenticationTest.rule().jwks(keys).build())
                            .judge(AuthenticationTest.head("authorization", "Bearer " + Issuer.token())))
                    .as(limit)
                    .isInstanceOf(TokenRefused.class);
        }
    }

    @Test
    void usesTheGoodKeysOfASetWithBadOnes() throws Exception {
        String keys = "{\"keys\":[{\"kty\":\"new\"},{\"kty\":\"oct\",\"k\":\"AAAA\"},"
                + Issuer.RSA.toPublicJWK().toJSONString() + "]}";

        assertThat(AuthenticationTest.authentication(
                                now, AuthenticationTest.rule().jwks(keys).build())
                        .judge(AuthenticationTest.head("authorization", "Bearer " + Issuer.token()))
                        .token())
                .isNotNull();
    }
}
