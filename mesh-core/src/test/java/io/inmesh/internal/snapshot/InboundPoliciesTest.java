package io.inmesh.internal.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

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
