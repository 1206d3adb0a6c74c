package io.inmesh.samples.bookinfo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PrometheusFileTest {

    @Test
    void onTheUsualPortsTheFileIsUsedAsItIs() {
        try (PrometheusFile prometheus = PrometheusFile.with(Ports.from(9080), 9086)) {
            assertThat(prometheus.file())
                    .isAbsolute()
                    .endsWith(Path.of("observe", "prometheus.yml"))
                    .hasContent(PrometheusFile.resource("prometheus.yml"));
        }
        assertThat(Path.of("observe", "prometheus.yml")).exists();
    }

    @Test
    void everyInstanceIsATarget() {
        String yaml = PrometheusFile.resource("prometheus.yml");

        for (Instance instance : Instance.values()) {
            assertThat(yaml)
                    .contains("- targets: [\"127.0.0.1:%d\"]\n    labels: {app: %s, version: %s}"
                            .formatted(Ports.from(9080).of(instance), instance.service(), instance.version()));
        }
        assertThat(yaml).contains("- targets: [\"127.0.0.1:9086\"]\n    labels: {app: gateway}");
    }

    @Test
    void onOtherPortsACopySaysSo() {
        Path copy;
        try (PrometheusFile prometheus = PrometheusFile.with(Ports.from(20000), 30000)) {
            copy = prometheus.file();

            assertThat(copy)
                    .content()
                    .contains("[\"127.0.0.1:20000\"]", "[\"127.0.0.1:20005\"]", "[\"127.0.0.1:30000\"]")
                    .contains("rule_files:\n- alerts.yaml\n")
                    .doesNotContain("127.0.0.1:90");
            assertThat(copy.resolveSibling("alerts.yaml")).hasContent(PrometheusFile.resource("alerts.yaml"));
        }
        assertThat(Files.exists(copy.getParent())).isFalse();
    }

    @Test
    void withoutAGatewayItIsNoTarget() {
        assertThat(PrometheusFile.withPorts(PrometheusFile.resource("prometheus.yml"), Ports.from(20000), null))
                .contains("- targets: []\n    labels: {app: gateway}");
    }
}
