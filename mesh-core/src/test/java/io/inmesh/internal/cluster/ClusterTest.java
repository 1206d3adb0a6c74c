package io.inmesh.internal.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.inmesh.endpoint.Condition;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.Locality;
import io.inmesh.event.Outcome;
import io.inmesh.internal.balance.LoadBalancerContext;
import io.inmesh.internal.cluster.Cluster.Member;
import io.inmesh.internal.host.Host;
import io.inmesh.internal.host.HostTicket;
import io.inmesh.internal.route.ClusterKey;
import io.inmesh.model.LoadBalancerSettings.Simple;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ClusterTest {
    private static final ClusterKey KEY = new ClusterKey("reviews.default.svc.cluster.local", 9080, "");

    private final HostRegistry registry = new HostRegistry();
    private final LoadBalancerContext context = new FirstAttempt(new SplittableRandom(3));

    @Test
    void onlyReadyEndpointsAreUsedWhileThereAreSome() {
        Cluster cluster = build(
                Simple.RANDOM,
                endpoint("a", Condition.READY),
                endpoint("b", Condition.TERMINATING),
                endpoint("c", Condition.NOT_READY));

        assertThat(chosen(cluster)).containsOnly("a");
        assertThat(cluster.members()).extracting(Member::state).containsExactly("ready", "terminating", "not ready");
        assertThat(cluster.members()).extracting(Member::eligible).containsExactly(true, false, false);
    }

    @Test
    void terminatingEndpointsServeWhenNoneIsReady() {
        Cluster cluster = build(
                Simple.LEAST_REQUEST,
                endpoint("a", Condition.TERMINATING),
                endpoint("b", Condition.TERMINATING),
                endpoint("c", Condition.NOT_READY));

        assertThat(chosen(cluster)).containsOnly("a", "b");
        assertThat(cluster.members().get(0).state()).isEqualTo("terminating, used because none is ready");
    }

    @Test
    void whenNoneCanServeNobodyIsChosen() {
        assertThat(build(Simple.ROUND_ROBIN, endpoint("a", Condition.NOT_READY)).chooseHost(context))
                .isNull();
        assertThat(build(Simple.ROUND_ROBIN).chooseHost(context)).isNull();
    }

    @Test
    void weightZeroIsShownWithItsReason() {
        Cluster cluster =
                build(Simple.ROUND_ROBIN, endpoint("a", 0, Condition.READY, Map.of()), endpoint("b", Condition.READY));

        assertThat(chosen(cluster)).containsOnly("b");
        assertThat(cluster.members().get(0).state()).isEqualTo("ready, weight 0 while another has weight");
        assertThat(cluster.members().get(0).eligible()).isFalse();
    }

    @Test
    void onlyTheWeightsOfUsedEndpointsMatter() {
        Cluster cluster = build(
                Simple.ROUND_ROBIN,
                endpoint("a", 0, Condition.READY, Map.of()),
                endpoint("b", 5, Condition.TERMINATING, Map.of()));

        assertThat(chosen(cluster)).containsOnly("a");
        assertThat(cluster.members().get(0).state()).isEqualTo("ready");
    }

    @Test
    void aSubsetHoldsTheEndpointsWithAllItsLabels() {
        Cluster cluster = build(
                new ClusterKey(KEY.host(), KEY.port(), "v2"),
                Map.of("version", "v2", "tier", "web"),
                Simple.ROUND_ROBIN,
                List.of(
                        endpoint("a", 1, Condition.READY, Map.of("version", "v2", "tier", "web", "x", "y")),
                        endpoint("b", 1, Condition.READY, Map.of("version", "v2")),
                        endpoint("c", 1, Condition.READY, Map.of("version", "v1", "tier", "web"))),
                null);

        assertThat(chosen(cluster)).containsOnly("a");
        assertThat(cluster.members()).hasSize(1);
        assertThat(cluster.subsetLabels()).containsEntry("version", "v2");
    }

    @Test
    void ofTwoValuesOfOneEndpointTheFirstCounts() {
        Endpoint first = endpoint("a", 3, Condition.READY, Map.of());

        Cluster cluster = build(Simple.ROUND_ROBIN, first, endpoint("a", 9, Condition.NOT_READY, Map.of()));

        assertThat(cluster.members()).extracting(Member::endpoint).containsExactly(first);
        assertThat(cluster.members().get(0).host().endpoint()).isSameAs(first);
    }

    @Test
    void thePolicyIsNamedAsItWorks() {
        assertThat(build(Simple.UNSPECIFIED).policyName()).isEqualTo("LEAST_REQUEST");
        assertThat(build(Simple.LEAST_CONN).policyName()).isEqualTo("LEAST_REQUEST");
        assertThat(build(Simple.ROUND_ROBIN).policyName()).isEqualTo("ROUND_ROBIN");
        assertThat(build(Simple.RANDOM).policyName()).isEqualTo("RANDOM");
        assertThatIllegalArgumentException().isThrownBy(() -> build(Simple.PASSTHROUGH));
    }

    @Test
    void anUntouchedClusterIsTheSameObject() {
        List<Endpoint> endpoints = List.of(endpoint("a", Condition.READY), endpoint("b", Condition.READY));
        Cluster before = build(KEY, Map.of(), Simple.UNSPECIFIED, endpoints, null);

        List<Endpoint> same = List.of(endpoint("a", Condition.READY), endpoint("b", Condition.READY));

        assertThat(build(KEY, Map.of(), Simple.LEAST_REQUEST, same, before)).isSameAs(before);
    }

    @Test
    void anyChangeMakesANewCluster() {
        Endpoint a = endpoint("a", Condition.READY);
        Endpoint b = endpoint("b", Condition.READY);
        Cluster before = build(KEY, Map.of(), Simple.LEAST_REQUEST, List.of(a, b), null);

        assertThat(build(KEY, Map.of(), Simple.RANDOM, List.of(a, b), before)).isNotSameAs(before);
        assertThat(build(KEY, Map.of(), Simple.LEAST_REQUEST, List.of(b, a), before))
                .isNotSameAs(before);
        assertThat(build(KEY, Map.of(), Simple.LEAST_REQUEST, List.of(a), before))
                .isNotSameAs(before);
        assertThat(build(KEY, Map.of(), Simple.LEAST_REQUEST, List.of(a, endpoint("b", Condition.NOT_READY)), before))
                .isNotSameAs(before);
        Endpoint labelled = endpoint("b", 1, Condition.READY, Map.of("x", "y"));
        assertThat(build(KEY, Map.of(), Simple.LEAST_REQUEST, List.of(a, labelled), before))
                .isNotSameAs(before);
    }

    @Test
    void theSameListIsNotLookedAtAgain() {
        List<Endpoint> endpoints = List.of(endpoint("a", 1, Condition.READY, Map.of()));
        Cluster before = build(KEY, Map.of(), Simple.RANDOM, endpoints, null);
        Endpoint newer = endpoint("a", 5, Condition.READY, Map.of());
        Host host = registry.hostFor(newer);

        assertThat(build(KEY, Map.of(), Simple.RANDOM, endpoints, before)).isSameAs(before);

        assertThat(host.endpoint()).isSameAs(newer);
    }

    @Test
    void aListThatMayBeWrittenIsCopied() {
        List<Endpoint> endpoints = new ArrayList<>(List.of(endpoint("a", Condition.READY)));
        Cluster before = build(KEY, Map.of(), Simple.RANDOM, endpoints, null);

        endpoints.add(endpoint("b", Condition.READY));

        assertThat(build(KEY, Map.of(), Simple.RANDOM, endpoints, before).members())
                .hasSize(2);
    }

    @Test
    void theTurnGoesOnWhenAnEndpointComes() {
        List<Endpoint> endpoints = new ArrayList<>();
        for (String id : List.of("a", "b", "c", "d")) {
            endpoints.add(endpoint(id, Condition.READY));
        }
        Cluster cluster = build(KEY, Map.of(), Simple.ROUND_ROBIN, endpoints, null);
        String last = id(cluster.chooseHost(context));
        String next = List.of("b", "c", "d", "a").get("abcd".indexOf(last));

        endpoints.add(0, endpoint("0", Condition.READY));
        Cluster grown = build(KEY, Map.of(), Simple.ROUND_ROBIN, endpoints, cluster);

        String following = id(grown.chooseHost(context));
        assertThat(following).isEqualTo(next);
    }

    @Test
    void requestsInFlightAreSeenByTheNextCluster() {
        Endpoint a = endpoint("a", Condition.READY);
        Endpoint b = endpoint("b", Condition.READY);
        Cluster before = build(Simple.LEAST_REQUEST, a, b);
        Host busy = before.members().get(0).host();
        HostTicket ticket = busy.begin(0);

        Cluster after =
                build(KEY, Map.of(), Simple.LEAST_REQUEST, List.of(a, b, endpoint("c", Condition.READY)), before);
        assertThat(chosen(after)).containsOnly("b", "c");

        ticket.complete(new Outcome.Responded(200), 1);
        assertThat(chosen(after)).containsOnly("a", "b", "c");
    }

    private Cluster build(Simple policy, Endpoint... endpoints) {
        return build(KEY, Map.of(), policy, List.of(endpoints), null);
    }

    private Cluster build(
            ClusterKey key,
            Map<String, String> labels,
            Simple policy,
            List<Endpoint> endpoints,
            @Nullable Cluster previous) {
        return Cluster.build(
                key, labels, ClusterPolicy.balancedBy(policy), endpoints, registry, previous, new SplittableRandom(1));
    }

    private List<String> chosen(Cluster cluster) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            ids.add(id(cluster.chooseHost(context)));
        }
        return ids;
    }

    private static String id(Host host) {
        return host.endpoint().id();
    }

    private static Endpoint endpoint(String id, Condition condition) {
        return endpoint(id, 1, condition, Map.of());
    }

    private static Endpoint endpoint(String id, int weight, Condition condition, Map<String, String> labels) {
        return new Endpoint(id, "10.0.0.1", 8080, Locality.UNKNOWN, weight, labels, condition);
    }
}
