package io.inmesh.spring.boot.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.Mesh;
import io.inmesh.config.ConfigUpdate;
import io.inmesh.config.source.ConfigReader;
import io.inmesh.spring.boot.MeshAutoConfiguration;
import io.inmesh.spring.boot.TestApplication;
import io.inmesh.testing.FakeConfigSource;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/** Spring Boot's own readiness probe, over HTTP, with rules that come bad and are mended. */
class RulesReadinessTest {
    private static final String TLS = """
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: secret}
            spec: {host: reviews, trafficPolicy: {tls: {mode: SIMPLE}}}
            """;

    private static final String PLAIN = TLS.replace("SIMPLE", "DISABLE");

    private final FakeConfigSource rules = new FakeConfigSource("rules");

    private void tell(String yaml) {
        ConfigReader.Result result = ConfigReader.sensible().read("rules", yaml);
        rules.tell(
                result.hasErrors()
                        ? new ConfigUpdate.Partial(result.config(), result.problems())
                        : new ConfigUpdate.Valid(result.config(), result.problems()));
    }

    private ServletWebServerApplicationContext start(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "--server.port=0",
                "--server.address=127.0.0.1",
                "--spring.main.banner-mode=off",
                "--management.endpoint.health.show-details=always"));
        arguments.addAll(List.of(more));
        return (ServletWebServerApplicationContext) new SpringApplicationBuilder(TestApplication.class)
                .initializers(context ->
                        ((GenericApplicationContext) context).registerBean(FakeConfigSource.class, () -> rules))
                .run(arguments.toArray(String[]::new));
    }

    private static HttpResponse<String> get(ServletWebServerApplicationContext application, String path)
            throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + application.getWebServer().getPort() + "/actuator/health" + path);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void readinessWaitsForTheFirstGoodRulesAndForNoLaterOnes() throws Exception {
        tell(TLS);
        try (ServletWebServerApplicationContext application = start("--mesh.health.readiness-waits-for-rules=true")) {
            HttpResponse<String> before = get(application, "/readiness");
            assertThat(before.statusCode()).isEqualTo(503);
            assertThat(get(application, "").body())
                    .contains(
                            "\"waitsForRulesOf\":[\"rules\"]",
                            "\"rulesWithErrors\":[\"DestinationRule default/secret\"]");
            assertThat(get(application, "/liveness").statusCode()).isEqualTo(200);

            tell(PLAIN);
            await(application, false);
            assertThat(get(application, "/readiness").statusCode()).isEqualTo(200);

            tell(TLS);
            await(application, true);
            assertThat(get(application, "/readiness").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void readinessIsSpringBootsOwnUnlessAskedFor() throws Exception {
        tell(TLS);
        try (ServletWebServerApplicationContext application = start()) {
            assertThat(get(application, "/readiness").statusCode()).isEqualTo(200);
            assertThat(get(application, "").statusCode()).isEqualTo(200);
            assertThat(get(application, "").body()).contains("DEGRADED");
        }
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void waitingWithoutAReadinessProbeIsAWarning(CapturedOutput output) {
        new ApplicationContextRunner()
                .withConfiguration(
                        AutoConfigurations.of(MeshAutoConfiguration.class, MeshActuatorAutoConfiguration.class))
                .withClassLoader(
                        new FilteredClassLoader("org.springframework.boot.health", "org.springframework.boot.actuate"))
                .withPropertyValues("mesh.health.readiness-waits-for-rules=true")
                .run(context -> assertThat(context).hasNotFailed());

        assertThat(output)
                .contains("mesh.health.readiness-waits-for-rules has no effect", "add spring-boot-starter-actuator");
    }

    private static void await(ServletWebServerApplicationContext application, boolean errors) {
        Mesh mesh = application.getBean(Mesh.class);
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> mesh.status().hasErrors() == errors);
    }
}
