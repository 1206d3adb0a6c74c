package io.inmesh.samples.bookinfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
    @TempDir
    Path folder;

    @Test
    void withoutArgumentsTheSamplesOwnFolderIsWatchedFromThePortOfThePublicSample() {
        Settings settings = Settings.parse(List.of());

        assertThat(settings.firstPort()).isEqualTo(9080);
        assertThat(settings.rules()).isAbsolute().isDirectory().endsWith(Path.of("samples", "bookinfo", "rules"));
    }

    @Test
    void argumentsAreTaken() {
        Settings settings = Settings.parse(List.of("--rules=" + folder, "--port=19080"));

        assertThat(settings).isEqualTo(new Settings(19080, folder, null, null));
    }

    @Test
    void aGatewayIsThereWhenItIsAskedFor() {
        String rules = "--rules=" + folder;

        assertThat(Settings.parse(List.of(rules)).gatewayPort()).isNull();
        assertThat(Settings.parse(List.of(rules, "--gateway")).gatewayPort()).isEqualTo(8080);
        assertThat(Settings.parse(List.of(rules, "--gateway=80")).gatewayPort()).isEqualTo(80);
    }

    @Test
    void itIsObservedWhenThatIsAskedFor() {
        String rules = "--rules=" + folder;

        assertThat(Settings.parse(List.of(rules)).traces()).isNull();
        assertThat(Settings.parse(List.of(rules, "--observe")).traces()).hasToString("http://127.0.0.1:4318");
        assertThat(Settings.parse(List.of(rules, "--observe=https://jaeger:4318"))
                        .traces())
                .hasToString("https://jaeger:4318");
        assertThat(Settings.parse(List.of(rules, "--port=20000")).gatewayMetricsPort())
                .isEqualTo(20006);
        assertThat(Settings.parse(List.of(rules, "--port=0")).gatewayMetricsPort())
                .isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "--observe=jaeger:4318, --observe=jaeger:4318 is not a URL without a path",
        "--observe=http://jaeger/v1/traces, --observe=http://jaeger/v1/traces is not a URL without a path",
        "--observe=http:// jaeger, --observe=http:// jaeger is not a URL",
        "--observe --gateway=9086, Port 9086 is both the gateway's and one of those from 9080 to 9086",
        "--observe --gateway --port=65530, choose another one with --port=N"
    })
    void whatCannotBeObservedIsRefused(String arguments, String message) {
        assertThatThrownBy(() -> Settings.parse(List.of(arguments.split(" (?=--)", -1))))
                .isInstanceOf(Settings.Refused.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({
        "--gateway=65536, --gateway=65536 is not between 0 and 65535",
        "--gateway=9082, Port 9082 is both the gateway's and one of those from 9080 to 9085",
        "--port=http, --port=http is not a number",
        "--port=-1, --port=-1 is not between 0 and 65530",
        "--port=65531, --port=65531 is not between 0 and 65530",
        "--rules=nowhere, There is no folder",
        "--prot=1, Unknown argument --prot=1"
    })
    void whatCannotBeDoneIsRefused(String argument, String message) {
        assertThatThrownBy(() -> Settings.parse(List.of(argument)))
                .isInstanceOf(Settings.Refused.class)
                .hasMessageContaining(message);
    }

    @Test
    void onePartCanRunByItself() {
        assertThat(Settings.only(List.of("--only=reviews-v2"))).isEqualTo(Instance.REVIEWS_V2);
        assertThat(Settings.only(List.of("--port=19080"))).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--only=reviews", "--only=", "--only=reviews-v2 --port=1", "--port=1 --only=reviews-v2"})
    void onePartStandsAlone(String arguments) {
        assertThatThrownBy(() -> Settings.only(List.of(arguments.split(" ", -1))))
                .isInstanceOf(Settings.Refused.class)
                .hasMessageContaining("--only takes the name of one part")
                .hasMessageContaining("reviews-v3");
    }
}
