package io.inmesh.internal.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.endpoint.Condition;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.endpoint.Locality;
import io.inmesh.internal.balance.LoadBalancerContext;
import io.inmesh.internal.host.Host;
import io.inmesh.internal.route.ClusterKey;
import io.inmesh.model.LoadBalancerSettings.Simple;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class ClusterPropertiesTest {
    @Provide
    Arbitrary<Simple> policies() {
        return Arbitraries.of(Simple.class).filter(policy -> policy != Simple.PASSTHROUGH);
    }

    @Property(tries = 200)
    void nobodyIneligibleIsEverChosen(
            @ForAll @Size(max = 8) List<Condition> conditions,
            @ForAll @Size(value = 8) List<@IntRange(min = 0, max = 3) Integer> weights,
            @ForAll("policies") Simple policy) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (int i = 0; i < conditions.size(); i++) {
            endpoints.add(new Endpoint(
                    "e" + i, "10.0.0.1", 8080, Locality.UNKNOWN, weights.get(i), Map.of(), conditions.get(i)));
        }
        Condition wanted = conditions.contains(Condition.READY) ? Condition.READY : Condition.TERMINATING;
        List<Endpoint> serving =
                endpoints.stream().filter(e -> e.condition() == wanted).toList();
        boolean weighs = serving.stream().anyMatch(e -> e.weight() > 0);
        Set<String> expected = new HashSet<>();
        serving.stream().filter(e -> !weighs || e.weight() > 0).forEach(e -> expected.add(e.id()));

        Cluster cluster = Cluster.build(
                new ClusterKey("a.example.com", 80, ""),
                Map.of(),
                ClusterPolicy.balancedBy(policy),
                endpoints,
                new HostRegistry(),
                null,
                new SplittableRandom(1));
        LoadBalancerContext context = new FirstAttempt(new SplittableRandom(3));

        assertThat(cluster.members()).hasSize(endpoints.size());
        Set<String> chosen = new HashSet<>();
        for (int i = 0; i < 500; i++) {
            Host host = cluster.chooseHost(context);
            if (host != null) {
                chosen.add(host.endpoint().id());
            }
        }
        assertThat(chosen).isEqualTo(expected);
        cluster.members()
                .forEach(member -> assertThat(member.eligible())
                        .isEqualTo(expected.contains(member.endpoint().id())));
    }
}
