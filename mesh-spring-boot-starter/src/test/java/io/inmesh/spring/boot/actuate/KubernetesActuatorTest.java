package io.inmesh.spring.boot.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.kubernetes.testing.ScriptedApiServer;
import io.inmesh.spring.boot.TestApplication;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.test.json.JsonContent;

/** The actuator over HTTP, of an application that watches an API server over HTTP. */
@ExtendWith(OutputCaptureExtension.class)
class KubernetesActuatorTest {

    private static final String TOKEN = "hush-hush";
    private static final String VIRTUAL_SERVICES = "/apis/networking.istio.io/v1/virtualservices";

    @TempDir
    Path directory;

    private ScriptedApiServer server;
    private ServletWebServerApplicationContext application;

    @BeforeEach
    void start() throws Exception {
        server = ScriptedApiServer.start();
        server.acceptsTokens(TOKEN);
        server.put(ScriptedApiServer.SERVICES, """
                {"metadata": {"namespace": "shop", "name": "reviews", "uid": "s1"},
                 "spec": {"clusterIP": "10.96.0.7", "selector": {"app": "reviews"},
                          "ports": [{"name": "http", "port": 9080, "targetPort": 9080}]}}""");
        putSlice("10.1.0.1");
        server.put(VIRTUAL_SERVICES, virtualService("from-cluster", "reviews"));
        Path rules = Files.createDirectory(directory.resolve("rules"));
        Files.writeString(rules.resolve("file.yaml"), virtualService("from-file", "ratings"));
        application = (ServletWebServerApplicationContext) new SpringApplicationBuilder(TestApplication.class)
                .run(
                        "--server.port=0",
                        "--server.address=127.0.0.1",
                        "--spring.main.banner-mode=off",
                        "--management.endpoints.web.exposure.include=health,mesh",
                        "--management.endpoint.health.show-details=always",
                        "--management.endpoint.health.probes.enabled=true",
                        "--management.endpoint.health.group.readiness.include=readinessState,mesh",
                        "--mesh.config.locations=file:" + rules + "/",
                        "--mesh.namespace=shop",
                        "--mesh.kubernetes.enabled=true",
                        "--mesh.kubernetes.kubeconfig=" + kubeconfig(),
                        "--mesh.kubernetes.namespaces=shop",
                        "--mesh.kubernetes.min-backoff=20ms",
                        "--mesh.kubernetes.max-backoff=100ms");
    }

    @AfterEach
    void stop() {
        application.close();
        server.close();
    }

    private Path kubeconfig() throws Exception {
        return Files.writeString(directory.resolve("kubeconfig"), """
                apiVersion: v1
                kind: Config
                current-context: test
                clusters: [{name: c, cluster: {server: '%s'}}]
                users: [{name: u, user: {token: %s}}]
                contexts: [{name: test, context: {cluster: c, user: u}}]
                """.formatted(server.url(), TOKEN));
    }

    private void putSlice(String address) {
        server.put(ScriptedApiServer.SLICES, """
                {"metadata": {"namespace": "shop", "name": "reviews-1",
                              "labels": {"kubernetes.io/service-name": "reviews"}},
                 "addressType": "IPv4",
                 "ports": [{"name": "http", "port": 9080, "protocol": "TCP"}],
                 "endpoints": [{"addresses": ["%s"], "zone": "europe-b",
                                "conditions": {"ready": true, "serving": true, "terminating": false},
                                "targetRef": {"kind": "Pod", "namespace": "shop", "name": "p1", "uid": "u1"}}]}""".formatted(address));
    }

    private static String virtualService(String name, String host) {
        return """
                {"apiVersion": "networking.istio.io/v1", "kind": "VirtualService",
                 "metadata": {"namespace": "shop", "name": "%s"},
                 "spec": {"hosts": ["%s"], "http": [{"name": "%s", "route": [{"destination": {"host": "%s"}}]}]}}""".formatted(name, host, name, host);
    }

