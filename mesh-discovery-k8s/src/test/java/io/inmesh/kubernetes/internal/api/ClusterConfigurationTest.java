package io.inmesh.kubernetes.internal.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.assertj.core.util.Throwables;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterConfigurationTest {
    private static final String TWO_CLUSTERS = """
            apiVersion: v1
            kind: Config
            current-context: near
            clusters:
            - {name: a, cluster: {server: 'http://near.example:8080'}}
            - {name: b, cluster: {server: 'http://far.example:8080'}}
            users:
            - {name: u, user: {token: secret}}
            contexts:
            - {name: near, context: {cluster: a, user: u}}
            - {name: far, context: {cluster: b, user: u}}
            """;

    @TempDir
    Path home;

    @Test
    void usesTheFileAndItsCurrentContext() throws Exception {
        Path file = write("config", TWO_CLUSTERS);

        assertThat(configuration(file, null, Map.of()).call().getBasePath()).isEqualTo("http://near.example:8080");
    }

    @Test
    void usesTheContextThatIsNamed() throws Exception {
        Path file = write("config", TWO_CLUSTERS);

        assertThat(configuration(file, "far", Map.of()).call().getBasePath()).isEqualTo("http://far.example:8080");
    }

    @Test
    void readsTheFileAnewEachTime() throws Exception {
        Path file = write("config", TWO_CLUSTERS);
        ClusterConfiguration configuration = configuration(file, null, Map.of());
        configuration.call();
        write("config", TWO_CLUSTERS.replace("near.example", "moved.example"));

        assertThat(configuration.call().getBasePath()).isEqualTo("http://moved.example:8080");
    }

    @Test
    void namesTheContextsThatThereAre() throws IOException {
        Path file = write("config", TWO_CLUSTERS);

        assertThatIOException()
                .isThrownBy(configuration(file, "nowhere", Map.of())::call)
                .withMessageContaining("kubeconfig " + file)
                .withMessageContaining("no context nowhere, only [near, far]");
    }

    @Test
    void namesTheFileThatIsBroken() throws IOException {
        Path file = write("config", "clusters: [");

        assertThatIOException()
                .isThrownBy(configuration(file, null, Map.of())::call)
                .withMessageContaining("kubeconfig " + file + " cannot be used");
    }

    @Test
    void doesNotQuoteABrokenFileBecauseThatHoldsSecrets() throws IOException {
        Path file = write("config", "users:\n- {name: u, user: {token: hush-hush, 'open}}\n");

        assertThatIOException()
                .isThrownBy(configuration(file, null, Map.of())::call)
                .withMessageContaining("it is not YAML, line 3, column 1")
                .satisfies(
                        failure -> assertThat(Throwables.getStackTrace(failure)).doesNotContain("hush-hush"));
    }

    @Test
    void namesTheFileThatIsMissing() {
        Path file = home.resolve("missing");

        assertThatIOException()
                .isThrownBy(configuration(file, null, Map.of())::call)
                .withMessageContaining("kubeconfig " + file + " cannot be used");
    }

    @Test
    void namesTheContextWhoseClusterHasNoServer() throws IOException {
        Path file = write("config", TWO_CLUSTERS.replace("server: 'http://near.example:8080'", ""));

        assertThatIOException()
                .isThrownBy(configuration(file, null, Map.of())::call)
                .withMessageContaining("kubeconfig " + file + " cannot be used: context near names no server");
    }

    @Test
    void namesTheFileWhoseServerIsNoAddress() throws IOException {
        Path file = write("config", TWO_CLUSTERS.replace("http://near.example:8080", "ftp://near.example"));

        assertThatIOException()
                .isThrownBy(configuration(file, null, Map.of())::call)
                .withMessageContaining("kubeconfig " + file + " cannot be used")
                .withMessageContaining("ftp");
    }

    @Test
    void takesTheFirstFileOfTheVariableThatExists() throws Exception {
        Path file = write("second", TWO_CLUSTERS);
        String variable = home.resolve("first") + File.pathSeparator + file;

        assertThat(configuration(null, null, Map.of("KUBECONFIG", variable))
                        .call()
                        .getBasePath())
                .isEqualTo("http://near.example:8080");
    }

    @Test
    void fallsBackToTheHomeDirectory() throws Exception {
        Files.createDirectory(home.resolve(".kube"));
        write(".kube/config", TWO_CLUSTERS);

        assertThat(configuration(null, null, Map.of()).call().getBasePath()).isEqualTo("http://near.example:8080");
    }

    @Test
    void saysWhereItLookedWhenThereIsNothing() {
        assertThatIOException()
                .isThrownBy(configuration(null, null, Map.of())::call)
                .withMessageContaining(home.resolve("serviceaccount").toString())
                .withMessageContaining(home.resolve(".kube/config").toString())
                .withMessageContaining("set KUBECONFIG");
    }

    @Test
    void prefersTheServiceAccountAndSaysWhatIsWrongWithIt() throws IOException {
        Files.createDirectory(home.resolve("serviceaccount"));
        write("serviceaccount/token", "token");
        Path file = write("config", TWO_CLUSTERS);

        assertThatIOException()
                .isThrownBy(configuration(null, null, Map.of("KUBECONFIG", file.toString()))::call)
                .withMessageContaining("the service account in " + home.resolve("serviceaccount"));
    }

    private ClusterConfiguration configuration(
            @Nullable Path file, @Nullable String context, Map<String, String> environment) {
        return new ClusterConfiguration(file, context, environment, home, home.resolve("serviceaccount"));
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(home.resolve(name), text);
    }
}
