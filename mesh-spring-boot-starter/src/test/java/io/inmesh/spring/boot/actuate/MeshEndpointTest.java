package io.inmesh.spring.boot.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.Mesh;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.spring.boot.Backend;
import io.inmesh.spring.boot.TestApplication;
import io.inmesh.testing.FakeConfigSource;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.test.json.JsonContent;

/** The actuator over HTTP. */
class MeshEndpointTest {

    private static final String RULE = """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: reviews}
            spec:
              hosts: [reviews]
              http:
              - name: jason
                match: [{headers: {end-user: {exact: jason}}}]
                route:
                - destination: {host: reviews}
                  headers: {request: {set: {authorization: Bearer top, x-plain: shown}}}
              - name: rest
                timeout: 2s
                route: [{destination: {host: reviews}}]
            """;

    private Backend backend;
    private FakeConfigSource rules;
    private ServletWebServerApplicationContext application;

    @BeforeEach
    void start() {
        backend = Backend.named("v1");
        rules = new FakeConfigSource("rules");
        tell(RULE);
        application = (ServletWebServerApplicationContext) new SpringApplicationBuilder(TestApplication.class)
                .initializers(context ->
                        ((GenericApplicationContext) context).registerBean(FakeConfigSource.class, () -> rules))
                .run(
                        "--server.port=0",
                        "--server.address=127.0.0.1",
                        "--spring.main.banner-mode=off",
                        "--management.endpoints.web.exposure.include=health,mesh",
                        "--management.endpoint.health.show-details=always",
                        "--management.endpoint.health.probes.enabled=true",
                        "--mesh.services.reviews.endpoints[0].address=" + backend.address(),
                        "--mesh.services.reviews.endpoints[0].labels.version=v1");
    }

    @AfterEach
    void stop() {
        application.close();
        backend.close();
    }

    private void tell(String yaml) {
        rules.tell(ConfigReader.strict().read("rules", yaml).config());
    }

