package io.inmesh.internal.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.call.HeaderField;
import io.inmesh.call.RequestHead;
import io.inmesh.call.RouteGate;
import io.inmesh.call.SimpleRequestHead;
import io.inmesh.call.SyntheticResponse;
import io.inmesh.event.ResponseFlag;
import io.inmesh.model.CorsPolicy;
import io.inmesh.model.StringMatch;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What pages of other origins get, and who is asked before a request is forwarded. */
class GatewayCorsTest extends GatewayDecisionFixture {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{redirect: {uri: /c}}",
                "{directResponse: {status: 201}}",
            })
    void theGateIsNotAskedAboutWhatIsAnsweredHereAndOriginsDoNotMatterThere(String route) {
        Decision decision = decide(route, "GET", "http://h/", "origin: https://ok.example");

        assertThat(decision)
                .isInstanceOfSatisfying(
                        Decision.Answer.class,
                        answer -> assertThat(lines(answer.response().headers()))
                                .noneMatch(line -> line.startsWith("access-control")));
        assertThat(asked).isEmpty();
    }

    @Test
    void theGateMayRefuseAndAPageOfAnotherOriginMaySeeIt() {
        RouteGate.Refusal tooMany = new RouteGate.Refusal(
                new SyntheticResponse(429, List.of(new HeaderField("retry-after", "1")), new byte[] {'x'}),
                ResponseFlag.RL);
        RequestHead head = SimpleRequestHead.of("GET", "http://h/", Map.of());

        Decision plain = decide("{name: a, " + TO_REVIEWS + "}", head, (rule, route, host) -> tooMany);
        Decision ofPage = decide(
                "{name: a, " + TO_REVIEWS + "}", head, (rule, route, host) -> tooMany, "Origin: https://ok.example");

        assertThat(plain).isEqualTo(new Decision.Refused(tooMany, "default/r", "a"));
        assertThat(ofPage).isInstanceOfSatisfying(Decision.Refused.class, refused -> {
            assertThat(refused.refusal().flag()).isEqualTo(ResponseFlag.RL);
            SyntheticResponse response = refused.refusal().response();
            assertThat(response.status()).isEqualTo(429);
            assertThat(response.body()).containsExactly('x');
            assertThat(lines(response.headers()))
                    .containsExactly("retry-after: 1", ALLOWED.get(0), ALLOWED.get(1), ALLOWED.get(2));
        });
        assertThat(asked).containsExactly("default/r a *", "default/r a *");
    }

    @ParameterizedTest
    @CsvSource({
        "https://ok.example, true",
        "https://prefixed.x, true",
        "https://ab.rx.example, true",
        "https://ab.rx.example.evil, false",
        "HTTPS://OK.example, false",
        "https://bad.example, false",
        "null, false",
        "'', false",
    })
    void anAnswerToAnAllowedOriginSaysSo(String origin, boolean allowed) {
        CallPlan plan = plan(decide("{" + TO_REVIEWS + "}", "GET", "http://h/", "Origin: " + origin));

        List<String> seen = edited(plan, "x: y");
        assertThat(seen.contains("access-control-allow-origin: " + origin)).isEqualTo(allowed);
        assertThat(seen).hasSize(allowed ? 4 : 1);
    }

    @Test
    void headersForOriginsComeAfterTheRoutesOwnEditsAndInPlaceOfTheServers() {
        String route = "{" + TO_REVIEWS + ", headers: {response: {set: {access-control-expose-headers: x-c, x: z}}}}";

        CallPlan plan = plan(decide(route, "GET", "http://h/", "origin: https://ok.example"));

        assertThat(edited(plan, "x: y", "Access-Control-Allow-Origin: *", "Access-Control-Allow-Origin: a"))
                .containsExactly("x: z", ALLOWED.get(0), ALLOWED.get(2), ALLOWED.get(1));
    }

    /** istiod has the filter of faults before that of other origins. */
    @ParameterizedTest
    @ValueSource(strings = {"GET", "OPTIONS"})
    void anInjectedAbortComesBeforeWhatPagesAreTold(String method) {
        String route =
                "{fault: {abort: {httpStatus: 503, percentage: {value: 100}}}, headers: {response: {set: {x: z}}}, "
                        + TO_REVIEWS + "}";

        CallPlan plan = plan(
                decide(route, method, "http://h/", "origin: https://ok.example", "access-control-request-method: PUT"));

        assertThat(plan.faults().abortInjected()).isTrue();
        assertThat(plan.faults().abort())
                .isNotNull()
                .satisfies(abort ->
                        assertThat(lines(abort.headers())).containsExactly("content-type: text/plain", "x: z"));
    }

    @Test
    void anInjectedDelayHoldsAPreflightUpAndAFaultThatIsNotDrawnDoesNothing() {
        String preflight = "access-control-request-method: PUT";
        String origin = "origin: https://ok.example";
        Decision delayed = decide(
                "{fault: {delay: {fixedDelay: 2s, percentage: {value: 100}}}, " + TO_REVIEWS + "}",
                "OPTIONS",
                "http://h/",
                origin,
                preflight);
        Decision undrawn = decide(
                "{fault: {abort: {httpStatus: 503, percentage: {value: 0}}}, " + TO_REVIEWS + "}",
                "OPTIONS",
                "http://h/",
                origin,
                preflight);

        assertThat(undrawn)
                .isInstanceOfSatisfying(
                        Decision.Answer.class,
                        answer -> assertThat(answer.response().status()).isEqualTo(200));
        CallPlan.Faults faults = plan(delayed).faults();
        assertThat(faults.delayNanos()).isEqualTo(2_000_000_000L);
        assertThat(faults.abortInjected()).isFalse();
        assertThat(faults.abort())
                .isNotNull()
                .satisfies(answer -> assertThat(answer.status()).isEqualTo(200))
                .satisfies(answer -> assertThat(lines(answer.headers())).containsAll(ALLOWED));
        assertThat(Planner.isRefusedPath(plan(delayed))).isFalse();
        assertThat(asked).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "OPTIONS | https://ok.example | PUT | true",
                "OPTIONS | https://ok.example | DELETE | true",
                "OPTIONS | https://ok.example | '' | false",
                "OPTIONS | https://bad.example | PUT | false",
                "OPTIONS | '' | PUT | false",
                "GET | https://ok.example | PUT | false",
                "options | https://ok.example | PUT | false",
            })
    void aPreflightOfAnAllowedOriginIsAnsweredHere(String method, String origin, String wanted, boolean answered) {
        Decision decision = decide(
                "{" + TO_REVIEWS + ", headers: {response: {set: {x: z}}}}",
                method,
                "http://h/",
                "origin: " + origin,
                "access-control-request-method: " + wanted);

        if (!answered) {
            assertThat(decision).isInstanceOf(Decision.Forward.class);
            assertThat(asked).hasSize(1);
            return;
        }
        assertThat(decision).isInstanceOfSatisfying(Decision.Answer.class, answer -> {
            assertThat(answer.response().status()).isEqualTo(200);
            assertThat(answer.response().body()).isEmpty();
            assertThat(lines(answer.response().headers()))
                    .containsExactlyInAnyOrder(
                            ALLOWED.get(0),
                            ALLOWED.get(1),
                            ALLOWED.get(2),
                            "access-control-allow-methods: GET,PUT",
                            "access-control-allow-headers: x-a,content-type",
                            "access-control-max-age: 86400");
        });
        assertThat(asked).isEmpty();
    }

    @Test
    void twoOriginsAreNone() {
        Decision decision = decide(
                "{" + TO_REVIEWS + "}",
                "OPTIONS",
                "http://h/",
                "origin: https://ok.example",
                "origin: https://ok.example",
                "access-control-request-method: PUT");

        assertThat(plan(decision).responseEdits()).isNull();
    }

    @Test
    void aStarAllowsEveryOriginMethodAndHeaderAndSaysWhichWereAskedFor() {
        cors = CorsPolicy.builder(List.of(new StringMatch.Exact("*")))
                .allowMethods(List.of("*"))
                .allowHeaders(List.of("*"))
                .build();

        Decision decision = decide(
                "{" + TO_REVIEWS + "}",
                "OPTIONS",
                "http://h/",
                "origin: https://any.example",
                "access-control-request-method: PATCH",
                "access-control-request-headers: x-c");

        assertThat(decision)
                .isInstanceOfSatisfying(
                        Decision.Answer.class,
                        answer -> assertThat(lines(answer.response().headers()))
                                .containsExactly(
                                        "access-control-allow-origin: https://any.example",
                                        "access-control-allow-methods: PATCH",
                                        "access-control-allow-headers: x-c"));
    }

    @Test
    void preflightsOfOtherOriginsAreAnsweredHereWhereTheRuleSaysSo() {
        cors = CORS.toBuilder()
                .ignoreUnmatchedPreflights(true)
                .allowCredentials(null)
                .maxAge(null)
                .build();

        Decision decision = decide(
                "{" + TO_REVIEWS + "}",
                "OPTIONS",
                "http://h/",
                "origin: https://bad.example",
                "access-control-request-method: PUT");

        assertThat(decision)
                .isInstanceOfSatisfying(
                        Decision.Answer.class,
                        answer -> assertThat(lines(answer.response().headers()))
                                .containsExactly(
                                        "access-control-allow-methods: GET,PUT",
                                        "access-control-allow-headers: x-a,content-type"));
    }

    @Test
    void aPolicyWithoutOriginsAllowsNone() {
        cors = CorsPolicy.builder(List.of()).allowMethods(List.of("GET")).build();

        Decision decision = decide(
                "{" + TO_REVIEWS + "}",
                "OPTIONS",
                "http://h/",
                "origin: https://ok.example",
                "access-control-request-method: PUT");

        assertThat(plan(decision).responseEdits()).isNull();
    }
}
