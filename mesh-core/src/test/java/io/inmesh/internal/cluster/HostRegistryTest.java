package io.inmesh.internal.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.endpoint.Condition;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.Locality;
import io.inmesh.event.Outcome;
import io.inmesh.internal.host.Host;
import io.inmesh.internal.host.HostTicket;
import io.inmesh.internal.route.ClusterKey;
import io.inmesh.model.LoadBalancerSettings.Simple;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class HostRegistryTest {
    private final HostRegistry registry = new HostRegistry();

    @Test
    void oneEndpointHasOneHostAndItsLatestValue() {
        Host host = registry.hostFor(endpoint("a", 8080, 1));
        Endpoint newer = endpoint("a", 8080, 5);

        assertThat(registry.hostFor(newer)).isSameAs(host);
        assertThat(host.endpoint()).isSameAs(newer);
        assertThat(registry.size()).isEqualTo(1);
    }

    @Test
    void anotherPortOfOneWorkloadIsAnotherHost() {
        Host http = registry.hostFor(endpoint("pod", 8080, 1));
        Host admin = registry.hostFor(endpoint("pod", 9090, 1));

        assertThat(admin).isNotSameAs(http);
        assertThat(http.endpoint().port()).isEqualTo(8080);
        assertThat(admin.endpoint().port()).isEqualTo(9090);
    }

    @Test
    void aReusedAddressWithANewIdIsAnotherHost() {
        assertThat(registry.hostFor(endpoint("pod-2", 8080, 1)))
                .isNotSameAs(registry.hostFor(endpoint("pod-1", 8080, 1)));
    }

    @Test
    void hostsThatNobodyRefersToAreForgotten() {
        Endpoint a = endpoint("a", 8080, 1);
        Endpoint b = endpoint("b", 8080, 1);
        Host kept = registry.hostFor(a);
        Host gone = registry.hostFor(b);

        assertThat(registry.retire(clusters(cluster(a)))).isEqualTo(1);

        assertThat(registry.hostFor(a)).isSameAs(kept);
        assertThat(registry.hostFor(b)).isNotSameAs(gone);
    }

    @Test
    void aHostStaysWhileRequestsAreInFlight() {
        Endpoint a = endpoint("a", 8080, 1);
        Host host = registry.hostFor(a);
        HostTicket ticket = host.begin(0);

        assertThat(registry.retire(clusters())).isZero();
        assertThat(registry.hostFor(a)).isSameAs(host);

        ticket.complete(new Outcome.Canceled(), 1);
        assertThat(host.activeRequests()).isZero();
        assertThat(registry.retire(clusters())).isEqualTo(1);
        assertThat(registry.size()).isZero();
    }

    @Test
    void hostsThatGetNothingAreStillKnown() {
        Endpoint unready = new Endpoint("a", "10.0.0.1", 8080, Locality.UNKNOWN, 1, Map.of(), Condition.NOT_READY);
        Host host = registry.hostFor(unready);

        assertThat(registry.retire(clusters(cluster(unready)))).isZero();
        assertThat(registry.hostFor(unready)).isSameAs(host);
    }

    @Test
    void aHostOfTwoClustersGoesWithTheLastOfThem() {
        Endpoint a = endpoint("a", 8080, 1);
        Cluster one = cluster(a);
        Cluster two = cluster("b.example.com", a, endpoint("b", 8080, 1));
        assertThat(registry.retire(clusters(one, two))).isZero();

        assertThat(registry.retire(clusters(one))).isEqualTo(1);
        assertThat(registry.retire(clusters(one))).isZero();
        assertThat(registry.hostFor(a)).isSameAs(one.members().get(0).host());
        assertThat(registry.retire(clusters())).isEqualTo(1);
    }

    @Test
    void aReplacedClusterTakesOnlyItsOwnHostsAlong() {
        Endpoint a = endpoint("a", 8080, 1);
        Cluster before = cluster(a, endpoint("b", 8080, 1));
        assertThat(registry.retire(clusters(before))).isZero();

        Cluster after = cluster(a, endpoint("c", 8080, 1));
        assertThat(registry.retire(clusters(after))).isEqualTo(1);

        assertThat(registry.size()).isEqualTo(2);
        assertThat(after.members().get(0).host())
                .isSameAs(before.members().get(0).host());
    }

    @Test
    void hostsOfAClusterThatWasNeverPublishedAreForgottenToo() {
        Cluster published = cluster(endpoint("a", 8080, 1));
        assertThat(registry.retire(clusters(published))).isZero();
        cluster(endpoint("b", 8080, 1));

        assertThat(registry.retire(clusters(published))).isEqualTo(1);
    }

    @Test
    void aHostThatComesBackWhileItIsBusyKeepsItsCount() {
        Endpoint a = endpoint("a", 8080, 1);
        Cluster before = cluster(a);
        assertThat(registry.retire(clusters(before))).isZero();
        HostTicket ticket = before.members().get(0).host().begin(0);
        assertThat(registry.retire(clusters())).isZero();

        Cluster after = cluster(a);
        assertThat(registry.retire(clusters(after))).isZero();
        ticket.complete(new Outcome.Canceled(), 1);

        assertThat(registry.retire(clusters(after))).isZero();
        assertThat(after.members().get(0).host())
                .isSameAs(before.members().get(0).host());
    }

    private static Map<ClusterKey, Cluster> clusters(Cluster... clusters) {
        return Arrays.stream(clusters).collect(Collectors.toMap(Cluster::key, cluster -> cluster));
    }

    private Cluster cluster(Endpoint... endpoints) {
        return cluster("a.example.com", endpoints);
    }

    private Cluster cluster(String host, Endpoint... endpoints) {
        return Cluster.build(
                new ClusterKey(host, 80, ""),
                Map.of(),
                ClusterPolicy.balancedBy(Simple.ROUND_ROBIN),
                List.of(endpoints),
                registry,
                null,
                new SplittableRandom(1));
    }

    private static Endpoint endpoint(String id, int port, int weight) {
        return new Endpoint(id, "10.0.0.1", port, Locality.UNKNOWN, weight, Map.of(), Condition.READY);
    }
}