    private HttpResponse<String> request(String method, String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:"
                                        + application.getWebServer().getPort() + "/actuator" + path))
                                .method(method, HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private JsonContent get(String path) throws Exception {
        HttpResponse<String> response = request("GET", path);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return new JsonContent(response.body());
    }

    @Test
    void theRootTellsWhatTheMeshRunsOn() throws Exception {
        JsonContent status = get("/mesh");

        assertThat(status).extractingPath("$.generation").isEqualTo(1);
        assertThat(status).extractingPath("$.publishedAt").asString().startsWith("20");
        assertThat(status).extractingPath("$.sources[*].name").asArray().contains("mesh.services", "rules");
        assertThat(status).extractingPath("$.problems").asArray().isEmpty();
    }

    @Test
    void routesAreListed() throws Exception {
        assertThat(get("/mesh/routes")).extractingPath("$[0].host").asString().startsWith("reviews");
        assertThat(get("/mesh/routes"))
                .extractingPath("$[0].routes")
                .asArray()
                .hasSize(2)
                .anySatisfy(route -> assertThat(route.toString()).contains("jason"));
    }

    @Test
    void endpointsAreListedAndFoundByName() throws Exception {
        assertThat(get("/mesh/endpoints"))
                .extractingPath("$.services[*].service")
                .asArray()
                .containsExactly("reviews.default.svc.cluster.local");
        for (String name : new String[] {"reviews", "reviews.default.svc.cluster.local"}) {
            JsonContent service = get("/mesh/endpoints/" + name);
            assertThat(service)
                    .extractingPath("$.ports[0].endpoints[0].address")
                    .isEqualTo(backend.address());
            assertThat(service)
                    .extractingPath("$.ports[0].endpoints[0].labels.version")
                    .isEqualTo("v1");
        }
    }

    @Test
    void explainTellsWhereARequestWouldGoAndWhy() throws Exception {
        JsonContent jason = get("/mesh/explain?method=GET&url=http://reviews/x?y&header=end-user:jason&header=x-a:b,c");
        assertThat(jason).extractingPath("$.decision").isEqualTo("forward");
        assertThat(jason).extractingPath("$.virtualService").isEqualTo("default/reviews");
        assertThat(jason).extractingPath("$.route").isEqualTo("jason");
        assertThat(jason).extractingPath("$.cluster").isEqualTo("outbound|80||reviews.default.svc.cluster.local");
        assertThat(jason).extractingPath("$.requestHeaders['x-a']").asArray().containsExactly("b,c");
        assertThat(jason).extractingPath("$.why").asArray().isNotEmpty();

        JsonContent others = get("/mesh/explain?url=http://reviews/x");
        assertThat(others).extractingPath("$.route").isEqualTo("rest");
        assertThat(others).extractingPath("$.timeoutMs").isEqualTo(2000);
        assertThat(others)
                .extractingPath("$.retries.on")
                .asArray()
                .containsExactly("connect-failure", "refused-stream", "cancelled", "unavailable");
        assertThat(others).extractingPath("$.endpoints[0].address").isEqualTo(backend.address());
        assertThat(backend.seen()).isEmpty();
    }

    @Test
    void explainTellsHowMuchOfALimitIsInUse() throws Exception {
        tell("""
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: limited}
                spec: {host: reviews, trafficPolicy: {connectionPool: {http: {http2MaxRequests: 7}}}}
                """);
        Awaitility.await()
                .until(() -> get("/mesh/explain?url=http://reviews/x").getJson().contains("http2MaxRequests"));

        JsonContent limited = get("/mesh/explain?url=http://reviews/x");

        assertThat(limited).extractingPath("$.limits[0].limit").isEqualTo("requests");
        assertThat(limited).extractingPath("$.limits[0].inUse").isEqualTo(0);
        assertThat(limited).extractingPath("$.limits[0].most").isEqualTo(7);
    }

    @Test
    void explainDoesNotShowSecretHeaders() throws Exception {
        JsonContent jason = get("/mesh/explain?url=http://reviews/x&header=end-user:jason");

        assertThat(jason)
                .extractingPath("$.requestHeaders.authorization")
                .asArray()
                .containsExactly("******");
        assertThat(jason)
                .extractingPath("$.requestHeaders['x-plain']")
                .asArray()
                .containsExactly("shown");
        assertThat(jason.getJson()).doesNotContain("top");
        assertThat(request("GET", "/mesh/routes").body()).doesNotContain("Bearer");
    }

    @Test
    void whatIsNotThereIsNotFound() throws Exception {
        assertThat(request("GET", "/mesh/nothing").statusCode()).isEqualTo(404);
        assertThat(request("GET", "/mesh/endpoints/nobody").statusCode()).isEqualTo(404);
        assertThat(request("GET", "/mesh/routes/reviews").statusCode()).isEqualTo(404);
    }

    @Test
    void questionsThatMakeNoSenseAreAnsweredSo() throws Exception {
        assertThat(request("GET", "/mesh/explain").statusCode()).isEqualTo(400);
        assertThat(request("GET", "/mesh/explain?url=nonsense").statusCode()).isEqualTo(400);
        assertThat(request("GET", "/mesh/explain?url=http://reviews/&header=x").statusCode())
                .isEqualTo(400);
    }

    @Test
    void nothingCanBeWritten() throws Exception {
        assertThat(request("POST", "/mesh").statusCode()).isEqualTo(405);
        assertThat(request("DELETE", "/mesh").statusCode()).isEqualTo(405);
    }

    @Test
    void healthIsDegradedOnTheLastGoodRulesAndTheApplicationStaysUp() throws Exception {
        Mesh mesh = application.getBean(Mesh.class);
        assertThat(get("/health")).extractingPath("$.components.mesh.status").isEqualTo("UP");
        assertThat(get("/health").getJson()).doesNotContain("problems");

        rules.refuse("broken");
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> mesh.status().hasErrors());
        JsonContent bad = get("/health");
        assertThat(bad).extractingPath("$.status").isEqualTo("UP");
        assertThat(bad).extractingPath("$.components.mesh.status").isEqualTo("DEGRADED");
        assertThat(bad).extractingPath("$.components.mesh.details.generation").isEqualTo(1);
        assertThat(bad)
                .extractingPath("$.components.mesh.details.problems[0]")
                .asString()
                .contains("rules:7:3", "broken");
        assertThat(get("/mesh")).extractingPath("$.problems[0].line").isEqualTo(7);
        assertThat(get("/mesh")).extractingPath("$.generation").isEqualTo(1);

        tell(RULE.replace("2s", "3s"));
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> !mesh.status().hasErrors());
        JsonContent good = get("/health");
        assertThat(good).extractingPath("$.components.mesh.details.generation").isEqualTo(2);
        assertThat(good.getJson()).doesNotContain("problems");
    }

    @Test
    void readinessDoesNotDependOnTheMesh() throws Exception {
        assertThat(get("/health/readiness").getJson()).doesNotContain("mesh");
    }
}
