package io.inmesh.internal.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.config.ConfigProblem;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.model.AuthorizationPolicy;
import io.inmesh.model.InboundPolicy;
import io.inmesh.model.MeshConfig;
import io.inmesh.model.ObjectMeta;
import io.inmesh.model.RequestAuthentication;
import io.inmesh.model.WorkloadMatch;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InboundPoliciesTest {
    private static final WorkloadIdentity SELF = WorkloadIdentity.DEFAULT.with("shop", Map.of("app", "front"));

    private static AuthorizationPolicy authorization(String namespace, String name, WorkloadMatch workloads) {
        return new AuthorizationPolicy(
                ObjectMeta.of(namespace, name), workloads, AuthorizationPolicy.Action.ALLOW, List.of(), false);
    }

    private static RequestAuthentication authentication(String namespace, String name, WorkloadMatch workloads) {
        return new RequestAuthentication(ObjectMeta.of(namespace, name), workloads, List.of());
    }

    private static InboundPolicy of(InboundPolicy before, AuthorizationPolicy... policies) {
        return InboundPolicies.of(
                MeshConfig.builder().authorizationPolicies(List.of(policies)).build(), SELF, before);
    }

    @ParameterizedTest
    @CsvSource({
        "shop, '', '', true",
        "shop, front, '', true",
        "shop, back, '', false",
        "other, '', '', false",
        "istio-system, '', '', true",
        "istio-system, front, '', true",
        "istio-system, back, '', false",
        "shop, '', Gateway/edge, false",
        "shop, '', Service/front, false",
    })
    void aPolicyIsForTheWorkloadsThatItSelectsInItsNamespaceOrEverywhere(
            String namespace, String app, String target, boolean concerns) {
        WorkloadMatch workloads = new WorkloadMatch(
                app.isEmpty() ? Map.of() : Map.of("app", app), target.isEmpty() ? List.of() : List.of(target));

        InboundPolicy policy = InboundPolicies.of(
                MeshConfig.builder()
                        .authorizationPolicies(List.of(authorization(namespace, "a", workloads)))
                        .requestAuthentications(List.of(authentication(namespace, "b", workloads)))
                        .build(),
                SELF,
                InboundPolicy.NONE);

        assertThat(policy.authorizations()).hasSize(concerns ? 1 : 0);
        assertThat(policy.authentications()).hasSize(concerns ? 1 : 0);
        assertThat(policy == InboundPolicy.NONE).isEqualTo(!concerns);
    }

    @Test
    void aSelectorCountsWhereTheOwnLabelsAreNotKnown() {
        WorkloadIdentity unknown = WorkloadIdentity.DEFAULT.with("shop", Map.of());
        WorkloadMatch back = new WorkloadMatch(Map.of("app", "back"), List.of());
        MeshConfig config = MeshConfig.builder()
                .authorizationPolicies(List.of(
                        authorization("shop", "a", back),
                        authorization("istio-system", "b", back),
                        authorization("other", "c", back),
                        authorization("shop", "d", new WorkloadMatch(Map.of(), List.of("Gateway/edge"))),
                        authorization("shop", "e", WorkloadMatch.ALL)))
                .requestAuthentications(List.of(authentication("shop", "f", back)))
                .build();

        InboundPolicy policy = InboundPolicies.of(config, unknown, InboundPolicy.NONE);

        assertThat(policy.authorizations())
                .extracting(each -> each.meta().name())
                .containsExactly("a", "b", "e");
        assertThat(policy.authentications()).hasSize(1);
        assertThat(InboundPolicies.decidedByLabels(config, unknown, ConfigProblem.Severity.WARNING))
                .hasSize(3)
                .allSatisfy(problem -> assertThat(problem.message())
                        .contains("is in force")
                        .contains("(app=back)")
                        .contains("not known"))
                .extracting(ConfigProblem::object)
                .containsExactly(
                        "RequestAuthentication shop/f",
                        "AuthorizationPolicy shop/a",
                        "AuthorizationPolicy istio-system/b");
    }

    @Test
    void tellsOfPoliciesThatTheLabelsLeaveOut() {
        MeshConfig config = MeshConfig.builder()
                .authorizationPolicies(List.of(
                        authorization("shop", "a", new WorkloadMatch(Map.of("app", "back"), List.of())),
                        authorization("shop", "b", new WorkloadMatch(Map.of("app", "front"), List.of())),
                        authorization("other", "c", new WorkloadMatch(Map.of("app", "back"), List.of()))))
                .build();

        assertThat(InboundPolicies.decidedByLabels(config, SELF, ConfigProblem.Severity.WARNING))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.severity()).isEqualTo(ConfigProblem.Severity.WARNING);
                    assertThat(problem.object()).isEqualTo("AuthorizationPolicy shop/a");
                    assertThat(problem.message())
                            .isEqualTo("the policy is not in force: its selector (app=back) is not met by the own"
                                    + " labels (app=front)");
                });
    }

    @Test
    void theOldestComesFirstAndNothingNewIsTheSameInstance() {
        AuthorizationPolicy a = authorization("shop", "a", WorkloadMatch.ALL);
        AuthorizationPolicy b = authorization("shop", "b", WorkloadMatch.ALL);

        InboundPolicy before = of(InboundPolicy.NONE, b, a);

        assertThat(before.authorizations()).containsExactly(a, b);
        assertThat(of(before, a, authorization("other", "c", WorkloadMatch.ALL), b))
                .isSameAs(before);
        assertThat(of(before, a)).isNotEqualTo(before);
    }
}
