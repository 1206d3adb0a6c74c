package io.inmesh.internal.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.endpoint.ServiceEndpoints;
import io.inmesh.endpoint.ServiceName;
import io.inmesh.endpoint.ServicePort;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.internal.cluster.ClusterPolicy;
import io.inmesh.model.ConfigObject;
import io.inmesh.model.DestinationExtras;
import io.inmesh.model.DestinationRule;
import io.inmesh.model.LoadBalancerSettings;
import io.inmesh.model.LoadBalancerSettings.Simple;
import io.inmesh.model.ObjectMeta;
import io.inmesh.model.Origin;
import io.inmesh.model.Subset;
import io.inmesh.model.TrafficPolicy;
import io.inmesh.model.TrafficPolicy.PortTrafficPolicy;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DestinationRulesTest {
    private static final String HOST = "reviews.default.svc.cluster.local";
    private static final LoadBalancerSettings RANDOM = new LoadBalancerSettings(Simple.RANDOM, null, null, null);

    private static DestinationRule.Builder rule(String name, long second) {
        return DestinationRule.builder(
                ObjectMeta.builder("default", name)
                        .creationTimestamp(Instant.ofEpochSecond(second))
                        .build(),
                "reviews");
    }

    private static DestinationRules.Merged merged(DestinationRule.Builder... rules) {
        ServiceEndpoints service = ServiceEndpoints.builder(
                        new ServiceName(HOST), "default", ServiceEndpoints.State.ENDPOINTS)
                .ports(List.of(new ServicePort(80, "http", "HTTP")))
                .build();
        return new DestinationRules(
                        WorkloadIdentity.DEFAULT,
                        Stream.of(rules)
                                .map(DestinationRule.Builder::build)
                                .sorted(ConfigObject.OLDEST_FIRST)
                                .toList(),
                        null)
                .forService(service);
    }

    @Test
    void eachExtraIsThatOfTheOldestRuleThatAsksForIt() {
        ClusterPolicy policy = merged(
                        rule("newest", 3).extras(new DestinationExtras(90.0, "newest")),
                        rule("older", 2).extras(new DestinationExtras(95.0, null)),
                        rule("oldest", 1))
                .policy(80, null);

        assertThat(policy.extras()).isEqualTo(new DestinationExtras(95.0, "newest"));
    }

    @Test
    void extrasHoldForPortsAndSubsetsWithSettingsOfTheirOwn() {
        DestinationExtras extras = new DestinationExtras(95.0, "reviews");
        Subset v2 = new Subset(
                "v2",
                Map.of("version", "v2"),
                TrafficPolicy.builder().loadBalancer(RANDOM).build(),
                Origin.NONE);
        DestinationRules.Merged merged = merged(rule("reviews", 1)
                .extras(extras)
                .trafficPolicy(TrafficPolicy.builder()
                        .portLevelSettings(List.of(new PortTrafficPolicy(80, RANDOM, null, null, null)))
                        .build())
                .subsets(List.of(v2)));

        assertThat(merged.policy(80, null))
                .isEqualTo(ClusterPolicy.balancedBy(Simple.RANDOM).withExtras(extras));
        assertThat(merged.policy(81, v2).withBalancer(Simple.LEAST_REQUEST).extras())
                .isEqualTo(extras);
    }
}
