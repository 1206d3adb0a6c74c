package io.inmesh.internal.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.call.RequestHead;
import io.inmesh.model.HttpMatchRequest;
import io.inmesh.model.StringMatch;
import io.inmesh.testing.HeadWithClaims;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClaimMatcherTest {
    private static final RequestHead ALICE = HeadWithClaims.get(
            "http://h/",
            Map.of(
                    "sub",
                    "alice",
                    "groups",
                    List.of("admin", "dev", 7),
                    "num",
                    7,
                    "on",
                    true,
                    "nested",
                    Map.of("a", Map.of("b", "c")),
                    "https://x.y/z",
                    "dotted"));
    private static final RequestHead NOBODY = HeadWithClaims.get("http://h/", Map.of());

    private static boolean matches(HttpMatchRequest match, RequestHead head) {
        return RouteMatcher.of(match, true).matches(head, "/", 1);
    }

    private static StringMatch condition(String kind, String value) {
        return switch (kind) {
            case "exact" -> new StringMatch.Exact(value);
            case "prefix" -> new StringMatch.Prefix(value);
            case "regex" -> new StringMatch.Regex(value);
            default -> new StringMatch.Present();
        };
    }

    @ParameterizedTest
    @CsvSource({
        "@request.auth.claims.sub, exact, alice, true",
        "@request.auth.claims[sub], exact, alice, true",
        "@Request.Auth.Claims.sub, exact, alice, true",
        "@request.auth.claims.sub, exact, Alice, false",
        "@request.auth.claims.sub, prefix, al, true",
        "@request.auth.claims.sub, regex, a.*e, true",
        "@request.auth.claims.sub, regex, a.*c, false",
        "@request.auth.claims.sub, present, '', true",
        "@request.auth.claims.groups, exact, dev, true",
        "@request.auth.claims.groups, exact, ops, false",
        "@request.auth.claims.groups, exact, 7, false",
        "@request.auth.claims.num, exact, 7, false",
        "@request.auth.claims.on, exact, true, false",
        "@request.auth.claims.nested.a.b, exact, c, true",
        "@request.auth.claims[nested][a][b], exact, c, true",
        "@request.auth.claims.nested.a, present, '', false",
        "@request.auth.claims.nested.b, present, '', false",
        "@request.auth.claims.sub.a, present, '', false",
        "@request.auth.claims[https://x.y/z], exact, dotted, true",
        "@request.auth.claims.https://x.y/z, exact, dotted, false",
        "@request.auth.claims, present, '', false",
        "@request.auth.claims., present, '', false",
        "@request.auth.claims[], present, '', false",
        "@request.auth.other, present, '', false",
    })
    void aTextOrOneOfAListSatisfiesACondition(String name, String kind, String value, boolean holds) {
        HttpMatchRequest match = HttpMatchRequest.builder()
                .headers(Map.of(name, condition(kind, value)))
                .build();

        assertThat(matches(match, ALICE)).isEqualTo(holds);
        assertThat(matches(match, NOBODY)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"sub, alice, false", "sub, bob, true", "groups, dev, false", "none, x, true"})
    void theOppositeHoldsWhereTheConditionDoesNot(String claim, String value, boolean holds) {
        HttpMatchRequest match = HttpMatchRequest.builder()
                .withoutHeaders(Map.of("@request.auth.claims." + claim, new StringMatch.Exact(value)))
                .build();

        assertThat(matches(match, ALICE)).isEqualTo(holds);
        assertThat(matches(match, NOBODY)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aMatchOnAClaimTakesEverythingOnlyWhereClaimsAreNotKnown(boolean atGateway) {
        HttpMatchRequest match = HttpMatchRequest.builder()
                .headers(Map.of("@request.auth.claims.sub", new StringMatch.Exact("x")))
                .build();

        assertThat(RouteMatcher.isCatchAll(match, atGateway)).isEqualTo(!atGateway);
        assertThat(RouteMatcher.of(match, atGateway).takesEverything()).isEqualTo(!atGateway);
        assertThat(RouteMatcher.of(match, atGateway)).hasToString(atGateway ? "claim sub exact 'x'" : "everything");
    }
}