    private HttpResponse<String> request(String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:"
                                        + application.getWebServer().getPort() + "/actuator" + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private JsonContent get(String path) throws Exception {
        HttpResponse<String> response = request(path);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return new JsonContent(response.body());
    }

    private static void eventually(ThrowingRunnable assertion) {
        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(assertion);
    }

    @Test
    void endpointsTellWhereTheyComeFromAndHowTheWatchesAre() throws Exception {
        JsonContent all = get("/mesh/endpoints");
        assertThat(all).extractingPath("$.kubernetes.state").isEqualTo("live");
        assertThat(all).extractingPath("$.kubernetes.tableAgeMs").isInstanceOf(Number.class);
        assertThat(all)
                .extractingPath("$.kubernetes.watches[?(@.selection =~ /endpointslices.*shop.*/)].state")
                .asArray()
                .containsExactly("watching");
        assertThat(all)
                .extractingPath("$.kubernetes.watches[?(@.selection =~ /endpointslices.*/)].counts.lists")
                .asArray()
                .containsExactly(1);

        JsonContent reviews = get("/mesh/endpoints/reviews");
        assertThat(reviews).extractingPath("$.service").isEqualTo("reviews.shop.svc.cluster.local");
        assertThat(reviews).extractingPath("$.kubernetes.state").isEqualTo("live");
        assertThat(reviews).extractingPath("$.kubernetes.tableAgeMs").isInstanceOf(Number.class);
        assertThat(reviews).extractingPath("$.ports[0].endpoints[0].address").isEqualTo("10.1.0.1:9080");
        assertThat(reviews).extractingPath("$.ports[0].endpoints[0].condition").isEqualTo("ready");
        assertThat(reviews)
                .extractingPath("$.ports[0].endpoints[0].locality")
                .asString()
                .contains("europe-b");
    }

    @Test
    void rulesOfTheClusterAndOfFilesHoldBesideEachOther() throws Exception {
        assertThat(get("/mesh")).extractingPath("$.kubernetes.rules.state").isEqualTo("live");
        assertThat(get("/mesh/explain?url=http://reviews:9080/"))
                .extractingPath("$.virtualService")
                .isEqualTo("shop/from-cluster");
        assertThat(get("/mesh/explain?url=http://ratings.shop.svc.cluster.local/"))
                .extractingPath("$.virtualService")
                .isEqualTo("shop/from-file");
    }

    @Test
    void withoutTheApiServerHealthIsDegradedAndNobodyIsTakenOutOfService() throws Exception {
        assertThat(get("/health")).extractingPath("$.components.mesh.status").isEqualTo("UP");
        assertThat(get("/health"))
                .extractingPath("$.components.mesh.details.kubernetes.endpoints.state")
                .isEqualTo("live");

        server.stop();
        eventually(() -> assertThat(get("/health"))
                .extractingPath("$.components.mesh.status")
                .isEqualTo("DEGRADED"));
        JsonContent degraded = get("/health");
        assertThat(degraded).extractingPath("$.status").isEqualTo("UP");
        assertThat(degraded)
                .extractingPath("$.components.mesh.details.kubernetes.endpoints.state")
                .isEqualTo("stale");
        assertThat(degraded)
                .extractingPath("$.components.mesh.details.kubernetes.endpoints.tableAgeMs")
                .isInstanceOf(Number.class);
        assertThat(get("/health/readiness")).extractingPath("$.status").isEqualTo("UP");
        assertThat(get("/health/liveness")).extractingPath("$.status").isEqualTo("UP");
        eventually(() -> assertThat(get("/health"))
                .extractingPath("$.components.mesh.details.kubernetes.endpoints.notStanding")
                .asMap()
                .anySatisfy((watch, why) -> {
                    assertThat(watch).asString().contains("endpointslices");
                    assertThat(why).asString().contains("backing_off");
                }));
        assertThat(get("/mesh/endpoints/reviews"))
                .extractingPath("$.ports[0].endpoints[0].address")
                .isEqualTo("10.1.0.1:9080");

        server.startAgain();
        putSlice("10.1.0.2");
        eventually(() -> assertThat(get("/health"))
                .extractingPath("$.components.mesh.status")
                .isEqualTo("UP"));
        eventually(() -> assertThat(get("/mesh/endpoints/reviews"))
                .extractingPath("$.ports[0].endpoints[*].address")
                .asArray()
                .containsExactly("10.1.0.2:9080"));
    }

    @Test
    void theTokenIsNowhereToBeSeen(CapturedOutput output) throws Exception {
        server.acceptsTokens("another");
        server.resetConnections();
        eventually(() -> assertThat(get("/health"))
                .extractingPath("$.components.mesh.status")
                .isEqualTo("DEGRADED"));
        eventually(() -> assertThat(get("/mesh").getJson()).contains("401"));
        assertThat(get("/health"))
                .extractingPath("$.components.mesh.description")
                .isEqualTo("The API server is away or refuses; what it said last is in use");

        for (String path : List.of("/health", "/mesh", "/mesh/endpoints", "/mesh/endpoints/reviews", "/mesh/routes")) {
            assertThat(get(path).getJson()).as(path).doesNotContain(TOKEN);
        }
        assertThat(server.requests().get(0).headers().get("authorization")).contains(TOKEN);
        assertThat(output.getAll()).contains("what is known stays").doesNotContain(TOKEN);
    }

    @Test
    void theContextClosesTheWatches() {
        assertThat(server.openWatches()).isPositive();

        application.close();

        eventually(() -> assertThat(server.openWatches()).isZero());
    }
}
