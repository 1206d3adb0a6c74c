package io.inmesh.servlet.internal.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.call.HeaderField;
import io.inmesh.call.RequestHead;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.model.InboundPolicy;
import io.inmesh.model.MeshConfig;
import io.inmesh.servlet.internal.arrival.TestConnection;
import io.inmesh.servlet.internal.arrival.TestHead;
import io.inmesh.servlet.internal.jwt.Authentication;
import io.inmesh.servlet.internal.jwt.Issuer;
import io.inmesh.servlet.policy.PathPolicy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestJudgeTest {
    private static final String AUTHENTICATION = """
            apiVersion: security.istio.io/v1
            kind: RequestAuthentication
            metadata: {name: jwt}
            spec:
              jwtRules:
              - issuer: %s
                fromHeaders: [{name: x-token}]
                jwks: '%s'
            ---
            """.formatted(Issuer.NAME, Issuer.keys());

    private final RequestJudge judge = new RequestJudge(PathPolicy.STRICT, (policy, action, dryRun, arrival) -> {});

    @AfterEach
    void close() {
        judge.close();
    }

    @Test
    void challengesWithTheAddressThatWasCalledAndWithoutSecrets() {
        assertThat(challenge("/a/b?access_token=secret&x=\""))
                .isEqualTo("Bearer realm=\"http://shop.example/a/b\", error=\"invalid_token\"");
        assertThat(challenge("/\"\\?x")).startsWith("Bearer realm=\"http://shop.example/\\\"\\\\\", ");

        for (String path : List.of("/" + "a".repeat(5000), "/" + "\"".repeat(5000), "/a" + "\"".repeat(5000))) {
            String challenge = challenge(path);
            String realm = challenge.substring("Bearer realm=\"".length(), challenge.indexOf("\", error="));
            assertThat(realm).hasSizeBetween(254, 256).startsWith("http://shop.example/");
            assertThat(realm.replaceAll("\\\\.", "")).doesNotContain("\\");
        }
    }

    private String challenge(String path) {
        Verdict verdict = judge.judge(policy(AUTHENTICATION), head(path, "x-token", "false"), TestConnection.PLAIN);
        return String.valueOf(((Verdict.Refused) verdict).challenge());
    }

    /** Servers behind take {@code x_user} for {@code x-user}; policies do not. */
    @ParameterizedTest
    @CsvSource({"x_user", "X.User", "x~user", "X_USER", "x_token", "X.Token"})
    void takesOtherSpellingsAwayOfHeadersThatPoliciesAndTokensAreReadFrom(String alias) {
        InboundPolicy policy = policy(AUTHENTICATION + """
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: deny}
                spec:
                  action: DENY
                  rules: [{when: [{key: "request.headers[X-User]", values: [eve]}]}]
                """);

        Verdict.Passed passed = passed(policy, "X-User", "bob", alias, "eve", "x_other", "1", "x-userx", "2");
        assertThat(passed.head().headerFields())
                .containsExactly(
                        new HeaderField("X-User", "bob"),
                        new HeaderField("x_other", "1"),
                        new HeaderField("x-userx", "2"));
        assertThat(judge.judge(policy, head("/", "x-uSER", "eve"), TestConnection.PLAIN))
                .isInstanceOf(Verdict.Refused.class);
    }

    @Test
    void leavesTheUsualSpellingAndWhatAnotherPolicyReads() {
        String both = """
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: deny}
                spec:
                  action: DENY
                  rules:
                  - when: [{key: "request.headers[x_user]", values: [eve]}]
                  - when: [{key: "request.headers[x-user]", values: [eve]}]
                """;
        String one = both.replace("x-user", "x_user");

        assertThat(passed(policy(one), "X-User", "eve").head().headerValue(0)).isEqualTo("eve");
        for (String name : List.of("x_user", "X-User")) {
            assertThat(judge.judge(policy(both), head("/", name, "eve"), TestConnection.PLAIN))
                    .as(name)
                    .isInstanceOf(Verdict.Refused.class);
        }
        assertThat(passed(policy(both), "x.user", "eve").head().headerCount()).isZero();
        String oddToken = AUTHENTICATION.replace("x-token", "x_token");
        assertThat(passed(policy(oddToken), "X-Token", "false").head().headerCount())
                .as("what a service may take for a token that was verified")
                .isZero();
    }

    @Test
    void remembersTokensOverAChangeOfOtherRules() {
        String other = """
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: deny}
                spec: {action: DENY, rules: [{to: [{operation: {paths: [/admin]}}]}]}
                """;
        passed(policy(AUTHENTICATION));
        Authentication first = judge.authentication();
        passed(policy(AUTHENTICATION + other));
        assertThat(judge.authentication()).isSameAs(first);

        passed(policy(AUTHENTICATION.replace("x-token", "x-jwt") + other));
        assertThat(judge.authentication()).isNotSameAs(first);
    }

    @Test
    void leavesARequestAsItIsWhereNothingIsToBeTakenAway() {
        RequestHead head = head("/", "x-user", "bob", "x_other", "1");

        assertThat(judge.judge(policy(AUTHENTICATION), head, TestConnection.PLAIN))
                .isInstanceOfSatisfying(
                        Verdict.Passed.class,
                        passed -> assertThat(passed.head()).isSameAs(head));
    }

    private Verdict.Passed passed(InboundPolicy policy, String... headers) {
        return (Verdict.Passed) judge.judge(policy, head("/", headers), TestConnection.PLAIN);
    }

    private static RequestHead head(String path, String... headers) {
        List<HeaderField> fields = new ArrayList<>();
        for (int i = 0; i < headers.length; i += 2) {
            fields.add(new HeaderField(headers[i], headers[i + 1]));
        }
        return new TestHead("GET", "shop.example", path, "10.1.2.3", fields);
    }

    private static InboundPolicy policy(String text) {
        ConfigReader.Result result = ConfigReader.sensible().forGateway().read("rules", text);
        assertThat(result.hasErrors()).as("%s", result.problems()).isFalse();
        MeshConfig config = result.config();
        return new InboundPolicy(config.requestAuthentications(), config.authorizationPolicies());
    }
}
