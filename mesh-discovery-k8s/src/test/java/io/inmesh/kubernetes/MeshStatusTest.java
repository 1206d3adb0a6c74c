package io.inmesh.kubernetes;

import static io.inmesh.kubernetes.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.Mesh;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.config.source.TextConfigSource;
import io.inmesh.kubernetes.testing.KubernetesJson;
import io.inmesh.kubernetes.testing.ScriptedApiServer;
import io.inmesh.observe.SourceStatus;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a mesh in plain Java tells of the API server that it reads from. */
class MeshStatusTest {
    private static final String SUBSETS = """
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: cart, namespace: shop}
            spec: {host: cart, subsets: [{name: v1, labels: {version: v1}}]}
            """;

    private final ScriptedApiServer server = ScriptedApiServer.start();
    private final KubernetesConnection connection = KubernetesConnection.of(
            EndpointSourceRig.settings().client(server.clients()).build());

    private Mesh mesh() {
        return Mesh.builder()
                .self(EndpointSourceRig.SELF)
                .config(TextConfigSource.of("rules", SUBSETS))
                .config(new KubernetesConfigSource(connection, ConfigReader.strict()))
                .endpoints(new KubernetesEndpointSource(connection))
                .firstAnswerWait(Duration.ofSeconds(2))
                .build();
    }

    @AfterEach
    void close() {
        connection.close();
        server.close();
    }

    @Test
    void sourcesAreNotCurrentWhileTheServerIsAway() {
        server.put(ScriptedApiServer.SERVICES, KubernetesJson.service("shop", "cart"));
        try (Mesh mesh = mesh()) {
            eventually(() -> assertThat(current(mesh)).isEqualTo(all(true)));

            server.stop();

            eventually(() -> assertThat(current(mesh)).isEqualTo(all(false)));

            server.startAgain();

            eventually(() -> assertThat(current(mesh)).isEqualTo(all(true)));
        }
    }

    @Test
    void sourcesAreNotCurrentThatHaveNeverReachedTheServer() {
        server.stop();
        try (Mesh mesh = mesh()) {
            assertThat(current(mesh)).isEqualTo(all(false));
            assertThat(mesh.status().generation()).isEqualTo(1);
        }
    }

    @Test
    void aMissingRightForPodsIsAProblem() {
        server.put(ScriptedApiServer.SERVICES, KubernetesJson.service("shop", "cart"));
        server.forbid("/api/v1/pods");
        try (Mesh mesh = mesh()) {
            eventually(() -> assertThat(mesh.status().problems())
                    .filteredOn(problem -> problem.origin().toString().startsWith("kubernetes"))
                    .singleElement()
                    .satisfies(problem -> {
                        assertThat(problem.message())
                                .contains("subsets of cart.shop.svc.cluster.local have no endpoints")
                                .contains("pods is forbidden");
                        assertThat(problem.fix()).contains("grant the right to list and watch");
                    }));
            assertThat(mesh.status().hasErrors()).isFalse();
        }
    }

    private static Map<String, Boolean> all(boolean clusterIsCurrent) {
        return Map.of("rules", true, "kubernetes", clusterIsCurrent, "kubernetes rules", clusterIsCurrent);
    }

    private static Map<String, Boolean> current(Mesh mesh) {
        return mesh.status().sources().stream().collect(Collectors.toMap(SourceStatus::name, SourceStatus::current));
    }
}
