package io.inmesh.telemetry.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkloadTest {
    @Test
    void nothingIsKnownWithoutLabels() {
        assertThat(Workload.of(Map.of())).isEqualTo(Workload.NOT_KNOWN);
    }

    @Test
    void anAppWithAVersionIsTakenForADeployment() {
        assertThat(Workload.of(Map.of("app", "reviews", "version", "v1")))
                .isEqualTo(new Workload("reviews-v1", "reviews", "v1", "reviews", "v1"));
    }

    @Test
    void aRevisionThatIsNotToldIsTheLatest() {
        assertThat(Workload.of(Map.of("app.kubernetes.io/name", "cart")))
                .isEqualTo(new Workload("cart", "unknown", "unknown", "cart", "latest"));
    }

    @Test
    void canonicalLabelsComeFirst() {
        assertThat(Workload.of(Map.of(
                        "service.istio.io/canonical-name", "shop",
                        "service.istio.io/canonical-revision", "2",
                        "service.istio.io/workload-name", "shop-green",
                        "app", "legacy",
                        "version", "1")))
                .isEqualTo(new Workload("shop-green", "legacy", "1", "shop", "2"));
    }

    @Test
    void theNameOfAPodTellsThatOfItsDeployment() {
        assertThat(Workload.of(Map.of("app", "reviews", "pod-template-hash", "5f8c"), "reviews-blue-5f8c-x7k2p")
                        .name())
                .isEqualTo("reviews-blue");
        assertThat(Workload.of(Map.of("app", "reviews", "pod-template-hash", "5f8c"), "laptop")
                        .name())
                .isEqualTo("reviews");
    }

    @Test
    void theNameOfAPodOfAStatefulSetIsAmongItsLabels() {
        assertThat(Workload.of(Map.of("app", "db", "statefulset.kubernetes.io/pod-name", "mysql-0"))
                        .name())
                .isEqualTo("mysql");
    }
}
