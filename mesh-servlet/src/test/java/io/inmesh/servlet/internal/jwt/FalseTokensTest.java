package io.inmesh.servlet.internal.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.util.Base64URL;
import io.inmesh.model.JwtRule;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tokens that nobody is to believe, whatever audiences a rule wants. */
class FalseTokensTest {
    private static final String HEADER = "{\"alg\":\"RS256\",\"kid\":\"rsa-1\"}";

    private final AtomicLong now = new AtomicLong(Issuer.NOW);

    static Stream<Arguments> falseTokens() throws Exception {
        String good = Issuer.token();
        String[] parts = good.split("\\.", -1);
        String payload = AuthenticationTest.json(Issuer.claims());
        byte[] publicKey = Issuer.RSA.toRSAPublicKey().getEncoded();
        String pem = "-----BEGIN PUBLIC KEY-----\n"
                + new String(java.util.Base64.getMimeEncoder().encode(publicKey), StandardCharsets.US_ASCII)
                + "\n-----END PUBLIC KEY-----\n";
        return Stream.of(
                arguments("alg none without signature", Issuer.encoded("{\"alg\":\"none\"}") + "." + parts[1] + "."),
                arguments(
                        "alg none with signature",
                        Issuer.encoded("{\"alg\":\"none\"}") + "." + parts[1] + "." + parts[2]),
                arguments("alg nOnE", Issuer.encoded("{\"alg\":\"nOnE\"}") + "." + parts[1] + "." + parts[2]),
                arguments("no alg", Issuer.signed("{\"kid\":\"rsa-1\"}", payload, Issuer.RSA)),
                arguments("alg is a number", Issuer.signed("{\"alg\":1}", payload, Issuer.RSA)),
                arguments("HMAC with the public key", hmac(publicKey)),
                arguments("HMAC with the public key as PEM", hmac(pem.getBytes(StandardCharsets.US_ASCII))),
                arguments("HMAC with the key set", hmac(Issuer.keys().getBytes(StandardCharsets.US_ASCII))),
                arguments(
                        "ES256 with an RSA key",
                        Issuer.signed("{\"alg\":\"ES256\",\"kid\":\"rsa-1\"}", payload, Issuer.RSA)),
                arguments(
                        "RS256 with an EC key",
                        Issuer.signed("{\"alg\":\"RS256\",\"kid\":\"ec-1\"}", payload, Issuer.EC)),
                arguments(
                        "PS256 signed as RS256",
                        Issuer.signed("{\"alg\":\"RS512\",\"kid\":\"rsa-1\"}", payload, Issuer.RSA)),
                arguments(
                        "an EC signature of zeros",
                        Issuer.encoded("{\"alg\":\"ES256\",\"kid\":\"ec-1\"}") + "." + parts[1] + "."
                                + Base64URL.encode(new byte[64])),
                arguments("another key", Issuer.signed(HEADER, payload, Issuer.OTHER_RSA)),
                arguments(
                        "a kid that is not known",
                        Issuer.signed("{\"alg\":\"RS256\",\"kid\":\"x\"}", payload, Issuer.RSA)),
                arguments(
                        "a kid that is a path",
                        Issuer.signed("{\"alg\":\"RS256\",\"kid\":\"../../dev/null\"}", payload, Issuer.RSA)),
                arguments(
                        "a kid that is a list",
                        Issuer.signed("{\"alg\":\"RS256\",\"kid\":[\"rsa-1\"]}", payload, Issuer.RSA)),
                arguments(
                        "its own key in the header",
                        Issuer.signed(
                                "{\"alg\":\"RS256\",\"jwk\":"
                                        + Issuer.OTHER_RSA.toPublicJWK().toJSONString() + "}",
                                payload,
                                Issuer.OTHER_RSA)),
                arguments(
                        "a key address in the header",
                        Issuer.signed("{\"alg\":\"RS256\",\"jku\":\"http://evil.test/\"}", payload, Issuer.OTHER_RSA)),
                arguments(
                        "a critical extension",
                        Issuer.signed("{\"alg\":\"RS256\",\"kid\":\"rsa-1\",\"crit\":[\"exp\"]}", payload, Issuer.RSA)),
                arguments(
                        "an empty list of critical extensions",
                        Issuer.signed("{\"alg\":\"RS256\",\"kid\":\"rsa-1\",\"crit\":[]}", payload, Issuer.RSA)),
                arguments(
                        "an unencoded payload",
                        Issuer.signed(
                                "{\"alg\":\"RS256\",\"kid\":\"rsa-1\",\"b64\":false,\"crit\":[\"b64\"]}",
                                payload,
                                Issuer.RSA)),
                arguments(
                        "another payload",
                        parts[0] + "." + Issuer.encoded(AuthenticationTest.json(Issuer.claims("sub", "bob"))) + "."
                                + parts[2]),
                arguments("a signature cut off", good.substring(0, good.length() - 8)),
                arguments("no signature", parts[0] + "." + parts[1] + "."),
                arguments("no signature and no dot", parts[0] + "." + parts[1]),
                arguments("four parts", good + ".x"),
                arguments("an encrypted token", "a.b.c.d.e"),
                arguments("expired", Issuer.token("exp", Issuer.NOW / 1000 - 60)),
                arguments("expired long ago", Issuer.token("exp", 1)),
                arguments("exp below zero", Issuer.token("exp", -1)),
                arguments("exp as a text", Issuer.token("exp", "4070908800")),
                arguments("exp as a list", Issuer.token("exp", List.of(4070908800L))),
                arguments(
                        "exp null",
                        Issuer.signed(HEADER, "{\"iss\":\"" + Issuer.NAME + "\",\"exp\":null}", Issuer.RSA)),
                arguments(
                        "exp beyond all numbers",
                        Issuer.signed(HEADER, "{\"iss\":\"" + Issuer.NAME + "\",\"exp\":1e999}", Issuer.RSA)),
                arguments("not yet valid", Issuer.token("nbf", Issuer.NOW / 1000 + 61)),
                arguments("nbf as a text", Issuer.token("nbf", "1")),
                arguments("nbf below zero", Issuer.token("nbf", -1)),
                arguments("exp of more than 64 bits", Issuer.token("exp", new java.math.BigInteger("9".repeat(40)))),
                arguments("iat as a text", Issuer.token("iat", "1")),
                arguments("sub as a number", Issuer.token("sub", 7)),
                arguments("sub null", signed("\"sub\":null")),
                arguments("sub as an object", Issuer.token("sub", Map.of("a", "b"))),
                arguments("jti as a list", Issuer.token("jti", List.of("a"))),
                arguments("aud null", signed("\"aud\":null")),
                arguments("aud as a list with null", signed("\"aud\":[null]")),
                arguments("aud as a list with the audience and null", signed("\"aud\":[\"a\",null]")),
                arguments("aud as a number", Issuer.token("aud", 5)),
                arguments("aud as a list of numbers", Issuer.token("aud", List.of(5))),
                arguments("aud as an object", Issuer.token("aud", Map.of("a", "b"))),
                arguments("aud as a list in a list", Issuer.token("aud", List.of(List.of("a")))),
                arguments("iss null", signed("\"iss\":null")),
                arguments(
                        "two issuers",
                        Issuer.signed(HEADER, "{\"iss\":\"x\",\"iss\":\"" + Issuer.NAME + "\"}", Issuer.RSA)),
                arguments("two exp", signed("\"exp\":1,\"exp\":4070908800")),
                arguments("two alg", Issuer.signed("{\"alg\":\"none\",\"alg\":\"RS256\"}", payload, Issuer.RSA)),
                arguments("text behind the payload", Issuer.signed(HEADER, payload + "x", Issuer.RSA)),
                arguments("a payload of a megabyte", Issuer.token("x", "x".repeat(1 << 20))),
                arguments("another issuer", Issuer.token("iss", "https://other.test")),
                arguments("an issuer with a slash more", Issuer.token("iss", Issuer.NAME + "/")),
                arguments("an issuer in a list", Issuer.token("iss", List.of(Issuer.NAME))),
                arguments("no issuer", Issuer.signed(HEADER, "{\"sub\":\"alice\"}", Issuer.RSA)),
                arguments("a payload that is a list", Issuer.signed(HEADER, "[]", Issuer.RSA)),
                arguments("a payload that is null", Issuer.signed(HEADER, "null", Issuer.RSA)),
                arguments("a payload that is no JSON", Issuer.signed(HEADER, "{", Issuer.RSA)),
                arguments(
                        "a deep payload",
                        Issuer.signed(HEADER, "{\"iss\":" + "[".repeat(3000) + "]".repeat(3000) + "}", Issuer.RSA)),
                arguments("a deep header", Issuer.encoded("{\"alg\":" + "[".repeat(5000)) + ".e30.AAAA"),
                arguments("a padded part", parts[0] + "=." + parts[1] + "." + parts[2]),
                arguments("a space within", parts[0] + ". " + parts[1] + "." + parts[2]),
                arguments("something behind", good + " x"),
                arguments("a letter that is no base64", parts[0] + ".*" + parts[1] + "." + parts[2]),
                arguments("a token longer than 8 KiB", Issuer.token("x", "x".repeat(8192))),
                arguments("nonsense", "x.y.z"),
                arguments("one word", "token"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("falseTokens")
    void refuses(String what, String token) {
        JwtRule anyAudience = AuthenticationTest.rule().build();
        JwtRule oneAudience = AuthenticationTest.rule().audiences(List.of("a")).build();

        for (JwtRule rule : List.of(anyAudience, oneAudience)) {
            Authentication authentication = AuthenticationTest.authentication(now, rule);
            assertThatThrownBy(() -> authentication.judge(AuthenticationTest.head("Authorization", "Bearer " + token)))
                    .isInstanceOfSatisfying(
                            TokenRefused.class,
                            refused -> assertThat(refused.status()).isEqualTo(401))
                    .hasMessageNotContaining(token.length() > 20 ? token.substring(0, 20) : "no token");
        }
    }

    private static String hmac(byte[] secret) throws Exception {
        String content = Issuer.encoded("{\"alg\":\"HS256\",\"kid\":\"rsa-1\"}") + "."
                + Issuer.encoded(AuthenticationTest.json(Issuer.claims()));
        return content + "."
                + new MACSigner(secret)
                        .sign(new JWSHeader(JWSAlgorithm.HS256), content.getBytes(StandardCharsets.US_ASCII));
    }

    /** A token of which only this member is odd. */
    private static String signed(String member) {
        return Issuer.signed(
                HEADER,
                (member.startsWith("\"iss\"") ? "{" : "{\"iss\":\"" + Issuer.NAME + "\",") + member + "}",
                Issuer.RSA);
    }

    private static Arguments arguments(String what, String token) {
        return Arguments.of(what, token);
    }
}
