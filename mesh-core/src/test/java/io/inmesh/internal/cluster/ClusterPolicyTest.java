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
    private static final OutlierDetection OUTLIERS = OutlierDetection.builder()
            .consecutive5xxErrors(5)
            .maxEjectionPercent(10)
            .build();
    private static final RetryBudget BUDGET = new RetryBudget(30.0, 5);

    private static LoadBalancerSettings simple(Simple simple) {
        return new LoadBalancerSettings(simple, null, null, null);
    }

    @Test
    void aMoreSpecificPolicyReplacesBlockByBlock() {
        TrafficPolicy rule = TrafficPolicy.builder()
                .loadBalancer(simple(Simple.RANDOM))
                .outlierDetection(OUTLIERS)
                .retryBudget(BUDGET)
                .build();
        TrafficPolicy subset =
                TrafficPolicy.builder().loadBalancer(simple(Simple.ROUND_ROBIN)).build();

        ClusterPolicy merged = ClusterPolicy.DEFAULT.overriddenBy(rule, 80).overriddenBy(subset, 80);

        assertThat(merged).isEqualTo(new ClusterPolicy(simple(Simple.ROUND_ROBIN), null, OUTLIERS, null, BUDGET));
    }

    @Test
    void settingsOfThePortReplaceAllBlocksAndThoseOfOtherPortsNone() {
        PortTrafficPolicy ofPort = new PortTrafficPolicy(80, simple(Simple.RANDOM), null, null, null);
        TrafficPolicy rule = TrafficPolicy.builder()
                .loadBalancer(simple(Simple.ROUND_ROBIN))
                .outlierDetection(OUTLIERS)
                .portLevelSettings(List.of(ofPort))
                .retryBudget(BUDGET)
                .build();

        assertThat(ClusterPolicy.DEFAULT.overriddenBy(rule, 80))
                .isEqualTo(new ClusterPolicy(simple(Simple.RANDOM), null, null, null, BUDGET));
        assertThat(ClusterPolicy.DEFAULT.overriddenBy(rule, 81))
                .isEqualTo(new ClusterPolicy(simple(Simple.ROUND_ROBIN), null, OUTLIERS, null, BUDGET));
    }

    @Test
    void settingsOfThePortThatLeaveTheBalancerOutMeanTheDefault() {
        PortTrafficPolicy ofPort = new PortTrafficPolicy(80, null, null, OUTLIERS, null);
        TrafficPolicy rule = TrafficPolicy.builder()
                .loadBalancer(simple(Simple.ROUND_ROBIN))
                .portLevelSettings(List.of(ofPort))
                .build();

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
