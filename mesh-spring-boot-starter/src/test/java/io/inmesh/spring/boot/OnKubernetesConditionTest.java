package io.inmesh.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.mock.env.MockEnvironment;

class OnKubernetesConditionTest {

    private final MockEnvironment environment = new MockEnvironment();

    @TempDir
    Path root;

    @ParameterizedTest
    @CsvSource({
        "true, true, true, a pod with a service account",
        "true, false, false, no service account is mounted",
        "false, true, false, KUBERNETES_SERVICE_HOST",
        "false, false, false, KUBERNETES_SERVICE_HOST"
    })
    void onlyAPodWithAServiceAccountIsInside(boolean told, boolean mounted, boolean matches, String reason)
            throws IOException {
        if (told) {
            environment.setProperty("KUBERNETES_SERVICE_HOST", "10.96.0.1");
        }
        if (mounted) {
            mountServiceAccount();
        }

        ConditionOutcome outcome = outcome();
        assertThat(outcome.isMatch()).isEqualTo(matches);
        assertThat(outcome.getMessage()).contains(reason);
    }

    @Test
    void thePropertyCountsMoreThanThePlace() throws IOException {
        environment.setProperty("mesh.kubernetes.enabled", "true");
        assertThat(outcome().isMatch()).isTrue();

        environment.setProperty("KUBERNETES_SERVICE_HOST", "10.96.0.1");
        mountServiceAccount();
        environment.setProperty("mesh.kubernetes.enabled", "false");
        assertThat(outcome().isMatch()).isFalse();

        environment.setProperty("mesh.kubernetes.enabled", "");
        assertThat(outcome().isMatch()).isTrue();
    }

    @Test
    void whatIsNeitherTrueNorFalseIsLeftToTheCheckOfProperties() {
        environment.setProperty("mesh.kubernetes.enabled", "perhaps");

        assertThat(outcome().isMatch()).isFalse();
    }

    private ConditionOutcome outcome() {
        return new OnKubernetesCondition(root).outcome(environment);
    }

    private void mountServiceAccount() throws IOException {
        Path directory = Files.createDirectories(root.resolve("var/run/secrets/kubernetes.io/serviceaccount"));
        Files.writeString(directory.resolve("token"), "token");
    }
}
