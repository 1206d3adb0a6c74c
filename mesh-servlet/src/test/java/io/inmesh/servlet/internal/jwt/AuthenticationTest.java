package io.inmesh.servlet.internal.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.util.JSONObjectUtils;
import io.inmesh.call.HeaderField;
import io.inmesh.call.RequestHead;
import io.inmesh.model.JwtRule;
import io.inmesh.model.JwtRule.ClaimHeader;
import io.inmesh.model.JwtRule.TokenHeader;
import io.inmesh.model.ObjectMeta;
import io.inmesh.model.RequestAuthentication;
import io.inmesh.model.WorkloadMatch;
import io.inmesh.servlet.internal.arrival.TestHead;
import io.inmesh.servlet.internal.jwt.Authentication.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class AuthenticationTest {
    private static final String HEADER = "{\"alg\":\"RS256\",\"kid\":\"rsa-1\"}";

    private final AtomicLong now = new AtomicLong(Issuer.NOW);

    @Test
    void believesWhatIsTrue() throws Exception {
        Authentication authentication = authentication(rule().build());
        List<String> tokens = List.of(
                Issuer.token(),
                Issuer.token("exp", Issuer.NOW / 1000 - 59, "nbf", Issuer.NOW / 1000 + 60),
                Issuer.token("exp", 4070908800.5),
                Issuer.signed("{\"alg\":\"RS256\"}", json(Issuer.claims()), Issuer.RSA),
                Issuer.signed("{\"alg\":\"PS256\",\"kid\":\"rsa-1\"}", json(Issuer.claims()), Issuer.RSA),
                Issuer.signed(
                        "{\"alg\":\"ES256\",\"kid\":\"ec-1\",\"typ\":\"at+jwt\"}", json(Issuer.claims()), Issuer.EC),
                Issuer.signed(HEADER, "{\"iss\":\"" + Issuer.NAME + "\",\"sub\":\"alice\"}", Issuer.RSA));

        for (String token : tokens) {
            for (int again = 0; again < 2; again++) {
                Outcome outcome = authentication.judge(head("Authorization", "Bearer " + token));
                assertThat(outcome.token()).isNotNull();
                assertThat(outcome.token().principal()).isEqualTo(Issuer.NAME + "/alice");
                assertThat(outcome.head().claims()).containsEntry("sub", "alice");
                assertThat(outcome.head().headerFields()).isEmpty();
            }
        }
    }

    @Test
    void believesNoTokenLongerThanItLasts() throws Exception {
        Authentication authentication = authentication(rule().build());
        String token = Issuer.token("exp", Issuer.NOW / 1000 + 10);
        RequestHead head = head("Authorization", "Bearer " + token);
        assertThat(authentication.judge(head).token()).isNotNull();

        now.addAndGet(69_999);
        assertThat(authentication.judge(head).token()).isNotNull();

        now.incrementAndGet();
        assertThatThrownBy(() -> authentication.judge(head)).hasMessage("Jwt is expired");
    }

    @ParameterizedTest
    @CsvSource({"svc, true", "'[x,svc]', true", "other, true", "'[]', false", "x, false", "'', false", "'[svcx]', false"
    })
    void wantsOneOfTheAudiences(String audience, boolean allowed) throws Exception {
        Object aud = audience.startsWith("[")
                ? List.of(audience.substring(1, audience.length() - 1).split(","))
                : audience;
        Authentication authentication =
                authentication(rule().audiences(List.of("svc", "other")).build());
        RequestHead head = head("Authorization", "Bearer " + Issuer.token("aud", aud));

        if (allowed) {
            assertThat(authentication.judge(head).token()).isNotNull();
        } else {
            assertThatThrownBy(() -> authentication.judge(head))
                    .isInstanceOfSatisfying(
                            TokenRefused.class,
                            refused -> assertThat(refused.status()).isEqualTo(403));
        }
    }

    /** Places: what is sent, then what of it goes on once a token is true. */
    static Stream<Arguments> placesOfTokens() {
        String token = Issuer.token();
        JwtRule.Builder usual = rule();
        JwtRule.Builder header =
                rule().fromHeaders(List.of(new TokenHeader("x-token", ""), new TokenHeader("x-jwt", "JWT ")));
        JwtRule.Builder cookie = rule().fromCookies(List.of("session"));
        JwtRule.Builder parameter = rule().fromParams(List.of("my token"));
        return Stream.of(
                Arguments.of(usual, "/", List.of("Authorization", "Bearer " + token), "/", List.of()),
                Arguments.of(usual, "/?access_token=" + token, List.of(), "/", List.of()),
                Arguments.of(usual, "/?a=1&access_token=" + token + "&b", List.of(), "/?a=1&b", List.of()),
                Arguments.of(usual, "/?access%5Ftoken=" + token.replace(".", "%2e"), List.of(), "/", List.of()),
                Arguments.of(header, "/", List.of("X-Token", token, "X-Other", "1"), "/", List.of("X-Other: 1")),
                Arguments.of(header, "/", List.of("x-jwt", "JWT " + token), "/", List.of()),
                Arguments.of(
                        cookie,
                        "/",
                        List.of("Cookie", "a=b; session=" + token + ";c=d"),
                        "/",
                        List.of("Cookie: a=b; c=d")),
                Arguments.of(cookie, "/", List.of("Cookie", "session=\"" + token + "\""), "/", List.of()),
                Arguments.of(parameter, "/?my+token=" + token, List.of(), "/", List.of()),
                Arguments.of(parameter, "/?my%20token=" + token + "&x=", List.of(), "/?x=", List.of()));
    }

    @ParameterizedTest
    @MethodSource("placesOfTokens")
    void takesTokensAwayFromWhereTheyWere(
            JwtRule.Builder rule, String path, List<String> headers, String pathAfter, List<String> headersAfter)
            throws Exception {
        RequestHead head = head(path, headers.toArray(new String[0]));

        Outcome outcome =
                authentication(rule.forwardOriginalToken(false).build()).judge(head);
        assertThat(outcome.token()).isNotNull();
        assertThat(outcome.head().pathAndQuery()).isEqualTo(pathAfter);
        assertThat(text(outcome.head())).isEqualTo(headersAfter);

        Outcome forwarded =
                authentication(rule.forwardOriginalToken(true).build()).judge(head);
        assertThat(forwarded.token()).isNotNull();
        assertThat(forwarded.head().pathAndQuery()).isEqualTo(path);
        assertThat(text(forwarded.head())).isEqualTo(text(head));
    }

    @Test
    void letsPassWhatHasNoTokenInItsPlaces() throws Exception {
        String token = Issuer.token();
        Authentication authentication = authentication(rule().build());
        List<RequestHead> heads = List.of(
                head("/"),
                head("/?access_token="),
                head("/?access_tokens=" + token),
                head("/", "Authorization", "Basic abc"),
                head("/", "Authorization", "bearer " + token),
                head("/", "Authorization", token),
                head("/", "Authorization", "Bearer"),
                head("/", "x-token", token),
                head("/", "Cookie", "access_token=" + token));

        for (RequestHead head : heads) {
            Outcome outcome = authentication.judge(head);
            assertThat(outcome.token()).isNull();
            assertThat(outcome.head()).isSameAs(head);
        }
    }

    @Test
    void refusesSeveralTokensInOnePlaceAndFalseOnesBesideTrueOnes() {
        String token = Issuer.token();
        JwtRule rule = rule().fromHeaders(
                        List.of(new TokenHeader("authorization", "Bearer "), new TokenHeader("x-token", "")))
                .fromParams(List.of("access_token"))
                .fromCookies(List.of("session"))
                .build();
        List<RequestHead> heads = List.of(
                head("/", "Authorization", "Bearer " + token, "authorization", "Bearer " + token),
                head("/", "Authorization", "Bearer " + token, "Authorization", "Basic x"),
                head("/", "Authorization", "Bearer " + token + ",Bearer " + token),
                head("/?access_token=" + token + "&access_token=" + token),
                head("/?access_token=" + token + "&access%5ftoken=x"),
                head("/", "Cookie", "session=" + token, "Cookie", "session=" + token),
                head("/", "Cookie", "session=" + token + "; session=x"),
                head("/", "Authorization", "Bearer " + token, "x-token", "false"),
                head("/?access_token=x.y.z", "Authorization", "Bearer " + token));

        for (RequestHead head : heads) {
            assertThatThrownBy(() -> authentication(rule).judge(head))
                    .as(head.toString())
                    .isInstanceOf(TokenRefused.class);
        }
    }

    @Test
    void takesTheFirstOfSeveralTrueTokens() throws Exception {
        JwtRule rule = rule().fromHeaders(List.of(new TokenHeader("x-first", ""), new TokenHeader("x-second", "")))
                .build();
        RequestHead head = head("/", "x-second", Issuer.token("sub", "bob"), "x-first", Issuer.token());

        Outcome outcome = authentication(rule).judge(head);

        assertThat(outcome.head().claims()).containsEntry("sub", "alice");
        assertThat(outcome.head().headerFields()).isEmpty();
    }

    @Test
    void knowsSeveralIssuersWhereEachMayStand() throws Exception {
        JwtRule second =
                JwtRule.builder("second").jwks(Issuer.keys(Issuer.OTHER_RSA)).build();
        JwtRule third = JwtRule.builder("third")
                .jwks(Issuer.keys(Issuer.OTHER_RSA))
                .fromHeaders(List.of(new TokenHeader("x-third", "")))
                .build();
        Authentication authentication = authentication(rule().build(), second, third);
        String ofSecond = Issuer.signed("{\"alg\":\"RS256\"}", json(Issuer.claims("iss", "second")), Issuer.OTHER_RSA);
        String ofThird = Issuer.signed("{\"alg\":\"RS256\"}", json(Issuer.claims("iss", "third")), Issuer.OTHER_RSA);

        assertThat(authentication
                        .judge(head("authorization", "Bearer " + ofSecond))
                        .token()
                        .issuer())
                .isEqualTo("second");
        assertThat(authentication.judge(head("x-third", ofThird)).token().issuer())
                .isEqualTo("third");
        assertThatThrownBy(() -> authentication.judge(head("authorization", "Bearer " + ofThird)))
                .hasMessage("Jwt issuer is not configured");
        // A key of one issuer proves nothing of another.
        assertThatThrownBy(() -> authentication.judge(head(
                        "authorization",
                        "Bearer " + Issuer.signed("{\"alg\":\"RS256\"}", json(Issuer.claims()), Issuer.OTHER_RSA))))
                .hasMessage("Jwt verification fails");
    }

    @Test
    void takesOneHeaderInTwoSpellingsForOnePlace() throws Exception {
        JwtRule first =
                rule().fromHeaders(List.of(new TokenHeader("X-Token", ""))).build();
        JwtRule second = JwtRule.builder("second")
                .jwks(Issuer.keys(Issuer.OTHER_RSA))
                .fromHeaders(List.of(new TokenHeader("x-token", "")))
                .build();
        String ofSecond = Issuer.signed("{\"alg\":\"RS256\"}", json(Issuer.claims("iss", "second")), Issuer.OTHER_RSA);

        for (String token : List.of(Issuer.token(), ofSecond)) {
            Outcome outcome = authentication(first, second).judge(head("x-TOKEN", token));
            assertThat(outcome.token()).isNotNull();
            assertThat(outcome.head().headerFields()).isEmpty();
        }
    }

    @Test
    void remembersATokenNoLongerThanItLasts() throws Exception {
        Authentication authentication = authentication(rule().build());
        authentication.judge(head("authorization", "Bearer " + Issuer.token("exp", Issuer.NOW / 1000 + 10)));
        authentication.judge(head("authorization", "Bearer " + Issuer.token("exp", Issuer.NOW / 1000 + 100)));
        assertThat(authentication.remembered()).isEqualTo(2);

        now.addAndGet(72_000);
        assertThat(authentication.remembered()).isEqualTo(1);

        now.addAndGet(90_000);
        assertThat(authentication.remembered()).isZero();
    }

    @Test
    void takesTokensOfAnyIssuerWhereNoneIsNamed() throws Exception {
        JwtRule any = JwtRule.builder("").jwks(Issuer.keys()).build();

        Outcome outcome = authentication(any).judge(head("authorization", "Bearer " + Issuer.token()));
        assertThat(outcome.token()).isNotNull();
        assertThat(outcome.token().principal()).isEqualTo(Issuer.NAME + "/alice");

        String nobody = Issuer.signed(HEADER, "{\"sub\":\"alice\"}", Issuer.RSA);
        assertThat(authentication(any)
                        .judge(head("authorization", "Bearer " + nobody))
                        .token()
                        .principal())
                .isNull();
    }

    @Test
    void takesARuleOfTheSameIssuerThatTheTokenFits() throws Exception {
        JwtRule forA = rule().audiences(List.of("a")).build();
        JwtRule forB = rule().audiences(List.of("b")).build();

        assertThat(authentication(forA, forB)
                        .judge(head("authorization", "Bearer " + Issuer.token("aud", "b")))
                        .token())
                .isNotNull();
        assertThatThrownBy(() ->
                        authentication(forA, forB).judge(head("authorization", "Bearer " + Issuer.token("aud", "c"))))
                .isInstanceOfSatisfying(
                        TokenRefused.class,
                        refused -> assertThat(refused.status()).isEqualTo(403));
    }

    @Test
    void sendsClaimsOnAndNeverWhatASenderPretends() throws Exception {
        JwtRule rule = rule().outputPayloadToHeader("x-payload")
                .outputClaimToHeaders(List.of(
                        new ClaimHeader("x-sub", "sub"),
                        new ClaimHeader("x-nested", "a.b"),
                        new ClaimHeader("x-num", "num"),
                        new ClaimHeader("x-ok", "ok"),
                        new ClaimHeader("x-list", "list"),
                        new ClaimHeader("x-none", "none"),
                        new ClaimHeader("x-evil", "evil")))
                .build();
        String token = Issuer.token(
                "a", Map.of("b", "c"), "num", 7, "ok", true, "list", List.of("p", "q"), "evil", "x\r\nX-Admin: yes");
        String[] forged = {
            "X-Sub", "eve", "x_sub", "eve", "x.sub", "eve", "x-payload", "eve", "x-none", "eve", "x-evil", "eve"
        };

        Outcome without = authentication(rule).judge(head("/", forged));
        assertThat(without.token()).isNull();
        assertThat(without.head().headerFields()).isEmpty();

        List<String> all = new ArrayList<>(List.of(forged));
        all.addAll(List.of("authorization", "Bearer " + token));
        Outcome with = authentication(rule).judge(head("/", all.toArray(new String[0])));
        assertThat(text(with.head()))
                .containsExactlyInAnyOrder(
                        "x-payload: " + token.split("\\.", -1)[1],
                        "x-sub: alice",
                        "x-nested: c",
                        "x-num: 7",
                        "x-ok: true",
                        "x-list: " + Issuer.encoded("[\"p\",\"q\"]"));
    }

    @Test
    void showsNamesWithSpacesBetweenAsLists() throws Exception {
        JwtRule rule = rule().spaceDelimitedClaims(List.of("roles")).build();
        String token = Issuer.token("scope", "read  write", "roles", "a b", "name", "Alice B");

        Map<String, Object> claims = authentication(rule)
                .judge(head("authorization", "Bearer " + token))
                .head()
                .claims();

        assertThat(claims)
                .containsEntry("scope", List.of("read", "write"))
                .containsEntry("roles", List.of("a", "b"))
                .containsEntry("name", "Alice B");
    }

    static String json(Map<String, Object> claims) {
        return JSONObjectUtils.toJSONString(claims);
    }

    static JwtRule.Builder rule() {
        return JwtRule.builder(Issuer.NAME).jwks(Issuer.keys());
    }

    private Authentication authentication(JwtRule... rules) {
        return authentication(now, rules);
    }

    /** With keys that are written in the rules. */
    static Authentication authentication(AtomicLong now, JwtRule... rules) {
        RequestAuthentication policy =
                new RequestAuthentication(ObjectMeta.of("default", "jwt"), WorkloadMatch.ALL, List.of(rules));
        KeySources sources = new KeySources(
                new KeyFetcher(GuardedSockets.offTheLink()),
                task -> {
                    throw new AssertionError("fetches");
                },
                () -> {},
                () -> 0);
        return new Authentication(List.of(policy), Set.of(), sources, now::get);
    }

    static RequestHead head(String name, String value) {
        return head("/", name, value);
    }

    private static RequestHead head(String path, String... headers) {
        List<HeaderField> fields = new ArrayList<>();
        for (int i = 0; i < headers.length; i += 2) {
            fields.add(new HeaderField(headers[i], headers[i + 1]));
        }
        return new TestHead("GET", "shop.example.com", path, "10.1.2.3", fields);
    }

    private static List<String> text(RequestHead head) {
        return head.headerFields().stream()
                .map(field -> field.name() + ": " + field.value())
                .toList();
    }
}
