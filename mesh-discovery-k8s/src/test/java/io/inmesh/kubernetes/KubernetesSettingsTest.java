package io.inmesh.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inmesh.endpoint.Locality;
import io.inmesh.endpoint.WorkloadIdentity;
import io.inmesh.kubernetes.KubernetesSettings.Builder;
import io.kubernetes.client.openapi.ApiClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class KubernetesSettingsTest {

    @Test
    void hasDefaultsThatAreValid() {
        KubernetesSettings settings = KubernetesSettings.builder().build();

        assertThat(settings.services()).isEqualTo(ServiceScope.NEEDED);
        assertThat(settings.endpoints()).isEqualTo(EndpointResource.AUTO);
        assertThat(settings.namespaces()).isEmpty();
        assertThat(settings.snapshotFile()).isNull();
    }

    @ParameterizedTest
    @MethodSource
    void namesTheSettingThatIsWrong(String words, Builder builder) {
        assertThatIllegalArgumentException().isThrownBy(builder::build).withMessageContaining(words);
    }

    @Test
    void namesAllSettingsThatAreWrong() {
        Builder builder = settings().silence(Duration.ZERO).namespaces(List.of("A", "B"));

        assertThatThrownBy(builder::build)
                .isInstanceOfSatisfying(
                        KubernetesSettingsException.class,
                        failure -> assertThat(failure.problems())
                                .extracting(KubernetesSettingsException.Problem::setting)
                                .containsExactly("namespaces", "namespaces", "silence"));
    }

    static Stream<Arguments> namesTheSettingThatIsWrong() {
        WorkloadIdentity badDomain = new WorkloadIdentity("default", Map.of(), Locality.UNKNOWN, "", "not a name");
        return Stream.of(
                Arguments.of(
                        "client is given beside kubeconfig",
                        settings().client(ApiClient::new).kubeconfig(Path.of("config"))),
                Arguments.of("namespaces has \"Shop\"", settings().namespaces(List.of("default", "Shop"))),
                Arguments.of("self.namespace has \"\"", settings().self(self(""))),
                Arguments.of("self.clusterDomain has \"not a name\"", settings().self(badDomain)),
                Arguments.of("snapshotMaxAge is PT0S", settings().snapshotMaxAge(Duration.ZERO)),
                Arguments.of("startWait is PT-1S", settings().startWait(Duration.ofSeconds(-1))),
                Arguments.of("watchTimeout is PT0S", settings().watchTimeout(Duration.ZERO)),
                Arguments.of("silence is PT0S", settings().silence(Duration.ZERO)),
                Arguments.of("minBackoff is PT0S", settings().backoff(Duration.ZERO, Duration.ofSeconds(1))),
                Arguments.of(
                        "shorter than minBackoff", settings().backoff(Duration.ofSeconds(2), Duration.ofSeconds(1))),
                Arguments.of("safetyRelist is PT-1S", settings().safetyRelist(Duration.ofSeconds(-1))));
    }

    private static Builder settings() {
        return KubernetesSettings.builder();
    }

    private static WorkloadIdentity self(String namespace) {
        return WorkloadIdentity.DEFAULT.with(namespace, Map.of());
    }
}
