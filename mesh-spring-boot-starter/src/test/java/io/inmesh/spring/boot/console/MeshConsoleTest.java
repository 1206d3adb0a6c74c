package io.inmesh.spring.boot.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.console.CallStatistics;
import io.inmesh.console.Console;
import io.inmesh.servlet.ConsoleServlet;
import io.inmesh.spring.boot.MeshAutoConfiguration;
import io.inmesh.spring.boot.MeshPropertiesException;
import io.inmesh.spring.boot.TestApplication;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.ConfigurableApplicationContext;

class MeshConsoleTest {
    private static final AutoConfigurations MESH =
            AutoConfigurations.of(MeshAutoConfiguration.class, MeshConsoleAutoConfiguration.class);
    private static final String ON = "mesh.console.enabled=true";

    private final WebApplicationContextRunner web = new WebApplicationContextRunner().withConfiguration(MESH);
    private final HttpClient client = HttpClient.newHttpClient();

    private static ConfigurableApplicationContext start(String... properties) {
        return new SpringApplicationBuilder(TestApplication.class)
                .web(WebApplicationType.SERVLET)
                .properties("spring.main.banner-mode=off", "server.port=0", "spring.application.name=shop", ON)
                .properties(properties)
                .run();
    }

    private HttpResponse<String> get(@Nullable String port, String path) throws Exception {
        URI uri = URI.create("http://localhost:" + port + path);
        return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void isBesideTheApplicationWhereTheActuatorIs() throws Exception {
        try (ConfigurableApplicationContext application = start("mesh.console.path=/what/mesh")) {
            String port = application.getEnvironment().getProperty("local.server.port");
            assertThat(get(port, "/what/mesh/").body()).contains("InMesh console");
            assertThat(get(port, "/what/mesh/api/services").body()).contains("\"name\":\"shop\"");
            assertThat(get(port, "/mesh/").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void isAtThePortOfTheActuatorAlone() throws Exception {
        try (ConfigurableApplicationContext application =
                start("management.server.port=0", "management.server.base-path=/ops")) {
            String port = application.getEnvironment().getProperty("local.server.port");
            String management = application.getEnvironment().getProperty("local.management.port");
            assertThat(get(port, "/mesh/").statusCode()).isEqualTo(404);
            assertThat(get(management, "/ops/mesh/").body()).contains("InMesh console");
            assertThat(get(management, "/ops/mesh/api/services").body()).contains("\"name\":\"shop\"");
        }
    }

    @Test
    void isInTheApplicationWithoutActuator() {
        web.withPropertyValues(ON)
                .withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate"))
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    ServletRegistrationBean<?> registration =
                            context.getBean("meshConsoleServlet", ServletRegistrationBean.class);
                    assertThat(registration.getServlet()).isInstanceOf(ConsoleServlet.class);
                    assertThat(registration.getUrlMappings()).containsExactly("/mesh/*");
                });
    }

    @Test
    void asksNoPeersWhenTheApplicationHasEnded() {
        List<Console> consoles = new ArrayList<>();
        web.withPropertyValues(ON, "mesh.console.peers=http://127.0.0.1:1/mesh").run(context -> {
            Console console = context.getBean(Console.class);
            consoles.add(console);
            assertThat(peers(console)).contains("not asked yet");
        });
        assertThat(peers(consoles.get(0))).contains("not asked any more");
    }

    private static String peers(Console console) {
        return new String(console.answer("GET", "api/peers", Map.of()).body(), StandardCharsets.UTF_8);
    }

    @Test
    void itsPageIsInANativeImage() {
        RuntimeHints hints = new RuntimeHints();
        new MeshConsoleAutoConfiguration.Hints().registerHints(hints, null);
        assertThat(RuntimeHintsPredicates.resource().forResource("io/inmesh/console/app.js"))
                .accepts(hints);
    }

    @Test
    void isOffByItself() {
        web.run(context -> assertThat(context)
                .hasNotFailed()
                .doesNotHaveBean(Console.class)
                .doesNotHaveBean(CallStatistics.class));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mesh.console.path=mesh",
                "mesh.console.path=/",
                "mesh.console.path=/mesh/",
                "mesh.console.path=/a//b",
                "mesh.console.path=/*",
                "mesh.console.peers=reviews",
                "mesh.console.peers=ftp://reviews/mesh",
                "management.server.port=-1"
            })
    void saysWhatIsWrong(String property) {
        web.withPropertyValues(ON, property)
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasStackTraceContaining(MeshPropertiesException.class.getName())
                        .hasStackTraceContaining("mesh.console."));
    }

    @Test
    void saysThatItNeedsServlets() {
        new ApplicationContextRunner()
                .withConfiguration(MESH)
                .withPropertyValues(ON)
                .run(context ->
                        assertThat(context).getFailure().hasMessageContaining("no web application with servlets"));
    }
}
