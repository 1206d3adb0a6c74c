package io.inmesh.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonParser;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @Test
    void whatIsWrittenIsReadAgainByUsAndByOthers() {
        StringBuilder odd = new StringBuilder();
        for (char c = 0; c < 0x3000; c++) {
            odd.append(c);
        }
        odd.append("😀\ud800");
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("odd", odd.toString());
        map.put("list", Arrays.asList(1.5, null, true, List.of(), Map.of()));
        String text = JsonText.of(map);
        assertThat(JsonReader.read(text)).isEqualTo(map);
        assertThat(JsonParser.parseString(text).getAsJsonObject().get("odd").getAsString())
                .isEqualTo(odd.toString());
    }

    @Test
    void nothingCanBeginATagOrEndALine() {
        assertThat(JsonText.of("</script><img src=x onerror='a&b'>\n\u2028"))
                .doesNotContain("<", ">", "&", "'", "\n", "\u2028");
    }

    @Test
    void numbersAreRounded() {
        assertThat(JsonText.of(List.of(1.0, 0.123456, 12, 3L, Double.NaN))).isEqualTo("[1,0.1235,12,3,null]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[1,]",
                "{\"a\":1,}",
                "{a:1}",
                "\"a",
                "\"\\x\"",
                "\"\\u12\"",
                "nul",
                "1 2",
                "[1}",
                "\"\n\"",
                "-",
                "{\"a\"}"
            })
    void refusesWhatIsNoJson(String text) {
        assertThatThrownBy(() -> JsonReader.read(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesWhatIsTooDeep() {
        assertThatThrownBy(() -> JsonReader.read("[".repeat(100_000))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void takesOfAPeerOnlyWhatBelongsToTheContract() {
        PeerEdges edges = PeerEdges.read("""
                {"self":{"name":"a","namespace":"n","version":"","x":1},
                 "edges":[{"to":{"name":"b","namespace":"n","kind":"service"},"rps":1.5,"failed":null,"versions":[],"evil":"x"}]}
                """);
        assertThat(edges.self().id()).isEqualTo("n/a");
        assertThat(JsonText.of(edges.edges()))
                .contains("\"rps\":1.5", "\"calls\":0", "\"failed\":0", "\"retries\":0", "\"success\":null")
                .doesNotContain("evil");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "calls:-1",
                "calls:1e13",
                "rps:1e999",
                "calls:many",
                "success:1.1",
                "success:-0.1",
                "p95Ms:-1",
                "failed:1",
                "calls:2,failed:1,canceled:2"
            })
    void refusesFiguresThatCannotBe(String figures) {
        String json = figures.replaceAll("([a-zA-Z0-9]+):([a-z]+|[-0-9.e]+)", "\"$1\":$2")
                .replace("many", "\"many\"");
        for (String of : List.of(json + ",\"versions\":[]", "\"versions\":[{\"version\":\"v1\"," + json + "}]")) {
            String text = "{\"self\":{\"name\":\"a\",\"namespace\":\"\",\"version\":\"\"},"
                    + "\"edges\":[{\"to\":{\"name\":\"b\",\"namespace\":\"\",\"kind\":\"service\"}," + of + "}]}";
            assertThatThrownBy(() -> PeerEdges.read(text))
                    .as(text)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageMatching(".* is no number from 0 to .*|more calls have failed.*");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "{}", "{\"self\":{\"name\":1,\"namespace\":\"\"},\"edges\":[]}", "null"})
    void refusesOtherAnswersOfPeers(String text) {
        assertThatThrownBy(() -> PeerEdges.read(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
