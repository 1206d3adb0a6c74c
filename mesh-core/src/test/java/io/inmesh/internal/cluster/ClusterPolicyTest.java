package io.inmesh.internal.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.model.LoadBalancerSettings;
import io.inmesh.model.LoadBalancerSettings.Simple;
import io.inmesh.model.OutlierDetection;
import io.inmesh.model.TrafficPolicy;
import io.inmesh.model.TrafficPolicy.PortTrafficPolicy;
import io.inmesh.model.TrafficPolicy.RetryBudget;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ClusterPolicyTest {
    private static final OutlierDetection OUTLIERS = new OutlierDetection(false, null, null, 5, null, null, 10, 0);
    private static final RetryBudget BUDGET = new RetryBudget(30.0, 5);

    private static LoadBalancerSettings simple(Simple simple) {
        return new LoadBalancerSettings(simple, null, null, null);
    }

    @Test
    void aMoreSpecificPolicyReplacesBlockByBlock() {
        TrafficPolicy rule = new TrafficPolicy(simple(Simple.RANDOM), null, OUTLIERS, null, List.of(), BUDGET);
        TrafficPolicy subset = new TrafficPolicy(simple(Simple.ROUND_ROBIN), null, null, null, List.of(), null);

        ClusterPolicy merged = ClusterPolicy.DEFAULT.overriddenBy(rule, 80).overriddenBy(subset, 80);

        assertThat(merged).isEqualTo(new ClusterPolicy(simple(Simple.ROUND_ROBIN), null, OUTLIERS, null, BUDGET));
    }

    @Test
    void settingsOfThePortReplaceAllBlocksAndThoseOfOtherPortsNone() {
        PortTrafficPolicy ofPort = new PortTrafficPolicy(80, simple(Simple.RANDOM), null, null, null);
        TrafficPolicy rule =
                new TrafficPolicy(simple(Simple.ROUND_ROBIN), null, OUTLIERS, null, List.of(ofPort), BUDGET);

        assertThat(ClusterPolicy.DEFAULT.overriddenBy(rule, 80))
                .isEqualTo(new ClusterPolicy(simple(Simple.RANDOM), null, null, null, BUDGET));
        assertThat(ClusterPolicy.DEFAULT.overriddenBy(rule, 81))
                .isEqualTo(new ClusterPolicy(simple(Simple.ROUND_ROBIN), null, OUTLIERS, null, BUDGET));
    }

    @Test
    void settingsOfThePortThatLeaveTheBalancerOutMeanTheDefault() {
        PortTrafficPolicy ofPort = new PortTrafficPolicy(80, null, null, OUTLIERS, null);
        TrafficPolicy rule = new TrafficPolicy(simple(Simple.ROUND_ROBIN), null, null, null, List.of(ofPort), null);

        assertThat(ClusterPolicy.DEFAULT.overriddenBy(rule, 80).balancer()).isEqualTo(Simple.LEAST_REQUEST);
    }

    @ParameterizedTest
    @EnumSource(
            value = Simple.class,
            names = {"UNSPECIFIED", "LEAST_CONN", "LEAST_REQUEST"})
    void namesOfTheDefaultAreOnePolicy(Simple simple) {
        assertThat(ClusterPolicy.balancedBy(simple)).isEqualTo(ClusterPolicy.DEFAULT);
    }

    @Test
    void policiesThatDifferInAnyBlockAreNotEqual() {
        ClusterPolicy outliers = new ClusterPolicy(simple(Simple.RANDOM), null, OUTLIERS, null, null);

        assertThat(outliers).isNotEqualTo(ClusterPolicy.balancedBy(Simple.RANDOM));
        assertThat(outliers.withBalancer(Simple.LEAST_REQUEST)).isNotEqualTo(ClusterPolicy.DEFAULT);
    }
}
