package io.inmesh.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.config.ConfigProblem;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.env.SimpleCommandLinePropertySource;

/** Where properties come from: environment variables, their mistakes, and the places that problems name. */
class PropertyCheckSourcesTest {
    private static List<ConfigProblem> check(YamlEnvironment environment) {
        return PropertyCheck.run(environment.environment(), MeshProperties.class)
                .problems();
    }

    @Test
    void anEnvironmentVariableThatWouldMakeAnotherServiceIsRefused() {
        assertThat(check(YamlEnvironment.of("mesh: {services: {my-svc: {timeout: 2s}}}\n")
                        .variables("MESH_SERVICES_MYSVC_TIMEOUT", "3s")))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.origin()).hasToString("environment variable MESH_SERVICES_MYSVC_TIMEOUT");
                    assertThat(problem.message()).contains("cannot name 'my-svc'");
                });
    }

    @Test
    void anEnvironmentVariableThatWouldReplaceAListIsRefused() {
        assertThat(check(YamlEnvironment.of("mesh: {services: {a: {routes: [{timeout: 2s}, {timeout: 3s}]}}}\n")
                        .variables("MESH_SERVICES_A_ROUTES_0_TIMEOUT", "3s")))
                .singleElement()
                .satisfies(problem ->
                        assertThat(problem.message()).contains("replace the whole list mesh.services.a.routes"));
    }

    @Test
    void anEnvironmentVariableMaySetWhatItCanName() {
        YamlEnvironment environment = YamlEnvironment.of("mesh: {services: {a: {timeout: 2s}}}\n")
                .variables(
                        "MESH_SERVICES_A_TIMEOUT", "3s",
                        "MESH_SERVICES_A_LOADBALANCER", "random",
                        "MESH_OUTBOUND_TRAFFIC_POLICY", "allow-any",
                        "MESH_LABELS_VERSION", "v1",
                        "MESH_ENABLED", "true");

        assertThat(check(environment)).isEmpty();
        assertThat(environment.bind().services().get("a").timeout()).hasSeconds(3);
    }

    @Test
    void anEnvironmentVariableWithATypoIsRefused() {
        assertThat(check(YamlEnvironment.empty().variables("MESH_CONFIG_UNSUPORTED", "true")))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("no property has this name"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "MESH_HOME",
                "MESH_SERVICE_HOST",
                "MESH_CONFIG_SERVICE_PORT",
                "MESH_CONFIG_SERVICE_PORT_HTTP",
                "MESH_CONFIG_PORT",
                "MESH_CONFIG_PORT_80_TCP_ADDR",
                "MESHED"
            })
    void environmentVariablesOfOthersAreNoneOfItsBusiness(String variable) {
        assertThat(check(YamlEnvironment.empty().variables(variable, "x"))).isEmpty();
    }

    @Test
    void placesAreThoseOfTheSourceThatCounts() {
        PropertyPlaces places = PropertyCheck.run(
                        YamlEnvironment.of("mesh:\n  services:\n    a:\n      timeout: 2s\n")
                                .yaml("lower.yaml", "mesh: {services: {a: {timeout: 1s, port: 81}}}\n")
                                .environment(),
                        MeshProperties.class)
                .places();

        assertThat(places.of("mesh.services.a")).hasToString("application.yaml:4:16");
        assertThat(places.of("mesh.services.a.port").source()).isEqualTo("lower.yaml");
        assertThat(places.of("mesh.services.a.retries.attempts")).hasToString("application.yaml:4:16");
    }

    @Test
    void aSystemPropertyIsNamedAsSuch() {
        assertThat(check(YamlEnvironment.empty().properties(Map.of("mesh.nope", "1"))))
                .singleElement()
                .satisfies(problem -> assertThat(problem.origin()).hasToString("system property mesh.nope"));
    }

    @Test
    void aCommandLineArgumentIsNamedAsSuch() {
        YamlEnvironment environment = YamlEnvironment.empty();
        environment.environment().getPropertySources().addFirst(new SimpleCommandLinePropertySource("--mesh.nope=1"));

        assertThat(check(environment))
                .singleElement()
                .satisfies(problem -> assertThat(problem.origin()).hasToString("command line argument --mesh.nope"));
    }
}
