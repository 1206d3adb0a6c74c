package io.inmesh.config.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.inmesh.config.ConfigSource;
import io.inmesh.config.ConfigUpdate;
import io.inmesh.model.AuthorizationPolicy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What of a source cannot be had at all may hold policies: where requests are judged nothing is let in for that. */
class ClosedSourcesTest {
    private static final String POLICY = """
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: {name: p}
            spec: {action: DENY, rules: [{}]}
            """;

    @TempDir
    Path folder;

    private static ConfigUpdate.Invalid first(ConfigSource source) {
        List<ConfigUpdate> updates = new ArrayList<>();
        source.watch(updates::add);
        source.close();
        return (ConfigUpdate.Invalid) updates.get(0);
    }

    private ConfigUpdate.Invalid files(ConfigReader reader, Path path) {
        return first(FileConfigSource.builder(path).reader(reader).build());
    }

    private static void assertClosed(ConfigUpdate.Invalid update) {
        assertThat(update.remainder().authorizationPolicies()).singleElement().satisfies(policy -> {
            assertThat(policy.isStandIn()).isTrue();
            assertThat(policy.action()).isEqualTo(AuthorizationPolicy.Action.DENY);
            assertThat(policy.rules()).hasSize(1);
        });
    }

    @Test
    void aFileThatIsNoText() throws Exception {
        Path file = Files.write(folder.resolve("a.yaml"), "ä".getBytes(StandardCharsets.ISO_8859_1));

        assertClosed(files(ConfigReader.sensible().forInbound(), file));
        assertClosed(files(ConfigReader.sensible().forGateway(), folder));
        assertThat(files(ConfigReader.sensible(), file).remainder().authorizationPolicies())
                .isEmpty();
    }

    @Test
    void aPathThatIsNotThere() {
        assertClosed(files(ConfigReader.sensible().forInbound(), folder.resolve("none")));
        assertClosed(first(new ClasspathConfigSource(
                "no/such/rules.yaml",
                getClass().getClassLoader(),
                ConfigReader.sensible().forInbound())));
    }

    /** A template of another tool's is skipped where only calls are made; where requests are judged it is an error. */
    @Test
    void aPolicyInATemplate() throws Exception {
        Files.writeString(folder.resolve("a.yaml"), POLICY.replace("name: p", "name: {{ .Values.name }}"));

        assertClosed(files(ConfigReader.sensible().forInbound(), folder));
        List<ConfigUpdate> updates = new ArrayList<>();
        TextConfigSource.ofFolder(
                        "texts",
                        ConfigReader.sensible(),
                        Map.of("a.yaml", POLICY.replace("name: p", "name: {{ .Values.name }}")))
                .watch(updates::add);
        assertThat(updates.get(0)).isInstanceOf(ConfigUpdate.Valid.class);
    }
}
