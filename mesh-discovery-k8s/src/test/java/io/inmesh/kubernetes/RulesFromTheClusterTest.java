package io.inmesh.kubernetes;

import static io.inmesh.kubernetes.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.Mesh;
import io.inmesh.config.ConfigProblem;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.config.source.TextConfigSource;
import io.inmesh.kubernetes.testing.Fault;
import io.inmesh.kubernetes.testing.ScriptedApiServer.Verb;
import io.inmesh.observe.SourceStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A mesh on rules of an API server that lacks Istio, refuses, or is away (C15, C17), under load over real sockets. */
class RulesFromTheClusterTest extends ClusterRulesFixture {
    // C17

    @Test
    void aServerWithoutIstioIsOneNoteAndItsInstallationIsNoticed() {
        server.doesNotServe(everyCollection());
        Mesh mesh = mesh(KubernetesSettings.builder(), Mesh.builder().config(localService()));

        assertThat(answerOf(mesh)).startsWith("200 v");
        assertThat(mesh.status().problems()).singleElement().satisfies(problem -> {
            assertThat(problem.severity()).isEqualTo(ConfigProblem.Severity.NOTE);
            assertThat(problem.message()).startsWith("the API server has no virtualservices.networking.istio.io");
        });
        assertThat(mesh.status().sources()).extracting(SourceStatus::current).containsOnly(true);

        putServices();
        putRoute(ROUTE.formatted("v2"));
        server.doesNotServe();

        eventually(() -> assertThat(mesh.status().problems())
                .noneMatch(problem -> problem.message().startsWith("the API server has no")));
        eventually(() -> assertThat(answerOf(mesh)).isEqualTo("200 v2"));
    }

    @Test
    void rulesThatMayNotBeReadAreOneWarningAndAreReadOnceTheyMay() {
        putServices();
        putRoute(ROUTE.formatted("v2"));
        Fault forbidden = Fault.status(403, "Forbidden", "rules is forbidden: User \"shop\" cannot list resource");
        List.of(Verb.values()).forEach(verb -> server.always(verb, forbidden));

        Mesh mesh = mesh(KubernetesSettings.builder(), Mesh.builder().config(localService()));

        assertThat(answerOf(mesh)).startsWith("200 v");
        assertThat(mesh.status().problems())
                .filteredOn(problem -> problem.severity() == ConfigProblem.Severity.WARNING)
                .singleElement()
                .asString()
                .contains("list and watch virtualservices.networking.istio.io", "of namespace shop", "cannot list");

        server.heal();

        eventually(() -> assertThat(answerOf(mesh)).isEqualTo("200 v2"));
        eventually(() -> assertThat(mesh.status().problems())
                .noneMatch(problem -> problem.message().contains("forbidden")));
    }

    @Test
    void anOlderIstioIsReadInItsOwnVersion() {
        server.doesNotServe(List.of(everyCollection()).stream()
                .filter(collection -> !collection.contains("/v1beta1/"))
                .toArray(String[]::new));
        String beta = "/apis/networking.istio.io/v1beta1/";
        server.put(beta + "serviceentries", serviceEntry());

        Mesh mesh = mesh();

        assertThat(mesh.status().problems()).isEmpty();
        assertThat(answerOf(mesh)).startsWith("200 v");
    }

    /** The same service from a local file, without any rule of the cluster. */
    private TextConfigSource localService() {
        return TextConfigSource.of(
                "local.yaml",
                "{\"apiVersion\": \"networking.istio.io/v1\", \"kind\": \"ServiceEntry\", "
                        + serviceEntry().trim().substring(1));
    }

    private static String[] everyCollection() {
        List<String> all = new ArrayList<>();
        for (String version : List.of("v1", "v1beta1", "v1alpha3")) {
            for (String plural : List.of("virtualservices", "destinationrules", "serviceentries")) {
                all.add("/apis/networking.istio.io/" + version + "/" + plural);
            }
        }
        return all.toArray(String[]::new);
    }

    // C15, for rules

    @Test
    void aStartWithoutTheServerIsBoundedAndItsRulesComeWhenItDoes() {
        putServices();
        putRoute(ROUTE.formatted("v2"));
        server.stop();

        Mesh mesh = mesh(
                KubernetesSettings.builder().startWait(Duration.ofMillis(200)),
                Mesh.builder().config(localService()));

        assertThat(answerOf(mesh)).startsWith("200 v");
        assertThat(mesh.status().problems()).singleElement().satisfies(problem -> {
            assertThat(problem.severity()).isEqualTo(ConfigProblem.Severity.WARNING);
            assertThat(problem.message()).startsWith("the API server has not told its virtualservices");
        });

        server.startAgain();

        eventually(() -> assertThat(answerOf(mesh)).isEqualTo("200 v2"));
    }

    @Test
    void anOutageLeavesAllRules() {
        putServices();
        putRoute(ROUTE.formatted("v1"));
        Mesh mesh = mesh();
        try (Load load = new Load(mesh)) {
            load.some();
            server.stop();
            load.some();
            server.startAgain();
            load.some();
            server.resetConnections();
            load.hasFailedNever();
        }
        assertThat(mesh.status().generation()).isEqualTo(1);
    }

    @Test
    void policiesAreReadOnlyWhenAskedFor() {
        server.put("/apis/security.istio.io/v1/authorizationpolicies", """
                {"metadata": {"name": "deny", "namespace": "shop"}, "spec": {}}
                """);

        assertThat(mesh().status().problems()).isEmpty();
        assertThat(mesh(KubernetesSettings.builder().policies(true), Mesh.builder())
                        .status()
                        .problems())
                .singleElement()
                .asString()
                .startsWith("AuthorizationPolicy/shop/deny@")
                .contains("has effect where mesh-servlet is");
    }

    @Test
    void theStatusTellsHowReadingGoes() {
        putServices();
        KubernetesConnection connection = KubernetesConnection.of(
                KubernetesSettings.builder().client(server.clients()).self(SELF).build());
        open.add(connection);
        KubernetesConfigSource source = new KubernetesConfigSource(connection, ConfigReader.strict());
        open.add(source);
        assertThat(source.status().state()).isEqualTo(KubernetesStatus.State.STARTING);

        open.add(source.watch(update -> {}));

        eventually(() -> assertThat(source.status().watches())
                .hasSize(3)
                .allMatch(watch -> watch.state().equals("WATCHING")));
        assertThat(source.status().state()).isEqualTo(KubernetesStatus.State.LIVE);
        assertThat(source.status().tableAge()).isNotNull();
        assertThat(source.status().problems()).isEmpty();
        server.stop();
        eventually(() -> assertThat(source.status().state()).isEqualTo(KubernetesStatus.State.STALE));
    }
}
