package io.inmesh.servlet.internal.authorization;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.model.AuthorizationPolicy;
import io.inmesh.model.AuthorizationPolicy.Action;
import io.inmesh.model.AuthorizationRule;
import io.inmesh.model.ObjectMeta;
import io.inmesh.model.Origin;
import io.inmesh.model.RequestOperation;
import io.inmesh.model.RequestSource;
import io.inmesh.model.WorkloadMatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthorizationTest {
    private final List<String> told = new ArrayList<>();

    /** A policy is its action and the paths it matches, {@code -} for no rules, {@code {}} for an empty rule, and {@code ?} on trial. */
    @ParameterizedTest(name = "{0} lets {1} in: {2}")
    @CsvSource({
        "'', /x, true",
        "ALLOW -, /x, false",
        "ALLOW {}, /x, true",
        "DENY -, /x, true",
        "DENY {}, /x, false",
        "CUSTOM -, /x, true",
        "CUSTOM {}, /x, false",
        "CUSTOM /x, /y, true",
        "ALLOW /x, /x, true",
        "ALLOW /x, /y, false",
        "ALLOW /x;ALLOW /y, /y, true",
        "ALLOW -;ALLOW /y, /y, true",
        "ALLOW {};DENY /x, /x, false",
        "DENY /x;ALLOW {}, /x, false",
        "DENY /x;ALLOW /y, /z, false",
        "DENY /x, /y, true",
        "ALLOW {};CUSTOM /x, /x, false",
        "AUDIT {}, /x, true",
        "AUDIT {};ALLOW /y, /x, false",
        "AUDIT {};DENY /y, /x, true",
        "?DENY {}, /x, true",
        "?ALLOW -, /x, true",
        "?DENY {};DENY /x, /x, false",
        "?ALLOW {};ALLOW /y, /x, false",
    })
    void decidesInIstiosOrder(String policies, String path, boolean allowed) {
        assertThat(judge(policies, path).allowed()).isEqualTo(allowed);
    }

    @Test
    void tellsOfPoliciesThatOnlyWatchAndMatch() {
        judge("AUDIT /x;?DENY /x;AUDIT /y;?ALLOW /y;DENY /x", "/x");

        assertThat(told).containsExactly("own/p0 AUDIT", "own/p1 DENY on trial");
    }

    @Test
    void saysWhichPolicyRefuses() {
        assertThat(judge("ALLOW {};DENY /x", "/x").reason()).isEqualTo("policy own/p1 of action DENY");
        assertThat(judge("ALLOW /y", "/x").reason()).isEqualTo("no policy of action ALLOW matches");
    }

    @Test
    void wantsAllListsOfARuleAndOneOfEachList() {
        RequestOperation operation = RequestOperation.builder()
                .methods(List.of("GET", "PUT"))
                .paths(List.of("/a", "/b"))
                .notHosts(List.of("other.test"))
                .build();
        AuthorizationRule rule = new AuthorizationRule(
                List.of(
                        RequestSource.builder().ipBlocks(List.of("192.0.2.1")).build(),
                        RequestSource.builder().ipBlocks(List.of("10.0.0.0/8")).build()),
                List.of(RequestOperation.builder().paths(List.of("/only")).build(), operation),
                List.of(),
                Origin.NONE);
        Authorization authorization = authorization(List.of(policy("p", Action.ALLOW, List.of(rule), false)));

        for (String request : List.of("path=/a", "path=/b method=PUT", "path=/only host=other.test peer=192.0.2.1")) {
            assertThat(authorization.judge(ArrivalText.read(request)).allowed())
                    .as(request)
                    .isTrue();
        }
        for (String request :
                List.of("path=/c", "path=/a method=POST", "path=/a host=other.test", "path=/a peer=::1")) {
            assertThat(authorization.judge(ArrivalText.read(request)).allowed())
                    .as(request)
                    .isFalse();
        }
    }

    private Ruling judge(String policies, String path) {
        List<AuthorizationPolicy> all = new ArrayList<>();
        for (String text : policies.isEmpty() ? new String[0] : policies.split(";")) {
            boolean dryRun = text.startsWith("?");
            String[] parts = text.substring(dryRun ? 1 : 0).split(" ");
            List<AuthorizationRule> rules = Arrays.stream(parts)
                    .skip(1)
                    .filter(rule -> !rule.equals("-"))
                    .map(AuthorizationTest::rule)
                    .toList();
            all.add(policy("p" + all.size(), Action.valueOf(parts[0]), rules, dryRun));
        }
        return authorization(all).judge(ArrivalText.read("path=" + path));
    }

    private Authorization authorization(List<AuthorizationPolicy> policies) {
        return new Authorization(
                policies,
                true,
                (name, action, dryRun, arrival) -> told.add(name + " " + action + (dryRun ? " on trial" : "")));
    }

    private static AuthorizationRule rule(String path) {
        List<RequestOperation> to = path.equals("{}")
                ? List.of()
                : List.of(RequestOperation.builder().paths(List.of(path)).build());
        return new AuthorizationRule(List.of(), to, List.of(), Origin.NONE);
    }

    private static AuthorizationPolicy policy(
            String name, Action action, List<AuthorizationRule> rules, boolean dryRun) {
        return new AuthorizationPolicy(ObjectMeta.of("own", name), WorkloadMatch.ALL, action, rules, dryRun);
    }
}
