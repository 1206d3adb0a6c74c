package io.inmesh.samples.bookinfo;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ServicesFileTest {

    @Test
    void onTheUsualPortsTheFileIsUsedAsItIs() {
        try (ServicesFile services = ServicesFile.with(Ports.from(9080))) {
            assertThat(services.location()).isEqualTo("classpath:services.yaml");
        }
    }

    @Test
    void onOtherPortsACopySaysSo() throws Exception {
        Path copy;
        try (ServicesFile services = ServicesFile.with(Ports.from(20000))) {
            copy = Path.of(URI.create(services.location()));

            assertThat(copy)
                    .content()
                    .contains("ports: {http: 20000}", "ports: {http: 20003}\n    labels: {app: reviews, version: v2}")
                    .contains("ports: {http: 20005}", "number: 9080")
                    .doesNotContain("http: 908");
        }
        assertThat(Files.exists(copy)).isFalse();
        assertThat(Files.exists(copy.getParent())).isFalse();
    }

    @Test
    void everyInstanceHasItsEndpoint() {
        String yaml = ServicesFile.original();

        for (Instance instance : Instance.values()) {
            assertThat(yaml)
                    .contains("ports: {http: %d}\n    labels: {app: %s, version: %s}"
                            .formatted(Ports.from(9080).of(instance), instance.service(), instance.version()));
        }
    }
}
